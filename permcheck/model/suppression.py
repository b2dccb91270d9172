"""Findings that somebody knows of and accepts, wherever that is written: in configuration or in a source itself."""

from datetime import date

from permcheck.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Suppression:
    """One acceptance, always with a reason.

    rule: id or name, with wildcards. reason: why the findings are accepted. sid: only of a statement with this Sid at
    one of the finding's locations, None for any. until: the last day on which it holds, None for ever.
    place: ``file:line`` where it is written, for messages about it.

    What it is about is said in one of two ways, and where both are given either suffices:

    * resource: ARN of what the finding is about, or its last part, with wildcards (configuration).
    * source and pointer: what the finding is about stands at this value of this source or below it (a comment or a
      Metadata entry of a template): its main location, another one of the same resource, or the resource itself. What
      the finding only leads to or through stands elsewhere. An empty pointer means all of the source.
    """

    rule: str
    resource: str | None
    reason: str
    sid: str | None = None
    until: date | None = None
    place: str = ""
    source: str | None = None
    pointer: str = ""
