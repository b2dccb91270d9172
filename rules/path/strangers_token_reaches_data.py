"""PC338: anybody with a token of a public identity provider comes through a function to more than one thing's data."""

from collections.abc import Iterator

from permcheck.model import Finding
from permcheck.rule import Example, Journey, Rule, View
from permcheck.rules._examples import Json, account, allow, deny, function_arn, role, table_arn, worker
from permcheck.rules.invoke._token_examples import GITHUB, taking
from permcheck.rules.path._reaching import best, strong, tell, who_of
from permcheck.rules.path._steps import INVOKE

SEARCH = {"search": "search-role"}
CALLS = allow(INVOKE, function_arn("search"))
STRONG = worker("search-role", allow("secretsmanager:GetSecretValue"))
# What the single steps are reported as.
PARTS = {"ignore": ["PC141", "PC205"]}


def _app(*statements: Json, of: str = "", gives: Json | None = None) -> Json:
    """A role for GitHub's workflows, and a function. of: the subject that the trust policy asks for."""
    asked: Json = {"StringLike": {f"{GITHUB}:sub": of}} if of else {}
    trusts = taking(GITHUB, StringEquals={f"{GITHUB}:aud": "sts.amazonaws.com"}, **asked)
    return account(role("release", *statements, trusts=trusts), gives or STRONG, functions=SEARCH)


class StrangersTokenReachesData(Rule):
    """Anybody with a token of a public identity provider reaches all data of a kind through a function.

    What
        A role lets in an identity provider that serves everybody, such as GitHub or Google, without asking whose token
        it is, or a user pool at which anybody may sign up. With the role one may invoke, rewrite, open or create a
        function whose own role is administrator, can give itself more rights, or has all data of a kind. Roles
        that are assumed before the function or behind it are part of the way.

    Why it matters
        The role looks like that of a pipeline, and is everybody's. Neither it nor the function's policy shows what lies
        behind the two of them together.

    How to fix
        Ask for your own organization or project in the trust policy, by the provider's sub. Give the function a role
        that reaches what it works on and nothing else.

    When it is fine
        Never for data that is not public.

    References
        IAM User Guide, "Create a role for OpenID Connect federation"
        Lambda Developer Guide, "Defining Lambda function permissions with an execution role"
    """

    id = "PC338"
    name = "strangers-token-reaches-data"
    severity = "critical"
    confidence = "high"
    since = "0.1"

    bad = (Example(_app(CALLS), "a workflow of any repository calls a function that reads every secret", PARTS),)
    good = (
        Example(_app(CALLS, of="repo:example/shop:*"), "one repository", PARTS),
        Example(_app(CALLS, deny(INVOKE)), "a Deny keeps it from the function", PARTS),
        Example(
            _app(CALLS, gives=worker("search-role", allow("dynamodb:Query", table_arn("Trips")))),
            "the function reads one table",
            PARTS,
        ),
    )

    def check_path(self, view: View, journey: Journey) -> Iterator[Finding]:
        """Report the strongest end that strangers come to through a function."""
        if journey.kind != "web_identity" or not journey.strangers:
            return
        end = best(e for e in journey.ends if e.how != "role" and strong(e, journey))
        if end is None:
            return
        role_name = end.door.name.rpartition("/")[2]
        function = end.function.name if end.function is not None else "functions"
        yield tell(
            self,
            view,
            journey,
            end,
            who_of(view, journey),
            end.door.name,
            f"ask for your own tokens in the trust policy of {role_name}, and give {function} a role that reaches what "
            "it works on alone",
        )
