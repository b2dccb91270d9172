"""Outputs of ``aws cognito-idp``: user pools with their triggers, groups and app clients.

Shapes: Amazon Cognito User Pools API Reference, "DescribeUserPool", "ListGroups", "DescribeUserPoolClient". The
secret of a client is never taken in.
"""

from permcheck.model.user_pool import UserPoolClient, UserPoolGroup
from permcheck.policy.parse import escape
from permcheck.sources.files.called import call
from permcheck.sources.files.kind import Kind, holds_objects
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.resource_drafts import UserPoolDraft
from permcheck.sources.files.shapes import (
    JsonObject,
    WrongShape,
    flag,
    is_arn,
    items,
    member,
    strings,
    text,
    text_or_none,
    type_name,
)

# An old and a new member for one and the same trigger; Cognito wants the same function in both.
_SAME = {"PreTokenGenerationConfig": "PreTokenGeneration"}


def pools(reading: Reading, value: JsonObject, at: str) -> None:
    """list-user-pools: ids, names and triggers."""
    reading.page(value, at, ("list-user-pools", ""), "user pools of later pages are missing")

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        draft = reading.gathered.user_pool(text(entry, "Id", here), reading.source, here)
        draft.name = text_or_none(entry, "Name", here) or draft.name
        _triggers(reading, entry, here, draft)

    reading.each(value, "UserPools", at, one, "user pool")


def described(reading: Reading, value: JsonObject, at: str) -> None:
    """describe-user-pool: who may sign up, which attributes a user may change, and what is called on the way."""
    found, here = member(value, "UserPool", at) or {}, f"{at}/UserPool"
    draft = reading.gathered.user_pool(text(found, "Id", here), reading.source, here)
    draft.source, draft.pointer, draft.described = reading.source, here, True
    draft.name = text_or_none(found, "Name", here) or draft.name
    draft.arn = text_or_none(found, "Arn", here) or draft.arn
    _triggers(reading, found, here, draft)
    try:
        created = member(found, "AdminCreateUserConfig", here) or {}
        by_admin = flag(created, "AllowAdminCreateUserOnly", f"{here}/AdminCreateUserConfig")
        draft.self_sign_up = None if by_admin is None else not by_admin
    except WrongShape as wrong:
        reading.miss(wrong.message, f"whether anybody may sign up for {draft.name} is unknown", wrong.pointer)
    try:
        for i, attribute in enumerate(items(found, "SchemaAttributes", here)):
            place = f"{here}/SchemaAttributes/{i}"
            if not isinstance(attribute, dict):
                raise WrongShape(place, f"an attribute is an object, not {type_name(attribute)}")
            # Cognito takes an attribute for mutable where nothing is said (SchemaAttributeType, Mutable).
            draft.attributes[text(attribute, "Name", place)] = flag(attribute, "Mutable", place) is not False
    except WrongShape as wrong:
        reading.miss(wrong.message, f"which attributes users of {draft.name} may change is not known", wrong.pointer)


def _triggers(reading: Reading, entry: JsonObject, at: str, draft: UserPoolDraft) -> None:
    """LambdaConfig: a function by ARN, or an object with a version and an ARN, or the key that custom senders use."""
    try:
        found = member(entry, "LambdaConfig", at) or {}
    except WrongShape as wrong:
        reading.miss(wrong.message, f"which functions {draft.id} calls is unknown", wrong.pointer)
        return
    for name, said in found.items():
        here = f"{at}/LambdaConfig/{escape(name)}"
        if name == "KMSKeyID":
            continue
        if isinstance(said, dict) and "LambdaArn" in said:
            said, here = said["LambdaArn"], f"{here}/LambdaArn"
        if not isinstance(said, str) or not is_arn(said):
            reading.miss(f"the trigger {name} is not the ARN of a function", "the trigger is left out", here)
        elif call(reading, said, here, f"the user pool {draft.name or draft.id}"):
            draft.triggers[_SAME.get(name, name)] = said


