"""What somebody may do in another Region than the functions are in counts as well.

IAM User Guide, "AWS global condition context keys" (aws:RequestedRegion).
"""

import json
from dataclasses import replace

import pytest

from permcheck.graph import questions
from permcheck.graph.regions import regions_named
from permcheck.graph.scene import Scene
from permcheck.graph.strength import strength
from permcheck.policy.parse import parse_document
from permcheck.rules._examples import ACCOUNT, REGION, Json, account, allow, deny, document, role_arn, worker
from permcheck.sources.files import load_texts
from tests.graph.replay import Replay

THERE = "us-east-1"
SECRETS, HERE = (f"arn:aws:secretsmanager:{region}:{ACCOUNT}:secret:*" for region in (THERE, REGION))
READ = "secretsmanager:GetSecretValue"
ONLY_IN_THAT = {"StringEquals": {"aws:RequestedRegion": THERE}}
ONLY_THERE = {"StringNotEquals": {"aws:RequestedRegion": [THERE, "us-west-2"]}}


def captures(*statements: Json) -> dict[str, str]:
    """An account whose one function is in eu-west-1."""
    made = account(worker("runs", *statements), functions={"orders": "runs"})
    return {name: json.dumps(value) for name, value in made.items()}


@pytest.mark.parametrize(
    ("statements", "worth"),
    [
        ([allow(READ, HERE)], "ALL_DATA"),
        ([allow(READ, SECRETS)], "ALL_DATA"),
        ([allow(READ, SECRETS.replace("secret:*", "secret:one-??????"))], "SOME"),
        ([allow(READ, SECRETS.replace(THERE, "us-*"))], "ALL_DATA"),
        ([allow(READ), deny("*", Condition=ONLY_THERE)], "ALL_DATA"),
        ([allow(READ), deny("*", Condition={"StringEquals": {"aws:RequestedRegion": REGION}})], "ALL_DATA"),
        ([allow(READ, Condition={"StringEquals": {"aws:RequestedRegion": THERE}})], "ALL_DATA"),
        ([allow(READ, Condition={"StringNotEquals": {"aws:RequestedRegion": REGION}})], "ALL_DATA"),
        ([allow(READ, SECRETS), deny("*", Condition={"StringNotEquals": {"aws:RequestedRegion": REGION}})], "SOME"),
        # In which Region IAM is asked is left open.
        ([allow("*"), deny("*", Condition=ONLY_THERE)], "ALL_DATA"),
    ],
)
def test_any_region_counts(statements: list[Json], worth: str) -> None:
    scene = Scene(load_texts(captures(*statements)))
    assert strength(scene, scene.world.by_arn[role_arn("runs")]).name == worth


def test_a_role_with_and_without_its_boundary() -> None:
    """Which Regions the boundary speaks of is looked at anew for the role without it, whichever is asked first."""
    bounded = worker("runs", allow(READ), boundary=document(allow("*", Condition=ONLY_IN_THAT)))
    texts = {name: json.dumps(value) for name, value in account(bounded, functions={"orders": "runs"}).items()}
    scene = Scene(load_texts(texts))
    subject = scene.world.by_arn[role_arn("runs")]
    without = replace(subject, entity=replace(subject.entity, boundary=None))
    assert f":{REGION}:" in scene.probes.item(without, READ).arn
    assert f":{THERE}:" in scene.probes.item(subject, READ).arn


def test_a_path_shows_a_request_there() -> None:
    texts = captures(allow(READ, SECRETS))
    facts = load_texts(texts)
    (found,) = questions.paths(facts, "runs", "target").paths
    witness = found.edges[-1].witness
    assert witness is not None and f":{THERE}:" in str(witness["resource"])
    assert Replay(texts, facts).verdict(witness) == "allowed"


def test_functions_elsewhere_are_not_those_in_view() -> None:
    """To be allowed everything with functions where none is says nothing of those in view."""
    texts = captures(allow("lambda:*", f"arn:aws:lambda:{THERE}:{ACCOUNT}:function:*"))
    assert questions.paths(load_texts(texts), "runs", "function").paths == ()


@pytest.mark.parametrize(
    ("statement", "regions"),
    [
        (allow(READ, "*"), ()),
        (allow(READ, HERE), ()),
        (allow(READ, SECRETS), (THERE,)),
        (allow(READ, SECRETS.replace(THERE, "*")), ()),
        (allow(READ, SECRETS.replace(THERE, "xx-moon-?")), ()),
        (deny(READ, SECRETS), ()),
        ({"Effect": "Deny", "Action": READ, "NotResource": SECRETS}, (THERE,)),
        (deny("*", Condition=ONLY_THERE), (THERE, "us-west-2")),
        (deny("*", Condition={"StringNotEquals": {"aws:RequestedRegion": [THERE, REGION]}}), ()),
        (allow("*", Condition={"StringLike": {"AWS:requestedregion": "ap-*"}}), ("ap-southeast-1",)),
    ],
)
def test_the_regions_of_a_document(statement: Json, regions: object) -> None:
    assert regions_named(parse_document({"Statement": statement}), REGION) == regions
