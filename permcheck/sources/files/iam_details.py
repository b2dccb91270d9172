"""``aws iam get-account-authorization-details``: all identities of an account with all of their policies.

Shapes: IAM API Reference, "GetAccountAuthorizationDetails" (RoleDetail, UserDetail, GroupDetail, ManagedPolicyDetail).
"""

from permcheck.model.policy import PolicyKind
from permcheck.sources.files.drafts import IdentityDraft
from permcheck.sources.files.identities import attached, boundary, identity, inline, managed, tags, unknown
from permcheck.sources.files.kind import Kind, always, listing
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import JsonObject, WrongShape, items, type_name

OPERATION = "get-account-authorization-details"
BARE = ("AttachedManagedPolicies", "RolePolicyList", "UserPolicyList", "GroupPolicyList")
LISTS = ("RoleDetailList", "UserDetailList", "GroupDetailList")


def details(reading: Reading, value: JsonObject, at: str) -> None:
    """One page, or all of it."""
    listings = [listing(OPERATION, value, key) for key in LISTS]
    told = next((found for found in listings if found[1]), (OPERATION, ""))
    reading.page(value, at, told, "identities and policies of the pages that follow are not in this report")
    reading.each(value, "RoleDetailList", at, role, "role")
    reading.each(value, "UserDetailList", at, user, "user")
    reading.each(value, "GroupDetailList", at, group, "group")
    reading.each(value, "Policies", at, policy, "managed policy")


def role(reading: Reading, entry: JsonObject, at: str) -> None:
    """A RoleDetail."""
    draft = identity(reading, "role", entry, at)
    _policies(reading, entry, "RolePolicyList", at, draft)
    boundary(reading, entry, at, draft)
    tags(reading, entry, at, draft)
    reading.gathered.identity(draft)


def user(reading: Reading, entry: JsonObject, at: str) -> None:
    """A UserDetail."""
    draft = identity(reading, "user", entry, at)
    _policies(reading, entry, "UserPolicyList", at, draft)
    boundary(reading, entry, at, draft)
    tags(reading, entry, at, draft)
    try:
        for i, name in enumerate(items(entry, "GroupList", at)):
            if not isinstance(name, str):
                raise WrongShape(f"{at}/GroupList/{i}", f"the name of a group is a string, not {type_name(name)}")
            draft.groups[name] = (reading.source, f"{at}/GroupList/{i}")
    except WrongShape as wrong:
        draft.unread.append(reading.unread(PolicyKind.IDENTITY, "groups", wrong, unknown(draft), draft.arn))
    reading.gathered.identity(draft)


def group(reading: Reading, entry: JsonObject, at: str) -> None:
    """A GroupDetail."""
    draft = identity(reading, "group", entry, at)
    _policies(reading, entry, "GroupPolicyList", at, draft)
    reading.gathered.identity(draft)


def policy(reading: Reading, entry: JsonObject, at: str) -> None:
    """A ManagedPolicyDetail, or the Policy of list-policies, which has no versions."""
    reading.gathered.managed_policy(managed(reading, entry, at))


def _policies(reading: Reading, entry: JsonObject, key: str, at: str, draft: IdentityDraft) -> None:
    inline(reading, entry, key, at, draft)
    attached(reading, entry, "AttachedManagedPolicies", at, draft)
    draft.told = draft.complete = True


def bare(reading: Reading, value: JsonObject, at: str) -> None:
    """One RoleDetail, UserDetail or GroupDetail on its own."""
    read = next(read for name, read in (("RoleName", role), ("UserName", user), ("GroupName", group)) if name in value)
    read(reading, value, at)


def _named(value: JsonObject) -> bool:
    return "Arn" in value and any(name in value for name in ("RoleName", "UserName", "GroupName"))


KINDS = (
    *(Kind(OPERATION, key, always, details) for key in LISTS),
    *(Kind("a role, user or group with its policies", key, _named, bare) for key in BARE),
)
