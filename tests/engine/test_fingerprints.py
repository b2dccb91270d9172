"""What a fingerprint rests on: JSON of few things, and the statement that is the innermost around a finding's place."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from permcheck.baseline import Numbering, Statements, _identity
from permcheck.model import Document, Effect, Facts, Finding, Location, PathStep, Policy, PolicyKind, Statement
from permcheck.policy.canonical import canonical

sources = st.sampled_from(["a.json", "b.json"])
# Pointers of which one is the beginning of another, by tokens and by letters alone.
pointers = st.sampled_from(["", "/0", "/01", "/0/Policy", "/0/Policy/Statement/1", "/Statement", "/Statement/1"])
own = st.sampled_from(["/Statement", "/Statement/0", "/Statement/1", "/Statement/10"])
statements = st.builds(Statement, st.sampled_from(Effect), st.just(0), own, st.sampled_from([None, "é", "b"]))
moves = st.none() | st.dictionaries(own, st.tuples(sources, pointers), max_size=2)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    document = Document(tuple(draw(st.lists(statements, max_size=3))))
    kind, source, pointer = PolicyKind.IDENTITY, draw(sources), draw(pointers)
    held = draw(st.sampled_from([document, document, None]))
    return Policy(kind, "p", source, pointer, held, places=draw(moves))


def around(given: list[Policy], source: str, pointer: str) -> str:
    """What stands at the longest beginning of the pointer at which statements stand."""
    here = pointer
    while here:
        said = {canonical(s) for p in given for s in p.statements if p.place(s.pointer) == (source, here)}
        if said:
            return "\n".join(sorted(said))
        here = here.rpartition("/")[0]
    return ""


@given(st.lists(policies(), max_size=5), sources, pointers, st.sampled_from(["", "/Statement/1", "/Condition/x"]))
def test_the_innermost_statement_around_a_place_tells_it(
    held: list[Policy], source: str, pointer: str, below: str
) -> None:
    said = Statements(Facts(policies=tuple(held))).said(Location(source, pointer + below))
    assert said == json.dumps(around(held, source, pointer + below))


FINDING = Finding(
    "PC1",
    'na"me',
    "low",
    "high",
    "m",
    "arn:é",
    (Location("./x/../a.json", "/Statement/0"),),
    (PathStep("role", "\n"), PathStep("function", "f"), PathStep("target", "t")),
    others=("o",),
    explained="e",
)


def test_the_text_is_the_json_of_its_parts() -> None:
    statement = Statement(Effect.ALLOW, 0, "/Statement/0", 'é"')
    facts = Facts(policies=(Policy(PolicyKind.IDENTITY, "p", "./x/../a.json", "", Document((statement,))),))
    ends = [["role", "\n"], ["target", "t"]]
    parts = ["PC1", "arn:é", "a.json", canonical(statement), ends]
    assert _identity(FINDING, Statements(facts)) == json.dumps(parts)
    bare = replace(FINDING, locations=(), path=())
    assert _identity(bare, Statements(facts)) == json.dumps(["PC1", "arn:é", "", "", []])


def test_numbering_changes_the_fingerprint_alone() -> None:
    one, other = Numbering().numbered([FINDING, FINDING], Facts())
    assert other.fingerprint == f"{one.fingerprint}-2"
    assert replace(one, fingerprint="") == replace(other, fingerprint="") == FINDING
