"""How somebody comes to act as a role that it passes to Lambda: in a function that it makes and runs, or in one that
it changes.

Lambda API Reference, "CreateFunction" and "UpdateFunctionConfiguration"; IAM User Guide, "Grant a user permissions to
pass a role to an AWS service".
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from permcheck.access import Access, Item, Subject, bits
from permcheck.graph.anything import item_named
from permcheck.graph.entry import best, weakest
from permcheck.graph.feeds import Feeds
from permcheck.graph.new_function import new_functions
from permcheck.graph.scene import Scene
from permcheck.model.verdict import Verdict
from permcheck.policy.request import Decision

CREATE, CHANGE, MAP = "lambda:CreateFunction", "lambda:UpdateFunctionConfiguration", "lambda:CreateEventSourceMapping"
RUNS = ("lambda:InvokeFunction", "lambda:AddPermission", "lambda:PutResourcePolicy")
_NAMES, _SOURCES = 8, 24  # so many are tried


class Doing(NamedTuple):
    """What besides passing the role it takes, and how sure that is: the requests, all of which are needed."""

    verdict: Verdict
    requests: tuple[tuple[str, Item], ...] = ()


class Handing:
    """The questions of one search, each worked out once for a subject."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._feeds = Feeds(scene)
        self._made: dict[int, tuple[Doing, ...]] = {}

    def making(self, subject: Subject, role: Subject) -> Doing:
        """A new function that runs as the role: created, and run by the subject or for what it writes somewhere."""
        plain, *rest = self._makings(subject)
        if plain.verdict is Verdict.ALLOWED or not rest:
            return plain
        fed = (d for each in rest if (d := self._fed(subject, role, each)).verdict is not Verdict.DENIED)
        return min((plain, *fed), key=lambda doing: _SUREST.index(doing.verdict))

    def changing(self, subject: Subject) -> Doing:
        """A function in view that is given the role: its configuration is changed."""
        universe = self._scene.functions
        may: Access = self._scene.rights.of(subject, universe, CHANGE)
        for found in (may.sure, may.possible & ~may.unread, may.possible):
            for number in islice(bits.members(found), 1):
                return Doing(may.verdict(number), ((CHANGE, universe.items[number]),))
        return Doing(Verdict.DENIED)

    def _makings(self, subject: Subject) -> tuple[Doing, ...]:
        """The surest function it makes and runs by itself, then every one it can make, however that is run."""
        found = self._made.get(subject.number)
        if found is None:
            made = list(self._created(subject))
            run = (self._run(subject, each) for each in made)
            plain = min(run, key=lambda doing: _SUREST.index(doing.verdict), default=Doing(Verdict.DENIED))
            found = self._made[subject.number] = (plain, *made)
        return found

    def _created(self, subject: Subject) -> Iterator[Doing]:
        for arn in islice(new_functions(self._scene, subject, *RUNS), _NAMES):
            item = item_named(arn, CREATE, subject.account)
            verdict = self._decide(subject, CREATE, item).verdict
            if verdict is not Verdict.DENIED:
                yield Doing(verdict, ((CREATE, item),))

    def _run(self, subject: Subject, made: Doing) -> Doing:
        item = made.requests[0][1]
        verdicts = {action: self._decide(subject, action, item).verdict for action in RUNS}
        action = min(RUNS, key=lambda a: _SUREST.index(verdicts[a]))
        return Doing(weakest(made.verdict, verdicts[action]), (*made.requests, (action, item)))

    def _fed(self, subject: Subject, role: Subject, made: Doing) -> Doing:
        """The function run for records that the subject writes, or others do, and the role reads."""
        named = made.requests[0][1].arn
        mapping = Item("*", MAP, known={"lambda:functionarn": (named,)}, owner=subject.account)
        mapped = self._decide(subject, MAP, mapping).verdict
        if mapped is Verdict.DENIED:
            return Doing(mapped)
        ways = []
        for feed in islice(self._feeds.of(subject, role), _SOURCES):
            reads = (self._decide(role, a, item_named(feed.source, a, role.account)).verdict for a in feed.reads)
            written = item_named(feed.written, feed.write, subject.account)
            writes = Decision(Verdict.ALLOWED) if feed.used else self._decide(subject, feed.write, written)
            ways.append(Decision(weakest(writes.verdict, *reads)))
        return Doing(weakest(made.verdict, mapped, best(ways).verdict), (*made.requests, (MAP, mapping)))

    def _decide(self, subject: Subject, action: str, item: Item) -> Decision:
        return self._scene.world.decide(subject, action, item)


_SUREST = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.DENIED)


def changed_and_run(scene: Scene, subject: Subject) -> int:
    """The functions whose configuration the subject surely may change, and that it has run or that run anyhow."""
    universe = scene.functions
    may = scene.rights.surely(subject, universe, CHANGE)
    if not may:
        return 0
    own = 0
    for action in RUNS:
        own |= scene.rights.surely(subject, universe, action)
    return may & (own | (scene.called if may & ~own else 0))
