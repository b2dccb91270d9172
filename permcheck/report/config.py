"""The configuration in force, and where each setting comes from: a line of a file, an option, or the default."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from permcheck.config import Config, PublicFunction
from permcheck.model import Suppression
from permcheck.report import objects, words
from permcheck.report.escape import escape
from permcheck.report.findings import encode
from permcheck.report.json import lines
from permcheck.report.style import Style
from permcheck.rule import Rule

DEFAULT = "default"
_NOT_SETTINGS = ("source", "places")


def as_json(config: Config, rules: Iterable[Rule]) -> str:
    """The configuration as one JSON object of schema 1, described by config.schema.json."""
    known = list(rules)
    run = [rule.id for rule in known if config.wants(rule.id, rule.name)]
    return lines(
        {
            "schema": objects.SCHEMA,
            "source": config.source,
            "settings": ({"name": name, "value": value, "from": at} for name, value, at in settings(config)),
            "rules": {"run": run, "left_out": [rule.id for rule in known if rule.id not in run]},
        }
    )


def as_text(config: Config, rules: Iterable[Rule], style: Style) -> str:
    """The configuration for people: a line for each setting, and below a list of tables one for each entry."""
    return "\n".join(_lines(config, list(rules), style)) + "\n"


def settings(config: Config) -> Iterator[tuple[str, Any, str]]:
    """Each setting by the name it is written under: its value as JSON, and where it comes from."""
    for field in fields(config):
        if field.name not in _NOT_SETTINGS:
            value = _plain(getattr(config, field.name))
            yield field.name, value, config.places.get(field.name, DEFAULT)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_entry(each) for each in value]
    return value


def _entry(each: Any) -> Any:
    if isinstance(each, PublicFunction):
        return {"function": each.function, "reason": each.reason, "from": each.place or None}
    if isinstance(each, Suppression):
        until = each.until.isoformat() if each.until else None
        fixed = {"rule": each.rule, "resource": each.resource, "sid": each.sid, "reason": each.reason, "until": until}
        return {**fixed, "from": each.place or None}
    return each


def _lines(config: Config, rules: list[Rule], style: Style) -> Iterator[str]:
    yield f"configuration: {escape(config.source) if config.source else 'no file; permcheck.toml would be one'}"
    for name, value, at in settings(config):
        tables = isinstance(value, list) and value and isinstance(value[0], dict)
        said = "" if tables else f" {escape(encode(value))}"
        yield f"{style('bold', name)} ={said}  {style('dim', f'# {escape(at)}')}"
        for entry in value if tables else ():
            given = ", ".join(f"{key}: {escape(str(part))}" for key, part in entry.items() if part and key != "from")
            place = escape(entry["from"] or at)
            yield f"  {given}  {style('dim', f'# {place}')}"
    left_out = [rule.id for rule in rules if not config.wants(rule.id, rule.name)]
    without = f"; not {words.listed(left_out, 8)}" if left_out else ""
    yield f"{words.counted(len(rules) - len(left_out), 'rules')} run{without}"
