"""A snapshot → what it says, by the readers of AWS CLI captures, each told what its answer is about."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from permcheck.model.location import NotRead
from permcheck.sources.files.drafts import Page
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.resource_drafts import Tagged
from permcheck.sources.files.shapes import JsonObject, WrongShape, account_of
from permcheck.sources.live.call import Call
from permcheck.sources.live.services import CALLS, SERVICES
from permcheck.sources.live.take import finished
from permcheck.sources.snapshot.answer import UNFINISHED, Answer, Problem
from permcheck.sources.snapshot.readers import READERS, Reader
from permcheck.sources.snapshot.snapshot import Asked, Snapshot
from permcheck.sources.snapshot.subjects import entry, filled, place, subject

UNUSED = "nothing in it is used"
# Parameters that readers look for in the name of a capture.
_NAMING = ("FunctionName", "Filter", "PolicyId", "ParentId")


@dataclass(slots=True)
class Rooted:
    """Where the things in answers stand: source of the reading → pointer → ARN."""

    roots: dict[str, dict[str, str]] = field(default_factory=dict)

    def at(self, source: str, pointer: str) -> tuple[str, str]:
        """The ARN that a place belongs to, and the pointer below it; the same place where it is of no snapshot."""
        known = self.roots.get(source)
        if known is None:
            return source, pointer
        # Things stand at the root of an answer or in a list of it: "", "/LIST/7".
        head = "/".join(pointer.split("/", 3)[:3])
        if head in known:
            return known[head], pointer[len(head) :]
        return known[""], pointer


class _Reading(Reading):
    """A reading of one page. A snapshot knows itself which listings are whole, so pages are not counted here."""

    def page(self, value: JsonObject, at: str, listing: tuple[str, str], effect: str) -> None:
        """Pass over it."""


def read_into(gathered: Gathered, snapshot: Snapshot, rooted: Rooted) -> None:
    """Read every answer, and mark what could not be answered."""
    whole = finished(snapshot)
    failed: set[str] = set()
    asked: set[str] = set()
    for key in sorted(whole.answers):
        answer = whole.answers[key]
        reader = READERS.get((answer.service, answer.operation))
        if reader is None:
            gathered.not_read.append(
                NotRead(
                    f"arn:aws:{answer.service}::{answer.account}:*", "an answer of an unknown kind", "it is not used"
                )
            )
            continue
        asked.add(answer.api)
        _read(gathered, answer, reader, whole.asked, rooted)
        if answer.error is not None:
            failed.add(answer.api)
    gathered.asked |= asked - failed
    for name in sorted(set(whole.asked.services) - SERVICES.keys()):
        error = f"it was made with a service {name} that this permcheck does not know"
        gathered.not_read.append(NotRead(_everything(whole), error, UNUSED))
    _untagged(gathered, whole)
    _listings(gathered, whole)
    if not whole.complete:
        gathered.not_read.append(_unfinished(whole))


def _read(gathered: Gathered, answer: Answer, reader: Reader, asked: Asked, rooted: Rooted) -> None:
    partition = asked.partition
    where = place(answer, partition)
    about = subject(answer, partition, reader.subject)
    pages = answer.pages or (({},) if answer.absent and reader.command == "cognito-idp list-groups" else ())
    name = next((str(answer.parameters[key]) for key in _NAMING if key in answer.parameters), answer.operation)
    for number, page in enumerate((*pages, None)):
        folder = f"{answer.account}/{answer.region or 'global'}/{answer.service}/{about}/{number}"
        source = f"{folder}/{reader.command}.{name}.json"
        gathered.folders[folder] = (partition, answer.account, answer.region)
        gathered.owners[source] = about if reader.owner is None else filled(reader.owner, where)
        roots = rooted.roots[source] = {"": about}
        reading = _Reading(gathered, source)
        if page is None:
            if answer.error is not None:
                _missing(reading, answer, reader, about, asked)
            continue
        for key, template in reader.entries.items():
            listed = page.get(key)
            for i, each in enumerate(listed if isinstance(listed, list) else ()):
                arn = entry(template, where, each)
                if arn is not None:
                    roots[f"/{key}/{i}"] = arn
        try:
            reader.read(reading, {key: [] for key in reader.entries} | dict(page), "")
        except WrongShape as wrong:
            error = f"{wrong.message} (in the answer to {answer.api})"
            reading.miss(error, UNUSED, wrong.pointer, api=answer.api)
        except (KeyError, TypeError, AttributeError, IndexError):
            # A member that every answer of this kind has, missing or of another type: no such answer is of AWS.
            reading.miss(f"not what {answer.api} answers", UNUSED, api=answer.api)


def _missing(reading: Reading, answer: Answer, reader: Reader, about: str, asked: Asked) -> None:
    """Note a call that gave no answer, or stopped before the end of a listing."""
    assert answer.error is not None
    call = CALLS[answer.service, answer.operation]
    if normal(call, answer.error, asked):
        return
    page = f" after {len(answer.pages)} pages" if len(answer.pages) > 1 else " after 1 page" if answer.pages else ""
    reason = answer.error.text + page
    if reader.subject is None and answer.service == "organizations":
        # These are told apart by nothing else.
        reason += "".join(f" ({name} {value})" for name, value in sorted(answer.parameters.items()))
    reader.failed(reading, reason)
    if answer.error.kind not in UNFINISHED:
        reading.miss(reason, f"{call.unknown.rstrip(',')} is unknown", arn=about, api=answer.api)


def normal(call: Call, error: Problem, asked: Asked) -> bool:
    """Whether a refusal is what an account gets that has nothing to see there."""
    return call.refusal_is_absence and not asked.organization and error.kind in ("Denied", "NotImplemented")


def _unfinished(snapshot: Snapshot) -> NotRead:
    """One line for everything that was not asked."""
    counted = Counter(a.api for a in snapshot.answers.values() if a.error is not None and a.error.unfinished)
    parts = ", ".join(f"{api} ({number})" for api, number in sorted(counted.items()))
    error = f"the scan ended before everything was asked: {parts}"
    effect = "what these calls tell is unknown; --resume goes on with it"
    return NotRead(_everything(snapshot), error, effect)


def _everything(snapshot: Snapshot) -> str:
    """The account as a whole, where nothing smaller is to blame."""
    return f"arn:{snapshot.asked.partition}:iam::{snapshot.asked.begun_as}:root"


def _untagged(gathered: Gathered, snapshot: Snapshot) -> None:
    """A function that a whole listing of tags leaves out has none."""
    told = {tagged.arn for tagged in gathered.tagged}
    listed = {
        (answer.account, answer.region)
        for answer in snapshot.answers.values()
        if answer.api == "resourcegroupstaggingapi:GetResources" and answer.error is None
    }
    for arn, draft in sorted(gathered.functions.items()):
        if draft.listed and arn not in told and (account_of(arn), arn.split(":")[3]) in listed:
            gathered.tagged.append(Tagged(arn, {}, draft.source, draft.pointer))


def _listings(gathered: Gathered, snapshot: Snapshot) -> None:
    """Say of which kinds all of an account and Region are in view."""
    for answer in snapshot.answers.values():
        reader = READERS.get((answer.service, answer.operation))
        if reader is None or not reader.whole or answer.parameters.get("EventBusName", "default") != "default":
            continue
        scope = f"{snapshot.asked.partition}:{reader.whole}:{answer.region}:{answer.account}"
        listing = (reader.command, scope)
        if answer.api == "organizations:ListPolicies":
            listing = ("organizations list-policies", str(answer.parameters.get("Filter")))
        if answer.error is None:
            gathered.pages.append(Page(listing, "", "", "", ""))


def summed_up(snapshot: Snapshot) -> Iterator[str]:
    """A line for each call that failed somewhere: how often, of how many, and how."""
    made: Counter[str] = Counter()
    failed: Counter[tuple[str, str]] = Counter()
    for answer in snapshot.answers.values():
        call = CALLS.get((answer.service, answer.operation))
        made[answer.api] += 1
        if answer.error is None or call is None:
            continue
        if normal(call, answer.error, snapshot.asked):
            continue
        failed[answer.api, answer.error.text] += 1
    for (api, said), number in sorted(failed.items()):
        service, _, operation = api.partition(":")
        things = CALLS[service, operation].things or "answers"
        yield f"{number} of {made[api]} {things} could not be read: {api}: {said}"


def gaps(snapshot: Snapshot) -> bool:
    """Whether anything could not be read."""
    return any(True for _ in summed_up(snapshot))
