"""Text of a template → Values with pointers: JSON or YAML, short tags written out, secrets dropped, bombs refused.

CloudFormation User Guide, "Template format": short forms are YAML tags. Dates and octal numbers stay text.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from permcheck.frozen import dataclass
from permcheck.model.location import NotRead
from permcheck.model.suppression import Suppression
from permcheck.policy.parse import Repeated, escape, repeated_keys
from permcheck.sources.declared.value import Scalar, Value, unknown
from permcheck.sources.files.reader import DEEP, HOLDS_KEY, Problem, holds_key

LARGEST = 400_000  # values, aliases written out; the largest template AWS takes (1 MB) has a tenth
_PLAIN_TAGS = ("Ref", "Condition")
_FUNCTIONS = frozenset(
    (
        *"And Base64 Cidr Contains EachMemberEquals EachMemberIn Equals FindInMap GetAtt GetAZs If ImportValue".split(),
        *"Join Length Not Or RefAll Select Split Sub ToJsonString Transform ValueOf ValueOfAll".split(),
    )
)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d{0,14})")
_FLOAT = re.compile(r"[-+]?\d+\.\d*(?:[eE][-+]?\d+)?")
_NULLS = ("", "~", "null", "Null", "NULL")
_TRUTHS = {"true": True, "false": False}  # "yes" and "on" stay text, which a name may be; Value.flag knows them


class Unreadable(Exception):
    """Why a text is no template."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.error)
        self.problem = problem


Accepted = tuple[Suppression | NotRead, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """What one file holds. root: its one document; problems: parts that could not be read, as (pointer, error).

    accepted: the findings that its authors accept, in metadata and comments.
    """

    root: Value
    problems: tuple[tuple[str, str], ...]
    accepted: Accepted = ()


def read(content: bytes | str, source: str) -> Text:
    """Read a template. Raises Unreadable."""
    text = content if isinstance(content, str) else _decoded(content)
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:1] in ("{", "["):
        try:
            plain = json.loads(text, object_pairs_hook=_as_object, strict=False)
        except RecursionError:
            raise Unreadable(Problem("nested too deeply to be read")) from None
        except json.JSONDecodeError as error:
            broken = Problem(f"broken JSON: {error.msg[:1].lower()}{error.msg[1:]}", error.lineno, error.colno)
            if "!" not in text and "#" not in text:
                raise Unreadable(broken) from None
        except ValueError:
            raise Unreadable(Problem("a number with thousands of digits")) from None
        else:
            problems = [(at, f"the key {key!r} stands twice in one object") for at, key in repeated_keys(plain)]
            root = _from_plain(plain, source, "", 0)
            return Text(root, tuple(problems), _accepted(text, root, None))
    return _Yaml(source).read(text)


def _accepted(text: str, root: Value, node: Any) -> Accepted:
    """What metadata and comments accept. node: the text composed, where it is YAML."""
    if "permcheck" not in text:
        return ()
    from permcheck.sources.declared.acceptances import of_comments, of_metadata

    resources = root.get("Resources")
    holders = {name: each.get("Metadata") for name, each in (resources.members() if resources is not None else ())}
    shape: dict[str, Any] = {
        "Metadata": _plain_of(root.get("Metadata")),
        "Resources": {name: {"Metadata": _plain_of(found)} for name, found in holders.items() if found is not None},
    }
    comments = of_comments(text, node, root.source) if node is not None else ()
    return (*of_metadata(shape, root.source), *comments)


def _plain_of(value: Value | None) -> Any:
    return value.plain() if value is not None else None


