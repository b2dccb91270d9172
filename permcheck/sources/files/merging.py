"""Two files speak of the same thing: agree where they agree. Where they differ the later date counts, if they have one.

Without dates nothing says which of the two holds: what they differ in could then not be read.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime

from permcheck.model.policy import Document, Policy, PolicyKind, Statement
from permcheck.sources.files.drafts import IdentityDraft, ManagedDraft

_COMPARED = tuple(f.name for f in fields(Statement))


def same_document(one: Document | None, other: Document | None) -> bool:
    """Whether two documents say the same, statement by statement."""
    if one is other:
        return True
    if one is None or other is None or one.version != other.version or len(one.statements) != len(other.statements):
        return False
    pairs = zip(one.statements, other.statements, strict=True)
    return all(getattr(a, name) == getattr(b, name) for a, b in pairs for name in _COMPARED)


def newer(old: Policy | None, new: Policy | None) -> tuple[Policy | None, bool]:
    """The policy that counts, and whether the two differ. One that could be read counts before one that could not."""
    if old is None or new is None:
        return (new if old is None else old), False
    if old.document is None or new.document is None:
        return (new if old.document is None else old), False
    return (old, False) if same_document(old.document, new.document) else (new, True)


def disputed(policy: Policy, reason: str) -> Policy:
    """The policy as one of which two files tell different texts."""
    return replace(policy, document=None, unread=reason)


def merge_identity(old: IdentityDraft, new: IdentityDraft) -> list[str]:
    """Add to ``old`` what ``new`` tells; return the names of what differs.

    What differs is unknown from then on. Where both claim to know everything of the identity and differ, the newer one
    stands in for the older: a policy that was removed must not live on beside it.
    """
    both = old.complete and new.complete
    differing = list(_differences(old, new, both))
    replaced = both and bool(differing)
    reason = f"{old.source} and {new.source} tell it differently"
    _dispute(old, new, differing, reason)
    old.trust = _chosen(old.trust, new.trust, replaced)
    inline = {name: _chosen(old.inline.get(name), policy, replaced) or policy for name, policy in new.inline.items()}
    old.inline = inline if replaced else old.inline | inline
    old.attached = new.attached if replaced else new.attached | old.attached
    old.unread = new.unread if replaced else [*old.unread, *new.unread]
    if new.boundary_told and (replaced or not old.boundary_told or _limit(old) != _limit(new)):
        old.boundary, old.unread_boundary = new.boundary, new.unread_boundary
    if new.tags is not None:
        old.tags = new.tags
    old.groups = new.groups if replaced else new.groups | old.groups
    old.boundary_told |= new.boundary_told
    old.only_listed = old.only_listed or new.only_listed
    old.told |= new.told
    old.complete |= new.complete
    old.service_linked |= new.service_linked
    if "trust policy" in old.disputed and old.trust is not None:
        old.trust = disputed(old.trust, reason if old.trust.document is not None else old.trust.unread or reason)
    if "tags" in old.disputed:
        old.tags = None
    if "permissions boundary" in old.disputed:
        old.boundary, old.unread_boundary = None, old.disputed_boundary
    if differing:
        old.source, old.pointer = new.source, new.pointer
    old.unread = list(dict.fromkeys((*old.disputed_policies, *old.unread)))
    return differing


def _dispute(old: IdentityDraft, new: IdentityDraft, differing: list[str], reason: str) -> None:
    """Keep in mind what two files tell differently, whatever a third one says."""
    for what in differing:
        old.disputed.add(what)
        kind = PolicyKind.BOUNDARY if what == "permissions boundary" else PolicyKind.IDENTITY
        policy = Policy(kind, what, new.source, new.pointer, None, None, reason, old.arn)
        if what == "permissions boundary":
            old.disputed_boundary = policy
        elif what not in ("trust policy", "tags"):
            old.disputed_policies.append(policy)


def _chosen(old: Policy | None, new: Policy | None, replaced: bool) -> Policy | None:
    chosen, _ = newer(old, new)
    return new if replaced and new is not None and new.document is not None else chosen


def _differences(old: IdentityDraft, new: IdentityDraft, both: bool) -> Iterator[str]:
    if newer(old.trust, new.trust)[1]:
        yield "trust policy"
    changed = [name for name in new.inline if newer(old.inline.get(name), new.inline[name])[1]]
    if both and (changed or old.inline.keys() != new.inline.keys()):
        yield "inline policies"
    elif changed:
        yield f"inline policy {', '.join(changed)}"
    if both and old.attached.keys() != new.attached.keys():
        yield "attached policies"
    if both and old.groups.keys() != new.groups.keys():
        yield "groups"
    if old.boundary_told and new.boundary_told and _limit(old) != _limit(new):
        yield "permissions boundary"
    if old.tags is not None and new.tags is not None and dict(old.tags) != dict(new.tags):
        yield "tags"


def _limit(draft: IdentityDraft) -> str | None:
    return draft.boundary.arn if draft.boundary else None


def merge_managed(old: ManagedDraft, new: ManagedDraft) -> list[str]:
    """Add to ``old`` what ``new`` tells; return the names of what differs.

    UpdateDate changes when another version is put in force (IAM API Reference, "Policy"): the later one counts.
    """
    differing: list[str] = []
    if new.default is not None and "default version" not in old.disputed:
        later = compared(old.updated, new.updated)
        if old.default is None or later > 0:
            old.default, old.updated = new.default, new.updated or old.updated
        elif old.default != new.default and later == 0:
            differing.append("default version")
            old.default = None
    for version, text in new.texts.items():
        known, what = old.texts.get(version), f"version {version}"
        if what in old.disputed:
            continue
        if known is None or known.document is None:
            old.texts[version] = text
        elif text.document is not None and not same_document(known.document, text.document):
            # A version never changes, so one of the two texts is not AWS's.
            differing.append(what)
            reason = f"{known.source} and {text.source} tell it differently"
            old.texts[version] = replace(text, document=None, unread=reason)
    old.disputed.update(differing)
    if differing:
        old.source, old.pointer = new.source, new.pointer
    return differing


def compared(old: str | None, new: str | None) -> int:
    """1 where the new date is the later, -1 where the old is, 0 where they are the same or one cannot be read."""
    one, other = (_instant(text) for text in (old, new))
    return 0 if one is None or other is None else (other > one) - (other < one)


def _instant(text: str | None) -> datetime | None:
    """A date as AWS's outputs write it, with an offset."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC) if found is not None else None
