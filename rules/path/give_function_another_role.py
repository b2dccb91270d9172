"""PC307: a caller that may give a function it controls a stronger role."""

from collections.abc import Iterator
from itertools import islice

from permcheck.model import Finding, Role, User
from permcheck.rule import Example, Narrowing, Rule, Strength, View
from permcheck.rules._examples import account, allow, deny, function_arn, role_arn, table_arn, user, worker
from permcheck.rules.path._creating import ADD, PASS, PUT, creation
from permcheck.rules.path._steps import (
    INVOKE,
    REWRITES,
    WORTH,
    acts_as,
    conditions,
    deploys,
    entry,
    is_function,
    limited,
    once,
    places,
    reached,
    shifted,
    start,
    trust_of,
    verdict,
    whom,
)

CHANGE = REWRITES[1]
LOOKED_AT = 16  # functions among which one is looked for that anything calls
REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))
IDLE = worker("idle-role")
BOTH = {"idle": "idle-role", "report": "report-role"}


class GiveFunctionAnotherRole(Rule):
    """A caller may give a function it controls a stronger role.

    What
        A role or user may change the configuration of a function (lambda:UpdateFunctionConfiguration) and pass a role
        that Lambda may assume, which is stronger than itself and than the role the function has. Something calls the
        function: the caller, who may also let itself, or whoever calls it today. Whoever may create functions with that
        role has create-and-invoke-function or one of its neighbours instead. The severity is the same.

    Why it matters
        The configuration holds the role, and also the layers, the handler and the variables that decide what code runs.
        One call gives the function both the caller's code and the stronger role; no function is made, and none of the
        names in the account changes.

    How to fix
        Name the roles of the functions that the caller configures in its statement for iam:PassRole, and keep stronger
        ones out of its reach.

    When it is fine
        For the pipeline: name its role under deploy_roles in permcheck.toml, and the finding is listed as explained.

    References
        Lambda API Reference, "UpdateFunctionConfiguration"
        IAM User Guide, "Grant a user permissions to pass a role to an AWS service"
    """

    id = "PC307"
    name = "give-function-another-role"
    severity = "critical"
    confidence = "high"
    since = "0.1"
    concerns = (CHANGE,)

    bad = (
        Example(
            account(
                IDLE,
                REPORT,
                user("lee", allow([CHANGE, INVOKE], function_arn("idle")), allow(PASS, role_arn("report-role"))),
                functions=BOTH,
            ),
            "a function without rights is given those of another",
            {"ignore": ["PC134"]},
        ),
    )
    good = (
        Example(
            account(
                IDLE,
                REPORT,
                user("lee", allow([CHANGE, INVOKE], function_arn("idle")), allow(PASS, role_arn("idle-role"))),
                functions=BOTH,
            ),
            "it may pass the function's own role alone",
            {"ignore": ["PC134"]},
        ),
        Example(
            account(
                IDLE,
                REPORT,
                user(
                    "lee",
                    allow([CHANGE, INVOKE], function_arn("idle")),
                    allow(PASS),
                    deny(PASS, Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}),
                ),
                functions=BOTH,
            ),
            "no role to Lambda",
            {"ignore": ["PC134"]},
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever can give a function a role that is stronger than the function's and its own."""
        if not view.names(caller, PASS) or not view.names(caller, CHANGE) or is_function(view, caller):
            return
        functions = view.functions_for(caller, CHANGE)
        if not functions or creation(view, caller) is not None:
            return
        roles = view.passable_roles(caller).within(view.lambda_roles())
        if not roles:
            return
        gain, without = view.ways.role_gain(caller, roles), view.gain(caller, functions)
        if gain is None or gain.strength <= (without.strength if without is not None else Strength.NOTHING):
            return
        mine = [view.functions_for(caller, action) for action in (INVOKE, ADD, PUT)]
        found = (f for arn in islice(functions.sure(), LOOKED_AT) if (f := view.function(arn)) is not None)
        function = next((f for f in found if any(m.has(f.arn) for m in mine) or view.ways.called(f)), None)
        if function is None:
            return
        role = gain.role
        answers = (view.decide(caller, CHANGE, function.arn), view.decide(caller, PASS, role.arn))
        if any(answer.narrowing is Narrowing.RESOURCE for answer in answers):
            return
        severity = WORTH[gain.strength]
        yield self.finding(
            f"{whom(caller)} can give {function.name} the role {role.name} and decide what it runs, "
            f"and so {acts_as(view, role)}",
            caller.arn,
            once(
                (
                    *places(view, answers[:1], f"allows changing {function.name}"),
                    *places(view, answers[1:], f"allows passing {role.name}"),
                    *trust_of(view, role, f"lets Lambda run functions as {role.name}"),
                    *reached(view, role),
                    *entry(view, caller),
                )
            ),
            severity=shifted(severity, -1) if limited(answers) else severity,
            path=(
                *start(view, caller, CHANGE, verdict(answers)),
                *tuple(view.function_steps(function))[:1],
                *view.role_steps(role),
            ),
            conditions=conditions(answers),
            fix=f"name the roles of the functions {caller.name} configures, and not {role.name}, in its statement for "
            f"{PASS}",
            witness=answers[0].witness,
            explained=deploys(view, caller),
        )
