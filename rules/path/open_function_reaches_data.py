"""PC324: a function that everybody may call reaches more than one thing's data."""

from collections.abc import Iterator

from permcheck.model import Finding
from permcheck.rule import Example, Journey, Rule, View
from permcheck.rules._examples import account, allow, deny, document, table_arn, worker
from permcheck.rules.path._captures import api, grant, open_url, policy
from permcheck.rules.path._reaching import open_to_anyone, tell, who_of

CONSOLE = {"console": "console-role"}
STRONG = worker("console-role", allow("secretsmanager:GetSecretValue"))
# What the single steps are reported as.
PARTS = {"ignore": ["PC101", "PC121", "PC205", "PC17*"]}


class OpenFunctionReachesData(Rule):
    """A function that everybody may call reaches all data of a kind.

    What
        Anyone on the internet, or any AWS account, may call a function: by its URL, through a route of an API that asks
        for nothing, or because its policy, or that of a version or alias, says so. The function's role is
        administrator, can give itself more rights, or has all data of a kind; or it may assume a role like that. The
        path is reported once for each function, with every statement on it.

    Why it matters
        One mistake in the code, or in a package it uses, is all that is left between everybody and the account. The
        function's policy and its role are kept apart, and rarely read together.

    How to fix
        Give the function a role that reaches what it works on and nothing else. Close the door where it need not be
        open: AuthType AWS_IAM for a URL, an authorizer for a route, named principals in the policy.

    When it is fine
        Name a function that is meant to be public under public_functions in permcheck.toml, with the reason, and the
        finding is listed as explained. A role that reaches single things is not reported here.

    References
        Lambda Developer Guide, "Control access to Lambda function URLs"
        Lambda Developer Guide, "Defining Lambda function permissions with an execution role"
    """

    id = "PC324"
    name = "open-function-reaches-data"
    severity = "critical"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(account(STRONG, functions=CONSOLE) | open_url("console"), "a URL that asks for nothing", PARTS),
        Example(account(STRONG, functions=CONSOLE) | api("console"), "a route that asks for nothing", PARTS),
        Example(
            account(STRONG, functions=CONSOLE) | policy("console", grant("console", "*")), "any AWS account", PARTS
        ),
    )
    good = (
        Example(
            account(worker("console-role", allow("dynamodb:Query", table_arn("Prices"))), functions=CONSOLE)
            | open_url("console"),
            "the function reads one table",
            PARTS,
        ),
        Example(
            account(
                worker("console-role", allow("secretsmanager:GetSecretValue"), boundary=document(allow("logs:*"))),
                functions=CONSOLE,
            )
            | open_url("console"),
            "a permissions boundary leaves logs",
            PARTS,
        ),
        Example(
            account(worker("console-role", allow("*"), deny("*")), functions=CONSOLE) | open_url("console"),
            "a Deny takes it all back",
            PARTS,
        ),
    )

    def check_path(self, view: View, journey: Journey) -> Iterator[Finding]:
        """Report each strong function that the internet, or any AWS account, may call."""
        if journey.kind not in ("anyone", "aws"):
            return
        told = open_to_anyone(view, "function", "api") if journey.kind == "aws" else frozenset[str]()
        for end in journey.ends:
            function = end.function
            if end.how == "event_source" or function is None or end.door.name != function.arn or function.arn in told:
                continue
            yield tell(
                self,
                view,
                journey,
                end,
                who_of(view, journey),
                function.arn,
                f"give {function.name} a role that reaches what it works on alone, and let in those who are to call it",
                explained=view.public_reason(function),
            )
