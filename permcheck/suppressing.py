"""Which findings are accepted, and what is to be said of acceptances that no longer do anything."""

from collections.abc import Container, Iterable, Iterator
from datetime import date

from permcheck.config.settings import Config, lists, names
from permcheck.model.finding import Finding
from permcheck.model.suppression import Suppression


class Suppressing:
    """The suppressions of a run, and which of them were of use."""

    def __init__(self, suppressions: Iterable[Suppression], today: date) -> None:
        self._all = tuple(suppressions)
        self._today = today
        self._valid = [entry for entry in self._all if not expired(entry, today)]
        self._used: set[int] = set()

    def accepted(self, finding: Finding) -> Suppression | None:
        """The first suppression in force that covers the finding, None where none does."""
        found = None
        for entry in self._valid:
            if covers(entry, finding):
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


def covers(entry: Suppression, finding: Finding) -> bool:
    """Whether a finding is one of those accepted here, leaving ``until`` aside."""
    if not lists((entry.rule,), finding.rule, finding.name):
        return False
    if entry.sid is not None and all(where.sid != entry.sid for where in finding.locations):
        return False
    return (entry.resource is not None and names(entry.resource, finding.resource)) or _stands_in(entry, finding)


def _stands_in(entry: Suppression, finding: Finding) -> bool:
    if entry.source is None or not finding.locations:
        return False
    main = finding.locations[0]
    below = main.pointer == entry.pointer or main.pointer.startswith(f"{entry.pointer}/")
    return main.source == entry.source and below


def expired(entry: Suppression, today: date) -> bool:
    """Whether its last day has passed."""
    return entry.until is not None and today > entry.until


def _about(entry: Suppression) -> str:
    about = f" on {entry.resource}" if entry.resource is not None else ""
    return f"{about} ({entry.place})" if entry.place else about
