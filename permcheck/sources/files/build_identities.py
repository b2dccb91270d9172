"""Drafts of identities → roles, users and groups, with their policies in the order of the input."""

from collections.abc import Iterator

from permcheck.model.identity import Group, Role, User
from permcheck.model.location import NotRead
from permcheck.model.policy import Policy, PolicyKind
from permcheck.sources.files.drafts import IdentityDraft
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.managed import ManagedPolicies
from permcheck.sources.files.shapes import account_of


class Identities:
    """Roles, users and groups made of the drafts, sorted by ARN."""

    def __init__(self, gathered: Gathered, managed: ManagedPolicies) -> None:
        self._gathered = gathered
        self._managed = managed
        drafts = sorted(gathered.identities.values(), key=lambda draft: draft.arn)
        self._drafts = {kind: [d for d in drafts if d.kind == kind] for kind in ("role", "user", "group")}
        self.groups = tuple(self._group(draft) for draft in self._drafts["group"])
        self._groups_by_name: dict[str, list[Group]] = {}
        for group in self.groups:
            self._groups_by_name.setdefault(group.name, []).append(group)
        self.roles = tuple(self._role(draft) for draft in self._drafts["role"])
        self.users = tuple(self._user(draft) for draft in self._drafts["user"])

    def _own(self, draft: IdentityDraft) -> tuple[Policy, ...]:
        attached = [self._managed.attached(attachment, draft.name) for attachment in draft.attached.values()]
        return (*draft.inline.values(), *attached, *draft.unread)

    def _boundary(self, draft: IdentityDraft) -> Policy | None:
        if draft.boundary is not None:
            return self._managed.boundary(draft.boundary, draft.name)
        if draft.unread_boundary is None and not draft.boundary_told and not draft.service_linked:
            self._note_untold_boundary(draft)
        return draft.unread_boundary

    def _note_untold_boundary(self, draft: IdentityDraft) -> None:
        """Make a boundary that could not be read of one that a listing leaves out, whether or not there is one.

        IAM API Reference, "ListRoles", "ListUsers": PermissionsBoundary and Tags are not among what they return.
        """
        if draft.only_listed is None:
            return
        operation, source, pointer = draft.only_listed
        error = f"{operation} does not tell whether there is a permissions boundary"
        policy = Policy(PolicyKind.BOUNDARY, "permissions boundary", source, pointer, None, None, error, draft.arn)
        draft.unread_boundary = policy
        effect = (
            f"what the {draft.kind} may do is unknown; get-{draft.kind} tells, or get-account-authorization-details"
        )
        api = f"iam:Get{draft.kind.capitalize()}"
        gap = NotRead(source, error, effect, pointer, arn=draft.arn, api=api, shown=True)
        self._gathered.not_read.append(gap)

    def _role(self, draft: IdentityDraft) -> Role:
        return Role(
            draft.arn,
            draft.name,
            draft.source,
            draft.pointer,
            draft.trust,
            self._own(draft),
            self._boundary(draft),
            draft.tags,
            draft.service_linked,
            draft.loose,
        )

    def _group(self, draft: IdentityDraft) -> Group:
        return Group(draft.arn, draft.name, draft.source, draft.pointer, self._own(draft))

    def _user(self, draft: IdentityDraft) -> User:
        policies = list(self._own(draft))
        for name, (source, pointer) in draft.groups.items():
            group = self._find_group(name, draft)
            if group is not None:
                policies.extend(group.policies)
                continue
            reason = f"the group {name} is not in view"
            group_name = f"group {name}"
            policies.append(Policy(PolicyKind.IDENTITY, group_name, source, pointer, None, None, reason, draft.arn))
            error, effect = f"{reason}, and {draft.name} is in it", f"what {draft.name} may do is unknown"
            missing = NotRead(source, error, effect, pointer, arn=draft.arn, api="iam:GetGroup")
            self._gathered.not_read.append(missing)
        return User(
            draft.arn,
            draft.name,
            draft.source,
            draft.pointer,
            tuple(policies),
            self._boundary(draft),
            draft.tags,
            tuple(draft.groups),
        )

    def _find_group(self, name: str, user: IdentityDraft) -> Group | None:
        """The group of that name in the user's account; in a capture made anonymous, the only one of that name."""
        known = self._groups_by_name.get(name, [])
        same = [group for group in known if account_of(group.arn) == account_of(user.arn)]
        return same[0] if same else known[0] if len(known) == 1 else None

    def policies(self) -> Iterator[Policy]:
        """Every policy that belongs to one identity alone: inline ones, trust policies, and unread ones."""
        for drafts in self._drafts.values():
            for draft in drafts:
                yield from draft.inline.values()
                yield from draft.unread
                if draft.trust is not None:
                    yield draft.trust
                if draft.unread_boundary is not None:
                    yield draft.unread_boundary

    def untold(self) -> list[str]:
        """Names of identities for which no file says which policies they have."""
        return sorted(d.name for drafts in self._drafts.values() for d in drafts if not d.told and not d.loose)

    def accounts(self) -> set[str]:
        """Accounts whose roles are in view; roles that stand in for loose documents do not count."""
        return {account_of(draft.arn) for draft in self._drafts["role"] if not draft.loose}
