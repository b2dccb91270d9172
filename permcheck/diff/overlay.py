"""Declared things laid over an account: what the account would be after the deploy.

Things are the same where their ARNs are. What is declared takes the place of what is there: a role's trust policy and
boundary, a policy of the same name, a function's configuration, the policy of a bucket. What is there and not declared
stays: policies that were attached by hand, grants on a function, aliases. Whether a stack put them there before, and
would take them away now, is not in its template; and to take them for gone could hide what they open together with what
is declared.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from permcheck.model.facts import Facts
from permcheck.model.function import Function, Qualifier
from permcheck.model.identity import Group, Role, User
from permcheck.model.location import NOT_DECLARED
from permcheck.model.policy import Document, Policy, Statement
from permcheck.model.pool import IdentityPool
from permcheck.model.resource import Resource
from permcheck.policy.canonical import atoms

T = TypeVar("T")


def overlay(account: Facts, declared: Facts) -> Facts:
    """The account's facts with the declared ones over them; policies that nothing carries any more are gone."""
    declared = _without_what_is_in_view(account, declared)
    functions = _laid(account.functions, declared.functions, lambda f: f.arn, _function)
    roles = _laid(account.roles, declared.roles, lambda r: r.arn, _role)
    users = _laid(account.users, declared.users, lambda u: u.arn, _user)
    groups = _laid(account.groups, declared.groups, lambda g: g.arn, _group)
    resources = _laid(account.resources, declared.resources, lambda r: r.arn, _resource)
    laid = replace(
        account,
        roles=roles,
        users=users,
        groups=groups,
        functions=functions,
        mappings=_laid(account.mappings, declared.mappings, lambda m: (m.function_arn, m.event_source), _later),
        pools=_laid(account.pools, declared.pools, lambda p: p.id, _pool),
        user_pools=_laid(account.user_pools, declared.user_pools, lambda p: p.arn, _later),
        apis=_laid(account.apis, declared.apis, lambda a: a.arn, _later),
        resources=resources,
        organization=account.organization or declared.organization,
        policies=(*account.policies, *declared.policies),
        not_read=(*account.not_read, *declared.not_read),
        assumptions=account.assumptions,
        inputs=(*account.inputs, *declared.inputs),
        suppressions=(*account.suppressions, *declared.suppressions),
    )
    return replace(laid, policies=_hanging(laid, account, declared))


def _without_what_is_in_view(account: Facts, declared: Facts) -> Facts:
    """What is declared, without the gaps that stand for what only the account can tell, and does."""
    there = {each.arn for each in _entities(account)}

    def told(policies: tuple[Policy, ...]) -> tuple[Policy, ...]:
        return tuple(p for p in policies if p.attached_to not in there or NOT_DECLARED not in (p.unread or ""))

    return replace(
        declared,
        roles=tuple(replace(role, policies=told(role.policies)) for role in declared.roles),
        users=tuple(replace(user, policies=told(user.policies)) for user in declared.users),
        groups=tuple(replace(group, policies=told(group.policies)) for group in declared.groups),
        policies=told(declared.policies),
        not_read=tuple(gap for gap in declared.not_read if gap.arn not in there or NOT_DECLARED not in gap.error),
    )


def _laid(
    there: Iterable[T], declared: Iterable[T], key: Callable[[T], object], join: Callable[[T, T], T]
) -> tuple[T, ...]:
    found = {key(each): each for each in there}
    for each in declared:
        known = found.get(key(each))
        found[key(each)] = each if known is None else join(known, each)
    return tuple(found[name] for name in sorted(found, key=str))


def _later(_: T, declared: T) -> T:
    return declared


def _role(there: Role, declared: Role) -> Role:
    """A role without a trust policy is not declared itself: something is attached to it."""
    policies = _added(there.policies, declared.policies)
    if declared.trust is None:
        return replace(there, policies=policies)
    return replace(declared, policies=policies, service_linked=there.service_linked)


def _user(there: User, declared: User) -> User:
    groups = tuple(dict.fromkeys((*there.groups, *declared.groups)))
    return replace(there, policies=_added(there.policies, declared.policies), groups=groups)


def _group(there: Group, declared: Group) -> Group:
    return replace(there, policies=_added(there.policies, declared.policies))


