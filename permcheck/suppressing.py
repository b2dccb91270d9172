"""Which findings are accepted, and what is to be said of acceptances that no longer do anything."""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from typing import Protocol

from permcheck.config.settings import Config, lists, names
from permcheck.model.facts import Facts
from permcheck.model.finding import Finding
from permcheck.model.suppression import Suppression

Place = tuple[str, str]  # source, pointer


class _Named(Protocol):
    @property
    def arn(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def pointer(self) -> str: ...


class Suppressing:
    """The suppressions of a run, and which of them were of use."""

    def __init__(self, suppressions: Iterable[Suppression], today: date) -> None:
        self._all = tuple(suppressions)
        self._today = today
        self._valid = [entry for entry in self._all if not expired(entry, today)]
        self._used: set[int] = set()

    def accepted(self, finding: Finding, home: Place | None = None) -> Suppression | None:
        """The first suppression in force that covers the finding, None where none does. home: as for covers."""
        found = None
        for entry in self._valid:
            if covers(entry, finding, home):
                self._used.add(id(entry))
                found = found or entry
        return found

    def idle(self, left_out: Iterable[tuple[str, str]] = ()) -> Iterator[str]:
        """A sentence for each suppression that has expired or covered nothing.

        left_out: id and name of the rules that did not run; of one that is about such a rule nothing can be said.
        """
        rules = tuple(left_out)
        for entry in self._all:
            what = f"The suppression of {entry.rule}{_about(entry)}"
            if expired(entry, self._today):
                yield f"{what} expired on {entry.until} and was not applied."
            elif id(entry) not in self._used and not any(lists((entry.rule,), *rule) for rule in rules):
                yield f"{what} matched no finding."


def idle_settings(config: Config, used: Container[tuple[str, str]]) -> Iterator[str]:
    """A sentence for each trusted account or organization, and each public function, that explained no finding.

    used: (setting, what it names) of those that did. Says something only where every rule ran.
    """
    named = [
        *(("trusted_accounts", account) for account in sorted(config.trusted_accounts)),
        *(("trusted_orgs", org) for org in sorted(config.trusted_orgs)),
        *(("public_functions", entry.function) for entry in config.public_functions),
    ]
    for setting, name in dict.fromkeys(named):
        if (setting, name) not in used:
            yield f"{name} in {setting}{f' ({config.source})' if config.source else ''} explained no finding."


def covers(entry: Suppression, finding: Finding, home: Place | None = None) -> bool:
    """Whether a finding is one of those accepted here, leaving ``until`` aside. home: where its resource stands."""
    if not lists((entry.rule,), finding.rule, finding.name):
        return False
    if entry.sid is not None and all(where.sid != entry.sid for where in finding.locations):
        return False
    return (entry.resource is not None and names(entry.resource, finding.resource)) or _stands_in(entry, finding, home)


def _stands_in(entry: Suppression, finding: Finding, home: Place | None) -> bool:
    """Whether the finding's main location stands there, another one of its resource, or the resource itself."""
    if entry.source is None:
        return False
    own = [at for i, at in enumerate(finding.locations) if i == 0 or at.arn in (None, finding.resource)]
    places = [(at.source, at.pointer) for at in own] + ([home] if home is not None else [])
    return any(
        source == entry.source and (pointer == entry.pointer or pointer.startswith(f"{entry.pointer}/"))
        for source, pointer in places
    )


def homes(facts: Facts) -> Mapping[str, Place]:
    """Where each resource is declared, by its ARN; nothing where the facts carry no suppressions."""
    if not facts.suppressions:
        return {}
    found = {pool.id: (pool.source, pool.pointer) for pool in facts.pools}
    for part in (facts.functions, facts.roles, facts.users, facts.user_pools, facts.apis, facts.resources):
        named: Iterable[_Named] = part
        found.update((each.arn, (each.source, each.pointer)) for each in named)
    return found


def expired(entry: Suppression, today: date) -> bool:
    """Whether its last day has passed."""
    return entry.until is not None and today > entry.until


def _about(entry: Suppression) -> str:
    about = f" on {entry.resource}" if entry.resource is not None else ""
    return f"{about} ({entry.place})" if entry.place else about
