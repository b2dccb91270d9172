"""Whether somebody may give itself more: by its own policies, those attached to it, its groups', or its boundary.

IAM User Guide, "Permissions boundaries for IAM entities"; IAM API Reference, the page of each action. Whether it may
edit anything, whoever has it, is another question (``strength``); here it is asked of what the caller itself has.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

from permcheck.access import Item, Subject
from permcheck.access.context import item_keys
from permcheck.access.world import request_of
from permcheck.data import escalation
from permcheck.graph.asked import ALL_DATA, EVERYTHING, IAM_WRITE
from permcheck.graph.scene import Scene
from permcheck.graph.worths import Strength
from permcheck.model.identity import Role, User
from permcheck.model.policy import Document, Policy, PolicyKind
from permcheck.model.verdict import Verdict
from permcheck.policy.evaluate import evaluate
from permcheck.policy.matching import naming
from permcheck.policy.parse import parse_document
from permcheck.policy.request import Decision

OTHER_VERSION = "iam:SetDefaultPolicyVersion"
_ADMINISTRATOR = "policy/AdministratorAccess"
_LIMITS = {e.action: e.on for e in escalation.iam_edits() if e.gives == "limits"}
# SetDefaultPolicyVersion is asked apart: it needs another version, and one that allows more.
_RIGHTS = {e.action: e.on for e in escalation.iam_edits() if e.gives == "rights" and e.action != OTHER_VERSION}
_ASKED = (*_LIMITS, *_RIGHTS, OTHER_VERSION)
_ORDER = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.DENIED)
_EVERYTHING = Policy(
    PolicyKind.IDENTITY,
    "whatever it gives itself",
    "",
    "",
    parse_document({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}),
)


class OwnEdit(NamedTuple):
    """An action by which somebody gives itself more. item: what it edits. worth: what it comes to by that, surely."""

    action: str
    item: Item
    worth: Strength
    decision: Decision


def own_edits(scene: Scene, subject: Subject) -> tuple[OwnEdit, ...]:
    """The edits that are not denied and make the subject stronger than it is, the strongest and surest first."""
    found = scene.own_edits.get(subject.number)
    if found is None:
        edits = _edits(scene, subject) if _may_edit(scene, subject) else ()
        ranked = sorted(edits, key=lambda e: (-e.worth, _ORDER.index(e.decision.verdict)))
        found = scene.own_edits[subject.number] = tuple(ranked)
    return found


def _may_edit(scene: Scene, subject: Subject) -> bool:
    linked = isinstance(subject.entity, Role) and subject.entity.service_linked
    return speaks_of_edits(scene, subject) and not linked


def speaks_of_edits(scene: Scene, caller: Role | User | Subject) -> bool:
    """Whether some Allow of the caller names an edit of somebody's rights or limits: hardly any does."""
    if not scene.rights.mentions.any(caller, _ASKED):
        return False
    return any(p.document is not None and _names_edits(p.document) for p in caller.policies)


@lru_cache(maxsize=1 << 16)
def _names_edits(document: Document) -> bool:
    return any(s.is_allow for action in _ASKED for s in naming(document, action))


def _edits(scene: Scene, subject: Subject) -> Iterator[OwnEdit]:
    without = _without_boundary(subject)
    asked = [(a, item, scene.world.decide(subject, a, item)) for a, item in _on_itself(scene, subject)]
    # Whoever gets rid of its boundary first gives itself what the boundary would have held back.
    freed = any(_unbinds(subject, a, item) and decision.verdict is Verdict.ALLOWED for a, item, decision in asked)
    attached = {p.arn for p in subject.policies}
    # The same for every edit, and asked only where one is not denied.
    held = cache(lambda: worth_with(scene, subject))
    unbound = cache(lambda: worth_with(scene, without))
    everything = cache(lambda: worth_with(scene, without if freed else subject, identity=(_EVERYTHING,)))
    for action, item, decision in asked:
        if decision.verdict is Verdict.DENIED:
            continue
        if _unbinds(subject, action, item) and item.arn not in attached:
            worth = unbound()
        elif action == OTHER_VERSION:
            worth = with_another_version(scene, subject, item.arn)
        else:
            worth = everything()
        if worth > Strength.SOME and worth > held():
            yield OwnEdit(action, item, worth, decision)


