"""What a rule is told: the answer to one request, and the functions or roles that somebody may act on."""

from collections.abc import Callable, Iterator
from functools import cached_property

from permcheck.access import Universe, bits
from permcheck.access.world import Access
from permcheck.graph.narrowing import Narrowing, narrowing
from permcheck.graph.places import because, conditions
from permcheck.graph.witness import witness
from permcheck.model.answer import JsonObject
from permcheck.model.location import Location
from permcheck.model.verdict import Verdict
from permcheck.policy.alike import alike
from permcheck.policy.request import Decision, Policies, Reason, Request

_OF_AWS = ":organizations::aws:policy/"


class Answer:
    """A decision with its reasons. What is costly to tell is worked out when it is asked for.

    reasons: the deciding statements, the granting ones first. action, resource: what was asked for.
    """

    def __init__(self, request: Request, policies: Policies, decision: Decision) -> None:
        self.verdict = decision.verdict
        self.reasons: tuple[Reason, ...] = decision.because
        self.action, self.resource = request.action, request.resource
        self._asked = (request, policies, decision)

    def under(self, action: str) -> "Answer | None":
        """The answer to another action, None where the policies tell the two apart."""
        same = alike(self.action, action, self.resource, self._asked[1])
        return _Alike(self, action) if same else None

    @property
    def told(self) -> tuple[Reason, ...]:
        """The deciding statements that a finding shows: of policies that somebody wrote.

        Control policies that AWS hangs everywhere (FullAWSAccess) allow everything, and say nothing of anybody.
        """
        return tuple([r for r in self.reasons if r.policy.source and _OF_AWS not in (r.policy.arn or "")])

    @cached_property
    def locations(self) -> tuple[Location, ...]:
        """Where the deciding statements stand."""
        return tuple(b.location for b in because(self.reasons))

    @cached_property
    def conditions(self) -> tuple[JsonObject, ...]:
        """The conditions that are open."""
        return conditions(self._asked[2])

    @cached_property
    def witness(self) -> JsonObject | None:
        """A request that is allowed, None where there is none or its conditions were not solved."""
        return witness(*self._asked)

    @property
    def allowed(self) -> bool:
        """Whether the answer is allowed, with or without conditions."""
        return self.verdict in (Verdict.ALLOWED, Verdict.CONDITIONAL)

    @cached_property
    def narrowing(self) -> Narrowing:
        """What the open conditions take away."""
        return narrowing(self.conditions)

    def narrowing_but(self, *keys: str) -> Narrowing:
        """The same, conditions on some keys (lower case) left aside, which whoever asks meets in its own way."""
        return narrowing([c for c in self.conditions if str(c["key"]).lower() not in keys])


class _Alike(Answer):
    """An answer that is another one's in everything but the action."""

    def __init__(self, answer: Answer, action: str) -> None:
        super().__init__(*answer._asked)
        self.action = action
        self._answer = answer

    @cached_property
    def conditions(self) -> tuple[JsonObject, ...]:
        return self._answer.conditions

    @cached_property
    def witness(self) -> JsonObject | None:
        found = self._answer.witness
        return {**found, "action": self.action} if found is not None else None


class Targets:
    """The functions or roles a caller may act on: ``sure`` and ``possible`` sets, listed only when iterated.

    numbers: those it surely may act on, as a set of numbers. ask: how to know of the others; mostly nobody has to.
    """

    def __init__(self, universe: Universe, numbers: int, ask: Callable[[], Access] | None = None) -> None:
        self.numbers = numbers
        self._universe = universe
        self._ask = ask
        self._known: Access | None = None

    @property
    def _may(self) -> Access:
        if self._known is None:
            self._known = self._ask() if self._ask is not None else Access(self.numbers, self.numbers)
        return self._known

    def __bool__(self) -> bool:
        return bool(self.numbers)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[str]:
        return self.sure()

    def __contains__(self, arn: object) -> bool:
        return isinstance(arn, str) and self.has(arn)

    @property
    def some(self) -> bool:
        """Whether there are any, conditions and unread policies granted."""
        return bool(self.numbers) or (self._ask is not None and bool(self._may.possible))

    def __eq__(self, other: object) -> bool:
        """Whether they list the same ones: a report writes those that many findings share once."""
        return isinstance(other, Targets) and self._universe is other._universe and self.numbers == other.numbers

    def __hash__(self) -> int:
        return hash(self.numbers)

    def __reduce__(self) -> tuple[object, ...]:
        """What another process gets: the names alone."""
        return tuple, (tuple(self),)

    def but(self, arn: str) -> "Targets":
        """The others than this one."""
        number = self._universe.position.get(arn)
        return self._among(-1 if number is None else ~(1 << number))

    @property
    def open(self) -> "Targets":
        """Those it may act on only when conditions hold, as if it surely might."""
        return Targets(self._universe, self._may.possible & ~self.numbers & ~self._may.unread)

    def without(self, other: "Targets") -> "Targets":
        """Those that are not surely among the other's. Both must be of one kind: functions, or roles."""
        return self._among(~other.numbers)

    def within(self, other: "Targets") -> "Targets":
        """Those that are surely among the other's too."""
        return self._among(other.numbers)

    def _among(self, kept: int) -> "Targets":
        if self._ask is None:
            return Targets(self._universe, self.numbers & kept)
        return Targets(self._universe, self.numbers & kept, lambda: _among(self._may, kept))

    def joined(self, other: "Targets") -> "Targets":
        """Those of either."""
        return Targets(self._universe, self.numbers | other.numbers, lambda: _either(self._may, other._may))

    def meeting(self, other: "Targets") -> "Targets":
        """Those of both."""
        return Targets(self._universe, self.numbers & other.numbers, lambda: _both(self._may, other._may))

    def all_but(self, account: str) -> tuple[int, frozenset[str]]:
        """How many of them the account has, and the ARNs of those it may not act on, conditions granted."""
        owned = self._universe.in_account(account)
        kept = owned & ~(self._may.possible & ~self._may.unread)
        return owned.bit_count(), frozenset(self._universe.items[n].arn for n in bits.members(kept))

    def has(self, arn: str) -> bool:
        """Whether it surely may act on this one."""
        number = self._universe.position.get(arn)
        return number is not None and bool(self.numbers >> number & 1)

    @property
    def count(self) -> int:
        """How many it surely may."""
        return self.numbers.bit_count()

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
        return (self._universe.items[n].arn for n in bits.members(self.numbers))

    def conditional(self) -> Iterator[str]:
        """ARNs it may act on when conditions hold."""
        return self.open.sure()


def _among(may: Access, kept: int) -> Access:
    return Access(may.sure & kept, may.possible & kept, may.unread & kept)


def _either(one: Access, two: Access) -> Access:
    return Access(one.sure | two.sure, one.possible | two.possible, one.unread | two.unread)


def _both(one: Access, two: Access) -> Access:
    possible = one.possible & two.possible
    return Access(one.sure & two.sure, possible, (one.unread | two.unread) & possible)
