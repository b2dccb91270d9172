"""One template in one place: its parameters, conditions and resources, each worked out when it is first asked for.

CloudFormation Template Reference, "Intrinsic function reference".
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from os.path import dirname, join, normpath

from permcheck.model.location import NotRead
from permcheck.model.suppression import Suppression
from permcheck.sources.cloudformation import loops
from permcheck.sources.cloudformation.conditions import Conditions
from permcheck.sources.cloudformation.functions import Resolver, under
from permcheck.sources.cloudformation.references import attribute, pseudo, ref
from permcheck.sources.cloudformation.text import Text
from permcheck.sources.declared import TYPES, Declared, Names, Value, Where, names, unknown
from permcheck.sources.declared.names import NAMING

_LISTS = ("CommaDelimitedList", "List<")
# AWS's own macros: the first is translated, the second worked out, and the others make nothing that is looked at.
_KNOWN = ("AWS::Serverless-", "AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen", "AWS::SecretsManager-")
_FROM_SSM = "AWS::SSM::Parameter::"


@dataclass(slots=True)
class Notes:
    """What is to be said of a stack: gaps as (value or pointer, error, effect), and sentences taken for granted."""

    gaps: list[tuple[str, str, str, str]] = field(default_factory=list)  # source, pointer, error, effect
    assumptions: dict[str, None] = field(default_factory=dict)
    accepted: list[Suppression | NotRead] = field(default_factory=list)

    def gap(self, source: str, pointer: str, error: str, effect: str) -> None:
        """Note something that cannot be known."""
        self.gaps.append((source, pointer, error, effect))


class Stack:
    """A template with its parameters. imports: finds the value of an export by name; children: nested stacks."""

    def __init__(
        self,
        root: Value,
        where: Where,
        given: Mapping[str, Value],
        notes: Notes,
        path: str = "",
        imported: Callable[[str], Value | None] = lambda _: None,
        read: Callable[[str], Text | None] = lambda _: None,
    ) -> None:
        self.root, self.where, self.notes, self.path = root, where, notes, path
        self.imported = imported
        self._read = read
        self.children: dict[str, Stack] = {}
        self.resolver = Resolver(self)
        self.conditions = Conditions(root, self.resolver.resolve, self.gap)
        self._given = given
        self._names: dict[str, Names] = {}
        self._parameters: dict[str, Value] = {}
        self._outputs: dict[str, Value] = {}
        self._busy: set[str] = set()
        self._properties: dict[str, Value] = {}
        self.mappings = root.get("Mappings")
        self.written: dict[str, Value] = {}
        self.written = self._resources()

    def gap(self, at: Value, error: str, effect: str) -> None:
        """Note something that cannot be known."""
        self.notes.gap(at.source, at.pointer, error, effect)

    def included(self, named: str) -> Value | None:
        """The content of a file that AWS::Include puts in, where it is at hand."""
        if "://" in named or "\0" in named:
            return None
        text = self._read(normpath(join(dirname(self.path), named)))
        return text.root if text is not None else None

    def _resources(self) -> dict[str, Value]:
        found = self.root.get("Resources")
        if found is None:
            return {}
        self._macros(found)
        expanded = loops.expanded(found, self.resolver.resolve, self.gap)
        return {logical: value for logical, value in expanded if value.text("Type") and not logical.startswith("Fn::")}

    def _macros(self, resources: Value) -> None:
        """Note what is made at the deploy only: by macros over the whole template, or in place of resources."""
        for entry in self.root.entries("Transform"):
            name = entry.text() or entry.text("Name") or "a macro"
            if not name.startswith(_KNOWN) or name == "AWS::Include":
                self.gap(entry, f"{name} rewrites the template at deploy", "what it adds or changes is unknown")
        macro = resources.get("Fn::Transform")
        if macro is not None:
            name = macro.text("Name") or "a macro"
            self.gap(macro, f"{name} puts resources in at deploy", "what they are is unknown")

    def exists(self, logical: str) -> bool:
        """Whether a resource is created; one whose condition is not known is taken to be."""
        value = self.written.get(logical)
        condition = value.text("Condition") if value is not None else None
        if value is None or condition is None:
            return value is not None
        holds = self.conditions.holds(condition, value)
        if holds is None:
            self.notes.assumptions[
                f"The condition {condition} is not known before deploy: what hangs on it is taken to be created."
            ] = None
        return holds is not False

    def _open_condition(self, logical: str) -> tuple[str, ...]:
        """The condition of a resource, where nobody knows whether it holds."""
        condition = self.written[logical].text("Condition")
        known = condition is None or self.conditions.holds(condition, self.written[logical]) is not None
        return () if known or condition is None else (condition,)

    def kind(self, logical: str) -> str:
        """The type of a resource."""
        return self.written[logical].text("Type") or ""

    def properties(self, logical: str) -> Value:
        """The properties of a resource, worked out."""
        known = self._properties.get(logical)
        if known is None:
            written = self.written[logical]
            found = written.get("Properties")
            if found is None:
                found = Value({}, written.source, f"{written.pointer}")
            known = self._properties[logical] = self.resolver.resolve(found)
        return known

    def names_of(self, logical: str) -> Names:
        """What a resource will be called. A circle of names ends in stand-ins, and is noted."""
        known = self._names.get(logical)
        if known is not None:
            return known
        written = self.written[logical]
        kind = self.kind(logical)
        empty = Value({}, written.source, written.pointer)
        if logical in self._busy:
            error = f"the name of {logical} depends on itself"
            self.notes.gap(written.source, written.pointer, error, "it is taken to be called after its logical name")
            return names(kind, logical, empty, self.where)
        self._busy.add(logical)
        given = written.get("Properties") or empty
        naming = {key: self.resolver.resolve(value) for key, value in given.members() if key in NAMING}
        self._busy.discard(logical)
        found = names(kind, logical, Value(naming, given.source, given.pointer), self.where)
        return self._names.setdefault(logical, found)

    def ref(self, name: str, at: Value) -> Value:
        """The value of Ref."""
        told = pseudo(name, self.where)
        if told is not None:
            return Value(told, at.source, at.pointer)
        if name in self.written:
            text = ref(self.kind(name), self.names_of(name), self.where)
            return Value(text, at.source, at.pointer)
        if self.root.at("Parameters", name) is not None or name in self._given:
            found = self.parameter(name)
            return Value(found.raw, at.source, at.pointer)
        error = f"{name} is no parameter and no resource of this template"
        self.notes.gap(at.source, at.pointer, error, "what it stands for is unknown")
        return Value(unknown(name), at.source, at.pointer)

    def attribute(self, logical: str, name: str, at: Value) -> Value:
        """The value of Fn::GetAtt."""
        if logical not in self.written:
            error = f"{logical} is no resource of this template"
            self.notes.gap(at.source, at.pointer, error, "what it stands for is unknown")
            return Value(unknown(f"{logical}.{name}"), at.source, at.pointer)
        kind = self.kind(logical)
        if kind == "AWS::CloudFormation::Stack" and name.startswith("Outputs."):
            found = self.output_of_child(logical, name.removeprefix("Outputs."))
            if found is not None:
                return Value(found.raw, at.source, at.pointer)
            return Value(unknown(f"{logical}.{name}"), at.source, at.pointer)
        return Value(attribute(kind, logical, name, self.names_of(logical), self.where), at.source, at.pointer)

    def output_of_child(self, logical: str, name: str) -> Value | None:
        """An output of a nested stack that is at hand."""
        child = self.children.get(logical)
        return child.output(name) if child is not None else None

    def output(self, name: str) -> Value | None:
        """The value of an output."""
        found = self.root.at("Outputs", name, "Value")
        key = f"output {name}"
        if found is None or key in self._busy:
            return None
        if name not in self._outputs:
            self._busy.add(key)
            try:
                self._outputs[name] = self.resolver.resolve(found)
            finally:
                self._busy.discard(key)
        return self._outputs[name]

    def exports(self) -> Iterator[tuple[str, str]]:
        """The name of each export with the output it belongs to."""
        outputs = self.root.get("Outputs")
        for name, output in outputs.members() if outputs is not None else ():
            exported = output.at("Export", "Name")
            text = self.resolver.resolve(exported).text() if exported is not None else None
            if text is not None:
                yield text, name

    def parameter(self, name: str) -> Value:
        """The value of a parameter: given, else its default, else unknown."""
        known = self._parameters.get(name)
        if known is None:
            known = self._parameters[name] = self._parameter(name)
        return known

    def _parameter(self, name: str) -> Value:
        declared = self.root.at("Parameters", name)
        kind = (declared.text("Type") if declared is not None else None) or "String"
        given = self._given.get(name)
        value = given if given is not None else declared.get("Default") if declared is not None else None
        place = declared if declared is not None else self.root
        # What a template asks not to be shown is a secret, and no secret is kept.
        secret = declared is not None and declared.flag("NoEcho") is True
        if value is None or secret or kind.startswith(_FROM_SSM):
            return Value(unknown(name), place.source, place.pointer)
        if kind.startswith(_LISTS) and isinstance(value.raw, str) and not value.unknown:
            parts = tuple(Value(part.strip(), value.source, value.pointer) for part in value.raw.split(","))
            return Value(parts if value.raw else (), value.source, value.pointer)
        return self.resolver.marked(value) if not isinstance(value.raw, tuple | Mapping) else value

    def declared(self, hangs_on: tuple[str, ...] = ()) -> Iterator[Declared]:
        """Every resource that is created, with those of nested stacks.

        hangs_on: conditions, not known before deploy, under which this stack itself is created.
        """
        for logical, written in self.written.items():
            if not self.exists(logical):
                continue
            kind = self.kind(logical)
            open_ = (*hangs_on, *self._open_condition(logical))
            if logical in self.children:
                yield from self.children[logical].declared(open_)
                continue
            if kind not in TYPES and not kind.startswith("Custom::"):
                continue
            yield Declared(
                kind,
                logical,
                _not_sure_to_deny(kind, self.properties(logical), open_),
                self.names_of(logical),
                self.where,
                written.source,
                written.pointer,
            )


def _not_sure_to_deny(kind: str, properties: Value, hangs_on: tuple[str, ...]) -> Value:
    """The properties of a policy that may never be created: what it denies is denied under its conditions alone.

    What a whole resource denies in a policy of its own is not meant: without the resource there is nothing to deny.
    """
    if hangs_on and kind == "AWS::IAM::UserToGroupAddition" and isinstance(properties.raw, Mapping):
        # What the group denies its members is not sure either: it may as well be another group.
        group = Value(unknown(hangs_on[-1]), properties.source, properties.pointer)
        return Value({**properties.raw, "GroupName": group}, properties.source, properties.pointer)
    if not hangs_on or not kind.endswith("Policy") or not isinstance(properties.raw, Mapping):
        return properties
    made = dict(properties.raw)
    for key in ("PolicyDocument", "ResourcePolicy"):
        document = properties.get(key)
        if document is None or not isinstance(document.raw, Mapping) or document.get("Statement") is None:
            continue
        written = tuple(_opened(statement, hangs_on) for statement in document.entries("Statement"))
        own = document.raw["Statement"]
        statements = Value(written if isinstance(own.raw, tuple) else written[0].raw, own.source, own.pointer)
        made[key] = Value({**document.raw, "Statement": statements}, document.source, document.pointer)
    return Value(made, properties.source, properties.pointer)


def _opened(statement: Value, hangs_on: tuple[str, ...]) -> Value:
    if statement.text("Effect") == "Deny":
        for condition in hangs_on:
            statement = under(statement, f"deploy:{condition}", "true")
    return statement
