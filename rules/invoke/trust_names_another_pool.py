"""PC157: an identity pool hands out a role that trusts another pool."""

from collections.abc import Iterator

from permcheck.model import Finding, IdentityPool, PathStep, Verdict
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import role
from permcheck.rules.invoke._pool_examples import COGNITO, OTHER_POOL, POOL, app, taking
from permcheck.rules.invoke._pools import handed_at, named


def _app(aud: object) -> Example:
    return Example(app(role("shop-user", trusts=taking("authenticated", aud))))


class TrustNamesAnotherPool(Rule):
    """An identity pool hands out a role whose trust policy names another pool.

    What
        The role of a pool's guests or users asks in its trust policy for the id of another pool, and not of this one.

    Why it matters
        The pool's own people get no credentials by it, so something does not work, or once did. And the people of the
        other pool, which may be an old one with guest access, or one that somebody made for a trial, may take it.

    How to fix
        Put this pool's id into the condition on cognito-identity.amazonaws.com:aud, and take the other's out.

    When it is fine
        A list of pools that holds this one among others, deleted ones too, is not reported.

    References
        Amazon Cognito Developer Guide, "IAM roles"
    """

    id = "PC157"
    name = "trust-names-another-pool"
    severity = "medium"
    confidence = "high"
    since = "0.1"

    bad = (_app(OTHER_POOL),)
    good = (_app(POOL), _app([OTHER_POOL, POOL]))

    def check_pool(self, view: View, pool: IdentityPool) -> Iterator[Finding]:
        """Report each role the pool hands out that keeps the pool out and takes another."""
        for role_arn, kind in dict.fromkeys((handed.role, handed.kind) for handed in pool.roles):
            found = view.role(role_arn)
            document = found.trust.document if found is not None and found.trust is not None else None
            others = view.pools.audiences(document) if document is not None else None
            if found is None or found.trust is None or not others or pool.id in others:
                continue
            first = sorted(others)[0]
            known = next((p for p in view.facts.pools if p.id == first), None)
            other = f"{named(known)} ({first})" if known is not None else f"{first}, which is not in view"
            statements = [s for s in found.trust.statements if s.is_allow]
            yield self.finding(
                f"identity pool {named(pool)} hands out role {found.name}, whose trust policy names pool {other}",
                role_arn,
                [
                    *(view.place(found.trust, s, f"asks for {first}") for s in statements[:1]),
                    *handed_at(view, pool, role_arn, kind),
                ],
                path=[
                    PathStep(kind, pool.id, None, "is handed", Verdict.DENIED),
                    PathStep("role", found.name, found.arn),
                ],
                fix=f'name the pool that hands it out: "StringEquals": {{"{COGNITO}:aud": "{pool.id}"}}',
            )
