"""PC139: a caller that may make a function run as any role."""

from collections.abc import Collection, Iterator
from itertools import islice

from permcheck.model import Finding, PathStep, Role, User, Verdict
from permcheck.rule import Example, Narrowing, Rule, View
from permcheck.rules._examples import account, allow, role, role_arn, table_arn, trust, user, user_arn, worker
from permcheck.rules.invoke._callers import MAY, administers, ended, places, weighed, whom

ACTION = "iam:PassRole"
LOOKED_AT = 64  # roles among which the strongest is looked for
REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))
TO_LAMBDA = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
TO_ECS = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}


class PassAnyRole(Rule):
    """A caller may pass any role to Lambda.

    What
        A role or user may call iam:PassRole on *, for Lambda among other services.

    Why it matters
        Whoever may also create a function, or change one, chooses the role it runs as: the strongest that trusts
        Lambda. A condition that the role be passed to lambda.amazonaws.com changes nothing about that, since Lambda is
        where the code runs; the AWS managed policy AWSLambda_FullAccess has just that condition.

    How to fix
        Name the roles that the caller's functions run as, or keep them under a path and name the path.

    When it is fine
        For low severity: no role in view trusts Lambda, or none that it surely may pass, so there is none to choose
        yet. A condition on
        iam:PassedToService that leaves Lambda out ends the finding.

    References
        IAM User Guide, "Grant a user permissions to pass a role to an AWS service"
        Lambda Developer Guide, "Execution role"
    """

    id = "PC139"
    name = "pass-any-role"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = (ACTION,)

    bad = (
        Example(account(REPORT, user("lee", allow(ACTION))), "any role, to any service"),
        Example(account(REPORT, user("lee", allow(ACTION, Condition=TO_LAMBDA))), "a condition that does not help"),
        Example(account(user("lee", allow("iam:Pass*", role_arn("*")))), "no role that trusts Lambda: low"),
    )
    good = (
        Example(account(REPORT, user("lee", allow(ACTION, role_arn("report-role")))), "one role"),
        Example(account(REPORT, user("lee", allow(ACTION, Condition=TO_ECS))), "to another service"),
        Example(
            account(
                role(
                    "batch",
                    allow("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:jobs"),
                    trusts=trust({"AWS": user_arn("lee")}),
                )
            ),
            "nobody passes anything",
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever may pass any role to Lambda."""
        if view.may_any(caller, ACTION) not in MAY or administers(view, caller):
            return
        answer = view.decide_any(caller, ACTION)
        if answer.narrowing is Narrowing.RESOURCE:
            return
        open_to_lambda = view.passable_roles(caller).within(view.lambda_roles())
        candidates = [
            r for arn in islice(open_to_lambda.sure(), LOOKED_AT) if (r := view.role(arn)) and r is not caller
        ]
        strongest = max(candidates, key=view.strength, default=None)
        start = tuple(view.caller_step(caller, ACTION, answer.verdict))
        others: Collection[str] = ()
        if strongest is None:
            end: tuple[PathStep, ...] = ()
            said = f"any role to Lambda, though {_nothing(view, caller)}"
        else:
            others = open_to_lambda.but(strongest.arn)
            count = f" and {len(others)} more" if others else ""
            made = _has_use(view, caller)
            said = f"any role{' to a function' if made else ', of those that trust Lambda'}: {strongest.name}{count}"
            function = (PathStep("function", "of its own making", None, "runs as", Verdict.ALLOWED),) if made else ()
            end = (*function, *view.role_steps(strongest))
        yield self.finding(
            f"{whom(caller)} can pass {said}",
            caller.arn,
            places(view, [answer], "allows passing every role"),
            severity=weighed(self.severity if strongest else "low", answer),
            path=(*start, *end) if end else ended(start),
            conditions=answer.conditions,
            fix=f'name the roles its functions run as: "Resource": "{role_like(caller)}"',
            witness=answer.witness,
            others=others,
        )


def _has_use(view: View, caller: Role | User) -> bool:
    """Whether the caller may make a function to give the role to, or give it to one that there is."""
    if view.may_any(caller, "lambda:CreateFunction") in MAY:
        return True
    return bool(view.functions_for(caller, "lambda:UpdateFunctionConfiguration"))


def _nothing(view: View, caller: Role | User) -> str:
    """Why no role in view is worth naming."""
    trusting = view.lambda_roles()
    if not trusting.count:
        return "none in view trusts Lambda"
    if trusting.count == 1 and trusting.has(caller.arn):
        return "it is itself the only one in view that trusts Lambda"
    return "no other in view that trusts Lambda is one it surely may pass"


def role_like(caller: Role | User) -> str:
    """An ARN that shows the form."""
    partition, account_id = caller.arn.split(":")[1], caller.arn.split(":")[4]
    return f"arn:{partition}:iam::{account_id}:role/functions-of-{caller.name}/*"
