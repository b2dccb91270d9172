"""PC322: people whom an identity pool serves come through an API and a function to more than one thing's data."""

from collections.abc import Iterator

from permcheck.model import Finding
from permcheck.rule import Example, Journey, Rule, View
from permcheck.rules._examples import ACCOUNT, REGION, allow, deny, table_arn, worker
from permcheck.rules.invoke._pool_examples import app, guest
from permcheck.rules.path._captures import API, api
from permcheck.rules.path._reaching import best, doubt, handed, strong, tell, who_of

CALL = allow("execute-api:Invoke", f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/*")
STRONG = worker("order-role", allow("secretsmanager:GetSecretValue"))
ORDER = {"order": "order-role"}
# What the single steps are reported as.
PARTS = {"ignore": ["PC151", "PC153", "PC205", "PC17*"]}


class DataThroughApi(Rule):
    """Guests, or users who sign up, reach all data of a kind through an API.

    What
        The role that an identity pool gives to guests or to its users may call a route of an API that asks for a
        signature. The function behind the route is administrator, can give itself more rights, or has all data of a
        kind. Every step is decided: the role, what Cognito puts over guests, the API's own policy, the function's.

    Why it matters
        A route that asks for a signature looks closed. The pool signs for everybody who asks it, and what the function
        may do is then one request away.

    How to fix
        Give the function a role that reaches what it works on and nothing else; let the pool's role call the routes
        that are made for it, method by method, and not the whole API.

    When it is fine
        Never for data that is not every caller's. Routes without any authorization are another rule's:
        open-function-reaches-data.

    References
        API Gateway Developer Guide, "Control access to a REST API with IAM permissions"
        Amazon Cognito Developer Guide, "IAM roles"
    """

    id = "PC322"
    name = "data-through-api"
    severity = "critical"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(
            app(guest(CALL), STRONG, guests=True, functions=ORDER) | api("order", "AWS_IAM"),
            "guests sign for a route whose function reads every secret",
            PARTS,
        ),
    )
    good = (
        Example(
            app(guest(CALL, deny("execute-api:Invoke")), STRONG, guests=True, functions=ORDER)
            | api("order", "AWS_IAM"),
            "a Deny keeps guests out",
            PARTS,
        ),
        Example(
            app(
                guest(CALL),
                worker("order-role", allow("dynamodb:PutItem", table_arn("Orders"))),
                guests=True,
                functions=ORDER,
            )
            | api("order", "AWS_IAM"),
            "the function writes one table",
            PARTS,
        ),
    )

    def check_path(self, view: View, journey: Journey) -> Iterator[Finding]:
        """Report the strongest end that people of a pool come to through an API."""
        if journey.kind not in ("guest", "signed_in"):
            return
        end = best(e for e in journey.ends if e.how == "api" and strong(e, journey))
        if end is None or end.function is None:
            return
        role = end.door.name.rpartition("/")[2]
        yield tell(
            self,
            view,
            journey,
            end,
            who_of(view, journey),
            end.door.name,
            f"give {end.function.name} a role that reaches what it works on alone, and let {role} call by route and "
            "method what is made for it",
            confidence=doubt(journey),
            more=list(handed(view, journey, end.door.name)),
        )
