"""Which rules there are: those of the package, of installed plugins, and of folders the user names. Rules are code."""

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from permcheck.errors import ConfigError, UsageError
from permcheck.rule import Rule


def rules(folders: Sequence[str] = ()) -> tuple[Rule, ...]:
    """Every rule, by id. Raises ConfigError where two rules share an id or a folder cannot be loaded."""
    found: dict[str, Rule] = {}
    for rule in (*_shipped(), *_plugins(), *(r for folder in folders for r in _in_folder(folder))):
        if rule.id in found:
            raise ConfigError(f"two rules have the id {rule.id}: {found[rule.id].name} and {rule.name}")
        found[rule.id] = rule
    return tuple(found[key] for key in sorted(found))


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
            yield loaded()
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
        except Exception as error:
            raise ConfigError(f"{path} cannot be loaded: {error}") from error
        yield from _rules_in(module)


def _rules_in(module: ModuleType) -> Iterator[Rule]:
    for value in vars(module).values():
        ours = isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module.__name__
        if ours and "id" in vars(value):
            yield value()
