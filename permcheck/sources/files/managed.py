"""Managed policies: the text in view, else AWS's own as of the day of the table, else unread."""

from collections.abc import Iterator

from permcheck.model.location import NotRead
from permcheck.model.policy import Document, Policy, PolicyKind
from permcheck.policy.parse import parse_document
from permcheck.sources.files import naming
from permcheck.sources.files.drafts import Attachment, ManagedDraft, PolicyText
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.shapes import last_part


class ManagedPolicies:
    """One Policy per ARN and layer, however many identities it is attached to."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered
        self._made: dict[tuple[PolicyKind, str], Policy] = {}
        self._missing: dict[tuple[PolicyKind, str], tuple[Attachment, list[str]]] = {}
        self._from_table: set[str] = set()
        self._borrowed: set[str] = set()

    def attached(self, attachment: Attachment, owner: str) -> Policy:
        """The policy as attached to an identity called ``owner``."""
        return self._policy(PolicyKind.IDENTITY, attachment, owner)

    def boundary(self, attachment: Attachment, owner: str) -> Policy:
        """The policy as the permissions boundary of an identity called ``owner``."""
        return self._policy(PolicyKind.BOUNDARY, attachment, owner)

    def _policy(self, kind: PolicyKind, attachment: Attachment, owner: str) -> Policy:
        key = (kind, attachment.arn)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._make(kind, attachment)
        if key in self._missing:
            self._missing[key][1].append(owner)
        return made

    def _make(self, kind: PolicyKind, attachment: Attachment) -> Policy:
        arn = attachment.arn
        text = self._text_in_view(arn) or self._text_of_aws(arn)
        if text is None:
            text = PolicyText(None, self._why_missing(arn), attachment.source, attachment.pointer)
            self._missing[kind, arn] = (attachment, [])
        others = tuple(self._other_versions(arn))
        told = (text.source, text.pointer, text.document, arn, text.unread)
        return Policy(kind, last_part(arn), *told, places=text.places, other_versions=others)

    def _other_versions(self, arn: str) -> Iterator[Document]:
        """What would be in force if another version were made the default."""
        draft = self._gathered.managed.get(arn)
        if draft is not None:
            yield from (t.document for v, t in draft.texts.items() if v != draft.default and t.document is not None)

    def _text_in_view(self, arn: str) -> PolicyText | None:
        draft = self._gathered.managed.get(arn)
        return draft.texts.get(draft.default) if draft is not None and draft.default is not None else None

    def _why_missing(self, arn: str) -> str:
        draft = self._gathered.managed.get(arn)
        if draft is not None and draft.default is not None:
            return f"its version in force, {draft.default}, is not in view"
        return "its text is not in view"

    def _text_of_aws(self, arn: str) -> PolicyText | None:
        if ":iam::aws:policy/" not in arn:
            return None
        # The table takes a while to unpack, and most inputs bring the texts with them.
        from permcheck.data import managed_policies

        raw = managed_policies.document(arn)
        if raw is None:
            return None
        self._from_table.add(arn)
        if managed_policies.borrowed(arn):
            self._borrowed.add(arn.split(":")[1])
        return PolicyText(parse_document(raw), None, arn, "")

    def unused(self) -> Iterator[Policy]:
        """The managed policies in view that nobody in view has: their text is there to be looked at."""
        for arn, draft in self._gathered.managed.items():
            if (PolicyKind.IDENTITY, arn) in self._made or (PolicyKind.BOUNDARY, arn) in self._made:
                continue
            text = self._text_in_view(arn)
            if text is not None:
                name, document = last_part(arn), text.document
                yield Policy(
                    PolicyKind.IDENTITY,
                    name,
                    draft.source,
                    text.pointer,
                    document,
                    arn,
                    text.unread,
                    places=text.places,
                )

    def used(self) -> Iterator[Policy]:
        """The managed policies that somebody has; one that is attached and a boundary too counts as attached."""
        for (kind, arn), policy in self._made.items():
            if kind is PolicyKind.IDENTITY or (PolicyKind.IDENTITY, arn) not in self._made:
                yield policy

    def missing(self) -> Iterator[NotRead]:
        """One line for each policy whose text is nowhere, however many have it."""
        for (kind, arn), (attachment, owners) in self._missing.items():
            error = f"the managed policy {last_part(arn)} is attached, but {self._why_missing(arn)}"
            if kind is PolicyKind.BOUNDARY:
                error = f"the managed policy {last_part(arn)} is a permissions boundary, but {self._why_missing(arn)}"
            effect = f"what {_some(owners)} may do is unknown"
            yield NotRead(attachment.source, error, effect, attachment.pointer, arn=arn, api="iam:GetPolicyVersion")

    def assumptions(self) -> Iterator[str]:
        """Where texts of AWS managed policies came from."""
        if self._from_table:
            from permcheck.data import managed_policies

            count = len(self._from_table)
            what = "1 AWS managed policy" if count == 1 else f"{count} AWS managed policies"
            yield f"The text of {what} was not given: it is taken as AWS published it by {managed_policies.made()}."
        for partition in sorted(self._borrowed):
            yield f"Texts of AWS managed policies in {partition} are taken to be those of the partition aws."


def _some(names: list[str]) -> str:
    shown = sorted(set(names))
    return " and ".join(shown) if len(shown) < 3 else ", ".join(shown)


def join_versions(gathered: Gathered) -> list[Policy]:
    """Give every text of ``get-policy-version`` to its policy, by the file's name; return those that stay alone."""
    if not gathered.versions:
        return []
    arns: dict[str, set[str]] = {}
    for arn in gathered.managed:
        arns.setdefault(last_part(arn), set()).add(arn)
    for draft in gathered.identities.values():
        for attachment in (*draft.attached.values(), *((draft.boundary,) if draft.boundary else ())):
            arns.setdefault(last_part(attachment.arn), set()).add(attachment.arn)
    alone: list[Policy] = []
    for fragment in gathered.versions:
        text = fragment.text
        found = naming.owner(text.source, arns)
        named = arns[found[0]] if found else set()
        if len(named) == 1:
            default = fragment.version if fragment.is_default else None
            new = ManagedDraft(min(named), text.source, text.pointer, default, {fragment.version: text})
            gathered.managed_policy(new)
            continue
        if not fragment.is_default:
            continue
        error = "it does not say which policy it is a version of, and the file's name fits none in view"
        effect = "nobody is taken to have it; call the file get-policy-version.POLICY.json to tell"
        gathered.not_read.append(NotRead(text.source, error, effect, text.pointer))
        alone.append(
            Policy(PolicyKind.IDENTITY, "managed policy", text.source, text.pointer, text.document, None, text.unread)
        )
    return alone
