"""Templates of one run → worlds: what is deployed together is judged together, and nothing else.

A template is a world of its own, but for its nested stacks, the stacks of one cdk.out, and templates that import from
one another.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from os.path import dirname, isfile, join, normpath

from permcheck.frozen import dataclass
from permcheck.model.facts import Facts
from permcheck.model.location import NotRead
from permcheck.sources.cloudformation import amplify
from permcheck.sources.cloudformation.stack import Notes, Stack
from permcheck.sources.cloudformation.text import Text
from permcheck.sources.declared import Declared, Value, Where, write
from permcheck.sources.files.builder import build
from permcheck.sources.files.gathered import Gathered

STACK = "AWS::CloudFormation::Stack"
Read = Callable[[str], Text | None]


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """One template file of the run. group: of what it is deployed with, empty for none."""

    source: str
    text: Text
    where: Where
    parameters: Mapping[str, Value]
    group: str = ""
    sentences: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class _World:
    """Stacks that are deployed together."""

    stacks: list[tuple[Template, Stack]] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    sources: list[str] = field(default_factory=list)


def worlds(templates: Sequence[Template], read: Read) -> Iterator[Facts]:
    """The facts of each world, in the order of its first template. read: the text of a file that a template names."""
    by_source = {normpath(template.source): template for template in templates}
    nested = {path for template in templates for path in _named_by(template) if path in by_source}
    nested -= {normpath(template.source) for template in templates if template.group}
    tops = [template for template in templates if normpath(template.source) not in nested]
    made: list[_World] = []
    groups: dict[str, _World] = {}
    for template in tops:
        world = groups.get(template.group) if template.group else None
        if world is None:
            world = _World()
            made.append(world)
            if template.group:
                groups[template.group] = world
        stack = Stack(template.text.root, template.where, template.parameters, world.notes, template.source, read=read)
        world.stacks.append((template, stack))
        world.sources.append(template.source)
        _nest(stack, world, read, (normpath(template.source),))
    for world in _joined(made):
        yield _facts(world)


def _named_by(template: Template) -> Iterator[str]:
    """Paths of the files that a template's nested stacks name."""
    resources = template.text.root.get("Resources")
    for _, resource in resources.members() if resources is not None else ():
        path = _path_of(resource, template.source)
        if path is not None:
            yield path


def _path_of(resource: Value, source: str) -> str | None:
    """The file of a nested stack, where its template says one: a local path, or the asset of the CDK."""
    if resource.text("Type") not in (STACK, "AWS::Serverless::Application"):
        return None
    asset = resource.at("Metadata", "aws:asset:path")
    properties = resource.get("Properties")
    url = properties.get("TemplateURL") or properties.get("Location") if properties is not None else None
    named = asset.text() if asset is not None else url.text() if url is not None else None
    if named is None or "://" in named or "\0" in named:
        return None
    return normpath(join(dirname(source), named))


def _nest(stack: Stack, world: _World, read: Read, above: tuple[str, ...]) -> None:
    """Give a stack its nested stacks, as far as their files are at hand."""
    for logical, written in stack.written.items():
        if stack.kind(logical) != STACK or not stack.exists(logical):
            continue
        path = _path_of(written, stack.path)
        text = read(path) if path is not None and path not in above and isfile(path) else None
        if path is None or text is None:
            error = f"the template of the nested stack {logical} is not at hand"
            stack.gap(written, error, "what it creates is not in view")
            continue
        world.sources.append(path)
        parameters = stack.properties(logical).get("Parameters")
        given = dict(parameters.members()) if parameters is not None else {}
        where = Where(stack.where.account, stack.where.region, stack.where.partition, f"{stack.where.stack}-{logical}")
        child = Stack(text.root, where, given, world.notes, path, stack.imported, read)
        stack.children[logical] = child
        _note_problems(text, path, world.notes)
        _nest(child, world, read, (*above, path))


def _note_problems(text: Text, source: str, notes: Notes) -> None:
    notes.accepted.extend(text.accepted)
    for pointer, error in text.problems:
        notes.gap(source, pointer, error, "only the last of the two is used" if "twice" in error else "it is unknown")


def _joined(made: list[_World]) -> list[_World]:
    """Worlds, those joined that import from one another; imports are looked up from here on."""
    exports: dict[str, tuple[_World, Stack, str]] = {}
    for world in made:
        for _, stack in world.stacks:
            for each in _with_children(stack):
                for name, output in each.exports():
                    exports.setdefault(name, (world, each, output))
    into: dict[int, _World] = {id(world): world for world in made}
    for world in made:

        def imported(name: str, asking: _World = world) -> Value | None:
            found = exports.get(name)
            return found[1].output(found[2]) if found is not None else None

        for template, stack in world.stacks:
            for each in _with_children(stack):
                each.imported = imported
            for name in _imports(template.text.root, stack):
                if name in exports:
                    _merge(into, exports[name][0], world)
    kept: list[_World] = []
    for world in made:
        target = into[id(world)]
        if target is not world:
            target.stacks.extend(world.stacks)
            target.sources.extend(world.sources)
            target.notes.gaps.extend(world.notes.gaps)
            target.notes.assumptions.update(world.notes.assumptions)
            target.notes.accepted.extend(world.notes.accepted)
            for _, stack in world.stacks:
                for each in _with_children(stack):
                    each.notes = target.notes
        else:
            kept.append(world)
    return kept


def _merge(into: dict[int, _World], one: _World, other: _World) -> None:
    first, second = into[id(one)], into[id(other)]
    if first is not second:
        for key, world in into.items():
            if world is second:
                into[key] = first


def _with_children(stack: Stack) -> Iterator[Stack]:
    yield stack
    for child in stack.children.values():
        yield from _with_children(child)


def _imports(value: Value, stack: Stack) -> Iterator[str]:
    """The names that a template imports."""
    pending = [value]
    while pending:
        here = pending.pop()
        if isinstance(here.raw, tuple):
            pending.extend(here.raw)
        elif isinstance(here.raw, Mapping):
            asked = here.raw.get("Fn::ImportValue")
            if asked is not None:
                name = stack.resolver.resolve(asked).text()
                if name is not None:
                    yield name
            pending.extend(here.raw.values())


def _facts(world: _World) -> Facts:
    declared: list[Declared] = []
    gathered = Gathered()
    for template, stack in world.stacks:
        _note_problems(template.text, template.source, world.notes)
        found = list(stack.declared())
        declared.extend(amplify.with_trusts(found, world.notes))
        gathered.assumptions.update(template.sentences)
    write(declared, gathered)
    gathered.assumptions.update(world.notes.assumptions)
    for said in dict.fromkeys(world.notes.accepted):
        if isinstance(said, NotRead):
            gathered.not_read.append(said)
        else:
            gathered.suppressions.append(said)
    for source, pointer, error, effect in world.notes.gaps:
        gathered.not_read.append(NotRead(source, error, effect, pointer))
    return build(gathered, sorted(dict.fromkeys(world.sources)))
