"""Action, resource and principal elements drawn to match the request, or to miss it narrowly."""

from __future__ import annotations

import random
import re
from typing import Any

from .vocabulary import (
    ACCOUNTS,
    FUNCTIONS,
    REGIONS,
    SERVICES,
    USERS,
    Caller,
    Target,
    another,
    chance,
    pick,
    scalar_or_list,
)


def action_pattern(rng: random.Random, target: Target, hit: bool, trailing_star_only: bool = False) -> str:
    """One action pattern. `trailing_star_only` keeps to what a resource control policy may say."""
    service, name = target.service, target.action
    if not hit:
        return pick(rng, (f"{service}:{name}X", f"{service}:Tag*", "ec2:*", "s3control:*", f"{service}:{name[:-1]}"))
    forms = [f"{service}:{name}", f"{service}:{name}", f"{service}:*", f"{service}:{name[:3]}*"]
    if not trailing_star_only:
        cut = rng.randrange(1, len(name))
        forms += [
            "*",
            f"{service}:*{name[cut:]}",
            f"{service}:{name[:cut]}?{name[cut + 1 :]}",
            f"{service}:{name.lower()}",
            f"{service.upper()}:{name}",
        ]
    return pick(rng, forms)


def actions(rng: random.Random, target: Target, hit: bool, trailing_star_only: bool = False) -> Any:
    """The value of Action: a match among others when `hit`, else only misses."""
    listed = [action_pattern(rng, target, False, trailing_star_only) for _ in range(rng.randrange(3))]
    if hit or not listed:
        listed.insert(rng.randrange(len(listed) + 1), action_pattern(rng, target, hit, trailing_star_only))
    return scalar_or_list(rng, listed)


def _after_type(service: str, rest: str) -> int:
    """Where the name begins behind `function:`, `role/`, `table/`; 0 for resources without a type."""
    found = re.match(r"[^:/]*[:/]", rest)
    return found.end() if found and service != "s3" else 0


