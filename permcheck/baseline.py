"""Findings known before: what makes one the same in two runs, and the file that keeps them.

A finding is known again by its rule, its resource, the source it stands in, what its statement says and where its path
ends. Lines and counts do not matter, so a file may grow above it; a statement that says something else makes it new.
"""

import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, fields
from functools import cached_property, lru_cache
from hashlib import sha256
from json.encoder import encode_basestring_ascii as quoted
from operator import attrgetter
from pathlib import Path
from typing import Any

from permcheck.errors import ConfigError, UsageError
from permcheck.frozen import dataclass
from permcheck.model.facts import Facts
from permcheck.model.finding import Finding
from permcheck.model.location import Location
from permcheck.model.policy import Statement
from permcheck.model.report import SEVERITIES
from permcheck.naming import plain
from permcheck.policy.canonical import canonical

SCHEMA = 1


class Numbering:
    """Gives findings their fingerprints, each another in one run."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def numbered(self, findings: Iterable[Finding], facts: Facts) -> Iterator[Finding]:
        """The findings of these facts with fingerprints; those that would share one are told apart by their order."""
        said = Statements(facts)
        for finding in findings:
            made = _fingerprint(finding, said)
            count = self._seen.get(made, 0) + 1
            self._seen[made] = count
            values = [*_before(finding), made if count == 1 else f"{made}-{count}", *_behind(finding)]
            yield Finding(*values)


# What stands before and behind the fingerprint: ``dataclasses.replace`` would look up each field by its name.
_NAMES = [each.name for each in fields(Finding)]
_before = attrgetter(*_NAMES[: _NAMES.index("fingerprint")])
_behind = attrgetter(*_NAMES[_NAMES.index("fingerprint") + 1 :])


class Statements:
    """The statements of a world, by where they stand."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._plain: dict[str, str] = {}
        self._said: dict[tuple[str, str], str] = {}

    def called(self, source: str) -> str:
        """A source as a fingerprint calls it, as JSON text: made once, since many findings stand in one file."""
        found = self._plain.get(source)
        if found is None:
            found = self._plain[source] = quoted(plain(source))
        return found

    def said(self, at: Location) -> str:
        """What the statement says that a place is in, as canonical text and that as JSON; empty where it is in none."""
        key = (at.source, at.pointer)
        found = self._said.get(key)
        if found is None:
            said = sorted({_canonical(each) for each in self._around(*key)})
            found = self._said[key] = quoted("\n".join(said))
        return found

    def _around(self, source: str, pointer: str) -> list[Statement]:
        """The statements of the innermost place around a pointer: in some texts one policy stands in another."""
        place, found = "", list[Statement]()
        here = pointer
        while True:
            own = [(here + each.pointer, each) for each in self._policies.get((source, here), ())]
            for where, statement in (*own, *self._moved.get((source, here), ())):
                if not where or (where != pointer and not pointer.startswith(f"{where}/")):
                    continue
                if len(where) > len(place):
                    place, found = where, []
                if where == place:
                    found.append(statement)
            if not here:
                return found
            here = here.rpartition("/")[0]

    @cached_property
    def _policies(self) -> Mapping[tuple[str, str], Sequence[Statement]]:
        """The statements of policies that stand in one place, by the place of the policy."""
        found: dict[tuple[str, str], Sequence[Statement]] = {}
        for policy in self._facts.policies:
            if not policy.places and policy.document is not None:
                key = (policy.source, policy.pointer)
                known = found.get(key)
                own = policy.document.statements
                found[key] = own if known is None or known is own else (*known, *own)
        return found

    @cached_property
    def _moved(self) -> Mapping[tuple[str, str], Sequence[tuple[str, Statement]]]:
        """The statements of policies with parts that stand elsewhere, by their own place."""
        found: dict[tuple[str, str], list[tuple[str, Statement]]] = {}
        for policy in self._facts.policies:
            for statement in policy.statements if policy.places else ():
                place = policy.place(statement.pointer)
                found.setdefault(place, []).append((place[1], statement))
        return found


# Asked for again by each rule that finds something in the statement.
_canonical = lru_cache(maxsize=1 << 16)(canonical)