def _function(there: Function, declared: Function) -> Function:
    """A function that only a permission or URL names is not declared itself: what is said of it is added."""
    named = {qualifier.name: qualifier for qualifier in there.qualifiers}
    for qualifier in declared.qualifiers:
        known = named.get(qualifier.name)
        named[qualifier.name] = qualifier if known is None else _qualifier(known, qualifier)
    first, *rest = sorted(named.values(), key=lambda each: each.name)
    return replace(declared if declared.listed else there, qualifiers=(first, *rest))


def _qualifier(there: Qualifier, declared: Qualifier) -> Qualifier:
    return replace(
        there,
        policy=_both(there.policy, declared.policy),
        url=declared.url or there.url,
        version=declared.version or there.version,
        role=declared.role or there.role,
    )


def _resource(there: Resource, declared: Resource) -> Resource:
    return replace(
        declared,
        policy=declared.policy or there.policy,
        policy_read=declared.policy_read or there.policy_read,
        triggers=declared.triggers or there.triggers,
        account=declared.account or there.account,
        tags=declared.tags if declared.tags is not None else there.tags,
    )


def _pool(there: IdentityPool, declared: IdentityPool) -> IdentityPool:
    """The roles of a pool are declared apart from it (an attachment), and replace those it hands out."""
    if declared.guests is not None:
        return declared
    return replace(there, roles=declared.roles or there.roles, mappings=declared.mappings or there.mappings)


def _added(there: tuple[Policy, ...], declared: tuple[Policy, ...]) -> tuple[Policy, ...]:
    """Policies by name or ARN; a declared one replaces the one of its name."""
    found = {policy.arn or policy.name: policy for policy in there}
    found.update({policy.arn or policy.name: policy for policy in declared})
    return tuple(found.values())


def _both(there: Policy | None, declared: Policy | None) -> Policy | None:
    """One policy with the statements of both, each in the place where it is written; unread where one of them is.

    A statement that says what a declared one says, but for its Sid, is that one: it was deployed before.
    """
    if there is None or declared is None:
        return declared or there
    if there.document is None or declared.document is None:
        return there if there.document is None else declared
    statements: list[Statement] = []
    places: dict[str, tuple[str, str]] = {}
    again = {frozenset(atoms(statement)) for statement in declared.statements}
    for policy in (there, declared):
        for statement in policy.statements:
            if policy is there and frozenset(atoms(statement)) in again:
                continue
            pointer = f"/Statement/{len(statements)}"
            places[pointer] = policy.place(statement.pointer)
            statements.append(_moved(statement, len(statements), pointer))
    return replace(there, document=Document(tuple(statements)), places=places)


def _moved(statement: Statement, index: int, pointer: str) -> Statement:
    """The statement at another place of a document."""
    inside = (replace(c, pointer=pointer + c.pointer.removeprefix(statement.pointer)) for c in statement.conditions)
    return replace(statement, index=index, pointer=pointer, conditions=tuple(inside))


def _hanging(laid: Facts, account: Facts, declared: Facts) -> tuple[Policy, ...]:
    """The policies in view, without those of the account that the declared ones took the place of."""
    kept = {id(policy): policy for policy in _attached(laid)}
    hung = {id(policy) for policy in _attached(account)} | {id(policy) for policy in _attached(declared)}
    rest = (policy for policy in (*account.policies, *declared.policies) if id(policy) not in hung)
    found = {**kept, **{id(policy): policy for policy in rest}}
    return tuple(sorted(found.values(), key=lambda policy: (policy.source, policy.pointer)))


def _attached(facts: Facts) -> Iterable[Policy]:
    """Every policy that something of these facts carries."""
    for entity in _entities(facts):
        yield from entity.policies
    for role in facts.roles:
        yield from (policy for policy in (role.trust, role.boundary) if policy is not None)
    yield from (user.boundary for user in facts.users if user.boundary is not None)
    for function in facts.functions:
        yield from (each.policy for each in function.qualifiers if each.policy is not None)
    yield from (resource.policy for resource in facts.resources if resource.policy is not None)


def _entities(facts: Facts) -> Iterable[Role | User | Group]:
    yield from facts.roles
    yield from facts.users
    yield from facts.groups
