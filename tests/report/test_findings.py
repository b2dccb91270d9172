"""The text of a finding is that which an encoder would write, whatever the findings before it said."""

import json
from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from permcheck.access import Universe
from permcheck.access.world import Access
from permcheck.model import Finding, Location, PathStep, Verdict
from permcheck.report.findings import Findings
from permcheck.report.positions import Positions
from permcheck.rule import Targets

# Few texts, so that findings share some parts and differ in one; among them all that JSON has to escape.
texts = st.sampled_from(["", "a", 'quo"te\\', "\x00\u202e\n", "é😀\udcff"])
some = st.none() | texts
places = st.builds(Location, st.just("arn:aws:s3:::b") | st.just("gone.json"), texts, some, some, texts)
steps = st.builds(PathStep, texts, texts, some, texts, st.none() | st.sampled_from(Verdict))
entries = st.dictionaries(st.sampled_from(["operator", "key", "values", "source"]), texts | st.lists(texts), max_size=3)
findings = st.builds(
    Finding,
    texts,
    texts,
    st.just("low"),
    st.just("high"),
    texts,
    texts,
    st.lists(places, max_size=2).map(tuple),
    st.lists(steps, max_size=2).map(tuple),
    st.lists(entries, max_size=2).map(tuple),
    texts,
    st.none() | st.fixed_dictionaries({"principal": texts, "context": st.dictionaries(texts, texts | st.lists(texts))}),
    texts,
    others=st.lists(texts, max_size=2) | st.lists(texts, max_size=2).map(tuple) | st.frozensets(texts),
)


def plainly(found: Finding) -> str:
    """The same text, of mappings and by the encoder."""
    nulls = {"fix": found.fix or None, "fingerprint": found.fingerprint or None}
    fields = {
        **{name: value for name, value in asdict(found).items() if name not in ("explained", "others")},
        "locations": [
            {
                "source": at.source,
                "pointer": at.pointer,
                "line": None,
                "column": None,
                "arn": at.arn,
                "sid": at.sid,
                "note": at.note or None,
            }
            for at in found.locations
        ],
        "path": [{**asdict(step), "edge": step.edge or None} for step in found.path],
        "conditions": [
            {name: entry.get(name) for name in ("operator", "key", "values", "source", "pointer")}
            for entry in found.conditions
        ],
        **nulls,
    }
    order = "rule name severity confidence message resource locations path conditions fix fingerprint witness".split()
    others = {"others": list(found.others)} if found.others else {}
    return json.dumps({name: fields[name] for name in order} | others)


@given(st.lists(findings, max_size=6))
def test_a_finding_is_written_as_an_encoder_writes_it(found: list[Finding]) -> None:
    writer = Findings(Positions())
    assert [writer.text(each) for each in found] == [plainly(each) for each in found]


def test_targets_of_another_universe_or_with_other_numbers_are_others() -> None:
    one, other = Universe(()), Universe(())
    assert Targets(one, 1) == Targets(one, 1, lambda: Access(1, 3))
    assert hash(Targets(one, 1)) == hash(Targets(one, 1, lambda: Access(1, 3)))
    assert Targets(one, 1) != Targets(other, 1)
    assert Targets(one, 1) != Targets(one, 2)
    assert Targets(one, 1) != 1


def test_further_members_stand_at_the_end() -> None:
    found = Finding("PC1", "n", "low", "high", "m", "r", ())
    text = Findings(Positions()).text(found, {"reason": "", "place": None})
    assert text == plainly(found).removesuffix("}") + ', "reason": "", "place": null}'
