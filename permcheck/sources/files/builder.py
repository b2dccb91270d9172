"""Joins everything that was gathered into Facts, in an order that does not depend on the order of reading."""

from collections.abc import Iterable, Iterator, Sequence

from permcheck.model.api import Api
from permcheck.model.facts import Facts
from permcheck.model.function import Function
from permcheck.model.location import NotRead
from permcheck.model.policy import Policy
from permcheck.model.pool import IdentityPool
from permcheck.model.resource import Resource
from permcheck.sources.files.accounts import Accounts
from permcheck.sources.files.assumptions import assumptions
from permcheck.sources.files.build_apis import apis
from permcheck.sources.files.build_functions import build_functions, join_functions, roles_not_in_view
from permcheck.sources.files.build_identities import Identities
from permcheck.sources.files.build_organization import Organized
from permcheck.sources.files.build_pools import identity_pools, roles_of_pools, user_pools
from permcheck.sources.files.build_resources import apply_tags, dangling, resources
from permcheck.sources.files.fragments import join_fragments
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.managed import ManagedPolicies, join_versions
from permcheck.sources.files.named_qualifiers import assumption, name_qualifiers, naming_qualifiers
from permcheck.sources.files.owners import Owners, join_parts
from permcheck.sources.files.pages import missing_pages, unended
from permcheck.sources.files.placing import place_loose
from permcheck.sources.files.shapes import account_of


def build(gathered: Gathered, inputs: Sequence[str]) -> Facts:
    """Turn drafts into facts. Each step adds to what could not be read."""
    owners = Owners(gathered, Accounts(gathered))
    join_parts(gathered, owners)
    routed = apis(gathered, owners)
    alone = [*gathered.other_policies, *join_functions(gathered)]
    accounts = Accounts(gathered)
    join_fragments(gathered, accounts)
    apply_tags(gathered)
    alone.extend(join_versions(gathered))
    place_loose(gathered, accounts)
    managed = ManagedPolicies(gathered)
    identities = Identities(gathered, managed)
    listed = frozenset(page.listing for page in gathered.pages) - unended(gathered.pages).keys()
    granting = naming_qualifiers((*identities.policies(), *managed.used()))
    named = name_qualifiers(gathered, _sorted(granting), listed)
    functions = build_functions(gathered, listed)
    pools, users_pools = tuple(identity_pools(gathered, accounts)), tuple(user_pools(gathered, accounts))
    around = tuple(resources(gathered, accounts))
    roles = {role.arn for role in identities.roles}
    organized = Organized(gathered, _accounts_in_view(roles, functions, pools, routed, around))
    gathered.not_read.extend(managed.missing())
    gathered.not_read.extend(missing_pages(gathered.pages))
    gathered.not_read.extend(roles_not_in_view(functions, roles, identities.accounts()))
    gathered.not_read.extend(roles_of_pools(pools, users_pools, roles, identities.accounts()))
    gathered.not_read.extend(dangling(gathered))
    gathered.not_read.extend(organized.gaps())
    told = [
        *organized.assumptions(),
        *assumptions(gathered, functions, identities.untold(), bool(roles)),
        *managed.assumptions(),
        *assumption(named),
    ]
    policies = [*identities.policies(), *managed.used(), *managed.unused(), *_of_functions(functions), *alone]
    policies += [resource.policy for resource in around if resource.policy is not None]
    policies += [api.policy for api in routed if api.policy is not None]
    return Facts(
        roles=identities.roles,
        users=identities.users,
        groups=identities.groups,
        functions=functions,
        mappings=tuple(sorted(gathered.mappings.values(), key=lambda m: (m.function_arn, m.uuid, m.source, m.pointer))),
        pools=pools,
        user_pools=users_pools,
        apis=tuple(routed),
        resources=around,
        organization=organized.organization,
        policies=_sorted([*policies, *organized.policies]),
        listed=listed,
        not_read=tuple(sorted(set(gathered.not_read), key=_place_of)),
        assumptions=tuple(told),
        inputs=tuple(sorted(set(inputs))),
        suppressions=tuple(gathered.suppressions),
        declared=gathered.declared,
    )


def _accounts_in_view(
    roles: Iterable[str],
    functions: Iterable[Function],
    pools: Iterable[IdentityPool],
    routed: Iterable[Api],
    around: Iterable[Resource],
) -> set[str]:
    """Every account that something in view belongs to: control policies matter for these."""
    told = {account_of(arn) for arn in (*roles, *(function.arn for function in functions))}
    told |= {pool.account for pool in pools} | {api.account for api in routed}
    return told | {resource.account for resource in around}


def _of_functions(functions: Iterable[Function]) -> Iterator[Policy]:
    for function in functions:
        for qualifier in function.qualifiers:
            if qualifier.policy is not None:
                yield qualifier.policy


def _sorted(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    distinct = {id(policy): policy for policy in policies}
    return tuple(sorted(distinct.values(), key=lambda p: (p.source, p.pointer, p.kind, p.name, p.attached_to or "")))


def _place_of(gap: NotRead) -> tuple[str, str, str, str, str]:
    return gap.source, gap.pointer, gap.error, gap.effect, gap.arn or ""
