"""What an argument refers to, where its value is known only after the deploy.

A plan tells the value of an argument, or that it is unknown; how the argument was written it tells only by the names
that stand in it (Terraform, "JSON Output Format", "Expression Representation"). So ``role = aws_iam_role.x.arn`` and
``"${aws_iam_role.x.arn}/*"`` look alike. An argument that refers to one attribute is taken to be that attribute, except
where something usually follows it: there, what follows is unknown.
"""

import re
from collections.abc import Iterator
from typing import Any

from permcheck.frozen import dataclass
from permcheck.sources.terraform.plan import Plan, Planned

_HEAD = re.compile(r'(?P<head>(?:data\.)?[\w-]+\.[\w-]+)(?P<index>\["(?:[^"\\]|\\.)*"\]|\[\d+\])?(?:\.(?P<rest>.*))?')
_MODULE = re.compile(r'module\.(?P<name>[\w-]+)(?P<index>\["(?:[^"\\]|\\.)*"\]|\[\d+\])?\.(?P<out>[\w-]+)')
# They pick an instance of a block, and are nothing that an argument could stand for.
_OF_INSTANCES = ("each.", "count.")
DEEP = 20  # modules that hand a value on


@dataclass(frozen=True, slots=True)
class Target:
    """An attribute of a planned resource; attribute is empty where the plan does not name one."""

    planned: Planned
    attribute: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands in the configuration."""

    value: Any


Found = Target | Constant | None


class References:
    """Looks up what expressions refer to."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def of(self, expression: Any, module: str, index: str = "", depth: int = 0) -> Found:
        """The one thing an expression refers to; None where it is several, or something that no plan tells.

        index: of the resource or module that asks: one instance of a block refers to that of the same index.
        """
        if not isinstance(expression, dict) or depth > DEEP:
            return None
        if "constant_value" in expression:
            return Constant(expression["constant_value"])
        names = list(_whole_names(expression.get("references")))
        if len(names) != 1:
            return None
        if _chosen_by_value(expression["references"]):
            index = ""
        return self._named(names[0], module, index, depth)

    def several(self, expression: Any, module: str, index: str = "") -> list[Found]:
        """Everything an expression refers to, in its order."""
        if not isinstance(expression, dict):
            return []
        return [self._named(name, module, index, 0) for name in _whole_names(expression.get("references"))]

    def _named(self, name: str, module: str, index: str, depth: int) -> Found:
        if name.startswith("var."):
            return self._variable(name.removeprefix("var."), module, index, depth)
        if name.startswith("module."):
            return self._output(name, module, index, depth)
        found = _HEAD.fullmatch(name)
        if found is None:
            return None
        planned = self._instance(module, found["head"], found["index"] or "", index)
        return Target(planned, (found["rest"] or "").partition("[")[0]) if planned is not None else None

    def _instance(self, module: str, head: str, index: str, asker: str) -> Planned | None:
        instances = self._plan.of_block(module, head)
        if len(instances) == 1 and not index:
            return instances[0]
        wanted = index or asker
        return next((each for each in instances if each.index == wanted), None)

    def _variable(self, name: str, module: str, index: str, depth: int) -> Found:
        if re.search(r"[.\[]", name):
            return None  # a part of a variable, and the plan tells the whole
        called = self._plan.call_configuration(module)
        variables = self._plan.module_configuration(module)[0].get("variables")
        written = variables.get(name) if isinstance(variables, dict) else None
        if isinstance(written, dict) and written.get("sensitive") is True:
            return None  # no secret is kept
        if called is None:
            value = self._plan.variable(name)
            return Constant(value) if value is not None else None
        call, above = called
        given = call.get("expressions")
        if isinstance(given, dict) and name in given:
            return self.of(given[name], above, index, depth + 1)
        return Constant(written["default"]) if isinstance(written, dict) and "default" in written else None

    def _output(self, name: str, module: str, index: str, depth: int) -> Found:
        found = _MODULE.match(name)
        if found is None:
            return None
        head = f"{module}.module.{found['name']}" if module else f"module.{found['name']}"
        inner = head + (found["index"] or "")
        outputs = self._plan.module_configuration(inner)[0].get("outputs")
        output = outputs.get(found["out"]) if isinstance(outputs, dict) else None
        if not isinstance(output, dict):
            return None
        for candidate in dict.fromkeys((inner, head + index)):
            answer = self.of(output.get("expression"), candidate, index, depth + 1)
            if answer is not None:
                return answer
        return None


def _chosen_by_value(references: list[Any]) -> bool:
    """Whether one of many may be chosen by each.value, which need not be the key of the instance that asks."""
    return any(isinstance(name, str) and re.fullmatch(r"each\.value\b.*", name) for name in references)


def _whole_names(references: Any) -> Iterator[str]:
    """The names in an expression, each as long as it was written: behind each name a plan repeats its beginnings."""
    if not isinstance(references, list):
        return
    last = ""
    seen: set[str] = set()
    for name in references:
        if not isinstance(name, str) or name.startswith(_OF_INSTANCES):
            continue
        beginning = last.startswith(name) and last[len(name) : len(name) + 1] in (".", "[", "")
        if not beginning and name not in seen:
            seen.add(name)
            yield name
        last = last if beginning else name
