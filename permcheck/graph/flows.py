"""How people without AWS credentials come by a role: identity pools and other web identities.

Cognito Developer Guide, "Identity pools authentication flow" and "Using role-based access control". In the enhanced flow
the pool chooses the role; in the classic flow the client asks STS for any role whose trust policy accepts the pool's
``aud`` and ``amr``. The role's trust policy decides either way.
"""

from collections.abc import Iterator
from functools import lru_cache

from permcheck.access.subject import Holder, limits_on
from permcheck.data import cognito_guest
from permcheck.model.facts import Facts
from permcheck.model.identity import Role
from permcheck.model.policy import Document, Policy, PolicyKind
from permcheck.model.pool import IdentityPool, RoleMapping
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of, split
from permcheck.policy.caller import Caller, CallerKind
from permcheck.policy.context import Context
from permcheck.policy.evaluate import evaluate
from permcheck.policy.parse import parse_document
from permcheck.policy.request import Decision, Policies, Request

COGNITO = "cognito-identity.amazonaws.com"
ASSUME = "sts:AssumeRoleWithWebIdentity"
ENHANCED_SESSION = "CognitoIdentityCredentials"
_WEAKEST = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.DENIED)


def holders(facts: Facts) -> Iterator[Holder]:
    """Every session that an identity pool of the view can hand out, to guests and to signed-in users."""
    roles = {r.arn: r for r in facts.roles}
    for pool in facts.pools:
        if pool.guests is not False:
            yield from _of(facts, pool, "guest", roles)
        if _accepts_users(pool):
            yield from _of(facts, pool, "signed_in", roles)


def _accepts_users(pool: IdentityPool) -> bool:
    """Whether anybody can be signed in at all; a pool that only names its roles is taken to accept users."""
    signed = any(r.kind == "signed_in" for r in pool.roles)
    return bool(pool.providers or pool.other_logins or pool.mappings or signed)


def _of(facts: Facts, pool: IdentityPool, kind: str, roles: dict[str, Role]) -> Iterator[Holder]:
    for arn, verdict, note in enhanced_roles(facts, pool, kind):
        role = roles.get(arn)
        if role is not None and _pool_account(pool, role) == account_of(arn):
            yield from _held(facts, pool, kind, "enhanced", role, verdict, note)
    if pool.classic_flow:
        verdict, note = Verdict.ALLOWED, ""
        if pool.has_role_mappings or pool.mappings:
            if kind == "signed_in":
                return
            verdict, note = Verdict.UNKNOWN, "AWS does not say whether role mappings bar guests from the classic flow"
        for role in roles.values():
            if role.trust is not None and (role.trust.document is None or names_cognito(role.trust.document)):
                yield from _held(facts, pool, kind, "classic", role, verdict, note)


def _pool_account(pool: IdentityPool, role: Role) -> str:
    """The pool's account; where no input tells it, that of the roles attached to it, or the role's own."""
    attached = next((account_of(r.role) for r in pool.roles), "")
    return pool.account or attached or account_of(role.arn)


def enhanced_roles(facts: Facts, pool: IdentityPool, kind: str) -> Iterator[tuple[str, Verdict, str]]:
    """The roles the pool itself chooses for this kind of person: (ARN, verdict, why it is not sure)."""
    seen: set[str] = set()
    # A pool whose guest access is not told may or may not let guests in.
    open_door = kind == "guest" and pool.guests is None
    for handed in pool.roles:
        if handed.kind == kind and handed.role not in seen:
            seen.add(handed.role)
            yield handed.role, Verdict.UNKNOWN if open_door else Verdict.ALLOWED, ""
    if kind == "signed_in":
        for mapping in pool.mappings:
            for arn, note in _mapped(facts, mapping):
                if arn not in seen:
                    seen.add(arn)
                    yield arn, Verdict.ALLOWED, note


