"""Makes a request that two evaluators disagree on as small as it will go while they still disagree."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from .vocabulary import Request

# Fields of a request that may be left out altogether.
OPTIONAL = (
    "identity_policies",
    "permissions_boundary",
    "session_policies",
    "resource_policy",
    "service_control_policies",
    "resource_control_policies",
)
Path = tuple[Any, ...]


def _paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """The place of every member of every object and list, outer ones first."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in members:
        yield (*at, key)
        yield from _paths(inner, (*at, key))


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _droppable(request: Request, path: Path) -> bool:
    """Whether a member can go without making the request mean something else than less of the same."""
    if len(path) == 1:
        return path[0] in OPTIONAL
    parent, key = _at(request, path[:-1]), path[-1]
    if isinstance(parent, list):
        # An emptied Action or Resource is no policy any more; an emptied level or value list is.
        return len(parent) > 1 or path[-2] in ("Statement", *OPTIONAL) or isinstance(path[-2], int)
    if path[0] == "context":
        return True
    if path[-2] in ("Principal", "NotPrincipal"):
        return len(parent) > 1
    return key in ("Sid", "Condition") or (len(path) > 2 and "Condition" in path[:-1])


def _simpler(request: Request) -> Iterator[Request]:
    """Requests with one thing less, or one list of one written as its member."""
    for path in _paths(request):
        parent, value = _at(request, path[:-1]), _at(request, path)
        if _droppable(request, path):
            smaller = copy.deepcopy(request)
            del _at(smaller, path[:-1])[path[-1]]
            yield smaller
        if isinstance(value, list) and len(value) == 1 and isinstance(parent, dict) and path[-1] in _SCALARS:
            smaller = copy.deepcopy(request)
            _at(smaller, path[:-1])[path[-1]] = value[0]
            yield smaller
        if path[-1] in ("Action", "Resource") and value != "*" and "resource_control_policies" not in path:
            smaller = copy.deepcopy(request)
            _at(smaller, path[:-1])[path[-1]] = "*"
            yield smaller


_SCALARS = ("Action", "NotAction", "Resource", "NotResource", "AWS", "Service", "Federated")


def shrink(request: Request, keeps: Callable[[list[Request]], list[bool]], rounds: int = 60) -> Request:
    """The smallest request found. `keeps` says of each of many requests whether the disagreement is still there."""
    for _ in range(rounds):
        candidates = [c for c in _simpler(request) if _size(c) < _size(request)]
        candidates = [{**c, "id": str(number)} for number, c in enumerate(candidates)]
        kept = [c for c, keep in zip(candidates, keeps(candidates), strict=True) if keep]
        if not kept:
            break
        smallest: Request = min(kept, key=_size)
        request = {**smallest, "id": request["id"]}
    return request


def _size(request: Request) -> int:
    return len(json.dumps({**request, "id": ""}))
