"""Values for parameters, from the files people keep them in.

CloudFormation (a list of ParameterKey and ParameterValue, or an object under Parameters), SAM's samconfig.toml
(``parameter_overrides``), Amplify's parameters.json (a plain object); YAML as well as JSON.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from permcheck.errors import UsageError
from permcheck.sources.cloudformation.text import Unreadable, read
from permcheck.sources.declared import Value

_PAIR = re.compile(r"""([\w:]+)=("(?:[^"\\]|\\.)*"|'[^']*'|\S*)""")
_LONG = re.compile(r"""ParameterKey=([\w:]+),ParameterValue=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s]*)""")
HINT = "CloudFormation's list or object, samconfig.toml and a plain object of names and values are read"


def load(path: str) -> Mapping[str, Value]:
    """The values of one file. Raises UsageError."""
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}", HINT) from None
    if path.endswith(".toml"):
        return {key: Value(text, path, "") for key, text in _of_toml(content, path)}
    try:
        root = read(content, path).root
    except Unreadable as error:
        raise UsageError(f"cannot read {path}: {error.problem.error}", HINT) from None
    found = dict(_given(root))
    if not found and root.raw:
        raise UsageError(f"{path} holds no parameters", HINT)
    return found


def _given(root: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(root.raw, tuple):
        for entry in root.raw:
            key, value = entry.text("ParameterKey"), entry.get("ParameterValue")
            if key is not None and value is not None:
                yield key, value
            elif isinstance(entry.raw, str):
                yield from ((name, Value(text, root.source, entry.pointer)) for name, text in pairs(entry.raw))
        return
    inner = root.get("Parameters")
    for key, value in (inner if inner is not None and isinstance(inner.raw, Mapping) else root).members():
        # Amplify names outputs of other stacks by an object with Fn::GetAtt: what they are is not known here.
        if not isinstance(value.raw, Mapping):
            yield key, value


def _of_toml(content: bytes, path: str) -> Iterator[tuple[str, str]]:
    """parameter_overrides of the environment ``default``, else of the only one."""
    try:
        found = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}", HINT) from None
    environments = {key: value for key, value in found.items() if isinstance(value, dict)}
    chosen = environments.get("default") or (next(iter(environments.values())) if len(environments) == 1 else {})
    for command in ("global", "deploy"):
        section: Any = chosen.get(command)
        parameters = section.get("parameters") if isinstance(section, dict) else None
        given = parameters.get("parameter_overrides") if isinstance(parameters, dict) else None
        for text in given if isinstance(given, list) else [given]:
            if isinstance(text, str):
                yield from pairs(text)


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """``KEY=VALUE KEY2="VALUE 2"``, or the long form of the AWS CLI."""
    for found in (_LONG if "ParameterKey=" in text else _PAIR).finditer(text):
        value = found[2]
        if value[:1] in ('"', "'") and value[-1:] == value[:1] and len(value) > 1:
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        yield found[1], value
