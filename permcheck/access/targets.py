"""The universes permcheck asks about: functions under every name they can be called by, and roles."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from permcheck.access.context import RESOURCE_TAG, Known, item_keys, url_call
from permcheck.access.subject import limits_on
from permcheck.access.universe import Item, Universe
from permcheck.model.facts import Facts
from permcheck.model.function import Function, Qualifier
from permcheck.model.identity import Role
from permcheck.policy.arn import account_of

LATEST = "$LATEST"


Names = Sequence[Sequence[Item]]


def names(facts: Facts) -> Names:
    """The items of each function."""
    return [tuple(names_of(function)) for function in facts.functions]


def invocable(facts: Facts, known: Names | None = None) -> Universe:
    """Every function, unqualified and under each qualifier in view; ``$LATEST`` always exists. known: their items."""
    return Universe(chain.from_iterable(names(facts) if known is None else known))


def names_of(function: Function) -> Iterator[Item]:
    """A function's items, the unqualified first: each qualifier is governed by its own policy.

    AWS does not say whether the function's own policy, where its Resource reaches that far, governs a qualified
    request: there it is doubtful. $LATEST cannot carry a policy.
    """
    known, all_tags = item_keys(function.arn, function)
    unqualified = function.qualifiers[0].policy if function.qualifiers else None
    own = (unqualified,) if unqualified is not None else ()
    yield Item(function.arn, policies=own, known=known, all_tags=all_tags)
    # A function's tags count for its versions and aliases too (Lambda, "Using attribute-based access control").
    qualified = known
    yield Item(f"{function.arn}:{LATEST}", doubtful=own, known=qualified, all_tags=all_tags)
    for qualifier in function.qualifiers[1:]:
        if qualifier.name not in ("", LATEST):
            policies = (qualifier.policy,) if qualifier.policy is not None else ()
            yield Item(f"{function.arn}:{qualifier.name}", "", policies, own, qualified, all_tags)


def functions(facts: Facts, known: Names | None = None) -> Universe:
    """Every function as a whole, for actions that change or show it. known: the items of each, if they are made."""
    return Universe(items[0] for items in (names(facts) if known is None else known))


def urls(facts: Facts) -> Universe:
    """Every function URL that asks for a signature (AuthType AWS_IAM), called through the URL."""
    items = []
    for function in facts.functions:
        for qualifier in function.qualifiers:
            if qualifier.url is not None and qualifier.url.auth_type == "AWS_IAM":
                items.append(through_url(function, qualifier))
    return Universe(items)


def through_url(function: Function, qualifier: Qualifier) -> Item:
    """A function as its URL calls it; the policy of the qualifier that the URL is on counts."""
    arn = f"{function.arn}:{qualifier.name}" if qualifier.name else function.arn
    known, all_tags = item_keys(arn, function)
    known.update(url_call((qualifier.url.auth_type if qualifier.url else None) or "NONE"))
    return Item(
        arn, policies=(qualifier.policy,) if qualifier.policy is not None else (), known=known, all_tags=all_tags
    )


def roles(facts: Facts) -> Universe:
    """Every role with its trust policy, for sts:AssumeRole (solve with explicit=True)."""
    items = []
    for role in facts.roles:
        known, _ = item_keys(role.arn)
        for key, value in (role.tags or {}).items():
            known[RESOURCE_TAG + key.lower()] = (value,)
        trust = (role.trust,) if role.trust is not None else ()
        over = limits_on(facts, account_of(role.arn))
        items.append(Item(role.arn, policies=trust, known=known, all_tags=role.tags is not None, rcps=over))
    return Universe(items)


def passable(roles: Iterable[Role], service: str = "lambda.amazonaws.com") -> Universe:
    """Roles as the resource of iam:PassRole to a service; no resource policy governs that."""
    # What is known of a role is the same for all of an account.
    known: dict[str, Known] = {}
    items = []
    for role in roles:
        account = role.arn.rpartition(":")[0]
        keys = known.get(account)
        if keys is None:
            keys = known[account] = {**item_keys(role.arn)[0], "iam:passedtoservice": (service,)}
        items.append(Item(role.arn, known=keys))
    return Universe(items)
