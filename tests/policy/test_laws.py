"""Laws that hold for every request: what a further statement can do, order, and what part of a context can tell."""

from __future__ import annotations

import copy
import random
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from permcheck.model.policy import Condition
from permcheck.model.verdict import Verdict
from permcheck.policy import evaluate, evaluate_request
from permcheck.policy.condition import Match, holds
from permcheck.policy.context import Context
from permcheck.policy.contract import read_policies, read_request

from .asking import Json
from .drawn import contexts, documents, requests, statements

# From the most open to the most closed; what is conditional may turn out either way.
ORDER = {"allowed": 2, "conditional": 1, "denied": 0}
LISTS = ("identity_policies", "session_policies")


def _word(asked: Json) -> str:
    return str(evaluate_request(asked)["verdict"])


def _places(asked: Json) -> list[tuple[str, list[Json]]]:
    """Every list of statements in the request, with its layer."""
    found = [(name, doc["Statement"]) for name in LISTS for doc in asked[name]]
    for name in ("permissions_boundary", "resource_policy"):
        if asked[name]:
            found.append((name, asked[name]["Statement"]))
    found += [("scp", doc["Statement"]) for level in asked["service_control_policies"] for doc in level]
    return found


@settings(max_examples=300, deadline=None, print_blob=True)
@given(requests())
def test_a_complete_context_leaves_nothing_open(asked: Json) -> None:
    answer = evaluate_request(asked)
    assert answer["verdict"] in ("allowed", "denied")
    assert answer["conditions"] == []
    assert (answer["denied_by"] is None) == (answer["verdict"] == "allowed")
    if answer["verdict"] == "allowed":
        assert {b["effect"] for b in answer["because"]} == {"Allow"}
    elif answer["denied_by"].startswith("explicit:"):
        assert {b["effect"] for b in answer["because"]} == {"Deny"}
    else:
        assert answer["because"] == []


def _extended(draw: st.DataObject, asked: Json, effect: str) -> Json:
    """The request with one more statement of this effect somewhere."""
    more = copy.deepcopy(asked)
    places = _places(more) or [("identity_policies", [])]
    at = draw.draw(st.integers(0, len(places) - 1))
    layer, place = places[at]
    extra = draw.draw(statements(effect, resource_side=layer == "resource_policy"))
    if any(place is listed for _, listed in _places(more)):
        place.insert(draw.draw(st.integers(0, len(place))), extra)
    else:
        more["identity_policies"] = [{"Version": "2012-10-17", "Statement": [extra]}]
    return more


@settings(max_examples=300, deadline=None, print_blob=True)
@given(requests() | requests(complete=False), st.data())
def test_one_more_deny_never_widens(asked: Json, draw: st.DataObject) -> None:
    assert ORDER[_word(_extended(draw, asked, "Deny"))] <= ORDER[_word(asked)]


@settings(max_examples=300, deadline=None, print_blob=True)
@given(requests() | requests(complete=False), st.data())
def test_one_more_allow_never_narrows(asked: Json, draw: st.DataObject) -> None:
    assert ORDER[_word(_extended(draw, asked, "Allow"))] >= ORDER[_word(asked)]


@settings(max_examples=300, deadline=None, print_blob=True)
@given(requests() | requests(complete=False), st.randoms(use_true_random=False))
def test_order_never_matters(asked: Json, chance: random.Random) -> None:
    shuffled = copy.deepcopy(asked)
    for _, place in _places(shuffled):
        chance.shuffle(place)
    for name in LISTS:
        chance.shuffle(shuffled[name])
    for level in shuffled["service_control_policies"]:
        chance.shuffle(level)
    chance.shuffle(shuffled["service_control_policies"])
    first, second = evaluate_request(asked), evaluate_request(shuffled)
    assert (first["verdict"], first["denied_by"]) == (second["verdict"], second["denied_by"])
    assert len(first["because"]) == len(second["because"]) or first["verdict"] == "conditional"


@settings(max_examples=300, deadline=None, print_blob=True)
@given(requests() | requests(complete=False), documents(), st.sampled_from(["identity_policies", "session_policies"]))
def test_a_policy_given_twice_says_no_more(asked: Json, extra: Json, name: str) -> None:
    once = asked | {name: [*asked[name], extra]}
    twice = asked | {name: [*asked[name], extra, extra]}
    split = [{"Version": extra["Version"], "Statement": [s]} for s in extra["Statement"]]
    assert _word(once) == _word(twice) == _word(asked | {name: [*asked[name], *split]})


@st.composite
def _part_and_whole(draw: st.DrawFn) -> tuple[Json, Json]:
    """A request of which only part of the context is known, and the same with all of it."""
    whole = draw(requests(complete=False)) | {"context_complete": True}
    known: dict[str, Any] = whole["context"]
    hidden = draw(st.just(set(known)) | st.sets(st.sampled_from(sorted(known)))) if known else set()
    part = whole | {"context_complete": False, "context": {k: v for k, v in known.items() if k not in hidden}}
    return part, whole


@settings(max_examples=500, deadline=None, print_blob=True)
@given(_part_and_whole())
def test_what_is_decided_on_part_is_decided_so_on_the_whole(both: tuple[Json, Json]) -> None:
    """A denied or allowed of an incomplete context is a promise for every complete one."""
    part, whole = both
    answer = _word(part)
    if answer != "conditional":
        assert _word(whole) == answer


@settings(max_examples=500, deadline=None, print_blob=True)
@given(_part_and_whole())
def test_the_conditions_listed_are_enough(both: tuple[Json, Json]) -> None:
    """Where a complete context meets every condition that a conditional answer lists, the request is allowed.

    Values that hold wildcards are left out: in a variable they match more than themselves (docs/limits.md).
    """
    part, whole = both
    assume(not any("*" in value or "?" in value for values in whole["context"].values() for value in values))
    answer = evaluate_request(part)
    context = Context(whole["context"])
    if answer["verdict"] == "conditional" and all(_met(entry, context) for entry in answer["conditions"]):
        assert _word(whole) == "allowed", answer["conditions"]


def _met(entry: Json, context: Context) -> bool:
    if entry["key"] == "sts:RoleSessionName":
        return False  # the whole request names no session
    condition = Condition(entry["operator"], entry["key"], tuple(entry["values"]), entry["pointer"])
    # Texts of old documents are not to be expanded; a listed condition does not tell, so both readings must hold.
    return all(holds(condition, context, variables) is Match.YES for variables in (True, False))


@settings(max_examples=400, deadline=None, print_blob=True)
@given(requests(), contexts())
def test_tags_that_the_caller_may_choose(asked: Json, other: dict[str, list[str]]) -> None:
    """Denied whatever tags the session is given, where the answer is denied; allowed as it stands, where allowed."""
    policies = read_policies(asked)
    known: dict[str, list[str]] = {key: values[:1] for key, values in asked["context"].items()}
    prefix = "aws:principaltag/"
    request = read_request(asked)._replace(context=Context(known, chosen=(prefix,), closed=(prefix,)))
    answer = evaluate(request, policies).verdict
    retagged = {k: v for k, v in known.items() if not k.lower().startswith(prefix)}
    retagged |= {k: v for k, v in other.items() if k.lower().startswith(prefix)}
    if answer is Verdict.DENIED:
        for values in (known, retagged):
            assert evaluate(request._replace(context=Context(values)), policies).verdict is Verdict.DENIED, values
    elif answer is Verdict.ALLOWED:
        assert evaluate(request._replace(context=Context(known)), policies).verdict is Verdict.ALLOWED