def _hit_resource(rng: random.Random, resource: str) -> str:
    segments = resource.split(":", 5)
    if len(segments) < 6:
        return "*"
    rest = segments[5]
    # Wildcards stand behind the resource type, save for a few: iam-simulate wants the type to the letter.
    kind = 0 if chance(rng, 0.01) else _after_type(segments[2], rest)
    form = rng.randrange(9)
    if form <= 1:
        return resource
    if form == 2:
        return "*"
    if form == 3:
        return ":".join([*segments[:5], "*"])
    if form == 4:
        cut = rng.randrange(1, len(rest) + 1)
        return ":".join([*segments[:5], rest[:cut] + "*"])
    if form == 5:
        cut = rng.randrange(kind, len(rest))
        return ":".join([*segments[:5], rest[:kind] + "*" + rest[cut:]])
    if form == 6:
        cut = rng.randrange(kind, len(rest))
        return ":".join([*segments[:5], rest[:cut] + "?" + rest[cut + 1 :]])
    if form == 7:
        return ":".join([*segments[:3], "*", "*", rest])
    return ":".join([*segments[:3], "*" if segments[3] else "", segments[4], rest[: len(rest) // 2] + "*"])


def _near_resource(rng: random.Random, resource: str) -> str:
    """A pattern that would match were it not for one thing: the name, the qualifier, the case, the account, …"""
    segments = resource.split(":", 5)
    if len(segments) < 6:
        return "arn:aws:lambda:us-east-1:111111111111:function:api"
    rest = segments[5]
    form = rng.randrange(8)
    if form == 0:
        return resource + ":*"
    if form == 1:
        return resource + ":prod"
    if form == 2:
        return ":".join([*segments[:5], rest.rsplit(":", 1)[0]])
    if form == 3:
        return ":".join([*segments[:5], rest.upper()])
    if form == 4 and segments[4]:
        return ":".join([*segments[:4], another(rng, ACCOUNTS, segments[4]), rest])
    if form == 5 and segments[3]:
        return ":".join([*segments[:3], another(rng, REGIONS, segments[3]), segments[4], rest])
    if form == 6:
        return ":".join([*segments[:5], f"function:{pick(rng, FUNCTIONS)}"])
    return ":".join([*segments[:3], "*", "*", rest[:-1]])


def resource_pattern(rng: random.Random, target: Target, hit: bool) -> str:
    return _hit_resource(rng, target.resource) if hit else _near_resource(rng, target.resource)


def variable_pattern(rng: random.Random, target: Target) -> str:
    """A function's name made of what the request says of its caller, a tag or a user name, or of a default."""
    name = pick(
        rng,
        (
            "${aws:PrincipalTag/team}",
            "${aws:PrincipalTag/team}*",
            "${AWS:principaltag/Team}:prod",
            "${aws:PrincipalTag/team, 'api'}",
            "${aws:username}-jobs",
            "${aws:username, 'alice'}-*",
            "ap?${aws:PrincipalTag/none, 'admin'}",
        ),
    )
    return f"arn:{target.partition}:lambda:*:{target.account}:function:{name}"


def resources(rng: random.Random, target: Target, hit: bool, variables: bool = False) -> Any:
    """The value of Resource: a match among others when `hit`, else near misses; now and then one with a variable."""
    if variables and target.service == "lambda" and chance(rng, 0.06):
        return scalar_or_list(rng, [variable_pattern(rng, target) for _ in range(rng.choice((1, 1, 2)))])
    listed = [resource_pattern(rng, target, False) for _ in range(rng.randrange(3))]
    if hit or not listed:
        listed.insert(rng.randrange(len(listed) + 1), resource_pattern(rng, target, hit))
    return scalar_or_list(rng, listed)


def _hit_principal(rng: random.Random, caller: Caller) -> Any:
    """A Principal that names the caller in one of the ways its kind allows."""
    everyone: list[Any] = ["*", {"AWS": "*"}]
    if caller.kind == "anonymous":
        return pick(rng, everyone)
    if caller.kind == "service":
        return pick(rng, [{"Service": caller.principal}] * 4 + everyone)
    if caller.kind == "federated":
        return pick(rng, [{"Federated": caller.principal["federated"]}] * 4 + everyone)
    root = f"arn:{caller.partition}:iam::{caller.account}:root"
    forms: list[Any] = [{"AWS": root}, {"AWS": caller.account}, *everyone]
    if caller.kind in ("user", "role"):
        forms += [{"AWS": caller.principal}] * 4
    if caller.kind == "session":
        forms += [{"AWS": caller.principal}] * 3 + [{"AWS": caller.role_arn}] * 3
    return pick(rng, forms)


def _near_principal(rng: random.Random, caller: Caller) -> Any:
    account = caller.account or ACCOUNTS[0]
    if caller.kind == "session" and chance(rng, 0.2):
        return {"AWS": f"{caller.principal.rsplit('/', 1)[0]}/{pick(rng, ('other', 's', 'S1'))}"}
    iam = f"arn:{caller.partition}:iam::{account}"
    return pick(
        rng,
        (
            {"AWS": f"{iam}:role/Other"},
            {"AWS": f"{iam}:user/{pick(rng, USERS)}x"},
            {"AWS": f"arn:{caller.partition}:sts::{account}:assumed-role/Other/s1"},
            {"AWS": another(rng, ACCOUNTS, account)},
            {"Service": pick(rng, ("lambda.amazonaws.com", "ec2.amazonaws.com"))},
            {"AWS": f"{iam}:role/{caller.name}2", "Service": "ec2.amazonaws.com"},
            {"AWS": f"{iam}:role/other/App"} if caller.name != "App" else {"AWS": f"{iam}:role/Apps"},
        ),
    )


def _joined(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Both Principal objects in one."""
    merged = dict(first)
    for kind, value in second.items():
        merged[kind] = [*_listed(merged[kind]), *_listed(value)] if kind in merged else value
    return merged


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def principal(rng: random.Random, caller: Caller, hit: bool) -> Any:
    """The value of Principal."""
    element = _hit_principal(rng, caller) if hit else _near_principal(rng, caller)
    if isinstance(element, dict) and chance(rng, 0.4):
        element = _joined(element, _near_principal(rng, caller))
    return element


def spared(rng: random.Random, caller: Caller, hit: bool) -> Any:
    """The value of NotPrincipal: with `hit` it leaves the caller out of the Deny, as AWS asks, by every name it has."""
    if not hit:
        return _near_principal(rng, caller)
    if caller.kind == "service":
        return {"Service": pick(rng, SERVICES)}
    if caller.kind in ("anonymous", "federated"):
        return _near_principal(rng, caller)
    names = [f"arn:{caller.partition}:iam::{caller.account}:root"]
    if caller.kind != "account":
        names.append(caller.role_arn)
    if caller.kind == "session":
        names.append(caller.principal)
    return {"AWS": names}
