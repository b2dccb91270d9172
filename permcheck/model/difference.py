"""What is not the same in two worlds: an account before and after, a template and the account it goes to."""

from enum import StrEnum

from permcheck.frozen import dataclass
from permcheck.model.answer import Because, CallerRow, JsonObject
from permcheck.model.finding import Finding
from permcheck.model.location import NotRead
from permcheck.model.path import Path
from permcheck.model.verdict import Verdict


class Change(StrEnum):
    """What became of something. ``new``, ``wider`` and ``other`` open; ``lost`` and ``narrower`` close."""

    NEW = "new"
    LOST = "lost"
    WIDER = "wider"  # surer, or with fewer conditions, or more severe
    NARROWER = "narrower"
    OTHER = "other"  # the same verdict under other conditions: neither can be called wider

    @property
    def opens(self) -> bool:
        """Whether something may be possible now that was not."""
        return self in (Change.NEW, Change.WIDER, Change.OTHER)


@dataclass(frozen=True, slots=True)
class CallerChange:
    """Who may call a function. kind and name are the caller's; old and new the rows of ``who``, None where denied.

    For a guest or signed-in user of an identity pool the rows are those of the role it holds, and old_verdict and
    new_verdict its own.
    """

    change: Change
    severity: str
    function: str
    kind: str
    name: str
    old: CallerRow | None
    new: CallerRow | None
    old_verdict: Verdict
    new_verdict: Verdict


@dataclass(frozen=True, slots=True)
class ReachChange:
    """What a role or user may do. functions: ARNs of the functions that run as it. resources: a pattern, as written.

    because and conditions are those of the decision that allows: the new one where something opened, else the old one.
    """

    change: Change
    severity: str
    principal: str
    functions: tuple[str, ...]
    actions: tuple[str, ...]
    resources: str
    old: Verdict
    new: Verdict
    because: tuple[Because, ...] = ()
    conditions: tuple[JsonObject, ...] = ()


@dataclass(frozen=True, slots=True)
class PathChange:
    """A way from one node to another, None where there is none."""

    change: Change
    severity: str
    old: Path | None
    new: Path | None


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding, None where it is not made."""

    change: Change
    severity: str
    old: Finding | None
    new: Finding | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that is not the same. Each list is sorted: what opens first, the worst of it first.

    old, new: the inputs. not_read: what could not be read of either.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]
    callers: tuple[CallerChange, ...] = ()
    reach: tuple[ReachChange, ...] = ()
    paths: tuple[PathChange, ...] = ()
    findings: tuple[FindingChange, ...] = ()
    not_read: tuple[NotRead, ...] = ()
    assumptions: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[CallerChange | ReachChange | PathChange | FindingChange, ...]:
        """All of them."""
        return (*self.callers, *self.reach, *self.paths, *self.findings)
