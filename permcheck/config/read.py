"""A table as written → Config. Whatever is unknown or of the wrong type is an error that says where."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NoReturn

from permcheck.config.lines import Lines
from permcheck.config.settings import NEVER, Config, PublicFunction
from permcheck.errors import ConfigError
from permcheck.frozen import dataclass
from permcheck.model import SEVERITIES, Suppression


@dataclass(frozen=True, slots=True)
class Table:
    """What a file says, and its lines."""

    source: str
    values: Mapping[str, Any]
    lines: Lines

    def wrong(self, key: str, message: str, hint: str | None = None, value: str | None = None) -> NoReturn:
        """Raise ConfigError for a setting, and for ``value`` where it is a list, with file and line."""
        raise ConfigError(f"{self.place(self.lines.find(key, value))}: {key}: {message}", hint)

    def place(self, line: int | None) -> str:
        """``file:line``, or the file alone."""
        return self.source if line is None else f"{self.source}:{line}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a list of tables: the key of the list, the entry's number from 0, and what it says."""

    table: Table
    key: str
    number: int
    values: Mapping[str, Any]

    def wrong(self, field: str | None, message: str, hint: str | None = None) -> NoReturn:
        """Raise ConfigError for a field of the entry, or for all of it."""
        raise ConfigError(f"{self.place(field)}: {field or self.key}: {message}", hint)

    def place(self, field: str | None = None) -> str:
        """Where the field is written, or the entry begins."""
        return self.table.place(self.table.lines.entry(self.key, self.number, field))


def read(table: Table) -> Config:
    """Return the configuration that the table holds. Raises ConfigError."""
    for key in table.values:
        if key not in SETTINGS:
            table.wrong(key, "permcheck knows no such setting", _nearest(key, SETTINGS))
    places = {key: table.place(table.lines.find(key)) for key in table.values}
    settings = {key: SETTINGS[key](table, key, value) for key, value in table.values.items()}
    return Config(**settings, source=table.source, places=MappingProxyType(places))


def _patterns(table: Table, key: str, value: object) -> tuple[str, ...]:
    return tuple(_texts(table, key, value))


def _texts(table: Table, key: str, value: object) -> list[str]:
    if not isinstance(value, list):
        table.wrong(key, "is a list of strings", f'write {key} = ["…"]')
    for member in value:
        if not isinstance(member, str):
            table.wrong(key, f"holds strings, not {member!r}", f'write "{member}"', str(member))
        if not member:
            table.wrong(key, "holds an empty string")
    return value


def _accounts(table: Table, key: str, value: object) -> frozenset[str]:
    accounts = _texts(table, key, value)
    for account in accounts:
        if not (len(account) == 12 and account.isascii() and account.isdecimal()):
            table.wrong(key, f"an account id is 12 digits, not {account!r}", value=account)
    return frozenset(accounts)


def _orgs(table: Table, key: str, value: object) -> frozenset[str]:
    orgs = _texts(table, key, value)
    for org in orgs:
        if not org.startswith("o-"):
            table.wrong(key, f"an organization id begins with o-, not {org!r}", value=org)
    return frozenset(orgs)


def _severities(table: Table, key: str, value: object) -> Mapping[str, str]:
    if not isinstance(value, Mapping):
        table.wrong(key, "is a table of rules and severities", 'write PC101 = "low" under it')
    for rule, severity in value.items():
        if severity not in SEVERITIES:
            table.wrong(rule, f"a severity is one of {', '.join(SEVERITIES)}, not {severity!r}")
    return MappingProxyType(dict(value))


def _fail_on(table: Table, key: str, value: object) -> str:
    if value not in (*SEVERITIES, NEVER):
        table.wrong(key, f"is one of {', '.join(SEVERITIES)} or {NEVER}, not {value!r}")
    return str(value)


def _public(table: Table, key: str, value: object) -> tuple[PublicFunction, ...]:
    entries = _entries(table, key, value)
    return tuple(PublicFunction(**_checked(entry, "function", "reason"), place=entry.place()) for entry in entries)


def _suppressions(table: Table, key: str, value: object) -> tuple[Suppression, ...]:
    found = []
    for entry in _entries(table, key, value):
        given = _checked(entry, "rule", "resource", "reason", allowed=("sid", "until"))
        if "until" in given:
            given["until"] = _day(entry, given["until"])
        found.append(Suppression(**given, place=entry.place()))
    return tuple(found)


def _entries(table: Table, key: str, value: object) -> Iterator[Entry]:
    if not isinstance(value, list) or not all(isinstance(values, Mapping) for values in value):
        table.wrong(key, "is a list of tables", f"write [[{key}]] above each")
    yield from (Entry(table, key, number, values) for number, values in enumerate(value))


def _checked(entry: Entry, *needed: str, allowed: tuple[str, ...] = ()) -> dict[str, Any]:
    """The entry's fields, once it is certain that all are known, none is missing, and each says something."""
    known = (*needed, *allowed)
    for field, value in entry.values.items():
        if field not in known:
            entry.wrong(field, f"{entry.key} have no such setting", _nearest(field, known))
        if field != "until" and not (isinstance(value, str) and value.strip()):
            entry.wrong(field, f"is a string that says something, not {value!r}")
    for field in needed:
        if field not in entry.values:
            entry.wrong(None, f"an entry has no {field}", f"each needs {' and '.join(needed)}")
    return dict(entry.values)


def _day(entry: Entry, value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        entry.wrong("until", f"is a day such as 2027-01-31, not {str(value)!r}")


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), 1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"


# Each setting, as it is written and as Config calls it, and what reads it.
SETTINGS: Mapping[str, Callable[[Table, str, Any], Any]] = {
    "trusted_accounts": _accounts,
    "trusted_orgs": _orgs,
    "deploy_roles": _patterns,
    "public_functions": _public,
    "select": _patterns,
    "ignore": _patterns,
    "severity": _severities,
    "fail_on": _fail_on,
    "suppressions": _suppressions,
}
