"""Findings known before: what makes one the same in two runs, and the file that keeps them.

A finding is known again by its rule, its resource, the source it stands in, what its statement says and where its path
ends. Lines and counts do not matter, so a file may grow above it; a statement that says something else makes it new.
"""

import json
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from permcheck.errors import ConfigError, UsageError
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
        self._seen: Counter[str] = Counter()

    def numbered(self, findings: Iterable[Finding], facts: Facts) -> Iterator[Finding]:
        """The findings of these facts with fingerprints; those that would share one are told apart by their order."""
        said = Statements(facts)
        for finding in findings:
            made = _fingerprint(finding, said)
            self._seen[made] += 1
            count = self._seen[made]
            yield replace(finding, fingerprint=made if count == 1 else f"{made}-{count}")


class Statements:
    """The statements of a world, by where they stand."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._plain: dict[str, str] = {}

    def called(self, source: str) -> str:
        """A source as a fingerprint calls it: looked up once, since many findings stand in one file."""
        found = self._plain.get(source)
        if found is None:
            found = self._plain[source] = plain(source)
        return found

    def said(self, finding: Finding) -> str:
        """What the statement says that the finding stands in, as canonical text; empty where it stands in none."""
        if not finding.locations:
            return ""
        at = finding.locations[0]
        pointer = at.pointer
        while pointer:
            if (statements := self._by_place.get((at.source, pointer))) is not None:
                return "\n".join(sorted({_canonical(each) for each in statements}))
            pointer = pointer.rpartition("/")[0]
        return ""

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], Sequence[Statement]]:
        found: dict[tuple[str, str], list[Statement]] = {}
        for policy in self._facts.policies:
            for statement in policy.statements:
                found.setdefault(policy.place(statement.pointer), []).append(statement)
        return found


# Asked for again by each rule that finds something in the statement.
_canonical = lru_cache(maxsize=1 << 16)(canonical)


def _fingerprint(finding: Finding, statements: Statements) -> str:
    main = finding.locations[0] if finding.locations else Location("")
    ends = [(node.kind, node.name) for node in finding.path[:1] + finding.path[-1:]]
    parts = [finding.rule, finding.resource, statements.called(main.source), statements.said(finding), ends]
    return sha256(json.dumps(parts).encode("ascii")).hexdigest()[:32]


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
