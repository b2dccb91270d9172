"""Joins everything that was gathered into Facts, in an order that does not depend on the order of reading."""

from collections.abc import Iterable, Iterator, Sequence

from permcheck.model.facts import Facts
from permcheck.model.function import Function
from permcheck.model.location import NotRead
from permcheck.model.policy import Policy
from permcheck.model.pool import IdentityPool
from permcheck.sources.files.accounts import Accounts
from permcheck.sources.files.assumptions import assumptions
from permcheck.sources.files.build_functions import build_functions, join_functions, roles_not_in_view
from permcheck.sources.files.build_identities import Identities
from permcheck.sources.files.fragments import join_fragments
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.managed import ManagedPolicies, join_versions
from permcheck.sources.files.pages import missing_pages
from permcheck.sources.files.placing import place_loose


def build(gathered: Gathered, inputs: Sequence[str]) -> Facts:
    """Turn drafts into facts. Each step adds to what could not be read."""
    alone = [*gathered.other_policies, *join_functions(gathered)]
    accounts = Accounts(gathered)
    join_fragments(gathered, accounts)
    alone.extend(join_versions(gathered))
    place_loose(gathered, accounts)
    managed = ManagedPolicies(gathered)
    identities = Identities(gathered, managed)
    functions = build_functions(gathered)
    gathered.not_read.extend(managed.missing())
    gathered.not_read.extend(missing_pages(gathered.pages))
    roles = {role.arn for role in identities.roles}
    gathered.not_read.extend(roles_not_in_view(functions, roles, identities.accounts()))
    told = [*assumptions(gathered, functions, identities.untold(), bool(roles)), *managed.assumptions()]
    policies = [*identities.policies(), *managed.used(), *managed.unused(), *_of_functions(functions), *alone]
    return Facts(
        roles=identities.roles,
        users=identities.users,
        groups=identities.groups,
        functions=functions,
        mappings=tuple(sorted(gathered.mappings.values(), key=lambda m: (m.function_arn, m.uuid, m.source, m.pointer))),
        pools=tuple(_pools(gathered)),
        policies=_sorted(policies),
        not_read=tuple(sorted(set(gathered.not_read), key=_place_of)),
        assumptions=tuple(told),
        inputs=tuple(sorted(set(inputs))),
    )


def _of_functions(functions: Iterable[Function]) -> Iterator[Policy]:
    for function in functions:
        for qualifier in function.qualifiers:
            if qualifier.policy is not None:
                yield qualifier.policy


def _pools(gathered: Gathered) -> Iterator[IdentityPool]:
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
            providers=draft.providers,
            other_logins=draft.other_logins,
            mappings=draft.mappings,
        )


def _sorted(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    distinct = {id(policy): policy for policy in policies}
    return tuple(sorted(distinct.values(), key=lambda p: (p.source, p.pointer, p.kind, p.name, p.attached_to or "")))


def _place_of(gap: NotRead) -> tuple[str, str, str, str, str]:
    return gap.source, gap.pointer, gap.error, gap.effect, gap.arn or ""
