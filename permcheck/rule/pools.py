"""What a rule may ask about identity pools: who is handed which role, and what they then may do."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from permcheck.access import Item, Subject, bits
from permcheck.frozen import dataclass
from permcheck.graph.cognito import classic_flow, is_identity
from permcheck.graph.held import Held, asked, held
from permcheck.graph.logins import Login, logins, self_sign_up
from permcheck.graph.outsiders import INVOKE
from permcheck.graph.pool_trust import ASSUME, Token, audiences, may_take_tokens, take
from permcheck.graph.role_choice import Choice, choices, defaults, mapping_for
from permcheck.graph.scene import Scene
from permcheck.graph.strength import strength
from permcheck.model.answer import JsonObject
from permcheck.model.function import Function
from permcheck.model.identity import Role
from permcheck.model.policy import Document
from permcheck.model.pool import IdentityPool, PoolRole, RoleMapping
from permcheck.model.user_pool import UserPool
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of
from permcheck.policy.caller import Caller, CallerKind
from permcheck.policy.request import Policies, Request
from permcheck.policy.variables import keys_in
from permcheck.rule.answer import Answer, Targets

_MAY = (Verdict.ALLOWED, Verdict.CONDITIONAL)
# A pool of nobody's: what takes its tokens takes any pool's.
_STRANGE = "{}:00000000-0000-4000-8000-000permcheck"
_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


@dataclass(frozen=True, slots=True)
class Written:
    """An event source that somebody may write to, and a function that it sets off, with the verdict of that."""

    source: str
    function: Function
    verdict: Verdict
    answer: Answer


class Pools:
    """The questions about pools of one run."""

    def __init__(self, scene: Scene, answer: Callable[[Subject, str, Item], Answer]) -> None:
        self._scene = scene
        self._answer = answer
        self._held: dict[int, tuple[Held, ...]] = {}

    # who is handed what

    def sessions(self, pool: IdentityPool, kind: str) -> Sequence[Subject]:
        """The sessions that guests (``guest``) or users (``signed_in``) may take, surely or on conditions."""
        found = self._scene.sessions_of_holder.get((kind, pool.id), ())
        return tuple(s for s in found if s.holder is not None and s.holder.verdict in _MAY)

    @cached_property
    def strongest(self) -> Sequence[tuple[IdentityPool, Subject]]:
        """Each pool with the strongest role of its users, the strongest first; pools without users' roles left out."""
        found = []
        for pool in self._scene.facts.pools:
            sessions = self.sessions(pool, "signed_in")
            if sessions:
                found.append((pool, max(sessions, key=lambda session: strength(self._scene, session))))
        return sorted(found, key=lambda each: -strength(self._scene, each[1]))

    def unsure(self, pool: IdentityPool, kind: str) -> bool:
        """Whether some role of theirs is unknown: one that is not in view, or a trust policy that was not read."""
        found = self._scene.sessions_of_holder.get((kind, pool.id), ())
        unknown = any(s.holder is not None and s.holder.verdict is Verdict.UNKNOWN for s in found)
        return unknown or any(h.role not in self._scene.role_by_arn for h in defaults(pool, kind))

    def defaults(self, pool: IdentityPool, kind: str) -> Sequence[PoolRole]:
        """The role for everybody who is a guest, or signed in."""
        return tuple(defaults(pool, kind))

    def logins(self, pool: IdentityPool) -> Sequence[Login]:
        """The ways to sign in at the pool."""
        return tuple(logins(self._scene.facts, pool))

    def choices(self, pool: IdentityPool, login: Login) -> Iterator[Choice]:
        """The roles the pool may choose for users of a login."""
        return choices(pool, login)

    def mapping(self, pool: IdentityPool, login: Login) -> RoleMapping | None:
        """How the pool chooses among them, None where it does not."""
        return mapping_for(pool, login)

    def classic_flow(self, pool: IdentityPool) -> bool:
        """Whether the classic flow works for somebody: it is on, and no role mapping bars it."""
        return bool(classic_flow(pool)) and not pool.has_role_mappings and not pool.mappings

    def account(self, pool: IdentityPool) -> str:
        """The pool's account, as far as the input tells it."""
        return pool.account or next((account_of(r.role) for r in pool.roles), "")

    def arn(self, pool: IdentityPool) -> str:
        """The pool's ARN; where its account is not known, its id."""
        account, region = self.account(pool), pool.id.partition(":")[0]
        partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
        return f"arn:{partition}:cognito-identity:{region}:{account}:identitypool/{pool.id}" if account else pool.id

    def self_sign_up(self, pool: UserPool) -> bool | None:
        """Whether anybody can sign up for a user pool; None where it is not told, or a function decides."""
        return self_sign_up(pool)

    # trust policies

    def may_take_tokens(self, document: Document) -> bool:
        """Whether a trust policy might take a pool's token: a first look that nearly always says no."""
        return may_take_tokens(document)

    @cached_property
    def trusting(self) -> Sequence[Role]:
        """The roles whose trust policies might take a pool's token."""
        trusts = ((r, r.trust.document) for r in self._scene.facts.roles if r.trust is not None)
        return [role for role, document in trusts if document is not None and may_take_tokens(document)]

    def audiences(self, document: Document) -> frozenset[str] | None:
        """The pools that a trust policy names, None where it does not keep others out by a plain list."""
        return audiences(document)

    def takes(self, role: Role, pool_id: str, guest: bool | None) -> Answer:
        """Whether the role is given for the token of a guest, or of a user, of a pool of its own account.

        pool_id: empty for a token that does not tell its pool; guest: None for one that does not tell how somebody
        signed in. There are no such tokens, but a condition that lets them pass asks for nothing.
        """
        methods = () if guest is None else ("unauthenticated",) if guest else ("authenticated",)
        taken = take(self._scene.facts, role, Token(pool_id, methods, region=_region(role)))
        request, policies = taken.asked or (Request(Caller(CallerKind.ANONYMOUS, "*"), ASSUME, role.arn), Policies())
        return Answer(request, policies, taken.decision)

    def stranger(self, role: Role, guest: bool) -> Answer:
        """The same for a pool that nobody has, so that a yes means any pool."""
        return self.takes(role, _STRANGE.format(_region(role)), guest)

    # what they may do

    def held(self, session: Subject) -> Sequence[Held]:
        """What each statement of the role gives the session, by service."""
        found = self._held.get(session.number)
        if found is None:
            found = self._held[session.number] = tuple(held(self._scene, session))
        return found

    def answer(self, found: Held) -> Answer:
        """The same as an answer, with places, conditions and a witness."""
        return Answer(found.request, found.policies, found.decision)

    def asked(self, session: Subject, action: str) -> Answer | None:
        """The surest answer for an action, on a resource that the role's policies name for it; None where denied."""
        found = asked(self._scene, session, action)
        return self.answer(found) if found is not None and found.verdict in _MAY else None

    def own_only(self, session: Subject | None, answer: Answer) -> bool:
        """Whether each identity has only what is its own: an open condition is on the id of the identity.

        session: whose it is, None for the token by which a role is taken.
        """
        free = session.holder.free if session is not None and session.holder is not None else {}
        keys = [str(c["key"]).lower() for c in answer.conditions]
        values = (str(v) for c in answer.conditions for v in _several(c["values"]) if "${" in str(v))
        keys.extend(key for value in values for key in keys_in(value))
        return any(is_identity(key) or (key.startswith("aws:principaltag/") and key not in free) for key in keys)

    def narrowing(self, session: Subject, conditions: Sequence[JsonObject]) -> Sequence[JsonObject]:
        """The conditions but for those on tags that the user writes itself."""
        free = session.holder.free if session.holder is not None else {}
        return tuple(c for c in conditions if str(c["key"]).lower() not in free)

    def invocable(self, session: Subject) -> Targets:
        """The functions, under every name, that the session may invoke."""
        universe, world = self._scene.invocable, self._scene.world
        sure = world.surely(session, universe, INVOKE)
        return Targets(universe, sure, lambda: world.access_of(session, universe, INVOKE))

    def written(self, session: Subject) -> Iterator[Written]:
        """Event sources in view that the session may write to, with a function that each sets off."""
        entrances = self._scene.entrances
        universe = entrances.event_sources
        may = self._scene.world.access_of(session, universe, "")
        seen: set[str] = set()
        for number in bits.members(may.possible & ~may.unread):
            item = universe.items[number]
            for name in entrances.nodes_of(item):
                set_off = self._set_off(name)
                if set_off is not None and name not in seen:
                    seen.add(name)
                    yield Written(name, *set_off, self._answer(session, item.action, item))

    def _set_off(self, source: str) -> tuple[Function, Verdict] | None:
        """The function that a source calls, itself or by what it sends on to: the nearest."""
        seen, queue = {source}, [(source, Verdict.ALLOWED)]
        while queue:
            name, so_far = queue.pop(0)
            for entry in self._scene.entries.get(("event_source", name), ()):
                if entry.verdict not in _MAY or entry.target.name in seen:
                    continue
                seen.add(entry.target.name)
                verdict = entry.verdict if so_far is Verdict.ALLOWED else so_far
                function = self._scene.function_by_arn.get(entry.target.name)
                if function is not None:
                    return function, verdict
                if entry.target.kind == "event_source":
                    queue.append((entry.target.name, verdict))
        return None


def _region(role: Role) -> str:
    """A Region of the role's partition: identity pools have names of their own in each."""
    return _REGIONS.get(role.arn.split(":", 2)[1], "us-east-1")


def _several(values: object) -> Sequence[object]:
    return values if isinstance(values, (list, tuple)) else ()
