"""What ``terraform show -json`` prints of a plan or a state: its resources, and how each was written.

Terraform documentation, "JSON Output Format" (format versions 0.1 to 1.2). Only what the format promises is used.
"""

import re
from collections.abc import Container, Iterator, Mapping
from typing import Any

from permcheck.frozen import dataclass

Json = Mapping[str, Any]
_STEP = re.compile(r'module\.([\w-]+)((?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])?)')
AWS = "aws"


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """One resource (or data source) as it will be, or is.

    address: with its module and index. module: address of the module it is in, empty for the root. index: ``[0]``,
    ``["key"]`` or empty. values: what is known. unknown: the same shape, true for what is known only after the deploy.
    sensitive: the same, true for what Terraform would not show. expressions: how the arguments are written. provider:
    key of its provider's configuration. pointer: of the resource; written: of its block in the configuration.
    """

    address: str
    type: str
    name: str
    module: str
    index: str
    values: Json
    unknown: Any
    sensitive: Any
    expressions: Json
    provider: str
    is_read: bool
    pointer: str
    written: str


class Plan:
    """A plan or state. Raises nothing: what has another shape than promised is as if it were not there."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.is_state = "planned_values" not in document
        self.configuration = _object(document.get("configuration"))
        self._changes = {
            str(each.get("address")): _object(each.get("change")) for each in _objects(document.get("resource_changes"))
        }
        planned = list(self._planned())
        self.resources = [*planned, *self._read_only({each.address for each in planned})]

    def of_block(self, module: str, head: str) -> list[Planned]:
        """All instances of one block. head: ``TYPE.NAME``, with ``data.`` before it for a data source."""
        start = f"{module}.{head}" if module else head
        return [each for each in self.resources if each.address.removesuffix(each.index) == start]

    def module_configuration(self, module: str) -> tuple[Json, str]:
        """The configuration of a module by the address of an instance, and its pointer."""
        found, pointer = _object(self.configuration.get("root_module")), "/configuration/root_module"
        for step in _STEP.finditer(module):
            found = _object(_object(_object(found.get("module_calls")).get(step[1])).get("module"))
            pointer += f"/module_calls/{step[1]}/module"
        return found, pointer

    def call_configuration(self, module: str) -> tuple[Json, str] | None:
        """The call of a module: its configuration, and the address of the module that calls it."""
        steps = list(_STEP.finditer(module))
        if not steps:
            return None
        above = module[: steps[-1].start()].rstrip(".")
        calls = _object(self.module_configuration(above)[0].get("module_calls"))
        return _object(calls.get(steps[-1][1])), above

    def variable(self, name: str) -> Any:
        """The value of a variable of the root module; None where none is told."""
        return _object(_object(self.document.get("variables")).get(name)).get("value")

    def _planned(self) -> Iterator[Planned]:
        key = "values" if self.is_state else "planned_values"
        yield from self._in_module(_object(_object(self.document.get(key)).get("root_module")), f"/{key}/root_module")

    def _read_only(self, planned: Container[str]) -> Iterator[Planned]:
        """Data sources that are read before the plan is made: their values are in the state before it."""
        before = _object(_object(self.document.get("prior_state")).get("values"))
        pointer = "/prior_state/values/root_module"
        for each in self._in_module(_object(before.get("root_module")), pointer):
            if each.is_read and each.address not in planned:
                yield each

    def _in_module(self, module: Json, pointer: str) -> Iterator[Planned]:
        address = str(module.get("address") or "")
        configuration, place = self.module_configuration(address)
        blocks = {
            (str(block.get("mode")), str(block.get("type")), str(block.get("name"))): (block, f"{place}/resources/{i}")
            for i, block in enumerate(_objects(configuration.get("resources")))
        }
        for i, each in enumerate(_objects(module.get("resources"))):
            key = (str(each.get("mode")), str(each.get("type")), str(each.get("name")))
            block, written = blocks.get(key, ({}, ""))
            yield self._resource(each, address, block, f"{pointer}/resources/{i}", written)
        for i, child in enumerate(_objects(module.get("child_modules"))):
            yield from self._in_module(child, f"{pointer}/child_modules/{i}")

    def _resource(self, each: Json, module: str, block: Json, pointer: str, written: str) -> Planned:
        is_read = each.get("mode") == "data"
        kind, name = str(each.get("type") or ""), str(each.get("name") or "")
        head = f"data.{kind}.{name}" if is_read else f"{kind}.{name}"
        start = f"{module}.{head}" if module else head
        index = each.get("index")
        tail = "" if index is None else f"[{index}]" if isinstance(index, int) else f'["{index}"]'
        change = self._changes.get(str(each.get("address") or start + tail), {})
        return Planned(
            start + tail,
            kind,
            name,
            module,
            tail,
            _object(each.get("values")),
            change.get("after_unknown"),
            each.get("sensitive_values") or change.get("after_sensitive"),
            _object(block.get("expressions")),
            str(block.get("provider_config_key") or AWS),
            is_read,
            pointer,
            written,
        )


def is_plan(document: object) -> bool:
    """Whether a JSON document is a plan or state as ``terraform show -json`` (or OpenTofu) prints it."""
    if not isinstance(document, dict) or not isinstance(document.get("format_version"), str):
        return False
    return "planned_values" in document or "terraform_version" in document or "resource_changes" in document


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
