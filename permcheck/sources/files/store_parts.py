"""The files in the folder of one resource of an iam-collect store: each may be missing, broken or of another shape."""

from typing import Any, NamedTuple

from permcheck.model.policy import Policy, PolicyKind
from permcheck.sources.files.drafts import Attachment, IdentityDraft
from permcheck.sources.files.identities import trust as trust_policy
from permcheck.sources.files.identities import unknown
from permcheck.sources.files.reader import Problem
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import (
    JsonObject,
    WrongShape,
    arn,
    is_arn,
    last_part,
    tag_list,
    tag_map,
    text,
    type_name,
)

# What is unknown where one of the files cannot be read, by the file and, for policy.json, by the kind of resource.
EFFECTS = {
    "trust-policy": "who may assume {} is unknown",
    "inline-policies": "what {} may do is unknown",
    "managed-policies": "what {} may do is unknown",
    "groups": "what {} may do is unknown",
    "tags": "the tags of {} are unknown",
    "policy": "what those with the policy {} may do is unknown",
    "function": "who may invoke {} is unknown",
}

UNUSED = "nothing in this folder is used"


class Part(NamedTuple):
    """One file of a resource's folder: its value, or why there is none."""

    reading: Reading
    value: Any
    problem: Problem | None

    def miss(self, effect: str) -> None:
        """Note the problem."""
        if self.problem:
            self.reading.miss(self.problem.error, effect, line=self.problem.line, column=self.problem.column)


def boundary(reading: Reading, value: JsonObject, draft: IdentityDraft) -> None:
    """The permissions boundary, which metadata.json tells by its ARN."""
    for key in ("permissionBoundary", "permissionsBoundary"):
        if value.get(key) is None:
            continue
        try:
            draft.boundary = Attachment(arn(value, key, ""), reading.source, f"/{key}")
        except WrongShape as wrong:
            name, effect = "permissions boundary", unknown(draft)
            draft.unread_boundary = reading.unread(PolicyKind.BOUNDARY, name, wrong, effect, draft.arn)


def trust(part: Part, role: str) -> Policy | None:
    """The trust policy; unread where its file is broken."""
    if part.value is not None:
        return trust_policy(part.reading, role, part.value, "")
    if part.problem is None:
        return None
    reason = part.problem.error
    return Policy(PolicyKind.RESOURCE, "trust policy", part.reading.source, "", None, None, reason, role, trust=True)


def entries(part: Part | None, draft: IdentityDraft, what: str) -> list[Any]:
    """A file that holds a list; where it cannot be read, what the identity may do is unknown."""
    if part is None or (part.value is None and not part.problem):
        return []
    if isinstance(part.value, list):
        return part.value
    reason = part.problem.error if part.problem else ""
    if not reason:
        reason = f"{what} are a list, not {type_name(part.value)}"
        part.reading.miss(reason, unknown(draft))
    draft.unread.append(Policy(PolicyKind.IDENTITY, what, part.reading.source, "", None, None, reason, draft.arn))
    return []


def inline(part: Part | None, draft: IdentityDraft) -> None:
    """The inline policies: a list of names and documents."""
    for i, entry in enumerate(entries(part, draft, "inline policies")):
        assert part is not None
        try:
            if not isinstance(entry, dict):
                raise WrongShape(f"/{i}", f"an inline policy is an object, not {type_name(entry)}")
            name = text(entry, "PolicyName", f"/{i}")
        except WrongShape as wrong:
            draft.unread.append(
                part.reading.unread(PolicyKind.IDENTITY, "inline policy", wrong, unknown(draft), draft.arn)
            )
            continue
        at = f"/{i}/PolicyDocument" if "PolicyDocument" in entry else f"/{i}"
        draft.inline[name] = part.reading.policy(
            PolicyKind.IDENTITY, name, entry.get("PolicyDocument"), at, unknown(draft), draft.arn
        )


def attached(part: Part | None, draft: IdentityDraft) -> None:
    """The attached policies: a list of ARNs."""
    for i, entry in enumerate(entries(part, draft, "attached policies")):
        assert part is not None
        if isinstance(entry, str) and is_arn(entry):
            draft.attached.setdefault(entry, Attachment(entry, part.reading.source, f"/{i}"))
            continue
        wrong = WrongShape(f"/{i}", "an attached policy is told by its ARN")
        draft.unread.append(
            part.reading.unread(PolicyKind.IDENTITY, "attached policy", wrong, unknown(draft), draft.arn)
        )


def groups(part: Part | None, draft: IdentityDraft) -> None:
    """A user's groups: a list of ARNs or names."""
    for i, entry in enumerate(entries(part, draft, "groups")):
        assert part is not None
        if isinstance(entry, str):
            draft.groups[last_part(entry)] = (part.reading.source, f"/{i}")
            continue
        wrong = WrongShape(f"/{i}", f"a group is told by its name, not by {type_name(entry)}")
        draft.unread.append(part.reading.unread(PolicyKind.IDENTITY, "group", wrong, unknown(draft), draft.arn))


def tags(part: Part | None) -> dict[str, str] | None:
    """Tags as IAM prints them or as a mapping; None where there is no such file."""
    if part is None or part.value is None:
        return None
    try:
        wrapped = {"tags": part.value}
        return tag_list(wrapped, "tags", "") if isinstance(part.value, list) else tag_map(wrapped, "tags", "")
    except WrongShape as wrong:
        part.reading.miss(wrong.message, "the tags are unknown")
        return None
