"""Runs the rules over the facts and makes one report. The only place that filters."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from permcheck.baseline import Baseline, Numbering
from permcheck.config import Config
from permcheck.model.facts import Facts
from permcheck.model.finding import Finding
from permcheck.model.identity import Role, User
from permcheck.model.policy import Document, PolicyKind
from permcheck.model.report import SEVERITIES, Report, Suppressed
from permcheck.registry import rules as all_rules
from permcheck.rule import Rule, View
from permcheck.rule.base import HOOKS
from permcheck.suppressing import Suppressing


def audit(facts: Facts, config: Config, rules_folders: Sequence[str] = (), baseline: Baseline | None = None) -> Report:
    """Everything the selected rules find in the facts, as configuration weighs it. baseline: what was known before.

    Raises ConfigError where rules cannot be loaded. A rule that fails is a bug and raises.
    """
    chosen = [rule for rule in all_rules(tuple(rules_folders)) if config.wants(rule.id, rule.name)]
    view = View(facts, config)
    report = _report(facts, config, _weighed(_found(chosen, view), config), baseline)
    return replace(report, notes=(*report.notes, *_gone(baseline, report, {rule.id for rule in chosen})))


def _weighed(findings: Iterable[Finding], config: Config) -> Iterator[Finding]:
    """The findings with the severities that configuration gives their rules."""
    if not config.severity:
        yield from findings
        return
    for finding in findings:
        severity = config.severity_of(finding.rule, finding.name)
        yield finding if severity is None else replace(finding, severity=severity)


def _found(rules: Sequence[Rule], view: View) -> Iterator[Finding]:
    hooks = {hook: [r for r in rules if getattr(type(r), hook) is not getattr(Rule, hook)] for hook in HOOKS}
    facts = view.facts
    yield from _statements(hooks["check_statement"], view)
    for function in facts.functions:
        for rule in hooks["check_function"]:
            yield from rule.check_function(view, function)
    callers: tuple[Role | User, ...] = (*facts.roles, *facts.users)
    for caller in callers:
        for rule in hooks["check_caller"]:
            yield from rule.check_caller(view, caller)
    for subject in view.scene.execution_roles():
        role = view.role(subject.arn)
        for rule in hooks["check_role"] if role is not None else ():
            if role is not None:
                yield from rule.check_role(view, role)
    for pool in facts.pools:
        for rule in hooks["check_pool"]:
            yield from rule.check_pool(view, pool)
    if hooks["check_path"]:
        for journey in view.journeys():
            for rule in hooks["check_path"]:
                yield from rule.check_path(view, journey)
    for rule in hooks["check_account"]:
        yield from rule.check_account(view, facts)


def _statements(rules: Sequence[Rule], view: View) -> Iterator[Finding]:
    """Statement rules, asked once for each distinct document of a kind; places that share it repeat the finding."""
    quiet: set[tuple[Document, PolicyKind, bool, bool]] = set()
    for policy in view.facts.policies:
        if policy.document is None:
            continue
        # Rules about text are quiet about AWS's own policies; a copy of one is somebody's here, and judged on its own.
        key = (policy.document, policy.kind, policy.trust, ":iam::aws:" in (policy.arn or ""))
        if key in quiet:
            continue
        found = False
        for statement in policy.document.statements:
            for rule in rules:
                for finding in rule.check_statement(view, policy, statement):
                    found = True
                    yield finding
        if not found:
            quiet.add(key)


def _report(facts: Facts, config: Config, found: Iterable[Finding], baseline: Baseline | None) -> Report:
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    suppressing = Suppressing((*config.suppressions, *facts.suppressions), date.today())
    for finding in Numbering(facts).numbered(sorted(found, key=_order)):
        accepted = _accepted(finding, suppressing, baseline)
        if accepted is None:
            kept.append(finding)
        else:
            suppressed.append(accepted)
    return Report(
        facts.inputs,
        tuple(kept),
        tuple(suppressed),
        facts.assumptions,
        facts.not_read,
        _looked_at(facts),
        tuple(suppressing.idle()),
        baseline is not None,
    )


def _accepted(finding: Finding, suppressing: Suppressing, baseline: Baseline | None) -> Suppressed | None:
    """Why the finding does not count, None where it does."""
    entry = suppressing.accepted(finding)
    if finding.explained:
        return Suppressed(finding, finding.explained)
    if entry is not None:
        return Suppressed(finding, entry.reason, "configuration" if entry.source is None else "source", entry.place)
    if baseline is not None and baseline.holds(finding):
        return Suppressed(finding, "it is in the baseline", "baseline", baseline.source)
    return None


def _gone(baseline: Baseline | None, report: Report, ran: Container[str]) -> Iterator[str]:
    """A sentence about findings of the baseline that are no more."""
    if baseline is None:
        return
    found = (*report.findings, *(entry.finding for entry in report.suppressed))
    gone = baseline.gone(found, ran, report.inputs)
    if gone:
        which = ", ".join(f"{known.rule} on {known.resource}" for known in gone[:3])
        more = f" and {len(gone) - 3} more" if len(gone) > 3 else ""
        yield f"The baseline {baseline.source} lists what is no longer found: {which}{more}."


def _order(finding: Finding) -> tuple[object, ...]:
    first = finding.locations[0] if finding.locations else None
    place = (first.source, first.pointer) if first else ("", "")
    return (-SEVERITIES.index(finding.severity), finding.rule, finding.resource, place, finding.message)


def _looked_at(facts: Facts) -> Mapping[str, int]:
    return {
        "roles": len(facts.roles),
        "users": len(facts.users),
        "groups": len(facts.groups),
        "functions": len(facts.functions),
        "identity pools": len(facts.pools),
        "user pools": len(facts.user_pools),
        "APIs": len(facts.apis),
        "event source mappings": len(facts.mappings),
        "other resources": len(facts.resources),
        "policies": len(facts.policies),
    }
