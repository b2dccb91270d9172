"""PC323: whoever signs up comes through a function to more than one thing's data."""

from collections.abc import Iterator

from permcheck.model import Finding
from permcheck.rule import Example, Journey, Rule, View
from permcheck.rules._examples import allow, deny, function_arn, table_arn, worker
from permcheck.rules.invoke._pool_examples import app, user, users
from permcheck.rules.path._reaching import best, doubt, handed, strong, tell, who_of
from permcheck.rules.path._steps import INVOKE

SEARCH = {"search": "search-role"}
CALLS = allow(INVOKE, function_arn("search"))
STRONG = worker("search-role", allow("secretsmanager:GetSecretValue"))
# What the single steps are reported as.
PARTS = {"ignore": ["PC158", "PC159", "PC205"]}


class SignUpReachesDataThroughFunction(Rule):
    """Whoever signs up reaches all data of a kind through a function.

    What
        The users of an identity pool may invoke, rewrite, open or create a function whose role is administrator, can
        give itself more rights, or has all data of a kind. Their role may be the pool's default, one that a rule over
        their claims chooses, a group's, or one they ask for in the classic flow; roles that
        are assumed before the function or behind it are part of the way. Where users only come in when somebody creates
        them, it is reported for administrators alone.

    Why it matters
        An account at a user pool that allows sign-up costs an e-mail address. Neither the users' role nor the
        function's policy shows what lies behind the two of them together. A user who writes the claim that a role is
        chosen by takes the strongest of the roles.

    How to fix
        Give the function a role that reaches what it works on and nothing else, and let users invoke functions by name.
        Let administrators create the users of an internal app.

    When it is fine
        Never for data that is not every user's. With less confidence where the user pool is not in view, or a function
        decides who may sign up.

    References
        Amazon Cognito Developer Guide, "Using role-based access control"
        Lambda Developer Guide, "Defining Lambda function permissions with an execution role"
    """

    id = "PC323"
    name = "sign-up-reaches-data-through-function"
    severity = "high"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(
            app(user(CALLS), STRONG, functions=SEARCH, users=users(sign_up=True)), "a search that can read all", PARTS
        ),
    )
    good = (
        Example(
            app(user(CALLS), STRONG, functions=SEARCH, users=users(sign_up=False)),
            "users of whom somebody knows",
            PARTS,
        ),
        Example(
            app(user(CALLS, deny(INVOKE)), STRONG, functions=SEARCH, users=users(sign_up=True)),
            "a Deny keeps them out",
            PARTS,
        ),
        Example(
            app(
                user(CALLS),
                worker("search-role", allow("dynamodb:Query", table_arn("Trips"))),
                functions=SEARCH,
                users=users(sign_up=True),
            ),
            "the function reads one table",
            PARTS,
        ),
    )

    def check_path(self, view: View, journey: Journey) -> Iterator[Finding]:
        """Report the strongest end that users of a pool come to through a function."""
        found = journey.ends if journey.kind == "signed_in" else ()
        end = best(e for e in found if e.how == "function" and strong(e, journey))
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
            f"give {function} a role that reaches what it works on alone, and let {role} invoke what users need",
            confidence=doubt(journey),
            more=list(handed(view, journey, end.door.name)),
        )
