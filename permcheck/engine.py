"""Runs the rules over the facts and makes one report. The only place that filters."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from permcheck.asking import Asked, pieces, prepare
from permcheck.baseline import Baseline, Numbering
from permcheck.config import Config
from permcheck.model.facts import Facts
from permcheck.model.finding import Finding
from permcheck.model.function import Function
from permcheck.model.identity import Role, User
from permcheck.model.location import Location
from permcheck.model.report import SEVERITIES, Report, Suppressed
from permcheck.registry import rules as all_rules
from permcheck.rule import Rule, View
from permcheck.suppressing import Place, Suppressing, homes, idle_settings

IN_BASELINE = "it is in the baseline"
# Functions and roles from which on a copy of this process saves more than it costs.
BIG = 2000


def audit(facts: Facts, config: Config, rules_folders: Sequence[str] = (), baseline: Baseline | None = None) -> Report:
    """Everything the selected rules find in the facts, as configuration weighs it. baseline: what was known before.

    Raises ConfigError where rules cannot be loaded. A rule that fails is a bug and raises.
    """
    return audit_worlds((facts,), config, rules_folders, baseline)


def audit_worlds(
    worlds: Sequence[Facts],
    config: Config,
    rules_folders: Sequence[str] = (),
    baseline: Baseline | None = None,
    *,
    copies: bool = False,
) -> Report:
    """The same of several worlds that know nothing of each other (templates, accounts), as one report.

    copies: whether this process may copy itself to use a second core; whoever runs threads of its own wants none.
    """
    every = all_rules(tuple(rules_folders))
    chosen = [rule for rule in every if config.wants(rule.id, rule.name)]
    left_out = [(rule.id, rule.name) for rule in every if rule not in chosen]
    used: set[tuple[str, str]] = set()
    numbering = Numbering()
    accepted = (entry for facts in worlds for entry in facts.suppressions)
    suppressing = Suppressing((*config.suppressions, *accepted), date.today())
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    for facts in worlds:
        view = View(facts, config)
        at = homes(facts)
        given = _found(chosen, view, copies)
        found = sorted(_weighed(_at_home(_doubted(given) if facts.declared else given, facts), config), key=_order)
        used |= view.used
        for finding in numbering.numbered(found, facts):
            entry = _accepted(finding, suppressing, baseline, at.get(finding.resource))
            if entry is None:
                kept.append(finding)
            else:
                suppressed.append(entry)
    report = Report(
        tuple(dict.fromkeys(name for facts in worlds for name in facts.inputs)),
        tuple(sorted(kept, key=_order) if len(worlds) > 1 else kept),
        tuple(sorted(suppressed, key=lambda entry: _order(entry.finding))),
        tuple(dict.fromkeys(sentence for facts in worlds for sentence in facts.assumptions)),
        tuple(dict.fromkeys(gap for facts in worlds for gap in facts.not_read)),
        _looked_at(worlds),
        tuple(suppressing.idle(left_out)),
        baseline is not None,
    )
    idle = () if left_out else idle_settings(config, used)
    gone = _gone(baseline, report, {rule.id for rule in chosen})
    return replace(report, notes=(*report.notes, *idle, *gone))


def known(report: Report, path: str) -> Report:
    """The report with all its findings known, as the baseline in this file now lists them."""
    entries = (Suppressed(finding, IN_BASELINE, "baseline", path) for finding in report.findings)
    return replace(report, findings=(), suppressed=(*report.suppressed, *entries), compared=True)


def _doubted(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings; of those that hold only if a value that nobody knows yet turns out to fit, the worth is low.

    One about somebody who is nothing but such a value is left out: it stands there with the value's name as well.
    """
    for finding in findings:
        values = [entry.get("values") for entry in finding.conditions]
        if any(isinstance(v, (list, tuple)) and v and all("${deploy:" in str(each) for each in v) for v in values):
            continue
        fits = any(
            str(entry.get("key", "")).startswith("deploy:") and tuple(v) == ("fits",)
            for entry, v in zip(finding.conditions, values, strict=True)
            if isinstance(v, (list, tuple))
        )
        low = fits and SEVERITIES.index(finding.severity) > SEVERITIES.index("low")
        yield replace(finding, severity="low" if low else finding.severity, confidence="low") if fits else finding


