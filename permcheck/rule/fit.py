"""Whether a Resource can be a resource of an action, by the resource types that AWS lists for the action.

A statement's action on a resource of a type the action does not take is never asked for, so it grants nothing
(Service Authorization Reference, "Actions table"); for an action of Lambda without resource types that is any resource
but ``*``. Whoever cannot be judged fits: an action that is not known, a pattern over actions with and without types, an
ARN that is none.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from permcheck.data import actions
from permcheck.frozen import dataclass
from permcheck.rule.overlap import NO_SLASH, overlap

# Services whose actions AWS's own managed policies put on resources that the list lacks, or whose requests name more
# than the list tells (WebSocket routes of execute-api): nothing can be said of them.
_LOOSELY_DESCRIBED = frozenset(
    "apigateway aws-marketplace elasticloadbalancing execute-api iot sagemaker-mlflow waf waf-regional wafv2".split()
)
_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
# Of all placeholders these alone can hold no slash and are followed by one elsewhere (Amazon S3 User Guide, "General
# purpose bucket naming rules"): without that a bucket's template would fit an object.
_NAMES_WITHOUT_SLASH = frozenset(("BucketName",))
_NO_TYPES = ("*",)
# Where an action without resource types has none in fact. AWS's own policies name resources for such actions of other
# services, so their lists may lack some.
_LISTED_IN_FULL = frozenset(("lambda",))
_VARIABLE = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class _Kind:
    """An ARN template, taken apart. regional, owned: whether its ARNs carry a Region, an account."""

    service: str
    regional: bool
    owned: bool
    template: str
    surely: Callable[[str], bool]

    def takes(self, parts: list[str]) -> bool:
        """Whether some ARN of this kind matches a Resource pattern split at its first five colons."""
        _, _, service, region, account, rest = parts
        if service != self.service and not overlap(self.service, service.lower()):
            return False
        if not (self.regional or _empty(region)) or not (self.owned or _empty(account)):
            return False
        return self.surely(rest) or overlap(self.template.lower(), rest.lower())


def _empty(segment: str) -> bool:
    """Whether a segment may be none, as some are that the template of their type shows: public documents' account."""
    return segment.strip("*") == ""


@dataclass(frozen=True, slots=True)
class Reach:
    """Actions of a statement that take the same kinds of resources; none for those that are asked of ``*`` alone."""

    actions: tuple[str, ...]
    arns: tuple[str, ...]
    _kinds: tuple[_Kind, ...]

    @property
    def examples(self) -> tuple[str, ...]:
        """Up to two ARNs of resources that the actions take, the shortest first, with names for a person to replace."""
        shown = {_PLACEHOLDER.sub(r"\1", arn.replace("${Partition}", "aws")) for arn in self.arns}
        return tuple(sorted(shown, key=lambda arn: (len(arn), arn))[:2])

    def takes(self, resource: str) -> bool:
        """Whether a Resource pattern can match a resource of one of the kinds."""
        if "${" in resource:
            resource = _VARIABLE.sub("*", resource)
        parts = resource.split(":", 5)
        if len(parts) < 6:
            return True
        return any(kind.takes(parts) for kind in self._kinds)


@lru_cache(maxsize=1 << 12)
def reaches(patterns: tuple[str, ...]) -> tuple[Reach, ...]:
    """The actions of a statement that can be judged, grouped by the resource types they take."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for pattern in patterns:
        if arns := _arns_of(pattern):
            grouped.setdefault(arns, []).append(pattern)
    return tuple(Reach(tuple(same), arns, _kinds(arns)) for arns, same in grouped.items())


def idle(patterns: tuple[str, ...], resources: tuple[str, ...]) -> list[Reach]:
    """The groups of actions that none of the resources fits. Asked of every statement, so it is written to be quick."""
    found = []
    for reach in reaches(patterns):
        for resource in resources:
            if reach.takes(resource):
                break
        else:
            found.append(reach)
    return found


@lru_cache(maxsize=1 << 12)
def _arns_of(pattern: str) -> tuple[str, ...]:
    """The ARN template of every type that some action under the pattern takes; none where it cannot be judged."""
    found: dict[str, None] = {}
    typed = set()
    for action in actions.matching(pattern):
        if action.partition(":")[0] in _LOOSELY_DESCRIBED:
            return ()
        types = actions.resource_types(action)
        typed.add(bool(types))
        found.update(dict.fromkeys(kind.arn for kind in types))
    if typed == {False}:
        return _NO_TYPES if pattern.partition(":")[0].lower() in _LISTED_IN_FULL else ()
    return tuple(found) if typed == {True} else ()


def _kinds(arns: tuple[str, ...]) -> tuple[_Kind, ...]:
    """The kinds of resources, the plainest first: most resources are of these, and the others take a closer look."""
    return () if arns == _NO_TYPES else tuple(sorted(map(_kind, arns), key=lambda kind: kind.template.count("*")))


@lru_cache(maxsize=1 << 12)
def _kind(arn: str) -> _Kind:
    partition_free = _PLACEHOLDER.sub(lambda m: NO_SLASH if m[1] in _NAMES_WITHOUT_SLASH else "*", arn)
    parts = partition_free.split(":", 5)
    if len(parts) < 6:  # a template that is "*" or no ARN says nothing
        return _Kind("*", True, True, "*", lambda rest: True)
    _, _, service, region, account, template = parts
    return _Kind(service, region != "", account != "", template, _shortcut(template))


def _shortcut(template: str) -> Callable[[str], bool]:
    """A cheap test that is right whenever it says yes; most resources pass it, and the rest are looked at closely."""
    head, star, tail = template.partition("*")
    if NO_SLASH in head or not star:
        if template == NO_SLASH:
            return lambda rest: "/" not in rest
        if template == f"{NO_SLASH}/*":
            return lambda rest: rest.find("/") > 0
        return lambda rest: False
    if not tail:
        return lambda rest: rest.startswith(head)
    # Behind a star the template can go on whatever the pattern's last star stands for.
    return lambda rest: rest.endswith("*") and rest.startswith(head)
