"""An iam-collect store: a folder for each resource, told by its path and described by the files in it.

Layout (iam-collect's documentation, "Storage Layout Explained"): ``aws/<partition>/accounts/<account>/…`` with one
folder a resource; names in paths are lower-cased and URL-encoded, the real ones are in ``metadata.json``. A file that
would say nothing is not there.
"""

import re

from permcheck.model.policy import Policy, PolicyKind
from permcheck.sources.files.drafts import IdentityDraft, ManagedDraft
from permcheck.sources.files.function_policies import NAME, named_function, put
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.reader import Parsed
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import WrongShape, arn, function_name, last_part, text_or_none
from permcheck.sources.files.store_parts import (
    EFFECTS,
    UNUSED,
    Part,
    attached,
    boundary,
    groups,
    inline,
    tags,
    trust,
)

_RESOURCE = re.compile(
    r"(?P<folder>(?:.*/)?accounts/\d{12}/"
    r"(?:iam/(?P<identity>role|user|group)|iam/(?P<aws>aws/)?(?P<policy>policy)|lambda/[^/]+/(?P<function>function))"
    r"/[^/]+)/(?P<file>metadata|trust-policy|inline-policies|managed-policies|policy|tags|groups)\.json"
)
_STORE = re.compile(r"(?:.*/)?aws/aws[a-z-]*/(?P<part>accounts/\d{12}|organizations/[^/]+|indexes)/(?P<rest>.+)")


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
        if "accounts/" not in reading.source and "aws/aws" not in reading.source:
            return False
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
        if parsed.problem:
            problem = parsed.problem
            reading.miss(problem.error, "nothing in it is used", line=problem.line, column=problem.column)
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
        name = metadata.value.get("name") or metadata.reading.source.split("/")[-2]
        for file, part in parts.items():
            key = "function" if file == "policy" and self._kind == "function" else file
            part.miss(EFFECTS[key].format(name) if key in EFFECTS else UNUSED)
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
        boundary(reading, value, draft)
        if "trust-policy" in parts:
            draft.trust = trust(parts["trust-policy"], own)
        inline(parts.get("inline-policies"), draft)
        attached(parts.get("managed-policies"), draft)
        draft.tags = tags(parts.get("tags"))
        groups(parts.get("groups"), draft)
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
            known_tags = tags(parts.get("tags"))
            draft.tags = known_tags if known_tags is not None else draft.tags
        part = parts.get("policy")
        if part is not None and part.value is not None:
            effect = f"who may invoke {named_function(own, qualifier)} is unknown"
            put(self._gathered, own, qualifier, part.reading.text(part.value, "", effect))
        elif part is not None and part.problem:
            owner = f"{own}:{qualifier}" if qualifier else own
            unread = Policy(PolicyKind.RESOURCE, NAME, part.reading.source, "", None, None, part.problem.error, owner)
            self._gathered.function_policy(own, qualifier, unread)
