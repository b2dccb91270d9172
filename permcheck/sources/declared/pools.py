"""Declared identity pools and user pools. CloudFormation Template Reference, ``AWS::Cognito::*``."""

from collections.abc import Iterator

from permcheck.model.pool import MappingRule, PoolProvider, PoolRole, RoleMapping, TagMap
from permcheck.model.user_pool import UserPoolClient, UserPoolGroup
from permcheck.sources.declared.room import Declared, Room
from permcheck.sources.declared.value import Value
from permcheck.sources.files.called import call, is_function
from permcheck.sources.files.resource_drafts import UserPoolDraft

_ROLES = {"unauthenticated": "guest", "authenticated": "signed_in"}
# Every user pool has these (Cognito Developer Guide, "Working with user attributes"); sub never changes.
_STANDARD = (
    "address birthdate email email_verified family_name gender given_name locale middle_name name nickname phone_number"
    " phone_number_verified picture preferred_username profile sub updated_at website zoneinfo"
).split()
_SAME = {"PreTokenGenerationConfig": "PreTokenGeneration"}


def pool(room: Room, declared: Declared) -> None:
    """AWS::Cognito::IdentityPool. Without an attachment it hands out no role."""
    properties = declared.properties
    draft = room.gathered.pool(declared.names.name, declared.source, declared.pointer)
    draft.source, draft.pointer, draft.described = declared.source, properties.pointer, True
    draft.name = properties.text("IdentityPoolName") or declared.address
    draft.account = declared.where.account
    guests = properties.get("AllowUnauthenticatedIdentities")
    draft.guests = properties.flag("AllowUnauthenticatedIdentities") if guests is not None else False
    if guests is not None and draft.guests is None:
        error = f"whether the identity pool {draft.name} lets guests in is not known before deploy"
        room.miss(guests, error, "whether guests get a role is unknown")
    classic = properties.get("AllowClassicFlow")
    draft.classic_flow = properties.flag("AllowClassicFlow") if classic is not None else False
    draft.providers = tuple(_providers(properties))
    draft.other_logins = tuple(_other_logins(properties))
    draft.roles = draft.roles or ()


def _providers(properties: Value) -> Iterator[PoolProvider]:
    for each in properties.entries("CognitoIdentityProviders"):
        name, client = each.text("ProviderName"), each.text("ClientId") or ""
        if name is not None:
            yield PoolProvider(name, client, each.flag("ServerSideTokenCheck"), each.pointer)


def _other_logins(properties: Value) -> Iterator[str]:
    social = properties.get("SupportedLoginProviders")
    yield from (name for name, _ in (social.members() if social is not None else ()))
    for key in ("OpenIdConnectProviderARNs", "SamlProviderARNs"):
        yield from (text for value in properties.entries(key) if (text := value.text()) is not None)
    developer = properties.text("DeveloperProviderName")
    if developer is not None:
        yield developer


def attachment(room: Room, declared: Declared) -> None:
    """AWS::Cognito::IdentityPoolRoleAttachment."""
    properties = declared.properties
    pool_id = properties.text("IdentityPoolId")
    if pool_id is None:
        return
    draft = room.gathered.pool(pool_id, declared.source, declared.pointer)
    draft.account = draft.account or declared.where.account
    found: list[PoolRole] = []
    roles = properties.get("Roles")
    if roles is not None and roles.unknown:
        room.miss(roles, f"which roles the pool {draft.name} hands out is not known before deploy", "they are left out")
    for key, value in roles.members() if roles is not None else ():
        arn = value.text()
        if key in _ROLES and value.unknown:
            whom = "guests" if key == "unauthenticated" else "whoever signed in"
            error = f"which role the pool {draft.name} hands {whom} is not known before deploy"
            room.miss(value, error, "what it lets them do is unknown")
        if key in _ROLES and arn is not None:
            found.append(PoolRole(_ROLES[key], arn, value.source, value.pointer))
    mapped = properties.get("RoleMappings")
    mappings: list[RoleMapping] = []
    for key, value in mapped.members() if mapped is not None else ():
        made = _mapping(value.text("IdentityProvider") or key, value)
        mappings.append(made)
        found.extend(PoolRole("signed_in", rule.role, made.source, rule.pointer) for rule in made.rules)
    draft.roles, draft.mappings = (*(draft.roles or ()), *found), (*draft.mappings, *mappings)


