"""An iam-collect store: a folder for each resource, told by its path and described by the files in it.

Layout (iam-collect's documentation, "Storage Layout Explained"): ``aws/<partition>/accounts/<account>/…`` with one
folder a resource; names in paths are lower-cased and URL-encoded, the real ones are in ``metadata.json``. A file that
would say nothing is not there.
"""

import re
from typing import Any, NamedTuple

from permcheck.model.policy import Policy, PolicyKind
from permcheck.sources.files.drafts import Attachment, IdentityDraft, ManagedDraft
from permcheck.sources.files.function_policies import NAME, put
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.identities import trust, unknown
from permcheck.sources.files.reader import Parsed, Problem
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import (
    JsonObject,
    WrongShape,
    arn,
    function_name,
    is_arn,
    last_part,
    tag_list,
    tag_map,
    text,
    text_or_none,
    type_name,
)

_RESOURCE = re.compile(
    r"(?P<folder>(?:.*/)?accounts/\d{12}/"
    r"(?:iam/(?P<identity>role|user|group)|iam/(?P<aws>aws/)?(?P<policy>policy)|lambda/[^/]+/(?P<function>function))"
    r"/[^/]+)/(?P<file>metadata|trust-policy|inline-policies|managed-policies|policy|tags|groups)\.json"
)
_STORE = re.compile(r"(?:.*/)?aws/aws[a-z-]*/(?P<part>accounts/\d{12}|organizations/[^/]+|indexes)/(?P<rest>.+)")


