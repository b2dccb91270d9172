"""What one audit found, before it is written in some format."""

from collections.abc import Mapping

from permcheck.frozen import dataclass
from permcheck.model.finding import Finding
from permcheck.model.location import NotRead

SEVERITIES = ("info", "low", "medium", "high", "critical")
CONFIDENCES = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that does not count, with the reason. by: ``configuration``, ``source`` or ``baseline``.

    place: ``file:line`` (or the file) where that is said, empty where it is not known.
    """

    finding: Finding
    reason: str
    by: str = "configuration"
    place: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything an audit says. findings are sorted (worst first, then rule, resource, place).

    looked_at: counts of what was in view, by kind (``roles``, ``functions``, ``policies`` …), in a fixed order.
    notes: sentences about suppressions and a baseline that no longer do what they were written for.
    compared: whether there was a baseline, so that findings in ``findings`` are new.
    """

    inputs: tuple[str, ...]
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    assumptions: tuple[str, ...] = ()
    not_read: tuple[NotRead, ...] = ()
    looked_at: Mapping[str, int] | None = None
    notes: tuple[str, ...] = ()
    compared: bool = False
