"""Every kind of output about what stands around functions: told by content, of AWS's shape, and safe to damage."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.loaders import Loader

from permcheck.policy.parse import escape
from permcheck.sources.files.kinds import KINDS, kind_of
from tests.sources.captures import Json, configuration, functions, plain, read
from tests.sources.samples import SAMPLES, Sample, texts

IDS = [f"{sample.service}.{sample.operation}" for sample in SAMPLES]
PLAIN: dict[str, tuple[type[Any], ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "double": (int, float),
    "timestamp": (str,),
}
SECRETS = ("planted-client-secret", "planted", '"payload"')


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
def test_told_by_content(sample: Sample) -> None:
    kind = kind_of(sample.value)
    assert kind is not None
    assert kind.name == sample.kind
    assert kind_of(dict(reversed(sample.value.items()))) is kind  # the order of members does not matter


def test_no_two_kinds_fit_unless_the_first_is_meant() -> None:
    for sample in SAMPLES:
        fitting = [kind for kind in KINDS if kind.key in sample.value and kind.fits(sample.value)]
        assert fitting[0].name == sample.kind
        assert len({kind.read for kind in fitting}) <= 2, [kind.name for kind in fitting]


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
def test_the_sample_is_what_aws_prints(sample: Sample) -> None:
    model = Loader().load_service_model(sample.service, "service-2")
    output = model["operations"][sample.operation]["output"]["shape"]
    assert list(strangers(model["shapes"], output, sample.value, "")) == []


def strangers(shapes: Json, name: str, value: Any, at: str) -> Iterator[str]:
    """Members of a value that AWS's own description of the output does not have, or has with another type."""
    shape = shapes[name]
    kind = shape["type"]
    if not isinstance(value, PLAIN[kind]):
        yield f"{at} is no {kind}"
    elif kind == "structure":
        for key, each in value.items():
            if key not in shape["members"]:
                yield f"{at}/{key}"
            else:
                yield from strangers(shapes, shape["members"][key]["shape"], each, f"{at}/{key}")
    elif kind == "map":
        for key, each in value.items():
            yield from strangers(shapes, shape["value"]["shape"], each, f"{at}/{key}")
    elif kind == "list":
        for i, each in enumerate(value):
            yield from strangers(shapes, shape["member"]["shape"], each, f"{at}/{i}")
    elif "enum" in shape and value not in shape["enum"]:
        yield f"{at} is none of {shape['enum']}"


def test_everything_together_is_read() -> None:
    facts = read(texts(SAMPLES) | {"list-functions.json": functions(configuration())})
    assert {gap.error.partition(" calls ")[1] for gap in facts.not_read} == {" calls "}  # functions not listed
    found = json.dumps(plain(facts), default=str)
    assert not any(secret in found for secret in SECRETS)


def pointers(value: Any, at: str = "") -> Iterator[str]:
    """Every place in a value."""
    yield at
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield from pointers(each, f"{at}/{escape(str(key))}")


def replaced(value: Any, pointer: str, by: Any) -> Any:
    """A copy with one place set to something else."""
    if not pointer:
        return by
    made = copy.deepcopy(value)
    *path, last = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
    here = made
    for token in path:
        here = here[int(token)] if isinstance(here, list) else here[token]
    here[int(last) if isinstance(here, list) else last] = by
    return made


@pytest.mark.parametrize("sample", SAMPLES, ids=IDS)
def test_any_place_of_another_type(sample: Sample) -> None:
    """Nothing fails, and what is noted is noted with a place in the file that exists."""
    for pointer in pointers(sample.value):
        for wrong in (None, 7, "x", "", [], {}, True, [3], {"x": 3}, "{"):
            value = replaced(sample.value, pointer, wrong)
            facts = read({sample.file: value})
            places = set(pointers(value)) | set(inside_strings(value))
            for gap in facts.not_read:
                assert gap.source == sample.file
                assert gap.error and gap.effect
                assert gap.pointer in places, (pointer, wrong, gap)


def inside_strings(value: Any) -> Iterator[str]:
    """Places in the JSON that strings of a value hold."""
    for pointer in pointers(value):
        here = value
        for token in pointer.split("/")[1:]:
            token = token.replace("~1", "/").replace("~0", "~")
            here = here[int(token)] if isinstance(here, list) else here[token]
        if isinstance(here, str) and here.startswith("{"):
            try:
                held = json.loads(here)
            except ValueError:
                continue
            yield from pointers(held, pointer)
