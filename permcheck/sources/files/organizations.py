"""Outputs of ``aws organizations`` about the tree of accounts; control_policies.py reads what hangs in it.

Shapes: AWS Organizations API Reference, the action of the same name. Ids tell what they are of: ``r-`` a root, ``ou-``
a unit, ``p-`` a policy, twelve digits an account. Several outputs leave out what they were asked about: then it must
stand in the file's name.
"""

import re
from collections.abc import Callable
from itertools import pairwise

from permcheck.sources.files import naming
from permcheck.sources.files.kind import Kind, always, holds_objects
from permcheck.sources.files.organization_drafts import RCP, SCP
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import JsonObject, items, member, strings, text, text_or_none

_EDGE = r"(?<![0-9A-Za-z-])(?:{})(?![0-9A-Za-z-])"
TARGET = re.compile(_EDGE.format(r"\d{12}|r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}"))
POLICY = re.compile(_EDGE.format(r"p-[0-9a-zA-Z_]{8,128}"))


def named(reading: Reading, id_of: re.Pattern[str]) -> str | None:
    """The id of what a file is about, by the file's name."""
    operation, rest = naming.told(reading.source)
    found = id_of.search(rest) if operation else None
    return found[0] if found else None


def organization(reading: Reading, value: JsonObject, at: str) -> None:
    """describe-organization. What it says of policy types is obsolete; list-roots tells which are in force."""
    found, here = member(value, "Organization", at) or {}, f"{at}/Organization"
    draft = reading.gathered.organization
    draft.id = text_or_none(found, "Id", here) or draft.id
    draft.management_account = text_or_none(found, "MasterAccountId", here) or draft.management_account


def owner(reading: Reading, entry: JsonObject) -> None:
    """What every ARN of the organization tells: its id, and in the place of the account the management account."""
    found = re.match(r"arn:[\w-]+:organizations::(\d{12}):\w+/(o-[a-z0-9]{10,32})", str(entry.get("Arn")))
    if found is not None:
        draft = reading.gathered.organization
        draft.management_account, draft.id = draft.management_account or found[1], draft.id or found[2]


def roots(reading: Reading, value: JsonObject, at: str) -> None:
    """list-roots: the one root, and which policy types are in force."""

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        draft = reading.gathered.organization
        draft.roots[text(entry, "Id", here)] = (reading.source, here)
        owner(reading, entry)
        for i, each in enumerate(items(entry, "PolicyTypes", here)):
            if isinstance(each, dict):
                place = f"{here}/PolicyTypes/{i}"
                draft.enabled[text(each, "Type", place)] = each.get("Status") == "ENABLED"
        for kind in (SCP, RCP):
            if "PolicyTypes" in entry:
                draft.enabled.setdefault(kind, False)

    reading.each(value, "Roots", at, one, "root")


def units(reading: Reading, value: JsonObject, at: str) -> None:
    """list-organizational-units-for-parent; newer outputs tell each unit's path."""
    parent = named(reading, TARGET)
    reading.page(value, at, ("list-organizational-units-for-parent", parent or ""), "units of later pages are missing")

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        owner(reading, entry)
        own = text(entry, "Id", here)
        _path(reading, text_or_none(entry, "Path", here), own)
        if parent is not None:
            reading.gathered.organization.parents.setdefault(own, parent)

    reading.each(value, "OrganizationalUnits", at, one, "unit")


def accounts(reading: Reading, value: JsonObject, at: str) -> None:
    """list-accounts, list-accounts-for-parent; newer outputs tell each account's path."""
    draft = reading.gathered.organization
    below = naming.told(reading.source)[0] == "list-accounts-for-parent"
    parent = named(reading, TARGET) if below else None
    reading.page(value, at, ("list-accounts", parent or ""), "accounts of later pages are missing")
    draft.accounts_listed |= not below and bool(value["Accounts"])

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        owner(reading, entry)
        own = text(entry, "Id", here)
        draft.accounts[own] = (reading.source, here)
        for path in strings(entry, "Paths", here):
            _path(reading, path, own)
        if parent is not None:
            draft.parents.setdefault(own, parent)

    reading.each(value, "Accounts", at, one, "account")


def _path(reading: Reading, path: str | None, own: str) -> None:
    """Take the chain of parents from a path: ``o-ORG/r-ROOT/ou-A/ou-B/ACCOUNT/``."""
    steps = [step for step in (path or "").split("/") if step and not step.startswith("o-")]
    if steps and steps[-1] != own:
        steps.append(own)
    for above, below in pairwise(steps):
        reading.gathered.organization.parents.setdefault(below, above)


def parents(reading: Reading, value: JsonObject, at: str) -> None:
    """list-parents: the one parent of the account or unit that the file's name tells."""
    child = named(reading, TARGET)
    listed = [
        text(each, "Id", f"{at}/Parents/{i}") for i, each in enumerate(value["Parents"]) if isinstance(each, dict)
    ]
    if child is not None and listed:
        reading.gathered.organization.parents[child] = listed[0]
    elif listed:
        untold(reading, at, "the parent", "account or unit", "list-parents.ID.json")


def children(reading: Reading, value: JsonObject, at: str) -> None:
    """list-children: accounts or units below what the file's name tells."""
    parent = named(reading, TARGET)
    if parent is None:
        if value["Children"]:
            untold(reading, at, "the children", "root or unit", "list-children.ID.json")
        return

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        reading.gathered.organization.parents.setdefault(text(entry, "Id", here), parent)

    reading.page(value, at, ("list-children", parent), f"children of {parent} on later pages are missing")
    reading.each(value, "Children", at, one, "child")


def untold(reading: Reading, at: str, what: str, of: str, name: str) -> None:
    """Note an output that does not say what it is about."""
    error = f"it tells {what}, but not of which {of}: neither the text nor the file's name says so"
    reading.miss(error, f"it is left out; call the file {name} to tell", at)


def listed(key: str, member: str, looks: re.Pattern[str]) -> Callable[[JsonObject], bool]:
    """Whether a list is empty, or its first entry has an id of the organization's kind in this member."""

    def fits(value: JsonObject) -> bool:
        entries = value[key]
        if not isinstance(entries, list):
            return False
        return not entries or (isinstance(entries[0], dict) and bool(looks.fullmatch(str(entries[0].get(member)))))

    return fits


KINDS = (
    Kind("describe-organization", "Organization", lambda value: isinstance(value["Organization"], dict), organization),
    Kind("list-roots", "Roots", holds_objects("Roots", "PolicyTypes", "Id"), roots),
    Kind("list-organizational-units-for-parent", "OrganizationalUnits", always, units),
    Kind("list-accounts", "Accounts", listed("Accounts", "Id", TARGET), accounts),
    Kind("list-parents", "Parents", listed("Parents", "Id", TARGET), parents),
    Kind("list-children", "Children", listed("Children", "Id", TARGET), children),
)
