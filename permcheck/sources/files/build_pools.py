"""Drafts of identity pools and user pools → pools, and the roles they name that are not in view."""

from collections.abc import Iterator

from permcheck.model.location import NotRead
from permcheck.model.pool import IdentityPool
from permcheck.model.user_pool import UserPool
from permcheck.sources.files.accounts import NOWHERE, Accounts
from permcheck.sources.files.drafts import PoolDraft
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.shapes import account_of, is_arn, last_part

_WHO = {"guest": "guests", "signed_in": "signed-in users"}


def identity_pools(gathered: Gathered, accounts: Accounts) -> Iterator[IdentityPool]:
    """Identity pools sorted by id."""
    for pool_id in sorted(gathered.pools):
        draft = gathered.pools[pool_id]
        yield IdentityPool(
            draft.id,
            draft.name,
            draft.source,
            draft.pointer,
            draft.guests,
            draft.classic_flow,
            draft.roles or (),
            bool(draft.mappings),
            _account(draft, accounts),
            draft.providers,
            draft.other_logins,
            draft.mappings,
            tuple(draft.tag_maps[name] for name in sorted(draft.tag_maps)),
        )


def _account(draft: PoolDraft, accounts: Accounts) -> str:
    """The pool's account: that of its roles, for it takes no others (SetIdentityPoolRoles asks for iam:PassRole)."""
    if draft.account:
        return draft.account
    owners = {account_of(role.role) for role in draft.roles or () if is_arn(role.role)}
    if len(owners) == 1:
        return owners.pop()
    account = accounts.of(draft.source)
    return "" if account == NOWHERE else account[1]


def user_pools(gathered: Gathered, accounts: Accounts) -> Iterator[UserPool]:
    """User pools sorted by id."""
    for pool_id in sorted(gathered.user_pools):
        draft = gathered.user_pools[pool_id]
        partition, account = accounts.of(draft.source)
        region = draft.id.partition("_")[0]
        yield UserPool(
            draft.id,
            draft.arn or f"arn:{partition}:cognito-idp:{region}:{account}:userpool/{draft.id}",
            draft.name,
            draft.source,
            draft.pointer,
            draft.self_sign_up,
            tuple(draft.attributes.items()),
            tuple(draft.groups[name] for name in sorted(draft.groups)),
            tuple(draft.clients[name] for name in sorted(draft.clients)),
            tuple(sorted(draft.triggers.items())),
            draft.groups_told,
        )


def roles_of_pools(
    pools: tuple[IdentityPool, ...], user_pools: tuple[UserPool, ...], roles: set[str], accounts: set[str]
) -> Iterator[NotRead]:
    """Roles that pools and groups hand out and that are missing, although identities of their account were given."""
    named = [
        (role.role, f"{_WHO[role.kind]} of the identity pool {pool.name or pool.id}", role.source, role.pointer)
        for pool in pools
        for role in pool.roles
    ]
    for user_pool in user_pools:
        for group in user_pool.groups:
            if group.role is not None:
                who = f"members of the group {group.name} of {user_pool.name or user_pool.id}"
                named.append((group.role, who, group.source, f"{group.pointer}/RoleArn"))
    for arn, who, source, pointer in named:
        if arn in roles or not is_arn(arn) or account_of(arn) not in accounts:
            continue
        error = f"the role {last_part(arn)} of {who} is not among the identities in view"
        yield NotRead(source, error, f"what {who} can do with it is unknown", pointer, arn=arn, api="iam:GetRole")
