"""PC137: a caller that may download the code and the environment of every function."""

from collections.abc import Iterator

from permcheck.model import Finding, PathStep, Role, User
from permcheck.rule import Answer, Example, Narrowing, Rule, View
from permcheck.rules._examples import (
    account,
    allow,
    deny,
    document,
    function_arn,
    role,
    table_arn,
    trust,
    user_arn,
    worker,
)
from permcheck.rules.invoke._callers import MAY, arn_like, left_to_others, places, weighed, whom

ACTION = "lambda:GetFunction"
LEE = trust({"AWS": user_arn("lee")})
REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))


class ReadFunctionCode(Rule):
    """A caller may read the code and the environment of every function.

    What
        A role or user may call lambda:GetFunction on any function. The answer holds a link to the code and the values
        of the environment variables.

    Why it matters
        Environment variables are where keys and passwords end up, and code shows how a function is to be fooled.
        permcheck does not look at the values and cannot tell whether there are any.

    How to fix
        Name the functions whose code the caller has to see, or allow lambda:ListFunctions and nothing else where a
        list is enough. Keep secrets in Secrets Manager and let the function read them.

    When it is fine
        For auditors and for tools that scan code. Where an AWS managed policy such as ReadOnlyAccess allows it, the
        finding is info: that is what the policy is for. For a role handed to guests it is medium.

    References
        Lambda API Reference, "GetFunction"
        Lambda Developer Guide, "Working with Lambda environment variables"
    """

    id = "PC137"
    name = "read-function-code"
    severity = "low"
    confidence = "high"
    since = "0.1"
    concerns = (ACTION,)

    bad = (
        Example(
            account(REPORT, role("support", allow(ACTION), trusts=LEE), functions={"report": "report-role"}),
            "support may look into everything",
        ),
        Example({"look.json": document(allow("lambda:Get*"))}, "by a pattern of actions"),
    )
    good = (
        Example({"look.json": document(allow(ACTION, function_arn("report")))}, "one function"),
        Example({"look.json": document(allow("lambda:Get*"), deny(ACTION))}, "a Deny takes it back"),
        Example({"list.json": document(allow("lambda:ListFunctions"))}, "a list is no code"),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever may read any function."""
        if view.may_any(caller, ACTION) not in MAY or left_to_others(view, caller):
            return
        answer = view.decide_any(caller, ACTION)
        if answer.narrowing is Narrowing.RESOURCE:
            return
        guests = view.guest_who_may(caller, ACTION)
        severity = "medium" if guests else "info" if _by_aws(answer) else self.severity
        said = " without signing in, as a guest of an identity pool" if guests else ""
        yield self.finding(
            f"{whom(caller)} can download the code and read the environment of every function{said}",
            caller.arn,
            places(view, [answer], "allows reading every function"),
            severity=weighed(severity, answer),
            path=(*view.caller_step(caller, ACTION, answer.verdict), PathStep("target", "the code of every function")),
            conditions=answer.conditions,
            fix=f'name the functions {caller.name} has to see: "Resource": "{arn_like(view, caller)}"',
            witness=answer.witness,
        )


def _by_aws(answer: Answer) -> bool:
    """Whether only policies of AWS allow it."""
    allowing = [r.policy for r in answer.reasons if r.statement.is_allow]
    return bool(allowing) and all(":iam::aws:policy/" in (policy.arn or "") for policy in allowing)
