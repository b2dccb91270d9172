"""What holds of every answer, whatever the input: witnesses replay, ``why`` agrees with ``who``, rows are unique."""

from collections.abc import Mapping
from itertools import pairwise

import pytest

from permcheck.graph import questions
from permcheck.graph.paths import KINDS
from permcheck.model import CallerRow, Verdict
from tests.graph.asking import read
from tests.graph.replay import Replay
from tests.graph.scenarios import ALL, SMALL, TEACHING

SUREST_FIRST = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.DENIED)
ENTRANCES = ("function_url", "api", "event_source")
every_input = pytest.mark.parametrize("texts", [pytest.param(texts, id=name) for name, texts in ALL.items()])


@every_input
def test_every_witness_of_who_is_allowed(texts: Mapping[str, str]) -> None:
    facts = read(texts)
    replay = Replay(texts, facts)
    for answer in questions.who_all(facts):
        for row in answer.callers:
            if row.witness is not None:
                assert row.verdict in (Verdict.ALLOWED, Verdict.CONDITIONAL)
                assert (row.witness["action"], row.witness["resource"]) == (
                    row.action,
                    row.resource,
                ) or row.via == "api"
                assert replay.verdict(row.witness) == "allowed", (row.caller, row.witness)


@every_input
def test_every_witness_of_a_path_is_allowed(texts: Mapping[str, str]) -> None:
    facts = read(texts)
    replay = Replay(texts, facts)
    for kind in ("anyone", "aws", "guest", "signed_in", "account", "org", "service", "api", "event_source", "user"):
        for path in questions.each_path(facts, kind):
            for edge in path.edges:
                if edge.witness is not None and edge.verdict is not Verdict.UNKNOWN:
                    assert replay.verdict(edge.witness) == "allowed", (path.nodes, edge)


@every_input
def test_every_witness_of_why_is_allowed(texts: Mapping[str, str]) -> None:
    facts = read(texts)
    replay = Replay(texts, facts)
    for function in facts.functions:
        for name in ("*", "anyone", "555566667777", *(role.name for role in facts.roles[:3])):
            for answer in questions.why(facts, name, function.arn):
                if answer.witness is not None:
                    assert replay.verdict(answer.witness) == "allowed", answer


@every_input
def test_why_gives_the_verdicts_of_who(texts: Mapping[str, str]) -> None:
    """Every caller that ``who`` prints can be asked about, by the very text it prints."""
    facts = read(texts)
    for answer in questions.who_all(facts):
        for row in answer.callers:
            assert _surest(row, answer.function, facts) is row.verdict, row


def _surest(row: CallerRow, function: str, facts: object) -> Verdict:
    """The surest verdict of what ``why`` says about this way of this caller."""
    via = row.via if row.via in ENTRANCES else None
    answers = questions.why(facts, row.caller, function)  # type: ignore[arg-type]
    fitting = [a.verdict for a in answers if (a.action, a.resource, a.via) == (row.action, row.resource, via)]
    return min(fitting, key=SUREST_FIRST.index)


@every_input
def test_one_row_for_each_caller_and_way(texts: Mapping[str, str]) -> None:
    for answer in questions.who_all(read(texts)):
        named = [(row.kind, row.caller, row.action, row.resource, row.via) for row in answer.callers]
        assert len(named) == len(set(named))
        assert all(row.kind in KINDS and row.verdict is not Verdict.DENIED for row in answer.callers)
        assert all(row.resource.startswith(answer.function) for row in answer.callers)
        order = ("anyone", "aws", "org", "account", "service", "event_source", "api", "role", "user")
        assert all(order.index(one.kind) <= order.index(other.kind) for one, other in pairwise(answer.callers))


@every_input
def test_a_conditional_row_lists_its_conditions(texts: Mapping[str, str]) -> None:
    """Only an API key is none: it stands in no policy."""
    for answer in questions.who_all(read(texts)):
        for row in answer.callers:
            if row.verdict is Verdict.CONDITIONAL:
                assert row.conditions or "asks for an API key" in row.note, row
            if row.verdict is Verdict.ALLOWED:
                assert not row.conditions, row


@every_input
def test_paths_are_paths(texts: Mapping[str, str]) -> None:
    facts = read(texts)
    for kind in ("anyone", "guest", "signed_in", "user"):
        ends = []
        for path in questions.each_path(facts, kind):
            assert path.nodes[0].kind == kind and len(path.edges) == len(path.nodes) - 1 >= 1
            assert path.verdict is max((edge.verdict for edge in path.edges), key=SUREST_FIRST.index)
            assert {node.kind for node in path.nodes} <= set(KINDS)
            ends.append((path.nodes[0], path.nodes[-1]))
        assert len(ends) == len(set(ends))


@every_input
def test_looking_for_an_end_finds_what_looking_everywhere_does(texts: Mapping[str, str]) -> None:
    """Starts that cannot get there are left out beforehand, and a search ends when all ends are found."""
    facts = read(texts)
    for start in ("anyone", "guest", "account", "user", "role", "event_source"):
        everywhere = list(questions.each_path(facts, start))
        for kind in ("admin", "target", "api", "event_source", "user"):
            ending = [path for path in everywhere if path.nodes[-1].kind == kind]
            assert list(questions.each_path(facts, start, kind)) == ending
        for name in sorted({path.nodes[-1].arn or path.nodes[-1].name for path in everywhere}):
            ending = [path for path in everywhere if name in (path.nodes[-1].arn, path.nodes[-1].name)]
            assert list(questions.each_path(facts, start, name)) == ending


def test_there_is_something_to_replay() -> None:
    """The tests above would hold of answers without a witness, too."""
    witnesses = [
        row.witness
        for texts in SMALL.values()
        for answer in questions.who_all(read(texts))
        for row in answer.callers
        if row.verdict in (Verdict.ALLOWED, Verdict.CONDITIONAL)
    ]
    assert sum(witness is not None for witness in witnesses) > 0.9 * len(witnesses) > 50
    assert len(TEACHING) > 10


def test_a_replay_can_fail() -> None:
    """Without the statement that allows, the same request is denied."""
    texts = SMALL["session"]
    (row,) = (row for row in questions.who(read(texts), "orders").callers if row.witness is not None)
    assert row.witness is not None
    assert Replay(texts).verdict(row.witness) == "allowed"
    shut = {**texts, "get-policy.orders.json": texts["get-policy.orders.json"].replace("Allow", "Deny")}
    assert Replay(shut).verdict(row.witness) == "denied"
    elsewhere = {**row.witness, "principal": f"{row.witness['principal']}-2"}
    assert Replay(texts).verdict(elsewhere) == "denied"
