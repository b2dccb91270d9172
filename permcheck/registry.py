"""Which rules there are: those of the package, of installed plugins, and of folders the user names. Rules are code."""

import importlib
import importlib.util
import inspect
import pkgutil
import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from permcheck.errors import ConfigError, UsageError
from permcheck.model import CONFIDENCES, SEVERITIES
from permcheck.rule import Rule, traits


def rules(folders: Sequence[str] = ()) -> tuple[Rule, ...]:
    """Every rule, by id. Raises ConfigError where one cannot be loaded or is not whole, or two share an id or name."""
    by_id: dict[str, Rule] = {}
    by_name: dict[str, Rule] = {}
    for rule in (*_shipped(), *_plugins(), *(r for folder in dict.fromkeys(folders) for r in _in_folder(folder))):
        for known, what, own in ((by_id, "id", rule.id), (by_name, "name", rule.name)):
            other = known.setdefault(own, rule)
            if other is not rule:
                raise ConfigError(f"{_place(type(rule))}: the {what} {own} is that of {other.id} {other.name} already")
    return tuple(by_id[key] for key in sorted(by_id))


def find(name: str, folders: Sequence[str] = ()) -> Rule:
    """The rule with this id or name, in any case. Raises UsageError."""
    known = rules(folders)
    for rule in known:
        if name.upper() == rule.id or name.lower() == rule.name:
            return rule
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), [*(r.id.lower() for r in known), *(r.name for r in known)], n=3, cutoff=0.4)
    hint = f"did you mean {', '.join(near)}?" if near else "permcheck rules lists them"
    raise UsageError(f"no rule is called {name!r}", hint)


@lru_cache(maxsize=1)
def _shipped() -> tuple[Rule, ...]:
    import permcheck.rules as package

    return tuple(rule for module in _modules(package) for rule in _rules_in(module))


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for entry in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not entry.ispkg:
            yield importlib.import_module(entry.name)


def _plugins() -> Iterator[Rule]:
    for entry in sorted(entry_points(group="permcheck.rules"), key=lambda e: e.name):
        loaded = entry.load()
        if isinstance(loaded, ModuleType):
            yield from _rules_in(loaded)
        elif isinstance(loaded, type) and issubclass(loaded, Rule):
            yield _made(loaded)
        else:
            raise ConfigError(f"the plugin {entry.name} names neither a module nor a Rule class")


def _in_folder(folder: str) -> Iterator[Rule]:
    """The rules of a folder the user named with --rules."""
    root = Path(folder)
    if not root.is_dir():
        raise UsageError(f"{folder} is no folder of rules")
    for path in sorted(root.rglob("*.py")):
        if path.name.startswith("_"):
            continue
        name = f"permcheck_folder_rules.{path.relative_to(root).with_suffix('').as_posix().replace('/', '.')}"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ConfigError(f"{path} is no Python file")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # also sys.exit
            raise ConfigError(f"{_line_of(error, path)} cannot be loaded: {_said(error)}") from error
        yield from _rules_in(module)


def _rules_in(module: ModuleType) -> Iterator[Rule]:
    for value in vars(module).values():
        ours = isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module.__name__
        if ours and "id" in vars(value):
            yield _made(value)


def _made(rule: type[Rule]) -> Rule:
    """The rule, once it is certain that it says what every rule has to. Raises ConfigError."""
    wrong = _wrong(rule)
    if wrong:
        raise ConfigError(f"{_place(rule)}: {wrong}")
    try:
        return rule()
    except Exception as error:
        raise ConfigError(f"{_place(rule)}: {rule.__name__} cannot be made: {_said(error)}") from error


def _wrong(rule: type[Rule]) -> str:
    for attribute, form, like in _FORMS:
        value = getattr(rule, attribute, None)
        if not isinstance(value, str) or not form.fullmatch(value):
            said = f"not {value!r}" if hasattr(rule, attribute) else "and there is none"
            return f"the {attribute} of {rule.__name__} is {like}, {said}"
    if not isinstance(rule.concerns, tuple) or not all(isinstance(word, str) for word in rule.concerns):
        return f"the concerns of {rule.__name__} are a tuple of texts, not {rule.concerns!r}"
    for word in rule.concerns:
        for hook, shown in _SHOWN.items():
            acts = shown is traits.OF_CALLERS and _ACTION.fullmatch(word)
            if hook in vars(rule) and word not in shown and not acts:
                return f"{rule.__name__} concerns {word!r}, which nothing shows that {hook} is given"
    return ""


def _place(rule: type[Rule]) -> str:
    """``file:line`` of a rule's class."""
    try:
        return f"{inspect.getsourcefile(rule)}:{inspect.getsourcelines(rule)[1]}"
    except (OSError, TypeError):
        return rule.__module__


def _line_of(error: BaseException, path: Path) -> str:
    """Where in the file the loading of it ended."""
    if isinstance(error, SyntaxError) and error.filename == str(path) and error.lineno:
        return f"{path}:{error.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f"{path}:{lines[-1]}" if lines else str(path)


def _said(error: BaseException) -> str:
    """An exception in one line."""
    said = error.msg if isinstance(error, SyntaxError) else " ".join(str(error).split())
    kind = "sys.exit is called" if isinstance(error, SystemExit) else type(error).__name__
    return f"{kind}: {said}" if said else kind


_ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+")
# What a rule may concern, by what its hook is given; actions beside that of callers.
_SHOWN = {
    "check_function": traits.OF_FUNCTIONS,
    "check_caller": traits.OF_CALLERS,
    "check_role": traits.OF_CALLERS,
    "check_statement": traits.OF_STATEMENTS,
}
# What every rule has to say, and how.
_FORMS = (
    ("id", re.compile(r"[A-Z][A-Z0-9_-]*[0-9]+"), "capitals and a number, such as PC901"),
    ("name", re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"), "words in lower case with hyphens between them"),
    ("severity", re.compile("|".join(SEVERITIES)), f"one of {', '.join(SEVERITIES)}"),
    ("confidence", re.compile("|".join(CONFIDENCES)), f"one of {', '.join(CONFIDENCES)}"),
)
