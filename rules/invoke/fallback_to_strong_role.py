"""PC161: users for whom a pool finds no role get a strong one."""

from collections.abc import Iterator

from permcheck.model import Finding, IdentityPool
from permcheck.rule import Example, Rule, Strength, View
from permcheck.rules._examples import allow, table_arn
from permcheck.rules.invoke._pool_examples import app, by_rules, user
from permcheck.rules.invoke._pools import handed_at, named, path_to, places, reached, said, target, unsaid

EVERY_TABLE = allow("dynamodb:Scan")
STAFF = user(allow("dynamodb:GetItem", table_arn("Orders")), name="shop-staff")


def _app(ambiguous: str) -> Example:
    return Example(app(user(EVERY_TABLE), STAFF, mappings=by_rules("custom:dept", "staff", "shop-staff", ambiguous)))


class FallbackToStrongRole(Rule):
    """Users for whom a pool finds no role get a strong one.

    What
        A pool chooses roles by rules or groups, and hands the role of all signed-in users to whom nothing fits
        (AmbiguousRoleResolution is AuthenticatedRole). That role reaches everything of some kind in the account.

    Why it matters
        Nobody decides that these users should have it: they are those who were forgotten, who belong to several groups
        of the same precedence, or whose claim is misspelt.

    How to fix
        Set AmbiguousRoleResolution to Deny, or make the role of all signed-in users the weakest.

    When it is fine
        Where everybody who can sign in is meant to have that role.

    References
        Amazon Cognito Developer Guide, "Using role-based access control"
    """

    id = "PC161"
    name = "fallback-to-strong-role"
    severity = "low"
    confidence = "high"
    since = "0.1"

    bad = (_app("AuthenticatedRole"),)
    good = (_app("Deny"),)

    def check_pool(self, view: View, pool: IdentityPool) -> Iterator[Finding]:
        """Report a strong role to fall back to; one that may rewrite IAM is told of by itself."""
        falls = [mapping for mapping in pool.mappings if mapping.ambiguous == "AuthenticatedRole"]
        roles = {handed.role for handed in view.pools.defaults(pool, "signed_in")} if falls else set()
        sessions = [s for s in view.pools.sessions(pool, "signed_in") if s.arn in roles] if roles else []
        session = next((s for s in sessions if view.strength(s) is Strength.ALL_DATA), None)
        held = reached(view, session) if session is not None else []
        if session is None or not held or (session.holder is not None and session.holder.strangers):
            return
        answer = view.pools.answer(held[0])
        yield self.finding(
            f"users of identity pool {named(pool)} for whom it finds no role get {session.entity.name}, "
            f"which may {said(held)}",
            session.arn,
            [
                *(view.at(mapping.source, mapping.pointer, "falls back to the role of all") for mapping in falls),
                *places(view, held, "is granted to them"),
                *handed_at(view, pool, session.arn, "signed_in"),
            ],
            path=path_to(view, session, held[0].action, answer.verdict, target(held[0])),
            conditions=answer.conditions,
            fix="set AmbiguousRoleResolution to Deny",
            witness=answer.witness,
            others=[*unsaid(held)],
        )
