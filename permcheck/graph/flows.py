"""How people without AWS credentials come by a role through an identity pool: by which flow, and which role.

Cognito Developer Guide, "Identity pools authentication flow". In the enhanced flow the pool chooses the role; in the
classic flow the client asks STS for any role whose trust policy takes the pool's token. The trust policy decides
either way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from permcheck.access.subject import Holder
from permcheck.graph.cognito import ENHANCED_SESSION, ceiling, classic_flow, is_methods, region_of
from permcheck.graph.logins import Login, logins
from permcheck.graph.pool_calls import pool_calls
from permcheck.graph.pool_trust import ORDER, Taken, Token, audiences, may_take_tokens, methods_named, tagging, take
from permcheck.graph.role_choice import Choice, choices, defaults
from permcheck.graph.session_tags import Tags, tag_map, tags_of
from permcheck.graph.web_identities import web_identities
from permcheck.model.answer import JsonObject
from permcheck.model.facts import Facts
from permcheck.model.identity import Role
from permcheck.model.pool import IdentityPool
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of

_GUEST = Login("", "", ("unauthenticated",))
_BARRED = "AWS does not say whether role mappings bar guests from the classic flow"
_REFUSED = "the pool sets tags, and the trust policy does not allow sts:TagSession: AWS may refuse the session"
_UNTOLD = "what the pool allows is not in view"


def holders(facts: Facts) -> Iterator[Holder]:
    """Every session of a role handed out to somebody outside IAM: by identity pools, then by other providers."""
    roles = {r.arn: r for r in facts.roles}
    trusting = [r for r in facts.roles if _may_trust_pools(r)]
    for pool in facts.pools:
        yield from _of_pool(facts, pool, roles, trusting)
    yield from web_identities(facts)


def _may_trust_pools(role: Role) -> bool:
    trust = role.trust
    return trust is not None and (trust.document is None or may_take_tokens(trust.document))


def _of_pool(facts: Facts, pool: IdentityPool, roles: Mapping[str, Role], trusting: Sequence[Role]) -> Iterator[Holder]:
    if pool.guests is not False:
        found = {handed.role: Choice(handed.role, Verdict.ALLOWED) for handed in defaults(pool, "guest")}
        guests = _People(facts, pool, "guest", _GUEST)
        yield from guests.enhanced(found.values(), roles)
        yield from guests.classic(trusting)
    for login in logins(facts, pool):
        users = _People(facts, pool, "signed_in", login)
        yield from users.enhanced(choices(pool, login), roles)
        yield from users.classic(trusting)


class _People:
    """The guests of a pool, or its users of one login."""

    def __init__(self, facts: Facts, pool: IdentityPool, kind: str, login: Login) -> None:
        self._facts, self._pool, self._kind, self._login = facts, pool, kind, login
        self._guest = kind == "guest"
        mapped = None if self._guest else tag_map(pool, login)
        # Only users have claims, so a guest has the tags of the role and no others.
        self._tags = Tags() if self._guest else None if mapped is None else tags_of(login, mapped)

    def enhanced(self, found: Iterable[Choice], roles: Mapping[str, Role]) -> Iterator[Holder]:
        """The roles that the pool chooses, in the pool's own account."""
        allowed = self._asking("enhanced")
        for choice in found:
            role = roles.get(choice.role)
            if role is not None and self._account(role) == account_of(role.arn):
                yield from self._held("enhanced", role, _worst(allowed, choice.verdict), choice)

    def classic(self, trusting: Sequence[Role]) -> Iterator[Holder]:
        """Every role that takes the pool's token, in any account."""
        on = classic_flow(self._pool)
        if on is False:
            return
        verdict, note = self._asking("classic"), ""
        if on is None:
            verdict, note = _worst(verdict, Verdict.UNKNOWN), _UNTOLD
        if self._pool.has_role_mappings or self._pool.mappings:
            if not self._guest:
                return
            verdict, note = _worst(verdict, Verdict.UNKNOWN), _BARRED
        for role in trusting:
            document = role.trust.document if role.trust is not None else None
            among = audiences(document) if document is not None else None
            if among is None or self._pool.id in among:
                yield from self._held("classic", role, verdict, Choice(role.arn, Verdict.ALLOWED, note=note))

    def _asking(self, flow: str) -> Verdict:
        """Whether the pool answers these people at all."""
        answer = pool_calls(self._facts, self._pool, flow, self._guest)
        return _worst(answer, Verdict.UNKNOWN) if self._guest and self._pool.guests is None else answer

    def _account(self, role: Role) -> str:
        """The pool's account; where no input tells it, that of the roles attached to it, or the role's own."""
        attached = next((account_of(r.role) for r in self._pool.roles), "")
        return self._pool.account or attached or account_of(role.arn)

    def _by_name(self, role: Role, token: Token) -> tuple[Taken, Verdict, tuple[JsonObject, ...]] | None:
        """The answer for users whom the trust policy names more closely than by "signed in": one user, one provider.

        Which providers a pool accepts that is not itself in view is unknown.
        """
        document = role.trust.document if role.trust is not None else None
        for method in methods_named(document) if document is not None else ():
            one = bool(self._login.name) and method.startswith(f"{self._login.name}:")
            if one or not self._login.told:
                taken = take(self._facts, role, replace(token, methods=(*token.methods, method)))
                if taken.verdict is not Verdict.DENIED:
                    key = next(key for key in taken.known if is_methods(key))
                    where = {"source": role.source, "pointer": role.pointer}
                    need = {"operator": "ForAnyValue:StringEquals", "key": key, "values": [method], **where}
                    return taken, Verdict.CONDITIONAL if one else Verdict.UNKNOWN, (need,)
        return None

    def _held(self, flow: str, role: Role, verdict: Verdict, choice: Choice) -> Iterator[Holder]:
        enhanced = flow == "enhanced"
        across = self._account(role) != account_of(role.arn)
        token = Token(self._pool.id, self._login.methods, enhanced, across)
        taken, needs, notes = take(self._facts, role, token), choice.needs, [choice.note]
        if taken.verdict is Verdict.DENIED and not self._guest:
            found = self._by_name(role, token)
            if found is not None:
                taken, bound, need = found
                verdict, needs = _worst(verdict, bound), (*needs, *need)
        verdict = _worst(verdict, taken.verdict)
        notes.append(taken.note)
        tags = self._tags
        if tags and verdict is not Verdict.DENIED and tagging(self._facts, role, taken) is Verdict.DENIED:
            verdict, tags = _worst(verdict, Verdict.UNKNOWN), Tags()
            notes.append(_REFUSED)
        if verdict is Verdict.DENIED:
            return
        yield Holder(
            self._kind,
            self._pool.id,
            flow,
            role.arn,
            verdict,
            {**taken.known, **(tags.known if tags else {})},
            taken.decision,
            ceiling(region_of(self._pool.id), self._guest) if enhanced else (),
            ENHANCED_SESSION if enhanced else "",
            "; ".join(note for note in notes if note),
            needs,
            self._login.name,
            None if tags is None else tuple(tags.free),
            tags.opened if tags else frozenset(),
            tags.free if tags else {},
            True if self._guest else self._login.strangers,
            taken.asked,
        )


def _worst(one: Verdict, other: Verdict) -> Verdict:
    return max(one, other, key=ORDER.index)