def _fingerprint(finding: Finding, statements: Statements) -> str:
    return sha256(_identity(finding, statements).encode("ascii")).hexdigest()[:32]


def _identity(finding: Finding, statements: Statements) -> str:
    """What makes a finding the same in two runs, as JSON: baselines rest on each byte of it."""
    main = finding.locations[0] if finding.locations else Location("")
    ends = [f"[{quoted(node.kind)}, {quoted(node.name)}]" for node in finding.path[:1] + finding.path[-1:]]
    place = f"{statements.called(main.source)}, {statements.said(main)}"
    return f"[{quoted(finding.rule)}, {quoted(finding.resource)}, {place}, [{', '.join(ends)}]]"


@dataclass(frozen=True, slots=True)
class Known:
    """A finding of the baseline, with what a person reads in it."""

    fingerprint: str
    severity: str
    rule: str = ""
    resource: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The findings that were there when the baseline was written. source: its file."""

    source: str
    known: Mapping[str, Known] = field(default_factory=dict)

    def holds(self, finding: Finding) -> bool:
        """Whether the finding was there, and is no worse now than it was."""
        known = self.known.get(finding.fingerprint)
        return known is not None and SEVERITIES.index(finding.severity) <= SEVERITIES.index(known.severity)

    def gone(self, findings: Iterable[Finding], rules: Container[str], inputs: Iterable[str]) -> list[Known]:
        """Those that are there no longer, of the rules (ids) that ran and the inputs that were read."""
        here = {finding.fingerprint for finding in findings}
        roots = [plain(name) for name in inputs]
        return [
            known
            for known in self.known.values()
            if known.fingerprint not in here and known.rule in rules and _below(known.source, roots)
        ]


def _below(source: str, roots: Iterable[str]) -> bool:
    return any(root in (source, ".") or source.startswith(f"{root}/") for root in roots)


def read(path: str) -> Baseline:
    """The baseline in a file. Raises ConfigError."""
    try:
        values: Any = json.loads(Path(path).read_bytes())
    except OSError as error:
        hint = "--write-baseline FILE writes one" if isinstance(error, FileNotFoundError) else None
        raise ConfigError(f"{path}: the baseline cannot be read: {error.strerror or error}", hint) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: the baseline is no JSON: {error}", "write it again: --write-baseline") from error
    if not isinstance(values, dict) or values.get("schema") != SCHEMA:
        raise ConfigError(f"{path}: this is no baseline of schema {SCHEMA}", "write it again: --write-baseline")
    return Baseline(path, {known.fingerprint: known for known in _entries(path, values.get("findings"))})


def _entries(path: str, values: object) -> Iterator[Known]:
    if not isinstance(values, list):
        raise ConfigError(f"{path}: findings is a list")
    for number, entry in enumerate(values):
        fields = [entry.get(name) for name in ("fingerprint", "severity")] if isinstance(entry, dict) else []
        if not fields or not isinstance(fields[0], str) or fields[1] not in SEVERITIES:
            raise ConfigError(f"{path}: findings/{number}: each has a fingerprint and a severity")
        yield Known(fields[0], str(fields[1]), *(str(entry.get(name) or "") for name in ("rule", "resource", "source")))


def write(path: str, findings: Iterable[Finding]) -> None:
    """Write these findings as the baseline: a line each, so that a diff shows what changed. Raises UsageError."""
    rows = [
        {
            "fingerprint": finding.fingerprint,
            "rule": finding.rule,
            "name": finding.name,
            "severity": finding.severity,
            "resource": finding.resource,
            "source": plain(finding.locations[0].source) if finding.locations else None,
        }
        for finding in findings
    ]
    rows.sort(key=lambda row: (str(row["rule"]), str(row["resource"]), str(row["fingerprint"])))
    lines = ",\n".join(json.dumps(row) for row in rows)
    text = (
        f'{{\n"schema": {SCHEMA},\n"tool": {{"name": "permcheck"}},\n"findings": ['
        + (f"\n{lines}\n" if lines else "")
        + "]\n}\n"
    )
    try:
        Path(path).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error
