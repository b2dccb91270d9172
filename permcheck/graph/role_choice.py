"""Which roles an identity pool hands to its signed-in users.

Cognito Developer Guide, "Using role-based access control": by the user's token, by rules over its claims, or one role
for all. A user may ask for any role it is entitled to (CustomRoleArn), so all of them count and not only the first.
"""

from collections.abc import Iterator

from permcheck.frozen import dataclass
from permcheck.graph.logins import Login, writes
from permcheck.model.answer import JsonObject
from permcheck.model.pool import IdentityPool, MappingRule, PoolRole, RoleMapping
from permcheck.model.verdict import Verdict

# A rule's match type as a condition operator, and what is put round the value.
_OPERATORS = {
    "Equals": ("StringEquals", "{}"),
    "NotEqual": ("StringNotEquals", "{}"),
    "StartsWith": ("StringLike", "{}*"),
    "Contains": ("StringLike", "*{}*"),
}
_UNREAD = "how the pool chooses the role of these users was not read"


@dataclass(frozen=True, slots=True)
class Choice:
    """A role a pool may choose. needs: what the user must be, as conditions. claim: one that it writes itself."""

    role: str
    verdict: Verdict
    needs: tuple[JsonObject, ...] = ()
    note: str = ""
    claim: str = ""


def defaults(pool: IdentityPool, kind: str = "signed_in") -> Iterator[PoolRole]:
    """The role for everybody who is a guest, or signed in; those that only a rule chooses are left out."""
    by_rule = {(rule.role, rule.pointer) for mapping in pool.mappings for rule in mapping.rules}
    yield from (r for r in pool.roles if r.kind == kind and (r.role, r.pointer) not in by_rule)


def mapping_for(pool: IdentityPool, login: Login) -> RoleMapping | None:
    """How the pool chooses among roles for this login, None where it does not."""
    by_key = {mapping.provider: mapping for mapping in pool.mappings}
    return by_key.get(login.key) or by_key.get(login.name)


def choices(pool: IdentityPool, login: Login) -> Iterator[Choice]:
    """Every role the pool may choose for users who signed in this way, each once with its best verdict."""
    best: dict[str, Choice] = {}
    for choice in _choices(pool, login):
        known = best.get(choice.role)
        if known is None or _ORDER.index(choice.verdict) < _ORDER.index(known.verdict):
            best[choice.role] = choice
    yield from best.values()


_ORDER = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN)


def _choices(pool: IdentityPool, login: Login) -> Iterator[Choice]:
    mapping = mapping_for(pool, login)
    if mapping is None:
        # Of a login that is only supposed, nobody knows whether a mapping stands in its way.
        unsure = (pool.has_role_mappings and not pool.mappings) or (not login.told and pool.mappings)
        yield from _default(pool, Verdict.UNKNOWN if unsure else Verdict.ALLOWED, _UNREAD if unsure else "")
    elif mapping.kind == "Token":
        yield from _of_groups(login)
        yield from _otherwise(pool, mapping)
    elif mapping.kind == "Rules":
        found = [_of_rule(login, mapping, rule) for rule in mapping.rules]
        yield from (choice for choice in found if choice is not None)
        if not any(choice is not None and choice.verdict is Verdict.ALLOWED and not choice.claim for choice in found):
            yield from _otherwise(pool, mapping)
    else:
        yield from _default(pool, Verdict.UNKNOWN, _UNREAD)


def _default(pool: IdentityPool, verdict: Verdict, note: str = "") -> Iterator[Choice]:
    yield from (Choice(handed.role, verdict, note=note) for handed in defaults(pool))


def _otherwise(pool: IdentityPool, mapping: RoleMapping) -> Iterator[Choice]:
    """What a user gets whom the mapping gives no role: nothing, or the role of all signed-in users."""
    if mapping.ambiguous != "Deny":
        yield from _default(pool, Verdict.ALLOWED if mapping.ambiguous else Verdict.UNKNOWN)


def _of_groups(login: Login) -> Iterator[Choice]:
    """The token lists the role of every group the user is in; only administrators put users into groups."""
    for group in login.user_pool.groups if login.user_pool else ():
        if group.role:
            needs = {
                "operator": "ForAnyValue:StringEquals",
                "key": "cognito:groups",
                "values": [group.name],
                "source": group.source,
                "pointer": group.pointer,
            }
            yield Choice(group.role, Verdict.CONDITIONAL, (needs,), f"for members of the group {group.name}")


def _of_rule(login: Login, mapping: RoleMapping, rule: MappingRule) -> Choice | None:
    """The role of one rule: for all where the claim is the same for all, else for whoever has that claim."""
    known = login.claims.get(rule.claim)
    if known is not None:
        return Choice(rule.role, Verdict.ALLOWED) if _matches(rule, known) else None
    if writes(login, rule.claim):
        return Choice(rule.role, Verdict.ALLOWED, note=f"the user writes {rule.claim} itself", claim=rule.claim)
    operator, form = _OPERATORS.get(rule.match, ("StringEquals", "{}"))
    needs = {
        "operator": operator,
        "key": rule.claim,
        "values": [form.format(rule.value)],
        "source": mapping.source,
        "pointer": rule.pointer,
    }
    return Choice(rule.role, Verdict.CONDITIONAL, (needs,), f"for users whose {rule.claim} fits the rule")


def _matches(rule: MappingRule, value: str) -> bool:
    if rule.match == "Contains":
        return rule.value in value
    if rule.match == "StartsWith":
        return value.startswith(rule.value)
    return (value != rule.value) if rule.match == "NotEqual" else value == rule.value