def _at_home(findings: Iterable[Finding], facts: Facts) -> Iterator[Finding]:
    """The findings, those on a policy of AWS's own with the place of the function, role or user that has it in front.

    A person can do something there, and nothing about the policy.
    """
    homes: dict[str, Location] | None = None
    for finding in findings:
        first = finding.locations[0] if finding.locations else None
        if first is None or ":iam::aws:policy/" not in first.source:
            yield finding
            continue
        if homes is None:
            owners: tuple[Role | User | Function, ...] = (*facts.roles, *facts.users, *facts.functions)
            homes = {each.arn: Location(each.source, each.pointer, each.arn, note="has the policy") for each in owners}
        home = homes.get(finding.resource)
        known = home is None or home.source.startswith("arn:") or home.source in {at.source for at in finding.locations}
        yield finding if known or home is None else replace(finding, locations=(home, *finding.locations))


def _weighed(findings: Iterable[Finding], config: Config) -> Iterator[Finding]:
    """The findings with the severities that configuration gives their rules."""
    if not config.severity:
        yield from findings
        return
    for finding in findings:
        severity = config.severity_of(finding.rule, finding.name)
        yield finding if severity is None else replace(finding, severity=severity)


def _found(rules: Sequence[Rule], view: View, copies: bool) -> Iterator[Finding]:
    """What the rules find. copies: whether a copy of this process may take a share of a big account."""
    asked = pieces(rules, view)
    found: Iterator[Asked] = (ask() for ask in asked)
    if copies and len(view.facts.functions) + len(view.facts.roles) >= BIG:
        from permcheck.spread import in_order, second_core  # what it needs takes long to load, beside a small audit

        if second_core():
            prepare(rules, view)
        found = in_order(asked)
    for each in found:
        view.used |= each.used
        yield from each.findings


def _accepted(
    finding: Finding, suppressing: Suppressing, baseline: Baseline | None, home: Place | None
) -> Suppressed | None:
    """Why the finding does not count, None where it does."""
    entry = suppressing.accepted(finding, home)
    if finding.explained:
        return Suppressed(finding, finding.explained)
    if entry is not None:
        return Suppressed(finding, entry.reason, "configuration" if entry.source is None else "source", entry.place)
    if baseline is not None and baseline.holds(finding):
        return Suppressed(finding, IN_BASELINE, "baseline", baseline.source)
    return None


def _gone(baseline: Baseline | None, report: Report, ran: Container[str]) -> Iterator[str]:
    """A sentence about findings of the baseline that are no more."""
    if baseline is None:
        return
    found = (*report.findings, *(entry.finding for entry in report.suppressed))
    gone = baseline.gone(found, ran, report.inputs)
    if gone:
        which = ", ".join(f"{known.rule} on {known.resource}" for known in gone)
        yield f"The baseline {baseline.source} lists what is no longer found: {which}."


def _order(finding: Finding) -> tuple[object, ...]:
    first = finding.locations[0] if finding.locations else None
    place = (first.source, first.pointer) if first else ("", "")
    return (-SEVERITIES.index(finding.severity), finding.rule, finding.resource, place, finding.message)


def _looked_at(worlds: Sequence[Facts]) -> Mapping[str, int]:
    return {
        "roles": sum(len(facts.roles) for facts in worlds),
        "users": sum(len(facts.users) for facts in worlds),
        "groups": sum(len(facts.groups) for facts in worlds),
        "functions": sum(len(facts.functions) for facts in worlds),
        "identity pools": sum(len(facts.pools) for facts in worlds),
        "user pools": sum(len(facts.user_pools) for facts in worlds),
        "APIs": sum(len(facts.apis) for facts in worlds),
        "event source mappings": sum(len(facts.mappings) for facts in worlds),
        "other resources": sum(len(facts.resources) for facts in worlds),
        "policies": sum(len(facts.policies) for facts in worlds),
    }
