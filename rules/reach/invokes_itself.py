"""PC213: a function that may invoke itself."""

from collections.abc import Iterator

from permcheck.model import Finding, Function, PathStep, Role, Verdict
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import account, allow, function_arn, worker
from permcheck.rules.reach._execution import MAY

INVOKE = "lambda:InvokeFunction"


class InvokesItself(Rule):
    """A function may invoke itself.

    What
        The role of a function names the function itself among those it may invoke.

    Why it matters
        A function that can be brought to call itself runs until somebody stops it, and each call is paid for. Lambda
        breaks some such loops, not all.

    How to fix
        Take the function's own ARN out of the statement, or let a queue or Step Functions come between one run and the
        next.

    When it is fine
        For functions that work through a long list piece by piece and for durable functions. A role that may invoke
        every function is the subject of invoke-any-function and is not reported here.

    References
        Lambda Developer Guide, "Use Lambda recursive loop detection to prevent infinite loops"
    """

    id = "PC213"
    name = "invokes-itself"
    severity = "low"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(
            account(worker("crawl-role", allow(INVOKE, function_arn("crawl"))), functions={"crawl": "crawl-role"}),
            "its own ARN",
        ),
    )
    good = (
        Example(
            account(
                worker("crawl-role", allow(INVOKE, function_arn("store"))),
                worker("store-role"),
                functions={"crawl": "crawl-role", "store": "store-role"},
            ),
            "another function",
        ),
    )

    def check_function(self, view: View, function: Function) -> Iterator[Finding]:
        """Report a function whose role may invoke it, and not every function."""
        role = view.role_of(function)
        if (
            role is None
            or not _names(role, function.arn)
            or not view.names(role, INVOKE)
            or view.may_any(role, INVOKE) in MAY
        ):
            return
        answer = view.decide(role, INVOKE, function.arn)
        if not answer.allowed:
            return
        step = PathStep("function", function.name, function.arn, "runs as", Verdict.ALLOWED)
        back = PathStep("role", role.name, role.arn, INVOKE, answer.verdict)
        yield self.finding(
            f"function {function.name} may invoke itself",
            function.arn,
            [
                view.place(r.policy, r.statement, f"names {function.name} itself")
                for r in answer.reasons
                if r.statement.is_allow
            ],
            path=(step, back, PathStep("function", function.name, function.arn)),
            conditions=answer.conditions,
            fix=f"take {function.arn} out of what {role.name} may invoke",
            witness=answer.witness,
        )


def _names(role: Role, arn: str) -> bool:
    """Whether a statement names the function to the letter: one that names a family of functions means others."""
    for policy in role.policies:
        for statement in policy.document.statements if policy.document is not None else ():
            if statement.resources is not None and arn in statement.resources and statement.is_allow:
                return True
    return False
