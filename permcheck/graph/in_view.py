"""Outsiders that are in view after all: roles and users of another account whose own policies the input holds."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from permcheck.access import Item, Subject, World
from permcheck.graph.candidates import Candidate
from permcheck.graph.outsiders import INVOKE, INVOKE_URL, Outsider, admitted, url_verdict
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of, last_part, split
from permcheck.policy.caller import Caller, CallerKind


def in_view(world: World, outsider: Outsider) -> Subject | None:
    """The role, user or session that an outsider is, None for one whose own policies are not in view."""
    name = outsider.principal or outsider.caller
    return subject_of(world, name) if name.startswith("arn:") else None


def subject_of(world: World, arn: str) -> Subject | None:
    """The role or user of this ARN, or the session of a role; None where that is not in view."""
    return world.by_arn.get(arn) or _session(world, arn)


def _session(world: World, arn: str) -> Subject | None:
    parts = split(arn)
    kind, _, rest = parts.resource.partition("/") if parts is not None else ("", "", "")
    if parts is None or kind != "assumed-role" or "/" not in rest:
        return None
    name = rest.partition("/")[0]
    for role in world.facts.roles:
        # Role names are unique in an account whatever their path, which a session's ARN has lost.
        if last_part(role.arn) == name and account_of(role.arn) == parts.account:
            caller = Caller(CallerKind.SESSION, arn, parts.account, role.arn)
            return replace(world.by_arn[role.arn], caller=caller)
    return None


def settled(world: World, outsiders: Iterable[Outsider]) -> Iterator[Outsider]:
    """The outsiders, those in view with the verdict that both sides come to; without those who are then denied."""
    for outsider in outsiders:
        subject = in_view(world, outsider)
        if subject is None:
            yield outsider
        elif (verdict := _decided(world, subject, outsider)) is not Verdict.DENIED:
            yield outsider.as_decided(verdict)


def let_in(world: World, candidate: Candidate, item: Item, action: str) -> Iterator[Outsider]:
    """The candidate where both sides let it do the action, as far as its own side is in view; at most one."""
    found = admitted(candidate, item, action, "resource_policy", "")
    yield from settled(world, (found,) if found is not None else ())


def _decided(world: World, subject: Subject, outsider: Outsider) -> Verdict:
    if outsider.url is None:
        return world.decide(subject, outsider.action, outsider.item).verdict
    first, second = (world.decide(subject, action, outsider.item).verdict for action in (INVOKE_URL, INVOKE))
    return url_verdict(first, second, outsider.url)
