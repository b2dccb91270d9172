"""PC321: guests of an identity pool come through a function to more than one thing's data."""

from collections.abc import Iterator

from permcheck.model import Finding
from permcheck.rule import Example, Journey, Rule, View
from permcheck.rules._examples import allow, deny, function_arn, table_arn, worker
from permcheck.rules.invoke._pool_examples import app, guest
from permcheck.rules.path._reaching import best, handed, tell, who_of
from permcheck.rules.path._steps import INVOKE

SEARCH = {"search": "search-role"}
CALLS = allow(INVOKE, function_arn("search"))
STRONG = worker("search-role", allow("secretsmanager:GetSecretValue"))
# What the single steps are reported as.
PARTS = {"ignore": ["PC151", "PC153", "PC205"]}


class GuestReachesDataThroughFunction(Rule):
    """Guests of an identity pool reach all data of a kind through a function.

    What
        Anybody, without signing in, gets a role from an identity pool, by the flow that the pool chooses or by the
        classic one, and with it may invoke, rewrite, open or create a function. The function's role is administrator,
        can give itself more rights, or has all data of a kind: every table, object or secret. Roles that are
        assumed on the way, before the function or behind it, are part of it. What Cognito puts over guests had its say
        on every step.

    Why it matters
        The guests' role names none of that data, and the function's own policy names no guests; each looks harmless
        alone. Together they open the data to everybody who has the app, because the pool's id is in it.

    How to fix
        Give the function a role that reaches what it works on and nothing else. Then let guests invoke the functions
        that are made for them, by name, and never rewrite any.

    When it is fine
        Never for data that is not public. A function that checks what it is asked still has all of it in reach.

    References
        Amazon Cognito Developer Guide, "IAM roles" and "Identity pools authentication flow"
        Lambda Developer Guide, "Defining Lambda function permissions with an execution role"
    """

    id = "PC321"
    name = "guest-reaches-data-through-function"
    severity = "critical"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(app(guest(CALLS), STRONG, guests=True, functions=SEARCH), "a search that can read every secret", PARTS),
    )
    good = (
        Example(
            app(
                guest(CALLS),
                worker("search-role", allow("dynamodb:Query", table_arn("Trips"))),
                guests=True,
                functions=SEARCH,
            ),
            "the function reads one table",
            PARTS,
        ),
        Example(
            app(guest(CALLS, deny(INVOKE)), STRONG, guests=True, functions=SEARCH), "a Deny keeps guests out", PARTS
        ),
    )

    def check_path(self, view: View, journey: Journey) -> Iterator[Finding]:
        """Report the strongest end that guests of a pool come to through a function."""
        end = best(e for e in journey.ends if e.how == "function") if journey.kind == "guest" else None
        if end is None:
            return
        role = end.door.name.rpartition("/")[2]
        function = end.function.name if end.function is not None else "functions"
        yield tell(
            self,
            view,
            journey,
            end,
            who_of(view, journey),
            end.door.name,
            f"give {function} a role that reaches what it works on alone, and let {role} invoke what guests need",
            more=list(handed(view, journey, end.door.name)),
        )
