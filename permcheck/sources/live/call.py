"""What a call to AWS is: declared once, and used by the scan, by ``permcheck permissions`` and by the tests."""

from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING

from permcheck.frozen import dataclass
from permcheck.sources.live.keep import Spec

if TYPE_CHECKING:
    from permcheck.sources.live.scope import Scope


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second that one account may make in one Region, and how many at once after a rest.

    Calls with the same name share the rate.
    """

    name: str
    per_second: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Paging:
    """How a listing goes on: the answer's member ``more`` is sent back as ``token``.

    flag: the member that says whether it goes on at all, "" where a token says so. size: the parameter for the size of
    a page and its largest value.
    """

    token: str
    more: str
    size: tuple[str, int | str] | None = None
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One operation of one service.

    service: as boto3 calls it. keep: what is stored of the answer. unknown: what is unknown where it fails, as the end
    of a sentence that begins with what was asked about. rate: which limit it counts against.
    action: the IAM action it takes, where that has another name; also: further actions that AWS asks for.
    resources: what the action is granted on; ``{partition}`` is filled in.
    none: error codes that say there is no such thing, which is an answer. fallback: the call that is made where this
    one fails. refusal_is_absence: a refusal means that the caller cannot see it, as is normal; nothing is noted then.
    things: what it reads one of, for people, in the plural.
    """

    service: str
    operation: str
    keep: Spec
    rate: Rate
    unknown: str
    paging: Paging | None = None
    action: str = ""
    also: tuple[str, ...] = ()
    resources: tuple[str, ...] = ("*",)
    none: tuple[str, ...] = ()
    fallback: "Call | None" = None
    refusal_is_absence: bool = False
    things: str = ""

    @property
    def name(self) -> str:
        """What the call is called in reports: the IAM action where it is told apart by it, else service and operation.

        apigateway:GET says less than apigateway:GetRoutes.
        """
        return f"{self.service}:{self.operation}"

    @property
    def actions(self) -> tuple[str, ...]:
        """The IAM actions it takes."""
        return (self.action or self.name, *self.also)


@dataclass(frozen=True, slots=True)
class Service:
    """What is read of one service. walk: makes the calls, in one account and Region.

    where: ``global`` (once an account), ``regional`` (in every Region), ``around`` (only in Regions with functions), or
    ``organization`` (once, with the credentials that the scan begins with).
    """

    name: str
    where: str
    calls: tuple[Call, ...]
    walk: "Callable[[Scope], None]" = field(compare=False)
