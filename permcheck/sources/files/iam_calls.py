"""Outputs of single IAM calls: ``get-role``, ``get-role-policy``, ``get-policy-version``, ``list-…`` and their kin.

Several of them do not say whose they are (``list-attached-role-policies`` prints policies and no role): their owner is
looked for in the file's name, once everything is read. Shapes: IAM API Reference, the action of the same name.
"""

from permcheck.sources.files.drafts import Fragment, VersionFragment
from permcheck.sources.files.iam_details import policy
from permcheck.sources.files.identities import NAMES, attachments, boundary, identity, tags
from permcheck.sources.files.kind import Kind, always, holds_objects, listing, only
from permcheck.sources.files.reading import Entry, Reading, more_pages
from permcheck.sources.files.shapes import (
    JsonObject,
    WrongShape,
    items,
    member,
    tag_list,
    text,
    text_or_none,
    type_name,
)


def _got(kind: str, key: str) -> Kind:
    """get-role and get-user: they print tags and boundary where there are some."""

    def read(reading: Reading, value: JsonObject, at: str) -> None:
        found = member(value, key, at) or {}
        here = f"{at}/{key}"
        draft = identity(reading, kind, found, here)
        boundary(reading, found, here, draft)
        tags(reading, found, here, draft)
        reading.gathered.identity(draft)

    return Kind(f"get-{kind}", key, lambda value: isinstance(value[key], dict) and "Arn" in value[key], read)


def _short(kind: str) -> Entry:
    """An entry of list-roles, list-users or list-groups: AWS leaves out tags and boundaries, so both stay unknown."""

    def read(reading: Reading, found: JsonObject, at: str) -> None:
        draft = identity(reading, kind, found, at)
        draft.only_listed = (f"list-{kind}s", reading.source, at)
        if found.get("PermissionsBoundary") is not None:
            boundary(reading, found, at, draft)
        if found.get("Tags") is not None:
            tags(reading, found, at, draft)
        reading.gathered.identity(draft)

    return read


def _listed(kind: str, key: str) -> Kind:
    """list-roles, list-users, list-groups."""
    entry = _short(kind)

    def read(reading: Reading, value: JsonObject, at: str) -> None:
        reading.page(value, at, listing(f"list-{key.lower()}", value, key), f"{key.lower()} of later pages are missing")
        reading.each(value, key, at, entry, kind)
        if kind == "group":
            _groups_of_user(reading, value, at)

    return Kind(f"list-{key.lower()}", key, holds_objects(key, NAMES[kind], "Arn"), read)


def _groups_of_user(reading: Reading, value: JsonObject, at: str) -> None:
    """list-groups-for-user prints what list-groups prints; only the file's name tells the two apart."""
    named = tuple(
        (entry["GroupName"], f"{at}/Groups/{i}")
        for i, entry in enumerate(value["Groups"])
        if isinstance(entry, dict) and isinstance(entry.get("GroupName"), str)
    )
    reading.gathered.fragments.append(Fragment("user", "", reading.source, at, groups=named))


def group_members(reading: Reading, value: JsonObject, at: str) -> None:
    """get-group: a group and its users."""
    found = member(value, "Group", at) or {}
    draft = identity(reading, "group", found, f"{at}/Group")
    reading.gathered.identity(draft)
    reading.page(value, at, ("get-group", draft.arn), f"users of the group {draft.name} on later pages are missing")

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        user = identity(reading, "user", entry, here)
        user.only_listed = ("get-group", reading.source, here)
        reading.gathered.identity(user)
        reading.gathered.members.append((user.arn, draft.name, reading.source, here))

    reading.each(value, "Users", at, one, "user")


def named_policy(reading: Reading, value: JsonObject, at: str) -> None:
    """get-role-policy, get-user-policy, get-group-policy: one inline policy, its owner by name."""
    kind = next(kind for kind, name in NAMES.items() if name in value)
    owner, name = text(value, NAMES[kind], at), text(value, "PolicyName", at)
    found = reading.text(value["PolicyDocument"], f"{at}/PolicyDocument", f"what {owner} may do is unknown")
    reading.gathered.fragments.append(Fragment(kind, owner, reading.source, at, inline=(name, found)))


def managed_policy(reading: Reading, value: JsonObject, at: str) -> None:
    """get-policy of IAM: the ARN and the version in force, without its text."""
    policy(reading, member(value, "Policy", at) or {}, f"{at}/Policy")


