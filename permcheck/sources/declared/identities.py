"""Declared roles, users and groups, their policies, and what is attached to them from outside.

CloudFormation Template Reference, ``AWS::IAM::*``. ``permcheck::IAM::Attachment`` is no type of CloudFormation: a
managed policy by ``PolicyArn``, attached to ``Roles``, ``Users`` and ``Groups``, as other tools declare it.
"""

from collections.abc import Iterator

from permcheck.model.location import NOT_DECLARED
from permcheck.model.policy import Policy, PolicyKind
from permcheck.sources.declared.names import Where
from permcheck.sources.declared.room import Declared, Room
from permcheck.sources.declared.value import Value
from permcheck.sources.files.drafts import Attachment, IdentityDraft, ManagedDraft

_KINDS = {"AWS::IAM::Role": "role", "AWS::IAM::User": "user", "AWS::IAM::Group": "group"}
_TYPES = {kind: name for name, kind in _KINDS.items()}
_LISTS = {"Roles": "role", "Users": "user", "Groups": "group"}
_OWNERS = {"RoleName": "role", "UserName": "user", "GroupName": "group"}
UNTOLD = f"it {NOT_DECLARED}, so its other policies are not in view"


def identity(room: Room, declared: Declared) -> None:
    """AWS::IAM::Role, User, Group: with everything that stands in the resource itself."""
    properties, arn = declared.properties, declared.names.arn
    kind = _KINDS[declared.type]
    draft = IdentityDraft(kind, arn, declared.names.name, declared.source, declared.pointer)
    effect = f"what {draft.name} may do is unknown"
    trust = properties.get("AssumeRolePolicyDocument")
    if kind == "role" and trust is not None:
        who = f"who may assume {draft.name} is unknown"
        draft.trust = room.policy(PolicyKind.RESOURCE, "trust policy", trust, who, arn, trust=True)
    for i, each in enumerate(properties.entries("Policies")):
        document, name = each.get("PolicyDocument"), each.text("PolicyName") or f"policy {i}"
        if document is None:
            _unread(room, draft, each, f"the policy {name} of {draft.name} is not known before deploy")
            continue
        draft.inline[name if name not in draft.inline else f"{name} {i}"] = room.policy(
            PolicyKind.IDENTITY, name, document, effect, arn
        )
    for each in properties.entries("ManagedPolicyArns"):
        _attach(room, draft, each)
    boundary = properties.get("PermissionsBoundary")
    if boundary is not None:
        draft.boundary = Attachment(boundary.text() or "", boundary.source, boundary.pointer)
    draft.tags = tags(properties)
    draft.told = draft.complete = draft.boundary_told = True
    for each in properties.entries("Groups") if kind == "user" else ():
        group = each.text()
        if group is not None:
            draft.groups[group] = (each.source, each.pointer)
    room.gathered.identity(draft)


def _attach(room: Room, draft: IdentityDraft, value: Value) -> None:
    arn = value.text()
    if arn is None:
        _unread(room, draft, value, f"a managed policy of {draft.name} is not the ARN of one")
        return
    draft.attached.setdefault(arn, Attachment(arn, value.source, value.pointer))


def _unread(room: Room, draft: IdentityDraft, value: Value, error: str) -> None:
    """Something of an identity that cannot be known."""
    room.miss(value, error, f"what {draft.name} may do is unknown", draft.arn)
    unread = Policy(PolicyKind.IDENTITY, "policy", value.source, value.pointer, None, None, error, draft.arn)
    draft.unread.append(unread)


def tags(properties: Value) -> dict[str, str] | None:
    """Tags, a list of keys and values or an object; None where some of them are unknown."""
    found: dict[str, str] = {}
    given = properties.get("Tags")
    if given is None:
        return found
    if given.has_unknown():
        return None
    for key, value in given.members():
        found[key] = value.text() or ""
    for entry in properties.entries("Tags") if isinstance(given.raw, tuple) else ():
        name = entry.text("Key")
        if name is not None:
            found[name] = entry.text("Value") or ""
    return found


def inline(room: Room, declared: Declared) -> None:
    """AWS::IAM::Policy, RolePolicy, UserPolicy, GroupPolicy: a policy written into others."""
    document = declared.properties.get("PolicyDocument")
    name = declared.properties.text("PolicyName") or declared.names.name
    for draft in _owners(room, declared):
        if document is None:
            _unread(room, draft, declared.properties, f"the policy {name} is not known before deploy")
            continue
        effect = f"what {draft.name} may do is unknown"
        key = name if name not in draft.inline else f"{name} ({declared.address})"
        draft.inline[key] = room.policy(PolicyKind.IDENTITY, name, document, effect, draft.arn)


def managed(room: Room, declared: Declared) -> None:
    """AWS::IAM::ManagedPolicy: its text, and to whom it is attached."""
    arn, document = declared.names.arn, declared.properties.get("PolicyDocument")
    if document is not None:
        effect = f"what those with the policy {declared.names.name} may do is unknown"
        text = room.text(document, effect, declared.names.name, PolicyKind.IDENTITY)
        room.gathered.managed_policy(ManagedDraft(arn, declared.source, declared.pointer, "v1", {"v1": text}))
    for draft in _owners(room, declared):
        draft.attached.setdefault(arn, Attachment(arn, declared.source, declared.pointer))


def attachment(room: Room, declared: Declared) -> None:
    """permcheck::IAM::Attachment."""
    arn = declared.properties.get("PolicyArn")
    for draft in _owners(room, declared):
        _attach(room, draft, arn if arn is not None else declared.properties)


def membership(room: Room, declared: Declared) -> None:
    """AWS::IAM::UserToGroupAddition."""
    group = declared.properties.text("GroupName")
    for value in declared.properties.entries("Users"):
        draft = _named(room, "user", value, declared.where)
        if draft is not None and group is not None:
            draft.groups.setdefault(group.rsplit("/", 1)[-1], (value.source, value.pointer))


def _owners(room: Room, declared: Declared) -> Iterator[IdentityDraft]:
    """Whoever a policy names, declared here or not."""
    for key, kind in _LISTS.items():
        for value in declared.properties.entries(key):
            found = _named(room, kind, value, declared.where)
            if found is not None:
                yield found
    for key, kind in _OWNERS.items():
        value_of = declared.properties.get(key)
        if value_of is not None:
            found = _named(room, kind, value_of, declared.where)
            if found is not None:
                yield found


def _named(room: Room, kind: str, value: Value, where: Where) -> IdentityDraft | None:
    named = value.text()
    if not named:
        room.miss(value, f"which {kind} has it is not known before deploy", "nobody is taken to have it")
        return None
    name = named.rsplit("/", 1)[-1]
    found = room.find(_TYPES[kind], named) or room.find(_TYPES[kind], name)
    arn = found.names.arn if found is not None else f"arn:{where.partition}:iam::{where.account}:{kind}/{name}"
    draft = room.gathered.identities.get(arn)
    if draft is None:
        draft = IdentityDraft(kind, arn, name, value.source, value.pointer, told=True)
        _unread(room, draft, value, f"the {kind} {name}: {UNTOLD}")
        room.gathered.identities[arn] = draft
    return draft
