"""``reach`` decides sets: what it says of patterns holds for every request that fits them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from permcheck.access import Item, Subject
from permcheck.access.context import item_keys
from permcheck.graph.reach import reach
from permcheck.graph.reach_rows import area_of, left_of
from permcheck.graph.scene import Scene
from permcheck.model import (
    Facts,
    Organization,
    Policy,
    PolicyKind,
    Portion,
    ReachAnswer,
    ReachRow,
    Role,
    Statement,
    Verdict,
)
from permcheck.policy.area import holds
from permcheck.policy.parse import parse_document
from tests.graph.asking import ACCOUNT, OTHER, Json, account, allow, deny, document, read, role, role_arn, user

TABLE = "arn:aws:dynamodb:{}:{}:table/{}"
NAME = role_arn("r")


def policy(kind: PolicyKind, *statements: Json) -> Policy:
    return Policy(kind, "made", "made", "", parse_document(document(*statements)))


def asked(*statements: Json, **more: Any) -> ReachAnswer:
    facts = Facts((Role(NAME, "r", "made", policies=(policy(PolicyKind.IDENTITY, *statements),), tags={}, **more),))
    scene = Scene(facts)
    return reach(scene, scene.world.subjects[0], NAME)


def brief(answer: ReachAnswer) -> list[tuple[str, str, str]]:
    return [(", ".join(r.actions), ", ".join(r.resources), str(r.verdict)) for r in answer.rows]


def test_a_wildcard_for_the_account_is_read_as_the_own() -> None:
    apps = TABLE.format("*", "*", "app-*")
    assert brief(asked(allow("dynamodb:GetItem", apps))) == [("dynamodb:GetItem", apps, "allowed")]


def test_another_account_has_its_say() -> None:
    """IAM User Guide, "Cross-account policy evaluation logic": the other account has to allow it too."""
    (row,) = asked(allow("dynamodb:GetItem", [TABLE.format("eu-west-1", OTHER, "a")])).rows
    assert row.verdict is Verdict.UNKNOWN and OTHER in row.note


def test_what_a_deny_leaves() -> None:
    (row,) = asked(allow("s3:*", "*"), deny("s3:Delete*", "arn:aws:s3:::prod/*")).rows
    assert (row.actions, row.resources, row.verdict) == (("s3:*",), ("*",), Verdict.ALLOWED)
    (portion,) = row.besides
    assert (portion.actions, portion.resources) == (("s3:Delete*",), ("arn:aws:s3:::prod/*",))
    assert [str(b.effect) for b in portion.because] == ["Deny"]
    assert "s3:DeleteObject" in left_of(row, ["s3:DeleteObject"])


def test_denied_actions_are_not_listed() -> None:
    (row,) = asked(allow(["s3:GetObject", "s3:PutObject"], "*"), deny("s3:PutObject", "*")).rows
    assert (row.actions, row.besides) == (("s3:GetObject",), ())
    (row,) = asked(allow("s3:*", "*"), deny("s3:PutObject", "*")).rows
    assert left_of(row, ["s3:GetObject", "s3:PutObject"]) == ("s3:GetObject",)


def test_a_deny_of_everything_else() -> None:
    only = "arn:aws:s3:::app/*"
    refused = {"Effect": "Deny", "Action": "s3:*", "NotResource": only}
    assert brief(asked(allow("s3:*", "*"), refused)) == [("s3:*", only, "allowed")]
    others: Json = {"Effect": "Deny", "NotAction": ["s3:Get*", "ec2:*"], "Resource": "*"}
    assert brief(asked(allow("s3:*", "*"), others)) == [("s3:Get*", "*", "allowed")]
    (row,) = asked(allow("*", "*"), others | {"Resource": only}).rows
    assert row.besides[0].not_actions == ("s3:Get*", "ec2:*")


def test_what_a_boundary_leaves() -> None:
    limit = policy(
        PolicyKind.BOUNDARY, allow(["s3:Get*", "dynamodb:*"], ["arn:aws:s3:::app/*", "arn:aws:dynamodb:*:*:*"])
    )
    assert brief(asked(allow("s3:*", "*"), boundary=limit)) == [
        ("s3:Get*", "arn:aws:s3:::app/*, arn:aws:dynamodb:*:*:*", "allowed")
    ]
    (row,) = asked(
        allow("s3:*", "arn:aws:s3:::a*"), boundary=policy(PolicyKind.BOUNDARY, allow("*", "arn:aws:s3:::*z"))
    ).rows
    assert (row.resources, row.within) == (("arn:aws:s3:::a*",), (Portion(resources=("arn:aws:s3:::*z",)),))


def test_part_of_it_is_conditional() -> None:
    mfa = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    answer = asked(allow("s3:*", "*"), deny("s3:Delete*", "*", Condition=mfa))
    assert brief(answer) == [("s3:*", "*", "allowed"), ("s3:Delete*", "*", "conditional")]
    assert answer.rows[0].besides[0].actions == ("s3:Delete*",)
    assert [c["operator"] for c in answer.rows[1].conditions] == ["Bool"]


def test_conditions_that_rule_each_other_out() -> None:
    here = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    elsewhere = {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    assert brief(asked(allow("s3:*", "*", Condition=here), deny("s3:*", "*", Condition=elsewhere))) == []


def test_keys_are_assumed_to_have_the_default_policy() -> None:
    """KMS Developer Guide, "Default key policy"."""
    answer = asked(allow("kms:Decrypt", "*"))
    assert brief(answer) == [("kms:Decrypt", "*", "allowed")]
    assert len(answer.assumptions) == 1 and "default key policy" in answer.assumptions[0]
    assert all(b.location.source for row in answer.rows for b in row.because)
    assert asked(allow("s3:GetObject", "*")).assumptions == ()


def test_the_function_that_asks_is_known() -> None:
    """Lambda Developer Guide, "Using source function ARN to control function access behavior"."""
    texts = account(
        role(
            "runs",
            *(
                allow("s3:GetObject", "*", Condition={"ArnEquals": {"lambda:SourceFunctionArn": a}})
                for a in (
                    "arn:aws:lambda:eu-west-1:111122223333:function:orders",
                    "arn:aws:lambda:eu-west-1:111122223333:function:x",
                )
            ),
        )
    )
    from permcheck.graph import questions

    assert [str(r.verdict) for r in questions.reach(read(texts), "orders").rows] == ["allowed"]
    assert [str(r.verdict) for r in questions.reach(read(texts), "runs").rows] == ["conditional", "conditional"]


def test_roles_that_may_be_passed() -> None:
    """IAM User Guide, "Grant a user permissions to pass a role to an AWS service": the role must trust the service."""
    from permcheck.graph import questions

    ecs = [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]
    people = [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]
    roles = (role("task", trusts=ecs), role("person", trusts=people))
    to_ecs = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}

    def passed(*statements: Json) -> list[tuple[str, str]]:
        found = questions.reach(read(account(user("ana", *statements), *roles)), "ana").targets
        return [(t.arn.rpartition("/")[2], t.service) for t in found if t.how == "pass"]

    assert passed(allow("iam:PassRole", "*")) == [("runs", "lambda.amazonaws.com"), ("task", "ecs-tasks.amazonaws.com")]
    assert passed(allow("iam:PassRole", "*", Condition=to_ecs)) == [("task", "ecs-tasks.amazonaws.com")]


ACTIONS = (
    "s3:GetObject",
    "s3:PutObject",
    "s3:GetObjectAcl",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "lambda:GetFunction",
)
RESOURCES = (
    "arn:aws:s3:::app-a/x",
    "arn:aws:s3:::app-b/y",
    "arn:aws:s3:::b",
    TABLE.format("eu-west-1", ACCOUNT, "app-a"),
    TABLE.format("us-east-1", ACCOUNT, "b"),
    "*",
)
ACTION_PATTERNS = (
    "*",
    "s3:*",
    "s3:Get*",
    "s3:*Object",
    "s3:PutObject",
    "dynamodb:*",
    "dynamodb:?etItem",
    "*:Get*",
    "S3:getobject",
)
RESOURCE_PATTERNS = (
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::app-*",
    "arn:aws:s3:::*/x",
    "arn:aws:s3:::b",
    "arn:aws:dynamodb:*:*:table/app-*",
    f"arn:aws:dynamodb:us-*:{ACCOUNT}:*",
    "arn:aws:*:*:*:*a*",
    "arn:aws:s3:::app-${aws:PrincipalTag/team}/*",
    "arn:aws:s3:::app-${aws:username}/*",
    "arn:aws:s3:::app-${aws:SourceIp}/*",
)
CONDITIONS: tuple[Json, ...] = (
    {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"StringEquals": {"aws:PrincipalTag/team": "a"}},
    {"StringEquals": {"aws:PrincipalTag/team": "b"}},
)


@st.composite
def statements(draw: st.DrawFn) -> Json:
    def some(pool: tuple[str, ...]) -> list[str]:
        return draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))

    statement: Json = {"Effect": draw(st.sampled_from(("Allow", "Allow", "Deny")))}
    statement[draw(st.sampled_from(("Action", "Action", "Action", "NotAction")))] = some(ACTION_PATTERNS)
    statement[draw(st.sampled_from(("Resource", "Resource", "Resource", "NotResource")))] = some(RESOURCE_PATTERNS)
    if condition := draw(st.none() | st.none() | st.sampled_from(CONDITIONS)):
        statement["Condition"] = condition
    return statement


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    def some(kind: PolicyKind) -> Policy:
        return policy(kind, *draw(st.lists(statements(), min_size=1, max_size=4)))

    boundary = draw(st.none() | st.just(PolicyKind.BOUNDARY))
    level = draw(st.none() | st.just(PolicyKind.SCP))
    made = Role(
        NAME,
        "r",
        "made",
        policies=tuple(some(PolicyKind.IDENTITY) for _ in range(draw(st.integers(1, 2)))),
        boundary=some(boundary) if boundary else None,
        tags={"team": "a"},
    )
    scps = {ACCOUNT: ((policy(level, allow("*", "*"), draw(statements())),),)} if level else {}
    return Scene(Facts((made,), organization=Organization("o-1", "made", scps=scps) if level else None))


def covering(rows: tuple[ReachRow, ...], action: str, resource: str) -> set[Verdict]:
    return {row.verdict for row in rows if holds(area_of(row), action, resource)}


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenes())
def test_reach_covers_a_request_where_the_reference_allows_it(scene: Scene) -> None:
    subject = scene.world.subjects[0]
    rows = reach(scene, subject, NAME).rows
    note("\n".join(_written(subject)))
    for action in ACTIONS:
        for resource in RESOURCES:
            item = Item(resource, known=item_keys(resource)[0], owner=ACCOUNT)
            wanted = scene.world.decide(subject, action, item).verdict
            found = covering(rows, action, resource)
            told = f"{action} on {resource}: {wanted}, rows say {found}"
            # A variable with an unknown value is taken for every value, so an open row may be about no request at all.
            if wanted is Verdict.DENIED:
                assert Verdict.ALLOWED not in found, told
                assert not found or _open_variables(rows, action, resource), told
            elif wanted is Verdict.ALLOWED:
                # What a Deny spares by such a variable and by a pattern as well is told as spared by the variable.
                spared = any("${aws:S" in r for s in _statements(subject) for r in s.not_resources or ())
                assert Verdict.ALLOWED in found or (found and spared), told
            else:
                assert found == {Verdict.CONDITIONAL}, told


def _written(subject: Subject) -> Iterator[str]:
    for s in _statements(subject):
        named = (s.actions or ("not", *(s.not_actions or ())), s.resources or ("not", *(s.not_resources or ())))
        yield f"{s.effect} {named} {[(c.operator, c.key, c.values) for c in s.conditions]}"


def _statements(subject: Subject) -> list[Statement]:
    boundary = (subject.boundary,) if subject.boundary else ()
    found = (*subject.policies, *boundary, *(p for level in subject.scps for p in level))
    return [s for policy in found for s in policy.statements]


def _open_variables(rows: tuple[ReachRow, ...], action: str, resource: str) -> bool:
    """Whether every row about the request is open because of a variable in Resource."""
    about = [row for row in rows if holds(area_of(row), action, resource)]
    return all(any("Resource" in str(c["pointer"]) for c in row.conditions) for row in about)


TRAPS = {
    "open Denies of one key": lambda n: (
        allow("s3:*", "*"),
        *(deny("s3:*", "*", Condition={"StringEquals": {"aws:RequestTag/x": f"v{i}"}}) for i in range(n)),
    ),
    "open Denies of two keys": lambda n: (
        allow("s3:*", "*"),
        *(
            deny("s3:*", "*", Condition={"StringEquals": {"aws:RequestTag/x": f"v{i}", "aws:RequestTag/y": f"w{i}"}})
            for i in range(n)
        ),
    ),
    "values of two conditions": lambda n: (
        allow("s3:*", "*", Condition={"NumericEquals": {"s3:max-keys": [str(i) for i in range(n)]}}),
        deny("s3:*", "*", Condition={"NumericEquals": {"s3:max-keys": [str(i) for i in range(0, n, 2)]}}),
    ),
    "patterns in one statement": lambda n: (
        allow("s3:Get*", [f"arn:aws:s3:::{i:04}-*" for i in range(n)]),
        deny("s3:GetObject", [f"arn:aws:s3:::{i:04}-*/x*" for i in range(n)]),
    ),
    "statements": lambda n: (
        *(allow("s3:Get*", f"arn:aws:s3:::{i:04}-*") for i in range(n)),
        *(deny("s3:GetObject", f"arn:aws:s3:::{i:04}-*/x*") for i in range(n)),
    ),
}


@pytest.mark.parametrize("trap", TRAPS.values(), ids=list(TRAPS))
def test_near_linear_steps(trap: Callable[[int], tuple[Json, ...]]) -> None:
    """Twice the policy costs about twice the calls, reading it included."""
    few, many = (_calls(partial(asked, *trap(n))) for n in (200, 400))
    assert many < 2.5 * few


def _calls(run: Callable[[], object]) -> int:
    """How many function calls it takes, with everything that can be known before known."""
    run()
    count = 0

    def each(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(each)
    try:
        run()
    finally:
        sys.setprofile(before)
    return count
