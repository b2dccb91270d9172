"""One question → one answer: from what is known already, or by a call for each page."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from permcheck.sources.live.call import Call
from permcheck.sources.live.keep import Spec, kept
from permcheck.sources.live.limits import Limiter
from permcheck.sources.live.scope import Scope
from permcheck.sources.live.work import Work
from permcheck.sources.snapshot.answer import EXPIRED, NOT_ASKED, NOT_OFFERED, Answer, Key, Problem

# Sends one request: account, Region, call, parameters. Raises CallFailed.
Send = Callable[[str, str, Call, Mapping[str, Any]], Mapping[str, Any]]


# So many calls in a row that nobody answers, each after its retries, and the network is taken to be gone.
GIVE_UP = 20


class CallFailed(Exception):
    """A call gave no answer. problem: why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


class Progress(Protocol):
    """Told of what is going on."""

    def asks(self, account: str, region: str, service: str) -> None:
        """A call is made."""

    def expects(self, what: str, number: int) -> None:
        """So many more are to be read."""

    def done(self, what: str) -> None:
        """Something is read to its end."""


class Silent:
    """Nobody watches."""

    def asks(self, account: str, region: str, service: str) -> None:
        """A call is made."""

    def expects(self, what: str, number: int) -> None:
        """So many more are to be read."""

    def done(self, what: str) -> None:
        """Something is read to its end."""


class Journal(Protocol):
    """Keeps what was read, as it is read. unfinished: listings that were broken off, with the token to go on with."""

    unfinished: dict[Key, tuple[tuple[Mapping[str, Any], ...], Any]]

    def page(self, answer: Answer, token: Any) -> None:
        """A page that is followed by another."""

    def answer(self, answer: Answer) -> None:
        """A question is settled."""


class Asking:
    """Everything that is asked in one scan. known: answers from before. send: None where nothing more is asked."""

    def __init__(
        self,
        known: Mapping[Key, Answer],
        send: Send | None,
        journal: Journal | None,
        work: Work,
        limiter: Limiter | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.answers: dict[Key, Answer] = {}
        self.work = work
        self.progress: Progress = progress or Silent()
        self.ended = ""  # why nothing more is asked: "expired", "unreachable"
        self._unanswered = 0  # calls in a row that nobody answered
        self._known = known
        self._send = send
        self._journal = journal
        self._limiter = limiter or Limiter()
        self._lock = threading.Lock()
        self._unknown_calls: set[tuple[str, str, str]] = set()  # that an endpoint does not implement

    def ask(self, scope: Scope, call: Call, parameters: Mapping[str, Any], keep: Spec | None = None) -> Answer:
        """The answer to a question, and note it."""
        return self._settled(self._asked(scope, call, parameters, keep))

    def first_of(self, scope: Scope, calls: Sequence[tuple[Call, Mapping[str, Any]]]) -> Answer:
        """The first answer of several calls that ask for the same; the last failure where none answers."""
        for call, parameters in calls:
            known = self._known.get(_question(scope, call, parameters).key)
            if known is not None:
                return self._settled(known)
        for call, parameters in calls[:-1]:
            place = (scope.account, scope.region, call.name)
            if place in self._unknown_calls:
                continue
            answer = self._asked(scope, call, parameters, None)
            if answer.error is None:
                return self._settled(answer)
            if answer.error.kind in ("NotImplemented", "Malformed"):
                self._unknown_calls.add(place)
        return self.ask(scope, *calls[-1])

    def _settled(self, answer: Answer) -> Answer:
        with self._lock:
            fresh = not (answer.key in self._known or answer.key in self.answers)
            self.answers[answer.key] = answer
            if fresh and self._journal is not None and not (answer.error and answer.error.unfinished):
                self._journal.answer(answer)
        return answer

    def _asked(self, scope: Scope, call: Call, parameters: Mapping[str, Any], keep: Spec | None) -> Answer:
        question = _question(scope, call, parameters)
        known = self._known.get(question.key) or self.answers.get(question.key)
        if known is not None:
            return known
        before: tuple[tuple[Mapping[str, Any], ...], Any] = ((), None)
        if self._journal is not None:
            before = self._journal.unfinished.get(question.key, before)
        answer = self._listed(question, scope, call, keep, *before)
        if answer.error is not None and before[0] and not answer.error.unfinished:
            # The token of another day may not be taken any more: from the beginning, then.
            answer = self._listed(question, scope, call, keep, (), None)
        return answer

    def _listed(
        self,
        question: Answer,
        scope: Scope,
        call: Call,
        keep: Spec | None,
        before: tuple[Mapping[str, Any], ...],
        token: Any,
    ) -> Answer:
        pages = list(before)
        asked = dict(question.parameters)
        paging = call.paging
        if paging is not None and paging.size is not None:
            asked[paging.size[0]] = paging.size[1]
        while True:
            try:
                raw = self._called(scope, call, asked | ({paging.token: token} if paging and token else {}))
            except CallFailed as failed:
                problem = failed.problem
                if (problem.code in call.none or problem.kind == NOT_OFFERED) and not pages:
                    return _with(question, (), absent=True)
                return _with(question, pages, problem)
            pages.append(kept(raw, call.keep if keep is None else keep))
            if paging is None:
                return _with(question, pages)
            following = raw.get(paging.more) if not paging.flag or raw.get(paging.flag) else None
            if not following:
                return _with(question, pages)
            if following == token:
                return _with(question, pages, Problem("Loop"))
            token = following
            if self._journal is not None:
                with self._lock:
                    self._journal.page(_with(question, pages[-1:]), token)

    def _called(self, scope: Scope, call: Call, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        if self._send is None:
            raise CallFailed(Problem(NOT_ASKED))
        if self.ended:
            raise CallFailed(Problem(EXPIRED if self.ended == "expired" else NOT_ASKED))
        self._limiter.wait(scope.account, scope.region, call.rate)
        self.progress.asks(scope.account, scope.region, call.service)
        try:
            found = self._send(scope.account, scope.region, call, parameters)
        except CallFailed as failed:
            self._unanswered = self._unanswered + 1 if failed.problem.kind in ("Connection", "Timeout") else 0
            if failed.problem.kind == EXPIRED or self._unanswered >= GIVE_UP:
                self.ended = "expired" if failed.problem.kind == EXPIRED else "unreachable"
                self.work.stop()
            raise
        self._unanswered = 0
        return found


def _question(scope: Scope, call: Call, parameters: Mapping[str, Any]) -> Answer:
    return Answer(scope.account, scope.region, call.service, call.operation, dict(parameters))


def _with(
    question: Answer, pages: Sequence[Mapping[str, Any]], error: Problem | None = None, *, absent: bool = False
) -> Answer:
    return Answer(
        question.account,
        question.region,
        question.service,
        question.operation,
        question.parameters,
        tuple(pages),
        error,
        absent,
    )
