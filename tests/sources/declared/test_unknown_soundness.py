"""Whatever an unknown value turns out to be, what was said of it before holds: allowed stays allowed, denied denied."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from permcheck.access.targets import invocable
from permcheck.access.world import World
from permcheck.model import Facts, Verdict
from permcheck.sources.declared import unknown
from tests.sources.declared.making import facts, function, role

HERE = "arn:aws:lambda:eu-west-1:111122223333:function:"
CALLER = "arn:aws:iam::111122223333:role/caller"
P, Q = unknown("P"), unknown("Q")
RESOURCES = ["*", f"{HERE}one", f"{HERE}two", f"{HERE}o*", P, f"{HERE}{P}", f"{HERE}{Q}*", f"{P}:live", f"arn:aws:{Q}"]
ACTIONS = ["lambda:InvokeFunction", "lambda:*", "s3:*", P, f"lambda:{Q}", f"{P}:*"]
CONDITIONS: list[Any] = [
    None,
    {"StringEquals": {"aws:PrincipalAccount": P}},
    {"StringNotEquals": {"aws:PrincipalAccount": [P, "444455556666"]}},
    {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{Q}:role/*"}},
    {"ArnNotLike": {"aws:PrincipalArn": [Q, "arn:aws:iam::*:role/other"]}},
    {"Bool": {"aws:PrincipalIsAWSService": P}},
    {"Null": {"aws:PrincipalTag/team": Q}},
]
PRINCIPALS: list[Any] = [
    "*",
    {"AWS": P},
    {"AWS": [f"arn:aws:iam::{Q}:root", CALLER]},
    {"AWS": f"arn:aws:iam::111122223333:role/{P}"},
    {"AWS": f"arn:aws:iam::{Q}:role/caller"},
    {"Service": P},
    {"Federated": P},
]
# What the two may turn out to be: what fits somewhere, and what fits nowhere.
VALUES = [
    "one", "two", "*", "InvokeFunction", "lambda", "111122223333", "444455556666", "caller", "true", "false", "live",
    f"{HERE}one", f"{HERE}*", CALLER, "arn:aws:iam::111122223333:root", "lambda:*", "lambda:eu-west-1:111122223333:*",
    "s3.amazonaws.com", "x",
]  # fmt: skip

effects = st.sampled_from(["Allow", "Allow", "Deny"])


@st.composite
def statements(draw: st.DrawFn, *, principal: bool = False) -> dict[str, Any]:
    some = st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=2)
    made: dict[str, Any] = {"Effect": draw(effects)}
    made[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(
        st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=2)
    )
    made[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(some)
    condition = draw(st.sampled_from(CONDITIONS))
    if condition is not None:
        made["Condition"] = condition
    if principal:
        made[draw(st.sampled_from(["Principal", "Principal", "NotPrincipal"]))] = draw(st.sampled_from(PRINCIPALS))
    return made


@st.composite
def accounts(draw: st.DrawFn) -> dict[str, Any]:
    own = draw(st.lists(statements(), max_size=3))
    on = draw(st.lists(statements(principal=True), max_size=2))
    name = draw(st.sampled_from(["one", "one", "one", f"{P}", f"{Q}-x"]))
    resources: dict[str, Any] = {"C": role("caller", *own), "A": function(name), "B": function("two")}
    if on:
        policy = {"ResourceArn": f"{HERE}two", "PolicyDocument": {"Version": "2012-10-17", "Statement": on}}
        resources["G"] = {"Type": "AWS::Lambda::ResourcePolicy", "Properties": policy}
    return resources


def agree(found: Facts) -> None:
    """Hold the two evaluators to the same verdict of the caller on each name of each function."""
    world, universe = World(found), invocable(found)
    subject = next(s for s in world.subjects if s.arn == CALLER)
    answers = world.access(universe, "lambda:InvokeFunction")[subject.number]
    for number, item in enumerate(universe.items):
        assert answers.verdict(number) is world.decide(subject, "lambda:InvokeFunction", item).verdict, item.arn


def by_name(found: Facts) -> dict[tuple[str, str], Verdict]:
    """Return the same by the place of the function, which no value changes, and the qualifier."""
    world, universe = World(found), invocable(found)
    subject = next(s for s in world.subjects if s.arn == CALLER)
    answers = world.access(universe, "lambda:InvokeFunction")[subject.number]
    places = {each.arn: each.pointer for each in found.functions}
    parts = ((number, item.arn.split(":")) for number, item in enumerate(universe.items))
    return {(places[":".join(p[:7])], ":".join(p[7:])): answers.verdict(number) for number, p in parts}


@settings(max_examples=250, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
@given(accounts(), st.sampled_from(VALUES), st.sampled_from(VALUES))
def test_no_value_proves_a_verdict_wrong(resources: dict[str, Any], p: str, q: str) -> None:
    before = facts(resources)
    agree(before)
    text = json.dumps(resources, ensure_ascii=False).replace(P, p).replace(Q, q)
    after = facts(json.loads(text))
    names = [each.arn for each in after.functions]
    if len(set(names)) < 2 or any("*" in name or name.count(":") != 6 for name in names):
        return  # no name that a function could have
    if any(policy.document is None for policy in after.policies):
        return  # nothing that IAM would save
    told, true = by_name(before), by_name(after)
    for name in told.keys() & true.keys():
        if told[name] in (Verdict.ALLOWED, Verdict.DENIED):
            assert true[name] is told[name], name
