"""Joins what is told of an identity by name to the identity itself."""

from collections.abc import Iterable

from permcheck.model.location import NotRead
from permcheck.model.policy import Policy, PolicyKind
from permcheck.sources.files import naming
from permcheck.sources.files.accounts import Accounts
from permcheck.sources.files.drafts import Fragment, IdentityDraft
from permcheck.sources.files.gathered import Gathered

KINDS = ("role", "user", "group")
_LISTS = {"names": "list-{}-policies", "attached": "list-attached-{}-policies", "tags": "list-{}-tags"}


def join_fragments(gathered: Gathered, accounts: Accounts) -> None:
    """Give every part to its owner; a part whose owner cannot be told is noted."""
    owned: list[tuple[Fragment, list[IdentityDraft]]] = []
    for fragment in gathered.fragments:
        if fragment.kind == "function":
            continue
        owner = _owner(fragment, accounts)
        if owner is None:
            _ownerless(gathered, fragment)
            continue
        drafts = [
            _draft(gathered, accounts, fragment, owner, arn)
            for arn in accounts.find(*owner, fragment.source) or [_placeholder(gathered, accounts, fragment, owner)]
        ]
        if len(drafts) > 1:
            _ambiguous(gathered, fragment, owner, drafts)
            continue
        owned.append((fragment, drafts))
        gathered.identity(_part(fragment, drafts[0]))
    for user, group, source, pointer in gathered.members:
        gathered.identities[user].groups.setdefault(group, (source, pointer))
    for fragment, drafts in owned:
        _named_only(gathered, fragment, drafts[0])
    _missing_pages(gathered, [(fragment, drafts[0]) for fragment, drafts in owned])


def _owner(fragment: Fragment, accounts: Accounts) -> tuple[str, str] | None:
    if fragment.owner:
        return fragment.kind, fragment.owner
    about = naming.about(fragment.source)
    kinds = [about] if about in KINDS else [fragment.kind] if fragment.kind in KINDS else list(KINDS)
    if about not in ("", *KINDS):
        return None
    found = [(kind, told[0]) for kind in kinds if (told := naming.owner(fragment.source, accounts.names(kind)))]
    if found:
        return found[0] if len(found) == 1 else None
    operation, rest = naming.told(fragment.source)
    # A list is named after its owner alone; get-role-policy.A.B.json may be of A or of A.B.
    return (about, rest) if operation.startswith("list-") and rest and about and not fragment.damage else None


def _ownerless(gathered: Gathered, fragment: Fragment) -> None:
    if fragment.damage or fragment.groups is not None:
        return  # a damaged file is noted already; a list of groups need not be about a user
    for part, operation in _LISTS.items():
        if getattr(fragment, part):
            name = operation.format(fragment.kind or "role")
            told = "tags" if part == "tags" else "policies"
            error = f"it tells {told}, but not whose: neither the text nor the file's name says so"
            effect = f"nobody is taken to have them; call the file {name}.NAME.json to tell"
            gathered.not_read.append(NotRead(fragment.source, error, effect, fragment.pointer))


def _placeholder(gathered: Gathered, accounts: Accounts, fragment: Fragment, owner: tuple[str, str]) -> str:
    partition, account = accounts.of(fragment.source)
    kind, name = owner
    gathered.assumptions.add(f"The account of the {kind} {name} is not told: it is taken to be {account}.")
    return f"arn:{partition}:iam::{account}:{kind}/{name}"


def _draft(
    gathered: Gathered, accounts: Accounts, fragment: Fragment, owner: tuple[str, str], arn: str
) -> IdentityDraft:
    known = gathered.identities.get(arn)
    if known is None:
        known = IdentityDraft(owner[0], arn, owner[1], fragment.source, fragment.pointer)
        accounts.adopt(known)
    return known


def _part(fragment: Fragment, owner: IdentityDraft) -> IdentityDraft:
    """The fragment as a draft of its own, to be merged like any other."""
    part = IdentityDraft(owner.kind, owner.arn, owner.name, fragment.source, fragment.pointer)
    if fragment.inline is not None:
        name, text = fragment.inline
        part.inline[name] = Policy(
            PolicyKind.IDENTITY, name, text.source, text.pointer, text.document, None, text.unread, owner.arn
        )
        part.told = True
    if fragment.attached is not None:
        part.attached = {attachment.arn: attachment for attachment in fragment.attached}
        part.told = True
    if fragment.names is not None:
        part.told = True
    if fragment.groups is not None:
        part.groups = {name: (fragment.source, pointer) for name, pointer in fragment.groups}
    if fragment.damage:
        part.unread.append(_unread(owner, "policy", fragment, fragment.pointer, fragment.damage))
        part.told = True
    part.tags = fragment.tags
    return part


def _unread(owner: IdentityDraft, name: str, fragment: Fragment, pointer: str, reason: str) -> Policy:
    return Policy(PolicyKind.IDENTITY, name, fragment.source, pointer, None, None, reason, owner.arn)


def _ambiguous(gathered: Gathered, fragment: Fragment, owner: tuple[str, str], drafts: Iterable[IdentityDraft]) -> None:
    """The name fits several identities: the part is one's, and each of them may have it."""
    arns = sorted(draft.arn for draft in drafts)
    error = f"it is about the {owner[0]} {owner[1]}, and there are several: {', '.join(arns)}"
    effect = f"what each {owner[0]} called {owner[1]} may do is unknown"
    gathered.not_read.append(NotRead(fragment.source, error, effect, fragment.pointer))
    if fragment.tags is None:
        for arn in arns:
            draft = gathered.identities[arn]
            draft.unread.append(_unread(draft, "policy", fragment, fragment.pointer, error))


def _named_only(gathered: Gathered, fragment: Fragment, owner: IdentityDraft) -> None:
    for name, pointer in fragment.names or ():
        if name in owner.inline:
            continue
        reason = "only its name is in view"
        owner.inline[name] = _unread(owner, name, fragment, pointer, reason)
        error = f"the text of the inline policy {name} of {owner.name} is not in view"
        gathered.not_read.append(
            NotRead(
                fragment.source,
                error,
                f"what {owner.name} may do is unknown",
                pointer,
                arn=owner.arn,
                api=f"iam:Get{owner.kind.capitalize()}Policy",
            )
        )


def _missing_pages(gathered: Gathered, owned: Iterable[tuple[Fragment, IdentityDraft]]) -> None:
    """An owner's list that goes on, with no page in view that ends it."""
    pages: dict[tuple[str, str], list[tuple[Fragment, IdentityDraft]]] = {}
    for fragment, draft in owned:
        part = "names" if fragment.names is not None else "attached" if fragment.attached is not None else ""
        if part:
            pages.setdefault((draft.arn, part), []).append((fragment, draft))
    for (_, part), listed in sorted(pages.items(), key=lambda page: page[0]):
        fragment, draft = listed[-1]
        if all(page.more for page, _ in listed):
            pointer = f"{fragment.pointer}/{fragment.more}"
            what = "inline policies" if part == "names" else "attached policies"
            error = f"a page is missing: the list of {what} of {draft.name} goes on"
            gathered.not_read.append(
                NotRead(fragment.source, error, f"what {draft.name} may do is unknown", pointer, arn=draft.arn)
            )
            draft.unread.append(_unread(draft, what, fragment, pointer, "a page of their list is missing"))
