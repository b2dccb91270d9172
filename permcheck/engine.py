"""Runs the rules over the facts and makes one report. The only place that filters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

from permcheck.config import Config, Suppression
from permcheck.model.facts import Facts
from permcheck.model.finding import Finding
from permcheck.model.identity import Role, User
from permcheck.model.policy import Document, PolicyKind
from permcheck.model.report import SEVERITIES, Report, Suppressed
from permcheck.registry import rules as all_rules
from permcheck.rule import Rule, View
from permcheck.rule.base import HOOKS


def audit(facts: Facts, config: Config, rules_folders: Sequence[str] = ()) -> Report:
    """Everything the selected rules find in the facts, as configuration weighs it.

    Raises ConfigError where rules cannot be loaded. A rule that fails is a bug and raises.
    """
    chosen = [rule for rule in all_rules(tuple(rules_folders)) if config.wants(rule.id, rule.name)]
    view = View(facts, config)
    return _report(facts, config, _weighed(_found(chosen, view), config))


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


def _report(facts: Facts, config: Config, found: Iterable[Finding]) -> Report:
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    used: set[Suppression] = set()
    today = date.today()
    valid = [s for s in config.suppressions if not s.expired(today)]
    for finding in _numbered(sorted(found, key=_order)):
        sids = [where.sid for where in finding.locations]
        by = next((s for s in valid if s.covers(finding.rule, finding.name, finding.resource, sids)), None)
        if by is not None:
            used.add(by)
        reason = finding.explained or (by.reason if by else "")
        if reason:
            suppressed.append(Suppressed(finding, reason))
        else:
            kept.append(finding)
    said = tuple(_unused(config, used, today))
    return Report(
        facts.inputs, tuple(kept), tuple(suppressed), (*facts.assumptions, *said), facts.not_read, _looked_at(facts)
    )


def _unused(config: Config, used: set[Suppression], today: date) -> Iterator[str]:
    """What is to be said of suppressions that did nothing."""
    for suppression in config.suppressions:
        what = f"The suppression of {suppression.rule} on {suppression.resource} ({suppression.place})"
        if suppression.expired(today):
            yield f"{what} expired on {suppression.until} and was not applied."
        elif suppression not in used:
            yield f"{what} matched no finding."


def _order(finding: Finding) -> tuple[object, ...]:
    first = finding.locations[0] if finding.locations else None
    place = (first.source, first.pointer) if first else ("", "")
    return (-SEVERITIES.index(finding.severity), finding.rule, finding.resource, place, finding.message)


def _numbered(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings with their fingerprints: rule, resource and the statements by Sid or content, not by line.

    Two findings that would share one are told apart by their order.
    """
    seen: dict[str, int] = {}
    for finding in findings:
        places = (f"{where.arn or ''}|{where.sid or where.pointer}" for where in finding.locations[:1])
        text = "\n".join((finding.rule, finding.resource, finding.message, *places))
        digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        count = seen[digest] = seen.get(digest, 0) + 1
        yield replace(finding, fingerprint=digest if count == 1 else f"{digest}-{count}")


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
