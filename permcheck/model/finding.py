"""What a rule reports."""

from collections.abc import Collection, Mapping

from permcheck.frozen import dataclass
from permcheck.model.location import Location
from permcheck.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class PathStep:
    """One node of a path, and the edge that leads *to the next* node (empty on the last).

    kind is a node kind of the design (``role``, ``function``, ``guest`` …); verdict is the edge's.
    """

    kind: str
    name: str
    arn: str | None = None
    edge: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. severity: info, low, medium, high or critical; confidence: low, medium or high.

    conditions: the open conditions as mappings of the JSON contract (operator, key, values, source, pointer).
    witness: a request (principal, action, resource, context) that the policies allow, or None.
    others: what the message counts and does not name ("and 28 more"): ARNs, or texts like those of the message.
    explained: why configuration says that this is meant to be; such a finding is suppressed, with the reason.
    """

    rule: str
    name: str
    severity: str
    confidence: str
    message: str
    resource: str
    locations: tuple[Location, ...]
    path: tuple[PathStep, ...] = ()
    conditions: tuple[Mapping[str, object], ...] = ()
    fix: str = ""
    witness: Mapping[str, object] | None = None
    fingerprint: str = ""
    explained: str = ""
    others: Collection[str] = ()
