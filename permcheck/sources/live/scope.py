"""What a walk through one service works with: one account, one Region, and a way to ask."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from permcheck.frozen import dataclass
from permcheck.sources.live.call import Call
from permcheck.sources.live.keep import Spec
from permcheck.sources.snapshot.answer import Answer

if TYPE_CHECKING:
    from permcheck.sources.live.asking import Asking


@dataclass(frozen=True, slots=True)
class Scope:
    """One account and Region ("" for services that have none). deepen: reads what stands around functions there."""

    account: str
    partition: str
    region: str
    asking: "Asking"
    deepen: Callable[["Scope"], None]

    def pages(self, call: Call, *, keep: Spec | None = None, **parameters: Any) -> Answer:
        """Ask for a listing, to its end or as far as it comes."""
        return self.asking.ask(self, call, parameters, keep)

    def once(self, call: Call, *, keep: Spec | None = None, **parameters: Any) -> Answer:
        """Ask for one thing."""
        return self.asking.ask(self, call, parameters, keep)

    def first_of(self, *calls: tuple[Call, Mapping[str, Any]]) -> Answer:
        """Ask one call after the other until one answers; only that answer is kept, or the last failure."""
        return self.asking.first_of(self, calls)

    def entries(self, answer: Answer, key: str) -> list[Mapping[str, Any]]:
        """The objects that an answer's pages list under a key."""
        listed = [each for page in answer.pages for each in _list(page.get(key))]
        return [each for each in listed if isinstance(each, Mapping)]

    def later(self, task: Callable[..., object], *arguments: Any, **named: Any) -> None:
        """Do this beside other things."""
        self.asking.work.later(task, *arguments, **named)

    def around(self) -> None:
        """There are functions in this Region: read what may trigger them and what they may reach."""
        self.deepen(self)

    def expects(self, what: str, number: int) -> None:
        """So many more things are to be read: for the display of progress."""
        self.asking.progress.expects(what, number)

    def done(self, what: str) -> None:
        """One more thing is read: for the display of progress."""
        self.asking.progress.done(what)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
