"""Questions and answers without a wire: pages, tokens, fallbacks, rates."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from permcheck.sources.live.asking import GIVE_UP, Asking, CallFailed
from permcheck.sources.live.call import Call, Paging, Rate
from permcheck.sources.live.clients import Access, Clients
from permcheck.sources.live.keep import NAME
from permcheck.sources.live.limits import Limiter
from permcheck.sources.live.scope import Scope
from permcheck.sources.live.take import take
from permcheck.sources.live.work import InOrder, Work
from permcheck.sources.snapshot.answer import Answer, Problem
from permcheck.sources.snapshot.snapshot import Asked, Snapshot

RATE = Rate("test", 10)
LIST = Call("lambda", "ListThings", {"Things": NAME}, RATE, "which things", Paging("Token", "Next", ("Size", 2)))
FALLBACK = Call("lambda", "GetOld", {"Thing": NAME}, RATE, "the thing", none=("Gone",))
FIRST = Call("lambda", "GetNew", {"Thing": NAME}, RATE, "the thing", none=("Gone",), fallback=FALLBACK)

Send = Callable[[str, str, Call, Mapping[str, Any]], Mapping[str, Any]]


class Notes:
    """A journal in memory."""

    def __init__(self) -> None:
        self.unfinished: dict[Any, Any] = {}
        self.tokens: list[Any] = []
        self.answers: list[Answer] = []

    def page(self, answer: Answer, token: Any) -> None:
        self.tokens.append(token)

    def answer(self, answer: Answer) -> None:
        self.answers.append(answer)


def scope(send: Send, notes: Notes | None = None) -> Scope:
    """A place to ask in."""
    asking = Asking({}, send, notes, InOrder(), Limiter(sleep=lambda seconds: None))
    return Scope("111122223333", "aws", "eu-west-1", asking, lambda scope: None)


def things(*pages: tuple[list[str], str | None], fail: int | None = None) -> tuple[Send, list[Mapping[str, Any]]]:
    """A service with these pages; the call with the number ``fail`` goes wrong. And what it was asked."""
    asked: list[Mapping[str, Any]] = []

    def send(account: str, region: str, call: Call, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(parameters)
        if len(asked) - 1 == fail:
            raise CallFailed(Problem("Connection"))
        known = {None: 0} | {token: i + 1 for i, (_, token) in enumerate(pages) if token}
        listed, following = pages[known[parameters.get("Token")]]
        return {"Things": listed, "Next": following, "Secret": "x"}

    return send, asked


def test_a_listing_is_read_to_its_end() -> None:
    send, asked = things((["a", "b"], "t1"), (["c"], "t2"), ([], None))
    answer = scope(send).pages(LIST)
    assert [page["Things"] for page in answer.pages] == [["a", "b"], ["c"], []]
    assert asked == [{"Size": 2}, {"Size": 2, "Token": "t1"}, {"Size": 2, "Token": "t2"}]
    assert answer.error is None


def test_what_was_read_before_a_page_is_lost_is_kept() -> None:
    send, _ = things((["a"], "t1"), (["b"], "t2"), (["c"], None), fail=1)
    answer = scope(send).pages(LIST)
    assert [page["Things"] for page in answer.pages] == [["a"]]
    assert answer.error == Problem("Connection")


def test_a_listing_that_follows_itself_ends() -> None:
    def send(account: str, region: str, call: Call, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"Things": ["a"], "Next": "again"}

    answer = scope(send).pages(LIST)
    assert answer.error == Problem("Loop")
    assert len(answer.pages) == 2


def test_a_listing_goes_on_where_it_was_broken_off() -> None:
    send, asked = things((["a"], "t1"), (["b"], "t2"), (["c"], None))
    notes = Notes()
    place = scope(send, notes)
    key = Answer("111122223333", "eu-west-1", "lambda", "ListThings", {}).key
    notes.unfinished[key] = (({"Things": ["a"]}, {"Things": ["b"]}), "t2")
    answer = place.pages(LIST)
    assert [page["Things"] for page in answer.pages] == [["a"], ["b"], ["c"]]
    assert asked == [{"Size": 2, "Token": "t2"}]


def test_a_token_that_is_not_taken_any_more_means_from_the_beginning() -> None:
    send, asked = things((["a"], "t1"), (["b"], None), fail=0)
    notes = Notes()
    place = scope(send, notes)
    key = Answer("111122223333", "eu-west-1", "lambda", "ListThings", {}).key
    notes.unfinished[key] = (({"Things": ["old"]},), "stale")
    answer = place.pages(LIST)
    assert [page["Things"] for page in answer.pages] == [["a"], ["b"]]
    assert [each.get("Token") for each in asked] == ["stale", None, "t1"]


def test_nothing_is_asked_twice() -> None:
    send, asked = things((["a"], None))
    notes = Notes()
    place = scope(send, notes)
    assert place.pages(LIST) == place.pages(LIST)
    assert (len(asked), len(notes.answers)) == (1, 1)


@pytest.mark.parametrize(
    ("new", "old", "answered", "asked"),
    [
        ({"Thing": "new"}, {"Thing": "old"}, ("GetNew", "new"), ["GetNew"]),
        (Problem("Other", "Gone"), {"Thing": "old"}, ("GetNew", None), ["GetNew"]),
        (Problem("NotImplemented", "404"), {"Thing": "old"}, ("GetOld", "old"), ["GetNew", "GetOld"]),
        (Problem("Denied", "AccessDenied"), {"Thing": "old"}, ("GetOld", "old"), ["GetNew", "GetOld"]),
        (Problem("Denied", "AccessDenied"), Problem("Other", "Gone"), ("GetOld", None), ["GetNew", "GetOld"]),
        (Problem("Denied", "A"), Problem("Denied", "B"), ("GetOld", Problem("Denied", "B")), ["GetNew", "GetOld"]),
    ],
)
def test_only_a_modelled_error_means_that_there_is_none(new: Any, old: Any, answered: Any, asked: list[str]) -> None:
    made: list[str] = []

    def send(account: str, region: str, call: Call, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        made.append(call.operation)
        said = new if call is FIRST else old
        if isinstance(said, Problem):
            raise CallFailed(said)
        found: Mapping[str, Any] = said
        return found

    place = scope(send)
    answer = place.first_of((FIRST, {"Arn": "a"}), (FALLBACK, {"Name": "a"}))
    operation, said = answered
    assert answer.operation == operation
    assert made == asked
    assert answer.absent == (said is None)
    if isinstance(said, Problem):
        assert answer.error == said
    # What the endpoint does not know it is not asked for again.
    place.first_of((FIRST, {"Arn": "b"}), (FALLBACK, {"Name": "b"}))
    assert made.count("GetNew") == (1 if new == Problem("NotImplemented", "404") else 2)


def test_calls_wait_for_their_turn() -> None:
    now, slept = [100.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    limiter = Limiter(lambda: now[0], sleep)
    for _ in range(31):
        limiter.wait("1", "r", Rate("a", 15))
    assert now[0] == pytest.approx(102.0)
    limiter.wait("1", "other", Rate("a", 15))
    limiter.wait("2", "r", Rate("a", 15))
    assert now[0] == pytest.approx(102.0)


def test_a_defect_in_a_task_comes_out() -> None:
    work = Work(3)
    work.later(lambda: 1 / 0)
    for _ in range(50):
        work.later(lambda: None)
    with pytest.raises(ZeroDivisionError):
        work.run()


def test_tasks_make_tasks() -> None:
    done: list[int] = []
    work = Work(4)

    def task(depth: int) -> None:
        done.append(depth)
        if depth:
            work.later(task, depth - 1)
            work.later(task, depth - 1)

    work.later(task, 8)
    work.run()
    assert len(done) == 2**9 - 1


def test_a_region_without_the_service_holds_nothing() -> None:
    def send(account: str, region: str, call: Call, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        raise CallFailed(Problem("NotOffered"))

    answer = scope(send).pages(LIST)
    assert answer.absent
    assert answer.error is None


def test_boto3_tells_which_regions_have_a_service(monkeypatch: pytest.MonkeyPatch) -> None:
    clients = Clients(Access(attempts=1))
    assert clients._offered("lambda", "eu-west-1")
    # A Region that boto3 has never heard of may be new: then nothing follows.
    assert clients._offered("lambda", "xx-nowhere-1")
    monkeypatch.setattr(clients._base, "get_available_regions", lambda *_, **__: ["eu-west-1"])

    def broken(*_: Any) -> Any:
        raise CallFailed(Problem("Connection"))

    monkeypatch.setattr(clients, "_answer", broken)
    monkeypatch.setattr(clients, "_client", lambda *_: object())
    monkeypatch.setattr(clients, "_session", lambda account: object())
    for region, kind in (("eu-west-1", "Connection"), ("eu-west-3", "NotOffered")):
        with pytest.raises(CallFailed) as raised:
            clients.send("111122223333", region, LIST, {})
        assert raised.value.problem.kind == kind


def test_a_network_that_is_gone_ends_the_asking_and_what_failed_is_asked_again() -> None:
    names = [f"f{i:02}" for i in range(30)]
    gone, asked = [True], list[str]()

    def send(account: str, region: str, call: Call, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        asked.append(call.operation)
        if call.operation == "ListFunctions":
            arn = "arn:aws:lambda:eu-west-1:111122223333:function:"
            return {"Functions": [{"FunctionName": n, "FunctionArn": arn + n, "Version": "$LATEST"} for n in names]}
        if gone[0]:
            raise CallFailed(Problem("Connection"))
        if call.operation == "GetResourcePolicy":
            raise CallFailed(Problem("Other", "ResourceNotFoundException"))
        return {}

    whom = Asked("aws", "111122223333", {"111122223333": ""}, ("eu-west-1",), ("lambda",))
    begun = Snapshot(whom, "2026-01-01T00:00:00Z", "permcheck test")
    quick = Limiter(sleep=lambda seconds: None)
    broken = take(begun, send, InOrder(), limiter=quick)
    assert broken.ended == "unreachable"
    assert not broken.snapshot.complete
    assert len(asked) == 1 + GIVE_UP
    gone[0], asked[:] = False, []
    whole = take(broken.snapshot, send, InOrder(), limiter=quick)
    assert (whole.ended, whole.snapshot.complete) == ("", True)
    assert "ListFunctions" not in asked
    assert all(answer.error is None for answer in whole.snapshot.answers.values())