def _decoded(content: bytes) -> str:
    encoding = json.detect_encoding(content) if content[:4].strip() else "utf-8"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if b"\0" in content[:1024]:
            raise Unreadable(Problem("a binary file, not a template", 1, 1)) from None
        before = content[: error.start].decode(encoding, "replace")
        wrong = f"not UTF-8 text: byte 0x{content[error.start]:02x} has no meaning there"
        problem = Problem(wrong, before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise Unreadable(problem) from None


def _as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        made = Repeated(made)
        keys = [key for key, _ in pairs]
        made.repeated = next(key for key in keys if keys.count(key) > 1)
    environment = made.get("Environment")
    if isinstance(environment, dict) and "Variables" in environment:
        # Values of environment variables are secrets: gone before anything else sees them.
        held = holds_key(made.pop("Environment"))
        if held:
            made[HOLDS_KEY] = True
    return made


def _from_plain(plain: Any, source: str, pointer: str, depth: int) -> Value:
    if depth > DEEP:
        raise Unreadable(Problem("nested too deeply to be read"))
    if isinstance(plain, dict):
        made = {k: _from_plain(v, source, f"{pointer}/{escape(k)}", depth + 1) for k, v in plain.items()}
        return Value(made, source, pointer)
    if isinstance(plain, list):
        listed = (_from_plain(v, source, f"{pointer}/{i}", depth + 1) for i, v in enumerate(plain))
        return Value(tuple(listed), source, pointer)
    return Value(plain, source, pointer)


class _Yaml:
    def __init__(self, source: str) -> None:
        self._source = source
        self._problems: list[tuple[str, str]] = []
        self._made = 0

    def read(self, text: str) -> Text:
        import yaml

        try:
            node = yaml.compose(text, Loader=yaml.CBaseLoader)
        except RecursionError:
            raise Unreadable(Problem("nested too deeply to be read")) from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            said = " ".join(str(error.problem or error.context or "broken").split())
            place = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
            raise Unreadable(Problem(f"broken YAML: {said}", *place)) from None
        except yaml.YAMLError as error:
            raise Unreadable(Problem(f"broken YAML: {' '.join(str(error).split())}")) from None
        if node is None:
            raise Unreadable(Problem("it is empty", 1, 1))
        root = self._value(node, "", ())
        return Text(root, tuple(self._problems), _accepted(text, root, node))

    def _value(self, node: Any, pointer: str, above: tuple[int, ...]) -> Value:
        """A node and all below it; above: the nodes it stands in, to notice a circle of aliases."""
        self._made += 1
        if self._made > LARGEST:
            raise Unreadable(Problem("its aliases expand to more than can be read", node.start_mark.line + 1))
        if id(node) in above or len(above) > DEEP:
            error = "an alias stands for itself" if id(node) in above else "nested too deeply to be read"
            raise Unreadable(Problem(error, node.start_mark.line + 1, node.start_mark.column + 1))
        tag = node.tag or ""
        if not tag.startswith("!") or tag == "!":
            return Value(self._plain(node, pointer, above), self._source, pointer)
        name = tag[1:]
        if name in _PLAIN_TAGS or name in _FUNCTIONS:
            inner = Value(self._plain(node, pointer, above, tagged=True), self._source, pointer)
            if name == "GetAtt" and isinstance(inner.raw, str):
                parts = inner.raw.split(".", 1)
                inner = Value(tuple(Value(p, self._source, pointer) for p in parts), self._source, pointer)
            return Value({name if name in _PLAIN_TAGS else f"Fn::{name}": inner}, self._source, pointer)
        self._problems.append((pointer, f"there is no tag {tag[:40]}"))
        return Value(unknown(name), self._source, pointer)

    def _plain(self, node: Any, pointer: str, above: tuple[int, ...], tagged: bool = False) -> Any:
        here = (*above, id(node))
        if node.id == "sequence":
            return tuple(self._value(each, f"{pointer}/{i}", here) for i, each in enumerate(node.value))
        if node.id == "mapping":
            return self._members(node, pointer, here)
        return node.value if tagged or node.style or node.tag == "!" else _scalar(node.value)

    def _members(self, node: Any, pointer: str, above: tuple[int, ...]) -> dict[str, Value]:
        made: dict[str, Value] = {}
        merged: dict[str, Value] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                self._problems.append((pointer, "a key is a text, not a list or an object"))
                continue
            key = key_node.value
            if key == "<<":
                for other in value_node.value if value_node.id == "sequence" else [value_node]:
                    if other.id == "mapping":
                        for name, value in self._members(other, f"{pointer}/<<", (*above, id(other))).items():
                            merged.setdefault(name, value)
                continue
            if key in made:
                self._problems.append((pointer, f"the key {key!r} stands twice in one object"))
            if key == "Environment" and _has_variables(value_node):
                # Values of environment variables are secrets: gone before anything else sees them.
                if any(holds_key({"Variables": {"x": text}}) for text in _texts(value_node)):
                    made[HOLDS_KEY] = Value(True, self._source, pointer)
                continue
            made[key] = self._value(value_node, f"{pointer}/{escape(key)}", above)
        return merged | made


def _has_variables(node: Any) -> bool:
    return node.id == "mapping" and any(key.value == "Variables" for key, _ in node.value)


def _texts(node: Any) -> Iterator[str]:
    """The texts below a node, each node once."""
    pending, seen = [node], set()
    while pending:
        here = pending.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        if here.id == "scalar":
            yield here.value
        elif here.id == "sequence":
            pending.extend(here.value)
        else:
            pending.extend(value for _, value in here.value)


def _scalar(text: str) -> Scalar:
    """An unquoted text by the core of YAML 1.1, without dates and octal numbers: 012345678901 is an account."""
    if text in _NULLS:
        return None
    truth = _TRUTHS.get(text.lower())
    if truth is not None:
        return truth
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