def _without_boundary(subject: Subject) -> Subject:
    entity = subject.entity
    if entity.boundary is None:
        return subject
    if isinstance(entity, Role):
        return replace(subject, entity=replace(entity, boundary=None))
    return replace(subject, entity=replace(entity, boundary=None))


def _unbinds(subject: Subject, action: str, item: Item) -> bool:
    """Whether the edit does away with the subject's boundary, or with what the boundary says."""
    return action in _LIMITS or (subject.boundary is not None and item.arn == subject.boundary.arn)


def worth_with(scene: Scene, subject: Subject, identity: tuple[Policy, ...] | None = None) -> Strength:
    """What the subject would surely be worth on any resource. identity: policies in place of its own."""

    own = subject.policies if identity is None else identity
    documents = [p.document for p in own if p.document is not None]

    def may(action: str) -> bool:
        # The probes' resources leave it to the account, so that an Allow of the subject's own is needed.
        if not any(s.is_allow for document in documents for s in naming(document, action)):
            return False
        request, policies = request_of(subject, action, scene.probes.item(subject, action))
        return evaluate(request, policies._replace(identity=own)).verdict is Verdict.ALLOWED

    if all(may(action) for action in EVERYTHING):
        return Strength.ADMINISTRATOR
    if any(may(action) for action in IAM_WRITE):
        return Strength.IAM_WRITE
    return Strength.ALL_DATA if any(may(action) for action in ALL_DATA) else Strength.SOME


def with_another_version(scene: Scene, subject: Subject, arn: str) -> Strength:
    """The most it would be worth with another version of one of its policies in force, NOTHING where it has none."""
    found = [Strength.NOTHING]
    for policy in subject.policies:
        for document in dict.fromkeys(policy.other_versions) if policy.arn == arn else ():
            other = tuple(replace(p, document=document) if p is policy else p for p in subject.policies)
            found.append(worth_with(scene, subject, other))
    return max(found)


def _on_itself(scene: Scene, subject: Subject) -> Iterator[tuple[str, Item]]:
    """The edits of what is the subject's own: itself, its groups, the policies attached to it, its boundary."""
    kind = "user" if isinstance(subject.entity, User) else "role"
    keys = _keys(subject)
    if subject.boundary is not None:
        for action in (a for a, on in _LIMITS.items() if on == kind):
            given = (_of_aws(subject),) if ":Put" in action else keys["iam:permissionsboundary"]
            yield action, _item(subject.arn, {**keys, "iam:permissionsboundary": given})
    groups = [g.arn for g in scene.facts.groups if isinstance(subject.entity, User) and g.name in subject.entity.groups]
    attached = (*subject.policies, *((subject.boundary,) if subject.boundary is not None else ()))
    own = dict.fromkeys(p.arn for p in attached if p.arn and ":iam::aws:" not in p.arn)
    named: Mapping[str, list[str]] = {kind: [subject.arn], "group": groups, "policy": [arn for arn in own if arn]}
    for action, on in _RIGHTS.items():
        yield from ((action, _item(arn, keys)) for arn in named.get(on, ()))
    for policy in subject.policies:
        if policy.arn in own and policy.other_versions:
            yield OTHER_VERSION, _item(policy.arn or "", keys)


def _keys(subject: Subject) -> dict[str, tuple[str, ...]]:
    """What IAM is told of such an edit: the boundary of who is edited, and the policy that the caller picks."""
    boundary = subject.boundary.arn if subject.boundary is not None else None
    return {"iam:permissionsboundary": (boundary,) if boundary else (), "iam:policyarn": (_of_aws(subject),)}


def _of_aws(subject: Subject) -> str:
    return f"arn:{subject.arn.split(':', 2)[1]}:iam::aws:{_ADMINISTRATOR}"


def _item(arn: str, more: Mapping[str, tuple[str, ...]]) -> Item:
    return Item(arn, known={**item_keys(arn)[0], **more})
