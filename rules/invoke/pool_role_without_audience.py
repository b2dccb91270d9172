"""PC155: a role for an identity pool that takes the tokens of every pool."""

from collections.abc import Iterator

from permcheck.model import Document, Finding, IdentityPool, Role, User
from permcheck.rule import Example, Rule, Session, View, traits
from permcheck.rules._examples import role
from permcheck.rules.invoke._pool_examples import COGNITO, POOL, app, taking
from permcheck.rules.invoke._pools import MAY, asks_loosely, named, reached

_PEOPLE = {"guest": "guests", "signed_in": "users"}
ANY = {"StringLike": {f"{COGNITO}:aud": "*"}, "ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"}}


def _app(amr: str | None = "authenticated", aud: object = None, **more: object) -> Example:
    return Example(app(role("shop-user", trusts=taking(amr, aud, **more))))


class PoolRoleWithoutAudience(Rule):
    """A role for an identity pool takes the tokens of every pool.

    What
        The trust policy lets Cognito identity pools take the role and does not ask which pool it is: the condition on
        cognito-identity.amazonaws.com:aud is missing, or accepts every value, as with StringLike and a star. Critical
        where people of a pool of the same account can ask for it by the classic flow and get something by it, else
        high. A condition that holds where aud is missing, as with IfExists or ForAllValues, is reported with medium
        confidence: tokens of today always have one, and AWS does not promise to take such a condition for one.

    Why it matters
        Identity pools are anybody's to make. With a token of a pool of the account whose classic flow is on, its
        guests included, a stranger takes this role by name, whatever pool it was made for. From other accounts STS has
        refused this since 2024; in the same account old roles go on working. IAM no longer saves such a trust policy,
        so a deployment that holds it fails, and the role that exists cannot be edited without mending it.

    How to fix
        Ask for the pool, by StringEquals on cognito-identity.amazonaws.com:aud.

    When it is fine
        Never. A condition on cognito-identity.amazonaws.com:sub that names identities keeps strangers out as well, and
        is not reported.

    References
        Amazon Cognito Developer Guide, "IAM roles" and "Security best practices for identity pools"
    """

    id = "PC155"
    name = "pool-role-without-audience"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = (traits.TOKENS,)

    bad = (_app(), _app(Condition=ANY))
    good = (_app(aud=POOL), _app(aud=[POOL, POOL.replace("0f5a", "1f5a")]))

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report a role that takes a token of a pool which nobody has."""
        if isinstance(caller, User) or caller.trust is None or caller.trust.document is None or caller.service_linked:
            return
        document = caller.trust.document
        if not view.pools.may_take_tokens(document) or view.pools.audiences(document) is not None:
            return
        found = [view.pools.stranger(caller, guest) for guest in (True, False)]
        loose = [a for guest in (True, False) if asks_loosely(a := view.pools.takes(caller, "", guest), ":aud")]
        answer = next((a for a in (*found, *loose) if a.verdict in MAY and not view.pools.own_only(None, a)), None)
        if answer is None or _asks_for_unknown(document):
            return
        every = answer in found
        account = caller.arn.split(":")[4]
        pools = [p for p in view.facts.pools if view.pools.account(p) in ("", account)]
        takers = [(who, p, s) for p in pools for who in _PEOPLE if (s := _taken(view, p, who, caller)) is not None]
        handed = next((p.id for p, _ in view.holders(caller.arn)), pools[0].id if len(pools) == 1 else "POOL-ID")
        way = f", and {_PEOPLE[takers[0][0]]} of pool {named(takers[0][1])} may ask for it" if takers else ""
        worth = any(reached(view, session) or view.pools.invocable(session) for _, _, session in takers)
        # Whoever deploys this learns it from IAM; better before.
        flaw = "does not ask for aud"
        if view.facts.declared:
            flaw += ", and IAM refuses to save such a trust policy: the deploy will fail"
        yield self.finding(
            f"role {caller.name} takes the tokens of every identity pool{way}"
            if every
            else f"role {caller.name} asks for its identity pool by a condition that a missing aud passes",
            caller.arn,
            [view.place(r.policy, r.statement, flaw) for r in answer.reasons if r.statement.is_allow],
            severity="critical" if worth and every else self.severity,
            confidence=None if every else "medium",
            path=view.role_steps(caller),
            conditions=answer.conditions,
            fix=f'add to the Condition: "StringEquals": {{"{COGNITO}:aud": "{handed}"}}',
            witness=answer.witness,
        )


def _asks_for_unknown(document: Document) -> bool:
    """Whether the policy asks for a pool of which only the deploy will tell the id."""
    asked = (c for s in document.statements for c in s.conditions if c.key.lower() == f"{COGNITO}:aud")
    return any("${deploy:" in value for condition in asked for value in condition.values)


def _taken(view: View, pool: IdentityPool, who: str, role: Role) -> Session | None:
    """The session by which people of a pool take the role in the classic flow, where the client names the role."""
    if not view.pools.classic_flow(pool):
        return None
    found = (s for s in view.pools.sessions(pool, who) if s.arn == role.arn)
    return next((s for s in found if s.holder is not None and s.holder.flow == "classic"), None)
