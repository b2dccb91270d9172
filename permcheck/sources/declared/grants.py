"""Declared policies of functions and layers.

A permission becomes the statement that AddPermission writes (Lambda API Reference, "AddPermission"); all that are on
one function, version or alias are one policy, each statement with the place of its permission.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from permcheck.model.policy import PolicyKind
from permcheck.sources.declared.names import Where
from permcheck.sources.declared.room import Declared, Room
from permcheck.sources.declared.value import Value, has_unknown, may_be_nothing

NAME = "function policy"
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_SERVICE = re.compile(r"[\w.-]+\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)")
# Member of a permission → operator and key of the condition it becomes.
_CONDITIONS = {
    "SourceArn": ("ArnLike", "AWS:SourceArn"),
    "SourceAccount": ("StringEquals", "AWS:SourceAccount"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "InvokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
}


class Grant(NamedTuple):
    """What is to be written into the policy of a function: a permission's statement, or all of a whole policy."""

    arn: str
    qualifier: str
    statements: tuple[Value, ...]
    version: Value | None
    declared: Declared
    whole: bool


def policies(room: Room) -> None:
    """Give every function, version and alias the policy that permissions and resource policies make together."""
    by_name: dict[tuple[str, str], list[Grant]] = {}
    for grant in (*_whole(room), *_permissions(room)):
        by_name.setdefault((grant.arn, grant.qualifier), []).append(grant)
    for (arn, qualifier), grants in by_name.items():
        first = grants[0].declared
        written = [s for grant in grants if grant.whole for s in grant.statements]
        added = [s for grant in grants if not grant.whole for s in grant.statements]
        # A resource policy replaces what permissions wrote before it, and they add to what it wrote before them
        # (Lambda, "Working with resource-based IAM policies"); which comes first, CloudFormation does not promise.
        added = [_kept(statement) for statement in added] if written else added
        version = Value("2012-10-17", first.source, first.properties.pointer) if added else grants[0].version
        raw = {"Statement": Value((*written, *added), first.source, first.properties.pointer)}
        if version is not None:
            raw["Version"] = version
        owner = f"{arn}:{qualifier}" if qualifier else arn
        effect = f"who may invoke {owner.rsplit(':function:', 1)[-1]} is unknown"
        value = Value(raw, first.source, first.properties.pointer)
        room.gathered.function_policy(arn, qualifier, room.policy(PolicyKind.RESOURCE, NAME, value, effect, owner))


def _kept(statement: Value) -> Value:
    """A statement that may be overwritten while the template is deployed: it holds on a condition that nobody knows."""
    if not isinstance(statement.raw, Mapping):
        return statement
    old = statement.get("Condition")
    blocks = dict(old.members()) if old is not None else {}
    equals = dict(blocks["StringEquals"].members()) if "StringEquals" in blocks else {}
    key = f"deploy:order/{statement.text('Sid')}"
    equals[key] = Value("written last", statement.source, statement.pointer)
    blocks["StringEquals"] = Value(equals, statement.source, statement.pointer)
    made = {**statement.raw, "Condition": Value(blocks, statement.source, statement.pointer)}
    return Value(made, statement.source, statement.pointer)


def _permissions(room: Room) -> Iterator[Grant]:
    """AWS::Lambda::Permission."""
    for declared in room.of("AWS::Lambda::Permission"):
        named = declared.properties.get("FunctionName")
        own = room.function(named, declared.where)
        if own is None:
            error = "which function the permission is for is not known before deploy"
            room.miss(named or declared, error, "it is taken to be on no function in view")
            continue
        for key in _CONDITIONS:
            limit = declared.properties.get(key)
            if limit is not None and may_be_nothing(limit.written() or ""):
                error = f"whether {key} limits the permission {declared.address} is not known before deploy"
                room.miss(limit, error, f"whether it opens {own[0].rsplit(':', 1)[-1]} further is unknown", own[0])
        qualifier = (declared.properties.text("Qualifier") or own[1]).removeprefix("$LATEST")
        yield Grant(own[0], qualifier, (_statement(declared, own[0], qualifier),), None, declared, False)


