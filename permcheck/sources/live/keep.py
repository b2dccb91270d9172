"""What is kept of an answer: an allow-list. Whatever it does not name is dropped before anything is stored or shown.

A specification is a leaf, or a mapping from a member's name to a specification (``*``: any name). Where the answer
holds a list, the specification is that of its entries. The leaf says what may stand there, for whoever has to make a
snapshot anonymous.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Union

from permcheck.frozen import dataclass
from permcheck.sources.files.reader import HOLDS_KEY, holds_key


class Leaf(Enum):
    """A value that is kept whole.

    WORD: AWS's own vocabulary, a number, a date. NAME: a name, an id or an ARN. POLICY: a policy document, as an object
    or as JSON in a string. TEXT: another language with names in it (an event pattern, the SQL of a rule).
    ENVIRONMENT: nothing of it is kept but whether it held an access key.
    """

    WORD = "word"
    NAME = "name"
    POLICY = "policy"
    TEXT = "text"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Only:
    """A specification of those entries of a list for which ``when`` holds; the others are dropped."""

    when: Callable[[Mapping[str, Any]], bool]
    spec: Mapping[str, "Spec"]


Spec = Union[Leaf, Only, Mapping[str, "Spec"]]  # noqa: UP007 (a forward reference in quotes)
WORD, NAME, POLICY, TEXT, ENVIRONMENT = Leaf.WORD, Leaf.NAME, Leaf.POLICY, Leaf.TEXT, Leaf.ENVIRONMENT
_GONE = object()

# Cognito, SNS and others put numbers and dates into strings; a secret is neither.
SAFE_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,80}")


def kept(answer: Any, spec: Spec) -> Any:
    """The part of an answer that a specification names, as the JSON that the AWS CLI would print of it."""
    found = _kept(answer, spec)
    return {} if found is _GONE else found


def _kept(value: Any, spec: Spec) -> Any:
    if isinstance(value, list | tuple):
        found = [_kept(each, spec) for each in value]
        return [each for each in found if each is not _GONE]
    if isinstance(spec, Leaf):
        return _GONE if isinstance(value, Mapping) and spec is not POLICY else _plain(value)
    if isinstance(spec, Only):
        return _kept(value, spec.spec) if isinstance(value, Mapping) and spec.when(value) else _GONE
    if not isinstance(value, Mapping):
        return _GONE if value is None else _wrong(value)
    made: dict[str, Any] = {}
    for name, each in value.items():
        wanted = spec.get(name, spec.get("*"))
        if wanted is ENVIRONMENT:
            if holds_key(each):
                made[HOLDS_KEY] = True
        elif wanted is not None and each is not None:
            inner = _kept(each, wanted)
            if inner is not _GONE:
                made[str(name)] = inner
    return made


def _wrong(value: Any) -> Any:
    """A value where an object should be: its type is told, never what it says. The readers note the wrong shape."""
    return 0 if isinstance(value, int | float) else ""


def _plain(value: Any) -> Any:
    """JSON of a value: dates in ISO 8601, as the AWS CLI prints them; bytes are no part of anything that is read."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool) or value is None else None
