"""What a rule may ask. Every answer is a decision: Deny, boundaries, conditions and other policies had their say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from permcheck.access import Item, Subject, Universe, bits
from permcheck.access.world import Access, request_of
from permcheck.config import Config
from permcheck.graph.anything import item_named
from permcheck.graph.outsiders import INVOKE, Outsider, outsiders
from permcheck.graph.places import because, conditions, place
from permcheck.graph.scene import Scene
from permcheck.graph.strength import Strength, strength
from permcheck.graph.witness import witness
from permcheck.model.answer import JsonObject
from permcheck.model.facts import Facts
from permcheck.model.finding import PathStep
from permcheck.model.function import Function
from permcheck.model.identity import Role, User
from permcheck.model.location import Location
from permcheck.model.policy import Policy, Statement
from permcheck.model.pool import IdentityPool, PoolRole
from permcheck.model.verdict import Verdict
from permcheck.policy.request import Decision, Reason


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision with its reasons. locations: the deciding statements, the granting ones first."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    locations: tuple[Location, ...]
    conditions: tuple[JsonObject, ...]
    witness: JsonObject | None

    @property
    def allowed(self) -> bool:
        """Whether the answer is allowed, with or without conditions."""
        return self.verdict in (Verdict.ALLOWED, Verdict.CONDITIONAL)


class Targets:
    """The functions or roles a caller may act on: ``sure`` and ``possible`` sets, listed only when iterated."""

    def __init__(self, universe: Universe, may: Access) -> None:
        self._universe = universe
        self._may = may

    def __bool__(self) -> bool:
        return bool(self._may.sure)

    @property
    def count(self) -> int:
        """How many it surely may."""
        return self._may.sure.bit_count()

    @property
    def possible_count(self) -> int:
        """How many it may, conditions and unread policies granted."""
        return self._may.possible.bit_count()

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self._universe.items)

    def sure(self) -> Iterator[str]:
        """ARNs it surely may act on."""
        return (self._universe.items[n].arn for n in bits.members(self._may.sure))

    def conditional(self) -> Iterator[str]:
        """ARNs it may act on when conditions hold."""
        return (self._universe.items[n].arn for n in bits.members(self._may.possible & ~self._may.sure & ~self._may.unread))


class View:
    """The questions of one run. Answers are worked out once and kept."""

    def __init__(self, facts: Facts, config: Config, scene: Scene | None = None) -> None:
        self.facts = facts
        self.config = config
        self.scene = scene or Scene(facts)
        self._strengths: dict[int, Strength] = {}
        self._outsiders: dict[tuple[str, str], tuple[Outsider, ...]] = {}

    # who comes in

    def outsiders(self, function: Function, action: str = INVOKE) -> Sequence[Outsider]:
        """Callers outside the view that the function's policies admit, by qualifier, and through its URLs."""
        key = (function.arn, action)
        found = self._outsiders.get(key)
        if found is None:
            found = self._outsiders[key] = tuple(outsiders(function, action))
        return found

    def holders(self, role_arn: str) -> Sequence[tuple[IdentityPool, PoolRole]]:
        """The identity pools that hand out this role."""
        return self.scene.pools_of_role.get(role_arn, ())

    def held_by_guests(self, role_arn: str) -> IdentityPool | None:
        """A pool that gives this role to anyone who asks, without sign-in."""
        return next((p for p, h in self.holders(role_arn) if h.kind == "guest" and p.guests is not False), None)

    # what is what

    def role_of(self, function: Function) -> Role | None:
        """The execution role, None where it is not in view."""
        return self.scene.role_by_arn.get(function.role) if function.role else None

    def functions_of(self, role_arn: str) -> Sequence[Function]:
        """The functions that run as this role."""
        return self.scene.functions_of_role.get(role_arn, ())

    def function(self, arn: str) -> Function | None:
        """The function of an ARN, qualified or not."""
        return self.scene.function_of_item(arn)

    def role(self, arn: str) -> Role | None:
        """The role of an ARN."""
        return self.scene.role_by_arn.get(arn)

    # what callers may do

    def may_any(self, caller: Role | User, action: str) -> Verdict:
        """Whether the caller may do the action on any resource of its account (not on one or some: on any)."""
        subject = self._subject(caller)
        return self.scene.probes.verdict(subject, action)

    def decide_any(self, caller: Role | User, action: str) -> Answer:
        """The same with reasons."""
        subject = self._subject(caller)
        return self._answer(subject, action, self.scene.probes.item(subject, action))

    def decide(self, caller: Role | User, action: str, arn: str) -> Answer:
        """One request with reasons; arn: a function (qualified or not), role or other resource."""
        subject = self._subject(caller)
        for universe in (self.scene.invocable, self.scene.passable if action == "iam:PassRole" else self.scene.roles):
            number = universe.position.get(arn)
            if number is not None:
                return self._answer(subject, action, universe.items[number])
        return self._answer(subject, action, item_named(arn, action, subject.account))

    def functions_for(self, caller: Role | User, action: str) -> Targets:
        """The functions the caller may do a lambda action on (as wholes, unqualified)."""
        return Targets(self.scene.functions, self._access(self.scene.functions, action, caller))

    def passable_roles(self, caller: Role | User) -> Targets:
        """The roles the caller may pass to Lambda."""
        return Targets(self.scene.passable, self._access(self.scene.passable, "iam:PassRole", caller))

    def assumable_roles(self, caller: Role | User) -> Targets:
        """The roles whose trust and the caller's own policies together let it assume them."""
        access = self.scene.world.access(self.scene.roles, "sts:AssumeRole", explicit=True)
        return Targets(self.scene.roles, access[self._subject(caller).number])

    def strength(self, caller: Role | User) -> Strength:
        """How strong a principal is."""
        subject = self._subject(caller)
        found = self._strengths.get(subject.number)
        if found is None:
            found = self._strengths[subject.number] = strength(self.scene, subject)
        return found

    # what configuration says

    def trusted_account(self, account: str) -> bool:
        """Whether configuration names the account as trusted."""
        return account in self.config.trusted_accounts

    def trusted_org(self, org: str) -> bool:
        """Whether configuration names the organization as trusted."""
        return org in self.config.trusted_orgs

    def is_deploy_role(self, caller: Role | User) -> bool:
        """Whether configuration says that this caller is meant to rewrite functions."""
        return self.config.is_deploy_role(caller.arn)

    def public_reason(self, function: Function) -> str | None:
        """Why configuration says that the function is meant to be public, None where it does not."""
        return self.config.public_reason(function.arn)

    # places and paths

    def place(self, policy: Policy, statement: Statement | None = None, note: str = "", below: str = "") -> Location:
        """Where a statement stands; below: pointer of an element in it (``/Resource``)."""
        return place(policy, statement, note, below)

    def caller_step(self, caller: Role | User, edge: str, verdict: Verdict) -> Iterator[PathStep]:
        """The caller as the start of a path, behind the guest or signed-in user who holds it."""
        for pool, handed in self.holders(caller.arn):
            if handed.kind != "guest" or pool.guests is not False:
                yield PathStep(handed.kind, pool.id, None, "is handed", Verdict.ALLOWED)
                break
        yield PathStep("role" if isinstance(caller, Role) else "user", caller.name, caller.arn, edge, verdict)

    def function_steps(self, function: Function) -> Iterator[PathStep]:
        """A function, the role it runs as and the strongest thing that role may do, as the end of a path."""
        role = self.role_of(function)
        yield PathStep("function", function.name, function.arn, "runs as" if role else "", Verdict.ALLOWED if role else None)
        if role is None:
            return
        worth = self.strength(role)
        target = _WORTH[worth]
        yield PathStep("role", role.name, role.arn, "may reach" if target else "", Verdict.ALLOWED if target else None)
        if target:
            kind = "admin" if worth >= Strength.IAM_WRITE else "target"
            yield PathStep(kind, target)

    # machinery

    def _subject(self, caller: Role | User) -> Subject:
        subject = self.scene.subject(caller.arn)
        if subject is None:
            raise LookupError(caller.arn)
        return subject

    def _access(self, universe: Universe, action: str, caller: Role | User) -> Access:
        return self.scene.world.access(universe, action)[self._subject(caller).number]

    def _answer(self, subject: Subject, action: str, item: Item) -> Answer:
        decision: Decision = self.scene.world.decide(subject, action, item)
        request, policies = request_of(subject, action, item)
        return Answer(
            decision.verdict,
            decision.because,
            tuple(b.location for b in because(decision.because)),
            conditions(decision),
            witness(request, policies, decision),
        )


_WORTH: Mapping[Strength, str] = {
    Strength.ADMINISTRATOR: "everything in the account",
    Strength.IAM_WRITE: "IAM: it can give itself more",
    Strength.ALL_DATA: "all data of some service",
    Strength.SOME: "some data",
    Strength.NOTHING: "",
}