# What is unknown where one of the files cannot be read, by the file and, for policy.json, by the kind of resource.
_EFFECTS = {
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


class Store:
    """Collects the files of one resource until the next one begins; files come in the order of their names."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered
        self._folder = ""
        self._kind = ""
        self._parts: dict[str, Part] = {}
        self._organizations: set[str] = set()

    def takes(self, reading: Reading, parsed: Parsed) -> bool:
        """Take in a file of a store; False for any other file."""
        found = _RESOURCE.fullmatch(reading.source)
        if found is None:
            return self._other(reading, parsed)
        if found["folder"] != self._folder:
            self.close()
            self._folder = found["folder"]
            self._kind = found["identity"] or found["policy"] or found["function"]
        value = parsed.values[0][1] if parsed.values and parsed.problem is None else None
        self._parts[found["file"]] = Part(reading, value, parsed.problem)
        return True

    def _other(self, reading: Reading, parsed: Parsed) -> bool:
        """Files of a store that are about other services, organizations or indexes."""
        found = _STORE.fullmatch(reading.source)
        if found is None:
            return False
        part, rest = found["part"], found["rest"]
        if part.startswith("organizations/"):
            if rest.startswith(("scps/", "rcps/")) and part not in self._organizations:
                self._organizations.add(part)
                self._gathered.guardrails = True
                reading.miss(
                    "the store holds control policies of an organization, which are not applied yet",
                    "what they deny is shown as allowed",
                )
        elif part.startswith("accounts/") and "/" in rest:
            service = rest.split("/", 1)[0]
            self._gathered.passed_over[service] = self._gathered.passed_over.get(service, 0) + 1
        return True

    def close(self) -> None:
        """Make drafts of the resource whose files are all there."""
        parts, self._parts = self._parts, {}
        self._folder = ""
        if parts:
            self._resource(parts)
        for part in parts.values():
            part.reading.leftover_repeated([("", part.value)])

    def _resource(self, parts: dict[str, Part]) -> None:
        metadata = parts.get("metadata")
        if metadata is None or not isinstance(metadata.value, dict):
            for part in parts.values():
                part.miss(UNUSED)
            if metadata is None or metadata.problem is None:
                reading = next(iter(parts.values())).reading
                reading.miss("there is no metadata.json to say what this is about", UNUSED)
            return
        name = metadata.value.get("name")
        for file, part in parts.items():
            key = "function" if file == "policy" and self._kind == "function" else file
            part.miss(_EFFECTS[key].format(name) if key in _EFFECTS else UNUSED)
        try:
            {"policy": self._managed, "function": self._function}.get(self._kind, self._identity)(metadata, parts)
        except WrongShape as wrong:
            metadata.reading.miss(wrong.message, UNUSED, wrong.pointer)

    def _identity(self, metadata: Part, parts: dict[str, Part]) -> None:
        reading, value = metadata.reading, metadata.value
        own = arn(value, "arn", "")
        name = text_or_none(value, "name", "") or last_part(own)
        draft = IdentityDraft(self._kind, own, name, reading.source, "", boundary_told=True, told=True, complete=True)
        draft.service_linked = ":role/aws-service-role/" in own
        _boundary(reading, value, draft)
        if "trust-policy" in parts:
            draft.trust = _trust(parts["trust-policy"], own)
        _inline(parts.get("inline-policies"), draft)
        _attached(parts.get("managed-policies"), draft)
        draft.tags = _tags(parts.get("tags"))
        for i, group in enumerate(_list(parts.get("groups"), draft, "groups")):
            if isinstance(group, str):
                draft.groups[last_part(group)] = (parts["groups"].reading.source, f"/{i}")
        self._gathered.identity(draft)

    def _managed(self, metadata: Part, parts: dict[str, Part]) -> None:
        value = metadata.value
        version = text_or_none(value, "defaultVersionId", "") or "default"
        draft = ManagedDraft(arn(value, "arn", ""), metadata.reading.source, "", version)
        part = parts.get("policy")
        if part is not None and part.value is not None:
            effect = f"what those with the policy {last_part(draft.arn)} may do is unknown"
            draft.texts[version] = part.reading.text(part.value, "", effect)
        self._gathered.managed_policy(draft)

    def _function(self, metadata: Part, parts: dict[str, Part]) -> None:
        reading, value = metadata.reading, metadata.value
        told = function_name(arn(value, "arn", ""))
        if told is None:
            raise WrongShape("/arn", "arn is not the ARN of a function")
        own, qualifier = told
        role = text_or_none(value, "role", "")
        draft = self._gathered.function(own, reading.source, "")
        if qualifier:
            known = draft.qualifier(qualifier, reading.source, "")
            known.role = role or known.role
        else:
            draft.role = role or draft.role
            draft.source, draft.pointer, draft.listed = reading.source, "", True
            tags = _tags(parts.get("tags"))
            draft.tags = tags if tags is not None else draft.tags
        part = parts.get("policy")
        if part is not None and part.value is not None:
            name = f"{own.rsplit(':', 1)[-1]}:{qualifier}" if qualifier else own.rsplit(":", 1)[-1]
            put(self._gathered, own, qualifier, part.reading.text(part.value, "", f"who may invoke {name} is unknown"))
        elif part is not None and part.problem:
            owner = f"{own}:{qualifier}" if qualifier else own
            unread = Policy(PolicyKind.RESOURCE, NAME, part.reading.source, "", None, None, part.problem.error, owner)
            self._gathered.function_policy(own, qualifier, unread)


def _boundary(reading: Reading, value: JsonObject, draft: IdentityDraft) -> None:
    for key in ("permissionBoundary", "permissionsBoundary"):
        if value.get(key) is not None:
            draft.boundary = Attachment(arn(value, key, ""), reading.source, f"/{key}")


def _trust(part: Part, role: str) -> Policy | None:
    if part.value is not None:
        return trust(part.reading, role, part.value, "")
    if part.problem is None:
        return None
    reason = part.problem.error
    return Policy(PolicyKind.RESOURCE, "trust policy", part.reading.source, "", None, None, reason, role, trust=True)


def _list(part: Part | None, draft: IdentityDraft, what: str) -> list[Any]:
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


def _inline(part: Part | None, draft: IdentityDraft) -> None:
    for i, entry in enumerate(_list(part, draft, "inline policies")):
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


def _attached(part: Part | None, draft: IdentityDraft) -> None:
    for i, entry in enumerate(_list(part, draft, "attached policies")):
        assert part is not None
        if isinstance(entry, str) and is_arn(entry):
            draft.attached.setdefault(entry, Attachment(entry, part.reading.source, f"/{i}"))
            continue
        wrong = WrongShape(f"/{i}", "an attached policy is told by its ARN")
        draft.unread.append(
            part.reading.unread(PolicyKind.IDENTITY, "attached policy", wrong, unknown(draft), draft.arn)
        )


def _tags(part: Part | None) -> dict[str, str] | None:
    """Tags as IAM prints them or as a mapping; None where there is no such file."""
    if part is None or part.value is None:
        return None
    try:
        wrapped = {"tags": part.value}
        return tag_list(wrapped, "tags", "") if isinstance(part.value, list) else tag_map(wrapped, "tags", "")
    except WrongShape as wrong:
        part.reading.miss(wrong.message, "the tags are unknown")
        return None
