"""Where a resource sends its events: to functions, which become triggers, or on to other resources."""

from collections.abc import Iterable
from typing import NamedTuple

from permcheck.model.resource import Trigger
from permcheck.sources.files.called import call, is_function
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.resource_drafts import ResourceDraft
from permcheck.sources.files.shapes import is_arn


class Sent(NamedTuple):
    """One destination by ARN, and the pointer of the text that names it. credentials: the role it is sent with.

    prefix, suffix: of the objects of a bucket that it is sent for.
    """

    target: str
    at: str
    enabled: bool = True
    credentials: str | None = None
    prefix: str = ""
    suffix: str = ""


def sends(reading: Reading, draft: ResourceDraft, sent: Iterable[Sent], by: str) -> None:
    """Note what a resource sends its events to. by: what the resource is, for people."""
    for each in sent:
        if is_function(each.target):
            if call(reading, each.target, each.at, by):
                how = (each.credentials, each.prefix, each.suffix)
                trigger = Trigger(each.target, reading.source, each.at, each.enabled, *how)
                key = (each.target, *how)
                # The same function may hang on it twice; one that is on counts.
                if key not in draft.triggers or each.enabled:
                    draft.triggers[key] = trigger
        elif is_arn(each.target):
            draft.forwards[each.target] = None
