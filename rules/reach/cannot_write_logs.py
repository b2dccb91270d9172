"""PC216: a function that cannot write its own logs."""

from collections.abc import Iterable

from permcheck.model import Finding, Function, PathStep, Verdict
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import ACCOUNT, REGION, account, allow, role, worker

_RUNS = {"orders": "orders-role"}
_WRITES = ["logs:CreateLogStream", "logs:PutLogEvents"]


def _group(name: str) -> str:
    return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}:*"


class CannotWriteLogs(Rule):
    """A function cannot write its own logs.

    What
        Reports a function whose execution role is granted neither logs:CreateLogStream nor logs:PutLogEvents on the
        log group of that name, or only one of them. A role that may write to a log group of another kind is taken to
        have been told to.

    Why it matters
        Errors leave no trace, and neither does whoever abuses the function. The usual reason is the name of another
        function in the ARN.

    How to fix
        Attach AWSLambdaBasicExecutionRole, or allow both actions on /aws/lambda/NAME:*.

    When it is fine
        For a function that sends its logs elsewhere through an extension.

    References
        AWS Lambda Developer Guide, "Sending Lambda function logs to CloudWatch Logs"
    """

    id = "PC216"
    name = "cannot-write-logs"
    severity = "info"
    bad = (
        Example(account(role("orders-role"), functions=_RUNS)),
        Example(
            account(role("orders-role", allow(_WRITES, _group("/aws/lambda/carts"))), functions=_RUNS),
            "the log group of another function",
        ),
    )
    good = (
        Example(account(worker("orders-role"), functions=_RUNS)),
        Example(account(role("orders-role", allow(_WRITES, _group("/aws/lambda/orders"))), functions=_RUNS)),
        Example(
            account(role("orders-role", allow(_WRITES, _group("/shop/all"))), functions=_RUNS), "a group they share"
        ),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        answers = view.around.logs_refused(function) if function.listed else ()
        role = view.role_of(function) if answers else None
        if role is None:
            return
        actions = [answer.action for answer in answers]
        group = f"log group /aws/lambda/{function.name}"
        yield self.finding(
            f"{function.name} cannot write its logs: {role.name} may not {' and '.join(actions)} in {group}",
            function.arn,
            [view.at(function.source, function.pointer, f"runs as {role.name}", function.arn)],
            path=(
                PathStep("function", function.name, function.arn, "runs as", Verdict.ALLOWED),
                PathStep("role", role.name, role.arn, f"may not {actions[0]}", Verdict.DENIED),
                PathStep("target", group),
            ),
            fix=f"attach AWSLambdaBasicExecutionRole to {role.name}",
        )
