"""PC326: a function whose role gets at a stronger role through another function."""

from collections.abc import Iterator

from permcheck.model import Finding, Role
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import account, allow, deny, function_arn, role, role_arn, table_arn, trust, worker
from permcheck.rules.path._creating import CREATE, PASS
from permcheck.rules.path._escalating import by_way_of, escalation, opened, way_to
from permcheck.rules.path._steps import INVOKE, REWRITES, WORTH, along, deploys, once, shifted

OWN = function_arn("shell-*")
MAKES = (allow(PASS, role_arn("report-role")), allow([CREATE, INVOKE], OWN))
REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))
SHELL = {"shell": "shell-role"}


class FunctionEscalatesThroughFunction(Rule):
    """A function gets at a stronger role through another function.

    What
        The role of a function may pass a stronger role to a function that it creates and runs; or it controls every
        function there is, and one has a stronger role; or it comes to administrator in several such steps, or by
        starting something else that acts with a role it may pass (an instance, a stack, a job). For everybody who is
        no function these are create-and-invoke-function and its neighbours. The path begins with whoever outside may
        call the function, where there is somebody.

    Why it matters
        Whoever brings the function's code to make one call of the AWS API gets at what the other role reaches. The
        condition that a role be passed to lambda.amazonaws.com is met by doing just that.

    How to fix
        Take AWSLambda_FullAccess and the like away from functions: what they need is lambda:InvokeFunction on the
        functions they call. A function that deploys others names them and the roles they get.

    When it is fine
        For a function that is part of the pipeline, and that nobody else may call: name its role under deploy_roles in
        permcheck.toml, and the finding is listed as explained.

    References
        Lambda API Reference, "CreateFunction" and "UpdateFunctionCode"
        IAM User Guide, "Grant a user permissions to pass a role to an AWS service"
    """

    id = "PC326"
    name = "function-escalates-through-function"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = (*REWRITES, PASS)

    bad = (
        Example(account(REPORT, worker("shell-role", *MAKES), functions=SHELL), "a function that makes one: medium"),
        Example(
            account(
                worker("shell-role", allow("ec2:RunInstances"), allow(PASS, role_arn("builder"))),
                role("builder", managed=["AdministratorAccess"], trusts=trust({"Service": "ec2.amazonaws.com"})),
                functions=SHELL,
            ),
            "an instance that is administrator: critical",
            {"ignore": ["PC204"]},
        ),
    )
    good = (
        Example(account(REPORT, worker("shell-role", *MAKES, deny(PASS)), functions=SHELL), "a Deny takes it back"),
        Example(
            account(REPORT, worker("shell-role", *MAKES), functions=SHELL),
            "the function is part of the pipeline",
            {"deploy_roles": ["shell-role"]},
        ),
    )

    def check_role(self, view: View, role: Role) -> Iterator[Finding]:
        """Report a role of functions that gets at a stronger role."""
        functions = view.functions_of(role.arn)
        found = escalation(view, role) if functions else None
        if found is None:
            return
        function, door = opened(view, functions)
        severity = WORTH[found.worth]
        yield self.finding(
            f"{by_way_of(function, functions, door)}{found.said}",
            role.arn,
            once((*found.places, *(along(door.trail) if door is not None else ()))),
            severity=shifted(severity, -1) if found.limited else severity,
            path=(*way_to(function, door), *found.steps),
            conditions=found.conditions,
            fix=found.fix,
            witness=found.witness,
            explained=deploys(view, role),
            others=(*(f.arn for f in functions if f is not function), *found.others),
        )
