"""Two files speak of the same thing: agree where they agree, else the later one counts and the difference is told.

Files are read in the order of their names, so "later" does not depend on how the paths were given.
"""

from collections.abc import Iterator
from dataclasses import fields

from permcheck.model.policy import Document, Policy, Statement
from permcheck.sources.files.drafts import IdentityDraft, ManagedDraft, PolicyText

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
    """Add to ``old`` what ``new`` tells; return the names of what differs, sorted as they are compared."""
    differing: list[str] = []
    old.trust, differs = newer(old.trust, new.trust)
    if differs:
        differing.append("trust policy")
    if new.complete and old.complete:
        differing.extend(_replaced_policies(old, new))
    else:
        differing.extend(_united_policies(old, new))
    if new.boundary_told:
        if old.boundary_told and _arn(old) != _arn(new):
            differing.append("permissions boundary")
        if not old.boundary_told or _arn(old) != _arn(new):
            old.boundary, old.unread_boundary = new.boundary, new.unread_boundary
        old.boundary_told = True
    if new.tags is not None:
        if old.tags is not None and dict(old.tags) != dict(new.tags):
            differing.append("tags")
        old.tags = new.tags
    for group, place in new.groups.items():
        old.groups.setdefault(group, place)
    old.told |= new.told
    old.complete |= new.complete
    old.service_linked |= new.service_linked
    if differing:
        old.source, old.pointer = new.source, new.pointer
    return differing


def _arn(draft: IdentityDraft) -> str | None:
    return draft.boundary.arn if draft.boundary else None


def _replaced_policies(old: IdentityDraft, new: IdentityDraft) -> Iterator[str]:
    """Both claim to know all policies of the identity: a removed policy must not live on beside a newer account."""
    kept: dict[str, Policy] = {}
    differs = old.inline.keys() != new.inline.keys()
    for name, policy in new.inline.items():
        chosen, changed = newer(old.inline.get(name), policy)
        kept[name] = chosen or policy
        differs |= changed
    if differs:
        yield "inline policies"
    old.inline = kept
    if old.attached.keys() != new.attached.keys():
        yield "attached policies"
        old.attached = new.attached
    old.unread = new.unread


def _united_policies(old: IdentityDraft, new: IdentityDraft) -> Iterator[str]:
    for name, policy in new.inline.items():
        chosen, differs = newer(old.inline.get(name), policy)
        old.inline[name] = chosen or policy
        if differs:
            yield f"inline policy {name}"
    for arn, attachment in new.attached.items():
        old.attached.setdefault(arn, attachment)
    old.unread.extend(new.unread)


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


def text_of(policy: Policy) -> PolicyText:
    """The text of a policy, without its place in the account."""
    return PolicyText(policy.document, policy.unread, policy.source, policy.pointer)
