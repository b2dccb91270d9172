"""What is unknown because a call gave no answer: marked where the fact would stand, so that verdicts know of it."""

from collections.abc import Callable

from permcheck.model.function import FunctionUrl
from permcheck.model.policy import Policy, PolicyKind
from permcheck.sources.files.function_policies import NAME
from permcheck.sources.files.organization_drafts import SCP
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import function_name

# Given a reading that stands for the answer, whose subject is in gathered.owners, and the reason in one line.
Failed = Callable[[Reading, str], None]


def nothing(reading: Reading, reason: str) -> None:
    """What is missing leaves no verdict open beyond what is noted."""


def function_policy(reading: Reading, reason: str) -> None:
    """A function may have a policy under this name."""
    arn = reading.gathered.owners[reading.source]
    found = function_name(arn)
    if found is not None:
        unread = Policy(PolicyKind.RESOURCE, NAME, reading.source, "/Policy", None, None, reason, arn)
        reading.gathered.function_policy(*found, unread)


def urls(reading: Reading, reason: str) -> None:
    """A function may have a URL, for whomever."""
    found = function_name(reading.gathered.owners[reading.source])
    if found is not None:
        draft = reading.gathered.function(found[0], reading.source, "").qualifier("", reading.source, "")
        draft.url = draft.url or FunctionUrl(None, reading.source, "/FunctionUrlConfigs")


def resource_policy(reading: Reading, reason: str) -> None:
    """A resource may have a policy."""
    arn = reading.gathered.owners[reading.source]
    unread = Policy(PolicyKind.RESOURCE, "resource policy", reading.source, "/Policy", None, None, reason, arn)
    reading.gathered.resource_policy(arn, unread)


def rest_routes(reading: Reading, reason: str) -> None:
    """A REST API may call any function."""
    reading.gathered.api(reading.gathered.owners[reading.source], "REST", reading.source, "").gaps = True


def http_routes(reading: Reading, reason: str) -> None:
    """An HTTP or WebSocket API may call any function."""
    reading.gathered.api(reading.gathered.owners[reading.source], "V2", reading.source, "").gaps = True


def organization(reading: Reading, reason: str) -> None:
    """Control policies may lie over the account."""
    draft = reading.gathered.organization
    draft.enabled.setdefault(SCP, True)
    draft.accounts.setdefault(reading.gathered.folders[_folder(reading.source)][1], (reading.source, ""))


def _folder(source: str) -> str:
    return source.rpartition("/")[0]
