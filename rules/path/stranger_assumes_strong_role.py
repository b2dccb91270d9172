"""PC339: guests, users or strangers with a token assume a role that reaches more than one thing's data."""

from collections.abc import Iterator

from permcheck.model import Finding
from permcheck.rule import Example, Journey, Rule, View
from permcheck.rules._examples import Json, allow, deny, role, role_arn, table_arn, trust
from permcheck.rules.invoke._pool_examples import app, guest, user
from permcheck.rules.path._reaching import best, doubt, handed, strong, tell, who_of

ASSUME = "sts:AssumeRole"
SWITCH = allow(ASSUME, role_arn("staff"))
# What the single steps are reported as.
PARTS = {"ignore": ["PC151", "PC154"]}


def _staff(*statements: Json, lets_in: str) -> Json:
    return role("staff", *statements, trusts=trust({"AWS": role_arn(lets_in)}))


class StrangerAssumesStrongRole(Rule):
    """Guests, or users of a pool, assume a role that reaches all data of a kind.

    What
        Somebody from outside is given a role: a guest of an identity pool, its signed-in users, anybody with a token of
        an identity provider that serves everybody. With it another role can be assumed, at once or in several steps,
        that is administrator, can give itself more rights, or has all data of a kind: every table, object or secret.

    Why it matters
        The role that is handed out names no data, only another role, and the other role names only the first. What
        the two come to shows when both are read together. Guests in the enhanced flow are kept from it, because
        Cognito's limits leave sts out; in the classic flow, and for users who signed in, there are no such limits.

    How to fix
        Take the first role out of the trust policy of the second, and sts:AssumeRole from the first. What guests or
        users need from the other role, let a function do for them.

    When it is fine
        Where only people come in whom somebody knows, and the second role is theirs. A condition on the way makes the
        finding less severe.

    References
        Amazon Cognito Developer Guide, "IAM roles" and "Identity pools authentication flow"
        IAM User Guide, "Methods to assume a role"
    """

    id = "PC339"
    name = "stranger-assumes-strong-role"
    severity = "critical"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(
            app(guest(SWITCH), _staff(allow("dynamodb:*"), lets_in="shop-guest"), guests=True, classic=True),
            "guests of the classic flow come to every table",
            PARTS,
        ),
        Example(
            app(user(SWITCH), role("staff", allow("*"), trusts=trust({"AWS": role_arn("shop-user")}))),
            "signed-in users come to everything",
            PARTS,
        ),
    )
    good = (
        Example(
            app(guest(SWITCH), _staff(allow("dynamodb:*"), lets_in="shop-guest"), guests=True),
            "in the enhanced flow guests assume nothing",
            PARTS,
        ),
        Example(
            app(
                guest(SWITCH),
                _staff(allow("dynamodb:Query", table_arn("Trips")), lets_in="shop-guest"),
                guests=True,
                classic=True,
            ),
            "the other role reads one table",
            PARTS,
        ),
        Example(
            app(
                guest(SWITCH, deny(ASSUME)),
                _staff(allow("dynamodb:*"), lets_in="someone-else"),
                guests=True,
                classic=True,
            ),
            "a Deny, and a trust policy that names somebody else",
            PARTS,
        ),
    )

    def check_path(self, view: View, journey: Journey) -> Iterator[Finding]:
        """Report the strongest role that people from outside come to by assuming roles."""
        if journey.kind == "web_identity" and not journey.strangers:
            return
        end = best(e for e in journey.ends if e.how == "role" and strong(e, journey))
        if end is None:
            return
        first = end.door.name.rpartition("/")[2]
        last = next(n for n in reversed(end.trail.nodes) if n.kind == "role").name.rpartition("/")[2]
        yield tell(
            self,
            view,
            journey,
            end,
            who_of(view, journey),
            end.door.name,
            f"take {first} out of the trust policy that leads to {last}, and {ASSUME} from {first}",
            confidence=doubt(journey),
            more=list(handed(view, journey, end.door.name)),
        )
