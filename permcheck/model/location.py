"""Where a fact stands, and what could not be read."""

from permcheck.frozen import dataclass

# In the error of what templates name and do not declare: an account that has it in view tells what they do not.
NOT_DECLARED = "is not declared here"


@dataclass(frozen=True, slots=True)
class Location:
    """A place in an input.

    source: the file as the user named it (``-`` for standard input) or an ARN.
    pointer: RFC 6901 pointer of the value; a policy held in a JSON string continues the pointer of the string.
    Line and column are worked out from these two when a report is made, never before.
    """

    source: str
    pointer: str = ""
    arn: str | None = None
    sid: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class NotRead:
    """Something that exists, or should, and could not be read.

    error: what went wrong, one line. effect: what was not done, or turns ``unknown``, because of it.
    api: the API call that would have given it, in a live account. line: 1-based, where the source told it.
    shown: what it leaves open shows as ``unknown`` in the verdicts it bears on, or it is of no kind that is read: an
    answer without an unknown verdict does not rest on it.
    """

    source: str
    error: str
    effect: str
    pointer: str = ""
    line: int | None = None
    column: int | None = None
    arn: str | None = None
    api: str | None = None
    shown: bool = False
