"""What a rule is told: the answer to one request, and the functions or roles that somebody may act on."""

from collections.abc import Iterator
from functools import cached_property

from permcheck.access import Universe, bits
from permcheck.access.world import Access
from permcheck.graph.narrowing import Narrowing, narrowing
from permcheck.graph.places import because, conditions
from permcheck.graph.witness import witness
from permcheck.model.answer import JsonObject
from permcheck.model.location import Location
from permcheck.model.verdict import Verdict
from permcheck.policy.request import Decision, Policies, Reason, Request

_OF_AWS = ":organizations::aws:policy/"


class Answer:
    """A decision with its reasons. What is costly to tell is worked out when it is asked for.

    reasons: the deciding statements, the granting ones first. action, resource: what was asked for.
    """

    def __init__(self, request: Request, policies: Policies, decision: Decision) -> None:
        self.verdict = decision.verdict
        self.action = request.action
        self.reasons: tuple[Reason, ...] = decision.because
        self.action, self.resource = request.action, request.resource
        self._asked = (request, policies, decision)

    @property
    def told(self) -> tuple[Reason, ...]:
        """The deciding statements that a finding shows: of policies that somebody wrote.

        Control policies that AWS hangs everywhere (FullAWSAccess) allow everything, and say nothing of anybody.
        """
        return tuple(r for r in self.reasons if r.policy.source and _OF_AWS not in (r.policy.arn or ""))

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

    @property
    def narrowing(self) -> Narrowing:
        """What the open conditions take away."""
        return narrowing(self.conditions)

    def narrowing_but(self, *keys: str) -> Narrowing:
        """The same, conditions on some keys (lower case) left aside, which whoever asks meets in its own way."""
        return narrowing(c for c in self.conditions if str(c["key"]).lower() not in keys)


class Targets:
    """The functions or roles a caller may act on: ``sure`` and ``possible`` sets, listed only when iterated."""

    def __init__(self, universe: Universe, may: Access) -> None:
        self._universe = universe
        self._may = may

    def __bool__(self) -> bool:
        return bool(self._may.sure)

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[str]:
        return self.sure()

    def __contains__(self, arn: object) -> bool:
        return isinstance(arn, str) and self.has(arn)

    def but(self, arn: str) -> "Targets":
        """The others than this one."""
        number = self._universe.position.get(arn)
        kept, minus = self._may, -1 if number is None else ~(1 << number)
        return Targets(self._universe, Access(kept.sure & minus, kept.possible & minus, kept.unread & minus))

    @property
    def open(self) -> "Targets":
        """Those it may act on only when conditions hold, as if it surely might."""
        rest = self._may.possible & ~self._may.sure & ~self._may.unread
        return Targets(self._universe, Access(rest, rest))

    def without(self, other: "Targets") -> "Targets":
        """Those that are not surely among the other's. Both must be of one kind: functions, or roles."""
        kept = self._may
        minus = ~other._may.sure
        return Targets(self._universe, Access(kept.sure & minus, kept.possible & minus, kept.unread & minus))

    def within(self, other: "Targets") -> "Targets":
        """Those that are surely among the other's too."""
        kept, also = self._may, other._may.sure
        return Targets(self._universe, Access(kept.sure & also, kept.possible & also, kept.unread & also))

    def joined(self, other: "Targets") -> "Targets":
        """Those of either."""
        one, two = self._may, other._may
        return Targets(
            self._universe, Access(one.sure | two.sure, one.possible | two.possible, one.unread | two.unread)
        )

    def meeting(self, other: "Targets") -> "Targets":
        """Those of both."""
        one, two = self._may, other._may
        possible = one.possible & two.possible
        return Targets(self._universe, Access(one.sure & two.sure, possible, (one.unread | two.unread) & possible))

    def all_but(self, account: str) -> tuple[int, frozenset[str]]:
        """How many of them the account has, and the ARNs of those it may not act on, conditions granted."""
        owned = self._universe.in_account(account)
        kept = owned & ~(self._may.possible & ~self._may.unread)
        return owned.bit_count(), frozenset(self._universe.items[n].arn for n in bits.members(kept))

    def has(self, arn: str) -> bool:
        """Whether it surely may act on this one."""
        number = self._universe.position.get(arn)
        return number is not None and bool(self._may.sure >> number & 1)

    @property
    def numbers(self) -> int:
        """Those it surely may act on, as a set of numbers."""
        return self._may.sure

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
        return self.open.sure()
