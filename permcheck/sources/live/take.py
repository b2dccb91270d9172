"""One scan: every chosen service of every account and Region, walked to its end or as far as it comes."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from permcheck.frozen import dataclass
from permcheck.sources.live.asking import Asking, Journal, Progress, Send
from permcheck.sources.live.beginning import ENTER
from permcheck.sources.live.limits import Limiter
from permcheck.sources.live.organizations import LIST_ACCOUNTS
from permcheck.sources.live.scope import Scope
from permcheck.sources.live.services import SERVICES
from permcheck.sources.live.work import InOrder, Work
from permcheck.sources.snapshot.answer import Answer, Key
from permcheck.sources.snapshot.snapshot import Asked, Snapshot


@dataclass(frozen=True, slots=True)
class Taken:
    """What a scan came to. ended: "" where it came to its end, else why not: ``interrupted``, ``expired`` (credentials)
    or ``unreachable``."""

    snapshot: Snapshot
    ended: str = ""


def take(
    begun: Snapshot,
    send: Send,
    work: Work,
    journal: Journal | None = None,
    limiter: Limiter | None = None,
    progress: Progress | None = None,
) -> Taken:
    """Go on from a snapshot, which may hold nothing yet, to a whole one.

    Ctrl-C, credentials that expire and a network that is gone end the asking, not the scan: what there is comes back,
    with ``complete`` false. What failed before and may succeed today is asked again.
    """
    known = {key: answer for key, answer in begun.answers.items() if not _again(answer)}
    asking = Asking(known, send, journal, work, limiter, progress)
    _plan(begun.asked, asking)
    ended = ""
    try:
        work.run()
    except KeyboardInterrupt:
        ended = "interrupted"
    # A call in flight may still come to an answer: what is there now is what counts.
    whole = finished(replace(begun, answers=known | dict(asking.answers)))
    return Taken(whole, asking.ended or ended)


def finished(snapshot: Snapshot) -> Snapshot:
    """The same with every question that was not asked as an answer of its own, which says so.

    Which questions there are depends on the answers: so the same walk is done again, asking nobody.
    """
    asking = Asking(snapshot.answers, None, None, InOrder())
    _plan(snapshot.asked, asking)
    asking.work.run()
    answers: Mapping[Key, Answer] = asking.answers
    whole = not any(_open(answer) for answer in answers.values())
    return replace(snapshot, answers=answers, complete=whole)


def _open(answer: Answer) -> bool:
    return answer.error is not None and answer.error.unfinished


def _again(answer: Answer) -> bool:
    return answer.error is not None and answer.error.passing


def _plan(asked: Asked, asking: Asking) -> None:
    """Queue the walks through every account."""
    for account in sorted(asked.accounts):
        _account(asked, asking, account)
    if asked.organization:
        asking.work.later(_organization, asked, asking)


def _organization(asked: Asked, asking: Asking) -> None:
    """Queue the walks through the other active accounts of the organization."""
    scope = Scope(asked.begun_as, asked.partition, "", asking, lambda scope: None)
    for entry in scope.entries(scope.pages(LIST_ACCOUNTS), "Accounts"):
        own = entry.get("Id")
        # State is the newer member; Status will go.
        if isinstance(own, str) and own not in asked.accounts and "ACTIVE" in (entry.get("State"), entry.get("Status")):
            _account(asked, asking, own)


def _account(asked: Asked, asking: Asking, account: str) -> None:
    scope = Scope(account, asked.partition, "", asking, lambda scope: None)
    role = asked.role(account)
    if role:
        asking.work.later(_entered, scope, role, asked)
    else:
        _services(asked, asking, account)


def _entered(scope: Scope, role: str, asked: Asked) -> None:
    if scope.once(ENTER, RoleArn=role).error is None:
        _services(asked, scope.asking, scope.account)


def _services(asked: Asked, asking: Asking, account: str) -> None:
    """Queue a walk for each service; those around functions follow where functions are found."""
    # A snapshot may name services that only a later permcheck knows.
    for service in (SERVICES[name] for name in asked.services if name in SERVICES):
        if service.where == "organization" and account != asked.begun_as:
            continue
        if service.where == "around" and "lambda" in asked.services:
            continue
        for region in ("",) if service.where in ("organization", "global") else asked.regions:
            scope = Scope(account, asked.partition, region, asking, _deepener(asked))
            asking.work.later(service.walk, scope)


def _deepener(asked: Asked) -> Callable[[Scope], None]:
    def deepen(scope: Scope) -> None:
        for service in (SERVICES[name] for name in asked.services if name in SERVICES):
            if service.where == "around":
                scope.later(service.walk, scope)

    return deepen