def _statement(declared: Declared, arn: str, qualifier: str) -> Value:
    """The statement of a permission. Every part keeps the place of the property it comes from."""
    properties = declared.properties

    def here(raw: object, of: Value | None = None) -> Value:
        place = of if of is not None else declared
        return Value(raw, place.source, place.pointer)  # type: ignore[arg-type]

    made: dict[str, Value] = {
        "Sid": here(declared.address),
        "Effect": here("Allow"),
        "Principal": _principal(properties.get("Principal"), here("*"), declared.where),
        "Action": properties.get("Action") or here("lambda:InvokeFunction"),
        "Resource": here(f"{arn}:{qualifier}" if qualifier else arn, properties.get("FunctionName")),
    }
    conditions: dict[str, dict[str, Value]] = {}
    for key, (operator, name) in _CONDITIONS.items():
        value = properties.get(key)
        if value is not None:
            conditions.setdefault(operator, {})[name] = value
    if conditions:
        made["Condition"] = here({operator: here(block) for operator, block in conditions.items()})
    return here(made)


def _principal(value: Value | None, absent: Value, where: Where) -> Value:
    """The Principal element that Lambda makes of the one text it is given."""
    text = value.written() if value is not None else None
    if value is None or text is None or text == "*":
        return value if text == "*" and value is not None else absent
    key = "Service" if _SERVICE.fullmatch(text) else "AWS"
    raw = text
    if _ACCOUNT.fullmatch(text):
        raw = f"arn:{where.partition}:iam::{text}:root"
    elif key == "AWS" and not has_unknown(text) and not text.startswith("arn:"):
        key = "Service" if "." in text else "AWS"
    return Value({key: Value(raw, value.source, value.pointer)}, value.source, value.pointer)


def _whole(room: Room) -> Iterator[Grant]:
    """AWS::Lambda::ResourcePolicy: a whole document."""
    for declared in room.of("AWS::Lambda::ResourcePolicy"):
        named = declared.properties.get("ResourceArn") or declared.properties.get("FunctionResourceArn")
        own = room.function(named, declared.where)
        document = declared.properties.get("PolicyDocument")
        if own is None or document is None:
            error = "which function the resource policy is for is not known before deploy"
            room.miss(named or declared, error, "it is taken to be on no function in view")
            continue
        written = document.get("Statement")
        if written is None:
            effect = f"who may invoke {own[0].rsplit(':', 1)[-1]} is unknown"
            policy = room.policy(PolicyKind.RESOURCE, NAME, document, effect, own[0])
            room.gathered.function_policy(own[0], own[1], policy)
            continue
        yield Grant(own[0], own[1], document.entries("Statement"), document.get("Version"), declared, True)


def layer_grants(room: Room) -> None:
    """AWS::Lambda::LayerVersionPermission: who may use a layer version."""
    by_layer: dict[str, list[Value]] = {}
    for declared in room.of("AWS::Lambda::LayerVersionPermission"):
        layer = declared.properties.get("LayerVersionArn")
        arn = layer.text() if layer is not None else None
        if layer is None or arn is None or not arn.startswith("arn:"):
            room.miss(declared, "which layer the permission is for is not known before deploy", "it is left out")
            continue
        properties = declared.properties
        made: dict[str, Value] = {
            "Sid": Value(declared.address, properties.source, properties.pointer),
            "Effect": Value("Allow", properties.source, properties.pointer),
            "Principal": _principal(properties.get("Principal"), properties, declared.where),
            "Action": properties.get("Action") or Value("lambda:GetLayerVersion", layer.source, layer.pointer),
            "Resource": Value(arn, layer.source, layer.pointer),
        }
        org = properties.get("OrganizationId")
        if org is not None:
            equals = Value({"aws:PrincipalOrgID": org}, org.source, org.pointer)
            made["Condition"] = Value({"StringEquals": equals}, org.source, org.pointer)
        by_layer.setdefault(arn, []).append(Value(made, properties.source, properties.pointer))
    for arn, written in by_layer.items():
        place = written[0]
        raw = {
            "Version": Value("2012-10-17", place.source, place.pointer),
            "Statement": Value(tuple(written), place.source, place.pointer),
        }
        room.resource_policy(arn, Value(raw, place.source, place.pointer))