def managed_policies(reading: Reading, value: JsonObject, at: str) -> None:
    """list-policies, or the Policies of get-account-authorization-details on their own."""
    reading.page(value, at, listing("list-policies", value, "Policies"), "policies of later pages are missing")
    reading.each(value, "Policies", at, policy, "managed policy")


def policy_version(reading: Reading, value: JsonObject, at: str) -> None:
    """get-policy-version: a text, and whether it is in force, but not the policy's name."""
    _version(reading, member(value, "PolicyVersion", at) or {}, f"{at}/PolicyVersion")


def _version(reading: Reading, entry: JsonObject, at: str) -> None:
    version = text(entry, "VersionId", at)
    raw = entry.get("Document")
    here = at if raw is None else f"{at}/Document"
    found = reading.text(raw, here, "what those with this managed policy may do is unknown")
    reading.gathered.versions.append(VersionFragment(version, entry.get("IsDefaultVersion") is not False, found))


def policy_versions(reading: Reading, value: JsonObject, at: str) -> None:
    """list-policy-versions: AWS prints no texts there; where somebody added them, they count."""

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        if entry.get("Document") is not None:
            _version(reading, entry, here)

    reading.each(value, "Versions", at, one, "policy version")


def policy_names(reading: Reading, value: JsonObject, at: str) -> None:
    """list-role-policies and its kin: names of inline policies."""
    names: list[tuple[str, str]] = []
    for i, name in enumerate(items(value, "PolicyNames", at)):
        if not isinstance(name, str):
            raise WrongShape(f"{at}/PolicyNames/{i}", f"the name of a policy is a string, not {type_name(name)}")
        names.append((name, f"{at}/PolicyNames/{i}"))
    fragment = _of_owner(reading, value, at)
    fragment.names = tuple(names)


def attached_policies(reading: Reading, value: JsonObject, at: str) -> None:
    """list-attached-role-policies and its kin: managed policies by ARN."""
    found = tuple(attachments(reading, value, "AttachedPolicies", at))
    fragment = _of_owner(reading, value, at)
    fragment.attached = found


def _of_owner(reading: Reading, value: JsonObject, at: str) -> Fragment:
    """A fragment of an owner; the AWS CLI does not print its name, other programs that write such files may."""
    kind = next((kind for kind, name in NAMES.items() if name in value), "")
    owner = (text_or_none(value, NAMES[kind], at) or "") if kind else ""
    fragment = Fragment(kind, owner, reading.source, at, more=more_pages(value))
    reading.gathered.fragments.append(fragment)
    return fragment


def identity_tags(reading: Reading, value: JsonObject, at: str) -> None:
    """list-role-tags, list-user-tags."""
    found = tag_list(value, "Tags", at)
    reading.gathered.fragments.append(Fragment("", "", reading.source, at, tags=found))


def _inline(value: JsonObject) -> bool:
    return "PolicyName" in value and any(name in value for name in NAMES.values())


def _listing_of_one(key: str, *more: str) -> Kind:
    read = {"PolicyNames": policy_names, "AttachedPolicies": attached_policies, "Tags": identity_tags}[key]
    fits = only(key, *more)
    return Kind(f"a list of {key}", key, lambda value: isinstance(value[key], list) and fits(value), read)


KINDS = (
    _got("role", "Role"),
    _got("user", "User"),
    Kind("get-group", "Group", lambda value: isinstance(value["Group"], dict) and "Users" in value, group_members),
    Kind("get-role-policy", "PolicyDocument", _inline, named_policy),
    Kind(
        "get-policy",
        "Policy",
        lambda value: isinstance(value["Policy"], dict) and "PolicyName" in value["Policy"],
        managed_policy,
    ),
    Kind("get-policy-version", "PolicyVersion", lambda value: isinstance(value["PolicyVersion"], dict), policy_version),
    _listed("role", "Roles"),
    _listed("user", "Users"),
    _listed("group", "Groups"),
    Kind("list-policies", "Policies", holds_objects("Policies", "PolicyName"), managed_policies),
    Kind("list-policy-versions", "Versions", holds_objects("Versions", "IsDefaultVersion"), policy_versions),
    Kind("a policy version", "Document", lambda value: "VersionId" in value, _version),
    _listing_of_one("PolicyNames", *NAMES.values()),
    _listing_of_one("AttachedPolicies", *NAMES.values()),
    _listing_of_one("Tags"),
    Kind("a managed policy", "PolicyVersionList", always, policy),
    *(Kind(f"a {kind}", name, lambda value: "Arn" in value, _short(kind)) for kind, name in NAMES.items()),
)
