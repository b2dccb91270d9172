"""The parts of a role, user or group that IAM prints alike in all of its outputs."""

from permcheck.model.policy import Policy, PolicyKind
from permcheck.sources.files.drafts import Attachment, IdentityDraft, ManagedDraft, PolicyText
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import (
    JsonObject,
    WrongShape,
    arn,
    items,
    last_part,
    member,
    tag_list,
    text,
    text_or_none,
    type_name,
)

NAMES = {"role": "RoleName", "user": "UserName", "group": "GroupName"}


def identity(reading: Reading, kind: str, entry: JsonObject, at: str) -> IdentityDraft:
    """A draft with what all outputs carry: ARN, name, and a role's trust policy. Raises WrongShape without an ARN."""
    own = arn(entry, "Arn", at)
    name = text_or_none(entry, NAMES[kind], at) or last_part(own)
    draft = IdentityDraft(kind, own, name, reading.source, at)
    if kind == "role":
        draft.service_linked = ":role/aws-service-role/" in own
        if entry.get("AssumeRolePolicyDocument") is not None:
            draft.trust = trust(reading, own, entry["AssumeRolePolicyDocument"], f"{at}/AssumeRolePolicyDocument")
    return draft


def trust(reading: Reading, role: str, raw: object, at: str) -> Policy:
    """A role's trust policy: a resource policy whose resource is the role."""
    document, unread = reading.document(raw, at, f"who may assume {last_part(role)} is unknown")
    return Policy(PolicyKind.RESOURCE, "trust policy", reading.source, at, document, None, unread, role, True)


def inline(reading: Reading, entry: JsonObject, key: str, at: str, draft: IdentityDraft) -> None:
    """The policies written into the identity itself: a list of names and documents."""
    effect = unknown(draft)
    try:
        listed = items(entry, key, at)
    except WrongShape as wrong:
        draft.unread.append(reading.unread(PolicyKind.IDENTITY, "inline policies", wrong, effect, draft.arn))
        return
    for i, each in enumerate(listed):
        here = f"{at}/{key}/{i}"
        try:
            if not isinstance(each, dict):
                raise WrongShape(here, f"an inline policy is an object, not {type_name(each)}")
            name = text(each, "PolicyName", here)
        except WrongShape as wrong:
            draft.unread.append(reading.unread(PolicyKind.IDENTITY, "inline policy", wrong, effect, draft.arn))
            continue
        raw = each.get("PolicyDocument")
        draft.inline[name] = reading.policy(
            PolicyKind.IDENTITY, name, raw, f"{here}/PolicyDocument" if raw is not None else here, effect, draft.arn
        )


def attached(reading: Reading, entry: JsonObject, key: str, at: str, draft: IdentityDraft) -> None:
    """The managed policies attached to the identity, by ARN."""
    try:
        for attachment in attachments(reading, entry, key, at):
            draft.attached.setdefault(attachment.arn, attachment)
    except WrongShape as wrong:
        draft.unread.append(reading.unread(PolicyKind.IDENTITY, "attached policies", wrong, unknown(draft), draft.arn))


def attachments(reading: Reading, entry: JsonObject, key: str, at: str) -> list[Attachment]:
    """A list of attached policies. Raises WrongShape if one cannot be told."""
    found: list[Attachment] = []
    for i, each in enumerate(items(entry, key, at)):
        here = f"{at}/{key}/{i}"
        if not isinstance(each, dict):
            raise WrongShape(here, f"an attached policy is an object, not {type_name(each)}")
        found.append(Attachment(arn(each, "PolicyArn", here), reading.source, here))
    return found


def boundary(reading: Reading, entry: JsonObject, at: str, draft: IdentityDraft) -> None:
    """The permissions boundary, in outputs that print it where there is one."""
    draft.boundary_told = True
    try:
        found = member(entry, "PermissionsBoundary", at)
        if found is not None:
            here = f"{at}/PermissionsBoundary"
            draft.boundary = Attachment(arn(found, "PermissionsBoundaryArn", here), reading.source, here)
    except WrongShape as wrong:
        draft.unread_boundary = reading.unread(
            PolicyKind.BOUNDARY, "permissions boundary", wrong, unknown(draft), draft.arn
        )


def tags(reading: Reading, entry: JsonObject, at: str, draft: IdentityDraft) -> None:
    """The tags, in outputs that print them where there are some."""
    try:
        draft.tags = tag_list(entry, "Tags", at)
    except WrongShape as wrong:
        reading.miss(wrong.message, f"the tags of {draft.name} are unknown", wrong.pointer)


def unknown(draft: IdentityDraft) -> str:
    """What a missing policy of this identity means."""
    return f"what {draft.name} may do is unknown"


def managed(reading: Reading, entry: JsonObject, at: str) -> ManagedDraft:
    """A managed policy, with the text of its default version where the output prints versions."""
    draft = ManagedDraft(arn(entry, "Arn", at), reading.source, at, text_or_none(entry, "DefaultVersionId", at))
    draft.updated = text_or_none(entry, "UpdateDate", at)
    listed = items(entry, "PolicyVersionList", at)
    for i, each in enumerate(listed):
        here = f"{at}/PolicyVersionList/{i}"
        if not isinstance(each, dict):
            raise WrongShape(here, f"a policy version is an object, not {type_name(each)}")
        version = text_or_none(each, "VersionId", here) or f"#{i}"
        if each.get("IsDefaultVersion") is True:
            draft.default = version
        # A version that is not in force grants nothing, but may be put in force.
        in_force, name = version == draft.default, last_part(draft.arn)
        effect = f"what those with the policy {name} may do is unknown" if in_force else _NOT_IN_FORCE.format(name)
        draft.texts[version] = version_text(reading, each, here, effect)
    return draft


_NOT_IN_FORCE = "what an earlier version of {} would allow is unknown"


def version_text(reading: Reading, entry: JsonObject, at: str, effect: str) -> PolicyText:
    """The document of one version of a managed policy. effect: of not being able to read it."""
    raw = entry.get("Document")
    here = f"{at}/Document" if raw is not None else at
    return reading.text(raw, here, effect)