def _mapped(facts: Facts, mapping: RoleMapping) -> Iterator[tuple[str, str]]:
    """Roles a mapping can end in. Token: any role of the user pool's groups, which CustomRoleArn may pick among."""
    for rule in mapping.rules:
        yield rule.role, f"claim {rule.claim} {rule.match} {rule.value}"
    if mapping.kind == "Token":
        pool_id = mapping.provider.partition("/")[2].partition(":")[0]
        for user_pool in facts.user_pools:
            if user_pool.id == pool_id:
                for group in user_pool.groups:
                    if group.role:
                        yield group.role, f"member of group {group.name}"


def _held(
    facts: Facts, pool: IdentityPool, kind: str, flow: str, role: Role, verdict: Verdict, note: str
) -> Iterator[Holder]:
    known = session_keys(pool, kind)
    decision = trust_decision(facts, role, COGNITO, known, across=_pool_account(pool, role) != account_of(role.arn))
    worst = max(verdict, decision.verdict, key=_WEAKEST.index)
    if worst is Verdict.DENIED:
        return
    ceiling = guest_ceiling(pool.id.partition(":")[0]) if kind == "guest" and flow == "enhanced" else ()
    name = ENHANCED_SESSION if flow == "enhanced" else ""
    yield Holder(kind, pool.id, flow, role.arn, worst, known, decision, ceiling, name, note)


@lru_cache(maxsize=1 << 16)
def names_cognito(document: Document) -> bool:
    """Whether some Allow of a trust policy could mean Cognito's tokens: a first look, cheaper than the decision."""
    for statement in document.statements:
        names = statement.principals
        if statement.is_allow and (names is None or names.everyone or COGNITO in names.federated):
            return True
    return False


def session_keys(pool: IdentityPool, kind: str) -> dict[str, tuple[str, ...]]:
    """What the pool's token says of itself; ``sub`` differs for each identity and stays open."""
    providers = [p.name for p in pool.providers]
    amr = ("unauthenticated",) if kind == "guest" else ("authenticated", *providers)
    return {f"{COGNITO}:aud": (pool.id,), f"{COGNITO}:amr": amr, "aws:federatedprovider": (COGNITO,)}


def trust_decision(
    facts: Facts, role: Role, provider: str, known: dict[str, tuple[str, ...]], across: bool = False
) -> Decision:
    """Whether the role's trust policy accepts a token of this provider with these keys.

    across: the pool is in another account; STS then refuses a trust policy that does not ask for ``aud``.
    """
    if role.trust is None:
        return Decision(Verdict.UNKNOWN)
    context = Context(known, complete=False)
    request = Request(Caller(CallerKind.WEB_IDENTITY, provider), ASSUME, role.arn, context)
    decision = evaluate(request, Policies(resource=(role.trust,), rcps=limits_on(facts, account_of(role.arn))))
    if across and decision.verdict is not Verdict.DENIED and not asks_for_audience(role):
        return Decision(Verdict.DENIED, "implicit:resource_policy")
    return decision


def asks_for_audience(role: Role) -> bool:
    """Whether some Allow of the trust policy holds a condition on the pool's ``aud``."""
    statements = role.trust.statements if role.trust else ()
    return any(c.key.lower() == f"{COGNITO}:aud" for s in statements if s.is_allow for c in s.conditions)


@lru_cache(maxsize=64)
def guest_ceiling(region: str | None) -> tuple[Policy, ...]:
    """The session policies over a guest of the enhanced flow in this Region."""
    return tuple(
        Policy(PolicyKind.SESSION, f"guest session policy {i}", "", "", parse_document(dict(document)))
        for i, document in enumerate(cognito_guest.session_policies(region))
    )


def pool_region(pool: IdentityPool) -> str:
    """The Region in a pool's id."""
    return pool.id.partition(":")[0]


def provider_name(federated: str) -> str:
    """A federated principal as people know it: the host of an OIDC provider ARN, or the text itself."""
    arn = split(federated)
    return arn.resource.partition("/")[2] if arn is not None else federated
