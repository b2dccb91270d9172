"""Roles of identity pools: aws_cognito_identity_pool_roles_attachment (AWS provider documentation)."""

import re
from collections.abc import Iterable, Iterator, Sequence

from permcheck.sources.declared import Names, Value, Where
from permcheck.sources.terraform.plan import Planned
from permcheck.sources.terraform.special import Made, like, members_of

_AMR = "cognito-identity.amazonaws.com:amr"
# Operators by which a policy asks for a text, in place of ruling it out.
_ASKS = re.compile(r"(?:For(?:Any|All)Values?:)?String(?:Equals|Like|EqualsIgnoreCase)(?:IfExists)?", re.IGNORECASE)


def attached(made: list[Made], planned: Planned, given: Value, where: Where, named: Sequence[str]) -> None:
    """The roles a pool hands out. named: what the argument ``roles`` refers to, as far as that is told.

    Of a map whose values are known only after the deploy, a plan tells what they refer to, and not which value refers
    to what. Whom a role's trust policy lets in tells the role of guests from that of those who signed in; where it does
    not, the value stays unknown.
    """
    mappings = {each.text("identity_provider") or "": _mapping(each) for each in given.entries("role_mapping")}
    properties = members_of(
        given,
        IdentityPoolId=given.get("identity_pool_id"),
        Roles=_roles(made, given.get("roles"), named),
        RoleMappings=like(given, mappings) if mappings else None,
    )
    kind = "AWS::Cognito::IdentityPoolRoleAttachment"
    made.append(Made(kind, planned, properties, Names(planned.address), where))


def _roles(made: Iterable[Made], roles: Value | None, named: Sequence[str]) -> Value | None:
    if roles is None or not any(value.has_unknown() for _, value in roles.members()):
        return roles
    lets_in = {arn: set(_lets_in(each)) for each in made for arn in (each.names.arn,) if arn in named}
    found: dict[str, Value] = {}
    for key, value in roles.members():
        fitting = [arn for arn in named if key in lets_in.get(arn, ())]
        found[key] = like(value, fitting[0]) if value.has_unknown() and len(fitting) == 1 else value
    return like(roles, found)


def _lets_in(role: Made) -> Iterator[str]:
    """Whom of a pool the trust policy of a role asks for: ``authenticated``, ``unauthenticated``."""
    trust = role.properties.get("AssumeRolePolicyDocument")
    for statement in trust.entries("Statement") if trust is not None and role.type == "AWS::IAM::Role" else ():
        condition = statement.get("Condition") if statement.text("Effect") == "Allow" else None
        for name, block in condition.members() if condition is not None else ():
            for key, _ in block.members() if _ASKS.fullmatch(name) else ():
                if key.lower() == _AMR:
                    yield from (text for each in block.entries(key) if (text := each.text()) is not None)


def _mapping(block: Value) -> Value:
    rules = tuple(
        members_of(
            rule,
            Claim=rule.get("claim"),
            MatchType=rule.get("match_type"),
            Value=rule.get("value"),
            RoleARN=rule.get("role_arn"),
        )
        for rule in block.entries("mapping_rule")
    )
    return members_of(
        block,
        IdentityProvider=block.get("identity_provider"),
        Type=block.get("type"),
        AmbiguousRoleResolution=block.get("ambiguous_role_resolution"),
        RulesConfiguration=members_of(block, Rules=like(block, rules)) if rules else None,
    )
