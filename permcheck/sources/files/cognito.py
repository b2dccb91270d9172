"""Outputs of ``aws cognito-identity``: identity pools and the roles they hand out.

Shapes: Cognito Identity API Reference, "DescribeIdentityPool", "GetIdentityPoolRoles", "GetPrincipalTagAttributeMap",
"ListIdentityPools".
"""

from collections.abc import Iterator
from typing import Any

from permcheck.model.pool import MappingRule, PoolProvider, PoolRole, RoleMapping, TagMap
from permcheck.policy.parse import escape
from permcheck.sources.files.kind import Kind, holds_objects
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import (
    JsonObject,
    WrongShape,
    flag,
    items,
    member,
    tag_map,
    text,
    text_or_none,
    type_name,
)

ROLE_KINDS = {"unauthenticated": "guest", "authenticated": "signed_in"}


def described(reading: Reading, value: JsonObject, at: str) -> None:
    """describe-identity-pool: whether guests are let in, and whether the classic flow is open."""
    draft = reading.gathered.pool(text(value, "IdentityPoolId", at), reading.source, at)
    guests, classic = flag(value, "AllowUnauthenticatedIdentities", at), flag(value, "AllowClassicFlow", at)
    if draft.described:
        told = (draft.guests, draft.classic_flow)
        differing = ["flows"] if told != (guests, classic) else []
        reading.gathered.differs(draft.id, draft.source, reading.source, at, differing)
    draft.source, draft.pointer, draft.described = reading.source, at, True
    draft.name = text_or_none(value, "IdentityPoolName", at) or draft.name
    draft.guests, draft.classic_flow = guests, classic
    draft.providers, draft.other_logins = tuple(_providers(value, at)), tuple(_other_logins(value, at))


def _providers(value: JsonObject, at: str) -> Iterator[PoolProvider]:
    """The user pool clients whose users may sign in."""
    for i, each in enumerate(items(value, "CognitoIdentityProviders", at)):
        here = f"{at}/CognitoIdentityProviders/{i}"
        if not isinstance(each, dict):
            raise WrongShape(here, f"a provider is an object, not {type_name(each)}")
        client = text_or_none(each, "ClientId", here) or ""
        yield PoolProvider(text(each, "ProviderName", here), client, flag(each, "ServerSideTokenCheck", here), here)


def _other_logins(value: JsonObject, at: str) -> Iterator[str]:
    """Everybody else whose users may sign in, in the order of AWS's answer."""
    yield from member(value, "SupportedLoginProviders", at) or {}
    for key in ("OpenIdConnectProviderARNs", "SamlProviderARNs"):
        for i, each in enumerate(items(value, key, at)):
            if not isinstance(each, str):
                raise WrongShape(f"{at}/{key}/{i}", f"a provider is told by its ARN, not by {type_name(each)}")
            yield each
    developer = text_or_none(value, "DeveloperProviderName", at)
    if developer is not None:
        yield developer


def roles(reading: Reading, value: JsonObject, at: str) -> None:
    """get-identity-pool-roles: the two default roles, and those that rules choose from the user's token."""
    draft = reading.gathered.pool(text(value, "IdentityPoolId", at), reading.source, at)
    found: list[PoolRole] = []
    for key, arn in (member(value, "Roles", at) or {}).items():
        here = f"{at}/Roles/{escape(key)}"
        if key not in ROLE_KINDS:
            raise WrongShape(here, f"Roles knows {' and '.join(sorted(ROLE_KINDS))}")
        if not isinstance(arn, str):
            raise WrongShape(here, f"the role is a string, not {type_name(arn)}")
        found.append(PoolRole(ROLE_KINDS[key], arn, reading.source, here))
    mapped = member(value, "RoleMappings", at) or {}
    mappings = tuple(_mapping_or_gap(reading, mapped, provider, f"{at}/RoleMappings") for provider in mapped)
    for each in mappings:
        found.extend(PoolRole("signed_in", rule.role, each.source, rule.pointer) for rule in each.rules)
    if draft.roles is not None and _names(draft.roles) != _names(found):
        earlier = draft.roles[0].source if draft.roles else draft.source
        reading.gathered.differs(draft.id, earlier, reading.source, at, ["roles"])
    draft.roles, draft.mappings = tuple(found), mappings


def _names(roles: tuple[PoolRole, ...] | list[PoolRole]) -> set[tuple[str, str]]:
    return {(role.kind, role.role) for role in roles}


def _mapping_or_gap(reading: Reading, mapped: JsonObject, provider: str, at: str) -> RoleMapping:
    """A mapping that cannot be read is still one: it bars the classic flow, whatever it says."""
    try:
        return _mapping(reading, mapped, provider, at)
    except WrongShape as wrong:
        reading.miss(wrong.message, f"which roles users of {provider} get is unknown", wrong.pointer)
        return RoleMapping(provider, "", None, reading.source, f"{at}/{escape(provider)}")


def _mapping(reading: Reading, mapped: JsonObject, provider: str, at: str) -> RoleMapping:
    """How the users of one provider get their role: from their token, or by rules."""
    here = f"{at}/{escape(provider)}"
    found = member(mapped, provider, at) or {}
    kind = text_or_none(found, "Type", here) or ("Rules" if "RulesConfiguration" in found else "Token")
    ambiguous = text_or_none(found, "AmbiguousRoleResolution", here)
    listed = items(member(found, "RulesConfiguration", here) or {}, "Rules", f"{here}/RulesConfiguration")
    rules = tuple(_rule(rule, f"{here}/RulesConfiguration/Rules/{i}") for i, rule in enumerate(listed))
    return RoleMapping(provider, kind, ambiguous, reading.source, here, rules)


def _rule(rule: Any, at: str) -> MappingRule:
    if not isinstance(rule, dict):
        raise WrongShape(at, f"a rule is an object, not {type_name(rule)}")
    claim, match, value = (text_or_none(rule, key, at) or "" for key in ("Claim", "MatchType", "Value"))
    return MappingRule(claim, match, value, text(rule, "RoleARN", at), f"{at}/RoleARN")


def principal_tags(reading: Reading, value: JsonObject, at: str) -> None:
    """get-principal-tag-attribute-map: which claims of one provider's users become tags of their session."""
    draft = reading.gathered.pool(text(value, "IdentityPoolId", at), reading.source, at)
    provider = text(value, "IdentityProviderName", at)
    defaults = flag(value, "UseDefaults", at) is True
    draft.tag_maps[provider] = TagMap(provider, defaults, tag_map(value, "PrincipalTags", at), reading.source, at)


def pools(reading: Reading, value: JsonObject, at: str) -> None:
    """list-identity-pools: ids and names."""
    told = ("list-identity-pools", "")
    reading.page(value, at, told, "identity pools of later pages are missing")

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        draft = reading.gathered.pool(text(entry, "IdentityPoolId", here), reading.source, here)
        draft.name = draft.name or text_or_none(entry, "IdentityPoolName", here) or ""

    reading.each(value, "IdentityPools", at, one, "identity pool")


KINDS = (
    Kind("list-identity-pools", "IdentityPools", holds_objects("IdentityPools", "IdentityPoolId"), pools),
    Kind("describe-identity-pool", "IdentityPoolId", lambda value: "IdentityPoolName" in value, described),
    Kind("get-principal-tag-attribute-map", "IdentityProviderName", lambda v: "IdentityPoolId" in v, principal_tags),
    Kind("get-identity-pool-roles", "IdentityPoolId", lambda value: "LoginId" not in value, roles),
)
