"""Whose something is that does not say so: told by the file's name, or by the only neighbour it can belong to."""

import re
from collections import Counter
from functools import cached_property
from posixpath import dirname
from typing import NamedTuple

from permcheck.model.location import NotRead
from permcheck.sources.files import naming
from permcheck.sources.files.accounts import NOWHERE, Accounts
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.resource_drafts import Part


class Owner(NamedTuple):
    """A kind of thing. called: what people call it. name: how its names look. arn: its ARN by its name.

    known: finds the name in an ARN. Both are empty for what is told by an id, or only ever by a name in the text.
    """

    called: str
    name: re.Pattern[str]
    arn: str = ""
    known: str = ""


# An id is ten random letters and digits; ten letters alone may be any word.
_API_ID = re.compile(r"(?=.*\d)[a-z0-9]{10}")
_KEY_ID = re.compile(r"mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

OWNERS = {
    "bucket": Owner(
        "bucket",
        re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
        "arn:{partition}:s3:::{name}",
        r"arn:[^:]+:s3:::(.+)",
    ),
    "queue": Owner(
        "queue",
        re.compile(r"[\w-]{1,80}(\.fifo)?"),
        "arn:{partition}:sqs:{region}:{account}:{name}",
        r"arn:[^:]+:sqs:[^:]+:[^:]+:(.+)",
    ),
    # A rule of another bus than the default one has the ARN rule/BUS/NAME.
    "rule": Owner(
        "rule",
        re.compile(r"[\w.-]{1,64}"),
        "arn:{partition}:events:{region}:{account}:rule/{name}",
        r"arn:[^:]+:events:[^:]+:[^:]+:rule/(?:.+/)?([^/]+)",
    ),
    "key": Owner(
        "key", _KEY_ID, "arn:{partition}:kms:{region}:{account}:key/{name}", r"arn:[^:]+:kms:[^:]+:[^:]+:key/(.+)"
    ),
    "rest_api": Owner("REST API", _API_ID),
    "http_api": Owner("HTTP or WebSocket API", _API_ID),
    "function": Owner("function", re.compile(r"(?!)")),
}


class Owners:
    """The things in view by kind and name."""

    def __init__(self, gathered: Gathered, accounts: Accounts) -> None:
        self._gathered = gathered
        self._accounts = accounts

    def find(self, part: Part) -> str | None:
        """The ARN (of an API, the id) of what a part is about; None where that cannot be told."""
        if part.source in self._gathered.owners:
            return self._gathered.owners[part.source]
        known = self._known[part.kind]
        by_name = naming.owner(part.source, known) if not part.name else (part.name, "") if part.name in known else None
        if by_name is not None:
            near = [arn for arn, source, _ in known[by_name[0]] if dirname(source) == dirname(part.source)]
            found = near or [arn for arn, _, _ in known[by_name[0]]]
            return found[0] if len(set(found)) == 1 else None
        made = next((arn for name, _ in self._names(part) if (arn := self._made(part, name))), None)
        if made is not None or part.name:
            return made
        neighbours = self._neighbours.get((part.kind, dirname(part.source)), set())
        return min(neighbours) if len(neighbours) == 1 else None

    @cached_property
    def _neighbours(self) -> dict[tuple[str, str], set[str]]:
        """What files describe, by kind and folder."""
        found: dict[tuple[str, str], set[str]] = {}
        for kind, names in self._known.items():
            for things in names.values():
                for arn, source, told in things:
                    if told:
                        found.setdefault((kind, dirname(source)), set()).add(arn)
        return found

    def _names(self, part: Part) -> list[tuple[str, str]]:
        """Names of a file that is called after its operation; without that, a name may mean anything."""
        operation, rest = naming.told(part.source)
        return [each for each in naming.candidates(part.source) if each[0] in rest] if operation and rest else []

    def _made(self, part: Part, name: str) -> str | None:
        """What a name alone stands for, where it looks like one of the kind and all else that is needed is known."""
        owner = OWNERS[part.kind]
        if owner.name.fullmatch(name) is None:
            return None
        partition, account = self._accounts.of(part.source)
        account = part.account or account
        region = self.region(part.source)
        if ("{region}" in owner.arn and not region) or ("{account}" in owner.arn and account == NOWHERE[1]):
            return None
        return (owner.arn or "{name}").format(partition=partition, region=region, account=account, name=name)

    def region(self, source: str) -> str:
        """The Region a file is taken to be about: the commonest of the functions of its folder, else of all; or ""."""
        told = self._gathered.folders.get(dirname(source))
        if told is not None:
            return told[2]
        for counts in (self._regions.get(dirname(source)), self._regions[None]):
            if counts:
                return min(counts, key=lambda region: (-counts[region], region))
        return ""

    @cached_property
    def _regions(self) -> dict[str | None, Counter[str]]:
        counted: dict[str | None, Counter[str]] = {None: Counter()}
        for function in self._gathered.functions.values():
            region = function.arn.split(":")[3]
            counted[None][region] += 1
            counted.setdefault(dirname(function.source), Counter())[region] += 1
        return counted

    @cached_property
    def _known(self) -> dict[str, dict[str, list[tuple[str, str, bool]]]]:
        """Kind → name → (ARN or id, source, whether a file of its own describes it)."""
        known: dict[str, dict[str, list[tuple[str, str, bool]]]] = {kind: {} for kind in OWNERS}
        patterns = [(kind, re.compile(owner.known)) for kind, owner in OWNERS.items() if owner.known]
        for arn, draft in self._gathered.resources.items():
            for kind, pattern in patterns:
                found = pattern.fullmatch(arn)
                if found is not None:
                    known[kind].setdefault(found[1], []).append((arn, draft.source, draft.told))
        for api in self._gathered.apis.values():
            kind = "rest_api" if api.kind == "REST" else "http_api"
            known[kind].setdefault(api.id, []).append((api.id, api.source, api.told))
        for function in self._gathered.functions.values():
            known["function"].setdefault(function.name, []).append((function.arn, function.source, function.listed))
        return known


def join_parts(gathered: Gathered, owners: Owners) -> None:
    """Give every part to the thing it is about; note those that nobody can be found for."""
    for part in gathered.parts:
        found = owners.find(part)
        if found is not None:
            part.give(found)
            continue
        called = OWNERS[part.kind].called
        if part.name:
            error = f"it tells {part.what} of the {called} {part.name}, which is not in view or not the only one"
            effect = "it is left out"
        else:
            error = f"it tells {part.what}, but not of which {called}: neither the text nor the file's name says so"
            effect = f"no {called} is taken to have them; call the file {part.operation}.NAME.json to tell"
        gathered.not_read.append(NotRead(part.source, error, effect, part.pointer))
