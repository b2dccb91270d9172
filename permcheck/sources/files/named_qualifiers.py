"""Versions and aliases that no listing shows and that policies grant: they can be asked about all the same."""

from collections.abc import Iterable, Iterator

from permcheck.model.policy import Policy
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.shapes import function_name


def name_qualifiers(gathered: Gathered, policies: Iterable[Policy], listed: frozenset[tuple[str, str]]) -> list[str]:
    """Give functions in view the versions and aliases that an Allow names, and return what they are called.

    listed: (operation, function) of the listings that are in view to their end: what is not in them does not exist.
    """
    added: dict[str, None] = {}
    for policy, pointer, arn, qualifier in _named(policies):
        draft = gathered.functions.get(arn)
        if draft is None or qualifier == "$LATEST" or qualifier in draft.qualifiers:
            continue
        if ("list-versions" if qualifier.isdecimal() else "list-aliases", arn) not in listed:
            draft.qualifier(qualifier, policy.source, policy.pointer + pointer)
            added[f"{draft.name}:{qualifier}"] = None
    return sorted(added)


def naming_qualifiers(policies: Iterable[Policy]) -> Iterator[Policy]:
    """The policies that spell out a qualified ARN, in which there is something to look for."""
    naming: dict[int, bool] = {}
    for policy in policies:
        document = policy.document
        if document is None:
            continue
        found = naming.get(id(document))
        if found is None:
            found = naming[id(document)] = any(
                resource.count(":") == 7 for each in document.statements for resource in each.resources or ()
            )
        if found:
            yield policy


def assumption(names: list[str]) -> Iterator[str]:
    """The sentence about them."""
    if names:
        yield f"Known only because a policy names them, and taken to exist: {', '.join(names)}."


def _named(policies: Iterable[Policy]) -> Iterator[tuple[Policy, str, str, str]]:
    """(policy, pointer of the statement, function, qualifier) of each qualified ARN that an Allow spells out."""
    for policy in policies:
        for statement in policy.statements:
            for resource in (statement.resources or ()) if statement.is_allow else ():
                found = function_name(resource) if resource.count(":") == 7 else None
                if found is not None:
                    yield policy, statement.pointer, *found
