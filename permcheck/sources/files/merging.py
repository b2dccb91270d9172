"""Two files speak of the same thing: agree where they agree, else the later one counts and the difference is told.

Files are read in the order of their names, so "later" does not depend on how the paths were given.
"""

from collections.abc import Iterator
from dataclasses import fields

from permcheck.model.policy import Document, Policy, Statement
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


def merge_identity(old: IdentityDraft, new: IdentityDraft) -> list[str]:
    """Add to ``old`` what ``new`` tells; return the names of what differs.

    Where both claim to know everything of the identity and differ, the newer one replaces the older: a policy that was
    removed must not live on beside it.
    """
    both = old.complete and new.complete
    differing = list(_differences(old, new, both))
    replaced = both and bool(differing)
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
    if differing:
        old.source, old.pointer = new.source, new.pointer
    return differing


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
    """Add to ``old`` what ``new`` tells; return the names of what differs."""
    differing: list[str] = []
    if new.default is not None:
        if old.default is not None and old.default != new.default:
            differing.append("default version")
        old.default = new.default
    for version, text in new.texts.items():
        known = old.texts.get(version)
        if known is None or known.document is None:
            old.texts[version] = text
        elif text.document is not None and not same_document(known.document, text.document):
            differing.append(f"version {version}")
            old.texts[version] = text
    if differing:
        old.source, old.pointer = new.source, new.pointer
    return differing