def _mapping(provider: str, value: Value) -> RoleMapping:
    configuration = value.get("RulesConfiguration")
    rules = tuple(_rules(configuration)) if configuration is not None else ()
    kind = value.text("Type") or ("Rules" if rules else "Token")
    return RoleMapping(provider, kind, value.text("AmbiguousRoleResolution"), value.source, value.pointer, rules)


def _rules(configuration: Value) -> Iterator[MappingRule]:
    for rule in configuration.entries("Rules"):
        role = rule.get("RoleARN")
        arn = role.text() if role is not None else None
        if role is not None and arn is not None:
            claim, match, value = (rule.text(key) or "" for key in ("Claim", "MatchType", "Value"))
            yield MappingRule(claim, match, value, arn, role.pointer)


def principal_tag(room: Room, declared: Declared) -> None:
    """AWS::Cognito::IdentityPoolPrincipalTag."""
    properties = declared.properties
    pool_id, provider = properties.text("IdentityPoolId"), properties.text("IdentityProviderName")
    if pool_id is None or provider is None:
        return
    draft = room.gathered.pool(pool_id, declared.source, declared.pointer)
    given = properties.get("PrincipalTags")
    tags = {key: value.text() or "" for key, value in given.members()} if given is not None else {}
    defaults = properties.flag("UseDefaults") is True
    draft.tag_maps[provider] = TagMap(provider, defaults, tags, declared.source, properties.pointer)


def user_pool(room: Room, declared: Declared) -> None:
    """AWS::Cognito::UserPool: anybody may sign up unless it says otherwise."""
    properties = declared.properties
    draft = _pool(room, declared.names.name, declared)
    draft.source, draft.pointer, draft.described = declared.source, properties.pointer, True
    draft.name, draft.arn = properties.text("UserPoolName") or declared.address, declared.names.arn
    draft.groups_told = True
    created = properties.at("AdminCreateUserConfig", "AllowAdminCreateUserOnly")
    by_admin = properties.get("AdminCreateUserConfig")
    told = by_admin.flag("AllowAdminCreateUserOnly") if by_admin is not None else None
    draft.self_sign_up = True if created is None else None if told is None else not told
    draft.attributes = {name: name != "sub" for name in _STANDARD}
    for attribute in properties.entries("Schema"):
        name = attribute.text("Name")
        if name is not None:
            own = name if name in _STANDARD else f"custom:{name.removeprefix('custom:')}"
            draft.attributes[own] = attribute.flag("Mutable") is not False
    triggers = properties.get("LambdaConfig")
    for name, value in triggers.members() if triggers is not None else ():
        said = value.get("LambdaArn") or value
        arn = said.text()
        if name == "KMSKeyID" or arn is None:
            continue
        if is_function(arn):
            if call(room.reading(said), arn, said.pointer, f"the user pool {draft.name}"):
                draft.triggers[_SAME.get(name, name)] = arn
        else:
            room.miss(said, f"the function of the trigger {name} is not known before deploy", "it is left out")


def _pool(room: Room, pool_id: str, declared: Declared) -> UserPoolDraft:
    draft = room.gathered.user_pool(pool_id, declared.source, declared.pointer)
    where = declared.where
    draft.arn = draft.arn or f"arn:{where.partition}:cognito-idp:{where.region}:{where.account}:userpool/{pool_id}"
    return draft


def group(room: Room, declared: Declared) -> None:
    """AWS::Cognito::UserPoolGroup."""
    properties = declared.properties
    pool_id = properties.text("UserPoolId")
    if pool_id is None:
        return
    written = properties.text("Precedence") or ""
    precedence = int(written) if written.isdecimal() and len(written) < 10 else None
    name = properties.text("GroupName") or declared.names.name
    made = UserPoolGroup(name, properties.text("RoleArn"), declared.source, properties.pointer, precedence)
    _pool(room, pool_id, declared).groups[name] = made


def client(room: Room, declared: Declared) -> None:
    """AWS::Cognito::UserPoolClient. Without WriteAttributes users may write all standard attributes: told as ()."""
    properties = declared.properties
    pool_id = properties.text("UserPoolId")
    if pool_id is None:
        return
    given = properties.get("WriteAttributes")
    writes: tuple[str, ...] | None = tuple(
        text for value in properties.entries("WriteAttributes") if (text := value.text()) is not None
    )
    if given is not None and given.has_unknown():
        writes = None
    name = properties.text("ClientName") or declared.address
    made = UserPoolClient(declared.names.name, name, declared.source, properties.pointer, writes)
    _pool(room, pool_id, declared).clients[declared.names.name] = made