def groups(reading: Reading, value: JsonObject, at: str) -> None:
    """list-groups of a user pool."""
    first = value["Groups"][0]
    pool_id = text(first, "UserPoolId", f"{at}/Groups/0")
    effect = f"groups of the user pool {pool_id} on later pages are missing"
    reading.page(value, at, ("cognito-idp list-groups", pool_id), effect)
    reading.gathered.user_pool(pool_id, reading.source, at).groups_told = True
    reading.each(value, "Groups", at, _group, "group of a user pool")


def one_group(reading: Reading, value: JsonObject, at: str) -> None:
    """get-group of a user pool."""
    _group(reading, member(value, "Group", at) or {}, f"{at}/Group")


def _group(reading: Reading, entry: JsonObject, at: str) -> None:
    draft = reading.gathered.user_pool(text(entry, "UserPoolId", at), reading.source, at)
    name, role = text(entry, "GroupName", at), text_or_none(entry, "RoleArn", at)
    precedence = entry.get("Precedence")
    if precedence is not None and (not isinstance(precedence, int) or isinstance(precedence, bool)):
        raise WrongShape(f"{at}/Precedence", f"Precedence is a whole number, not {type_name(precedence)}")
    known = draft.groups.get(name)
    if known is not None and known.role != role:
        what = f"the group {name} of {draft.id}"
        reading.gathered.differs(what, known.source, reading.source, at, ["RoleArn"])
    draft.groups[name] = UserPoolGroup(name, role, reading.source, at, precedence)


def clients(reading: Reading, value: JsonObject, at: str) -> None:
    """list-user-pool-clients: ids and names, without what their users may write."""
    reading.page(value, at, ("list-user-pool-clients", ""), "app clients of later pages are missing")

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        draft = reading.gathered.user_pool(text(entry, "UserPoolId", here), reading.source, here)
        own = text(entry, "ClientId", here)
        name = text_or_none(entry, "ClientName", here) or ""
        draft.clients.setdefault(own, UserPoolClient(own, name, reading.source, here))

    reading.each(value, "UserPoolClients", at, one, "app client")


def client(reading: Reading, value: JsonObject, at: str) -> None:
    """describe-user-pool-client. Without WriteAttributes users may write all standard attributes: told as ()."""
    found, here = member(value, "UserPoolClient", at) or {}, f"{at}/UserPoolClient"
    draft = reading.gathered.user_pool(text(found, "UserPoolId", here), reading.source, here)
    own, name = text(found, "ClientId", here), text_or_none(found, "ClientName", here) or ""
    try:
        writes: tuple[str, ...] | None = tuple(strings(found, "WriteAttributes", here))
    except WrongShape as wrong:
        reading.miss(wrong.message, f"which attributes users of {name or own} may write is unknown", wrong.pointer)
        writes = None
    draft.clients[own] = UserPoolClient(own, name, reading.source, here, writes)


def _of_a_pool(value: JsonObject) -> bool:
    """IAM has a list-groups too; only Cognito's entries name a user pool."""
    listed = value["Groups"]
    return isinstance(listed, list) and bool(listed) and isinstance(listed[0], dict) and "UserPoolId" in listed[0]


KINDS = (
    Kind("list-user-pools", "UserPools", holds_objects("UserPools", "Id"), pools),
    Kind("describe-user-pool", "UserPool", lambda value: isinstance(value["UserPool"], dict), described),
    Kind("cognito-idp list-groups", "Groups", _of_a_pool, groups),
    Kind(
        "cognito-idp get-group",
        "Group",
        lambda v: isinstance(v["Group"], dict) and "UserPoolId" in v["Group"],
        one_group,
    ),
    Kind("list-user-pool-clients", "UserPoolClients", holds_objects("UserPoolClients", "ClientId"), clients),
    Kind(
        "describe-user-pool-client",
        "UserPoolClient",
        lambda value: isinstance(value["UserPoolClient"], dict),
        client,
    ),
)
