"""Tells what a JSON value is by what it holds, and has it read."""

from typing import Any

from permcheck.sources.files import (
    buckets,
    cognito,
    control_policies,
    event_rules,
    event_sources,
    foreign,
    http_apis,
    iam_calls,
    iam_details,
    invoke_configs,
    lambda_,
    lambda_entrances,
    loose,
    organizations,
    own_outputs,
    resource_policies,
    rest_apis,
    rest_stages,
    role_callers,
    state_machines,
    topics,
    user_pools,
)
from permcheck.sources.files.kind import Kind
from permcheck.sources.files.reading import Reading, embedded
from permcheck.sources.files.shapes import JsonObject, WrongShape

# The first that fits reads the value: those with a member of their own stand before those that are told by less.
KINDS: tuple[Kind, ...] = (
    *own_outputs.KINDS,
    *iam_details.KINDS,
    *invoke_configs.KINDS,
    *resource_policies.KINDS,
    *event_rules.KINDS,
    *lambda_.KINDS,
    *lambda_entrances.KINDS,
    *user_pools.KINDS,
    *control_policies.KINDS,
    *iam_calls.KINDS,
    *organizations.KINDS,
    *cognito.KINDS,
    *rest_apis.KINDS,
    *rest_stages.KINDS,
    *http_apis.KINDS,
    *buckets.KINDS,
    *topics.KINDS,
    *event_sources.KINDS,
    *role_callers.KINDS,
    *state_machines.KINDS,
    *loose.KINDS,
)
# Which of them have a member: most values have few members, and there are many kinds.
_PLACES = {
    key: [place for place, kind in enumerate(KINDS) if kind.key == key] for key in dict.fromkeys(k.key for k in KINDS)
}


def read_value(reading: Reading, value: Any, at: str) -> None:
    """Read one JSON document, whatever it is; what is not known is noted."""
    if isinstance(value, list):
        _read_list(reading, value, at)
    elif not _read_one(reading, value, at):
        _unknown(reading, value, at)


def kind_of(value: JsonObject) -> Kind | None:
    """The kind of one object, None where permcheck knows none."""
    places = [_PLACES[key] for key in value if key in _PLACES]
    for place in places[0] if len(places) == 1 else sorted(place for each in places for place in each):
        if KINDS[place].fits(value):
            return KINDS[place]
    return None


def _read_one(reading: Reading, value: Any, at: str) -> bool:
    if isinstance(value, str):
        return _read_text(reading, value, at)
    kind = kind_of(value) if isinstance(value, dict) else None
    if kind is None:
        return False
    try:
        kind.read(reading, value, at)
    except WrongShape as wrong:
        reading.miss(f"{wrong.message} (taken for the output of {kind.name})", foreign.NOTHING, wrong.pointer)
    return True


def _read_text(reading: Reading, value: str, at: str) -> bool:
    """A JSON string on its own: what ``--query Policy`` leaves of a policy."""
    try:
        document, repeated = embedded(value)
    except ValueError:
        return False
    if not isinstance(document, dict) or "Statement" not in document:
        return False
    loose.taken(reading, document, repeated, at)
    return True


def _read_list(reading: Reading, values: list[Any], at: str) -> None:
    """A list of outputs (``jq -s``) or of what a ``--query`` left of one."""
    unknown = [i for i, value in enumerate(values) if not _read_one(reading, value, f"{at}/{i}")]
    if len(unknown) == len(values):
        _unknown(reading, values, at)
    else:
        for i in unknown:
            _unknown(reading, values[i], f"{at}/{i}")


def _unknown(reading: Reading, value: Any, at: str) -> None:
    error, effect = foreign.value_is(value)
    reading.miss(error, effect, at, shown=effect == foreign.NOTHING)
