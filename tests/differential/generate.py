"""Random requests in the form that `permcheck evaluate` reads, the same for the same seed.

Run as a program (`python -m tests.differential.generate --seed 7 --count 100`) it prints them as JSON Lines.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import rare
from .conditions import Key, draw_condition, draw_context, keys_for
from .patterns import actions, principal, resources, spared
from .vocabulary import Caller, Context, Policy, Request, Statement, Target, chance, draw_caller, draw_target, pick

FULL_ACCESS: Policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
ORGANIZED = ("session", "user", "role", "account")
WITH_POLICIES = ("session", "user", "role")


@dataclass(frozen=True, slots=True)
class Draw:
    """One request in the making: what is asked, by whom, and what its conditions may read."""

    rng: random.Random
    target: Target
    caller: Caller
    keys: list[Key]
    context: Context

    def version(self) -> str:
        return "2012-10-17" if chance(self.rng, 0.9) else "2008-10-17"

    def statement(self, kind: str, effect: str, hit: bool, version: str) -> Statement:
        """A statement for one kind of policy: identity, boundary, session, scp, rcp, resource or trust."""
        rng = self.rng
        fault = "" if hit else pick(rng, ("action", "resource", "resource", "principal", "condition", "any"))
        written: Statement = {"Effect": effect}
        if chance(rng, 0.3):
            written["Sid"] = f"S{rng.randrange(100)}"
        if kind == "rcp":
            written["Principal"] = "*"
        elif kind in ("resource", "trust"):
            named = fault != "principal" and (hit or chance(rng, 0.8))
            if kind == "resource" and effect == "Deny" and chance(rng, 0.35):
                written["NotPrincipal"] = spared(rng, self.caller, not named or chance(rng, 0.75))
            else:
                written["Principal"] = principal(rng, self.caller, named)
        self._action(written, kind, fault != "action")
        if kind != "trust":
            self._resource(written, fault != "resource", version == "2012-10-17")
        if fault == "condition" or chance(rng, 0.35 if effect == "Allow" else 0.55):
            written["Condition"] = draw_condition(rng, self.keys, self.context, version)
        return written

    def _action(self, written: Statement, kind: str, hit: bool) -> None:
        if chance(self.rng, 0.08) and kind not in ("rcp", "trust"):
            written["NotAction"] = actions(self.rng, self.target, not hit)
        else:
            written["Action"] = actions(self.rng, self.target, hit, trailing_star_only=kind == "rcp")

    def _resource(self, written: Statement, hit: bool, variables: bool) -> None:
        if chance(self.rng, 0.08):
            written["NotResource"] = resources(self.rng, self.target, not hit)
        else:
            written["Resource"] = resources(self.rng, self.target, hit, variables)

    def policy(self, kind: str, hit: bool, deny: float) -> Policy:
        """A document whose Allow statements grant the request when `hit`, give or take conditions."""
        rng = self.rng
        version = "2012-10-17" if kind == "rcp" else self.version()
        statements: list[Statement] = []
        if kind != "rcp":
            for position in range(rng.choice((1, 1, 2, 3))):
                statements.append(self.statement(kind, "Allow", hit and position == 0, version))
        if kind == "rcp" or chance(rng, deny):
            statements.append(self.statement(kind, "Deny", chance(rng, 0.25), version))
        rng.shuffle(statements)
        document: Policy = {"Version": version, "Statement": statements}
        if len(statements) == 1 and chance(rng, 0.3):
            document["Statement"] = statements[0]
        if version == "2008-10-17" and chance(rng, 0.5):
            del document["Version"]
        return document


def _layers(draw: Draw) -> Request:
    """The policies of one request, each kind now and then."""
    rng, caller, target = draw.rng, draw.caller, draw.target
    found: Request = {}
    across = bool(caller.account) and caller.account != target.account
    trust = target.service == "sts"
    if caller.kind in WITH_POLICIES:
        count = rng.choice((0, 1, 1, 1, 2, 3))
        found["identity_policies"] = [draw.policy("identity", chance(rng, 0.75), 0.25) for _ in range(count)]
        if chance(rng, 0.18):
            found["permissions_boundary"] = draw.policy("boundary", chance(rng, 0.8), 0.15)
    if caller.kind == "session" and chance(rng, 0.25):
        count = rng.choice((1, 1, 2))
        found["session_policies"] = [draw.policy("session", chance(rng, 0.8), 0.1) for _ in range(count)]
    outside = caller.kind in ("service", "anonymous", "federated")
    if outside or trust or chance(rng, 0.9 if across or target.service == "kms" else 0.4):
        likely = 0.8 if outside or across or trust else 0.6
        found["resource_policy"] = draw.policy("trust" if trust else "resource", chance(rng, likely), 0.2)
    if caller.kind in ORGANIZED and chance(rng, 0.25):
        found["service_control_policies"] = [_level(draw, "scp") for _ in range(rng.choice((1, 2, 3)))]
    if target.service not in ("lambda", "sns") and chance(rng, 0.4):
        found["resource_control_policies"] = [_level(draw, "rcp") for _ in range(rng.choice((1, 2)))]
    return found


def _level(draw: Draw, kind: str) -> list[Policy]:
    rng = draw.rng
    if kind == "rcp":
        return [draw.policy("rcp", True, 1) for _ in range(rng.choice((0, 1, 1, 2)))]
    level = [FULL_ACCESS] if chance(rng, 0.75) else []
    if chance(rng, 0.6) or not level:
        level.append(draw.policy("scp", chance(rng, 0.85), 0.4))
    return [] if chance(rng, 0.02) else level


def draw_request(rng: random.Random, name: str) -> Request:
    """One request whose context is complete.

    Features on which iam-simulate departs from AWS's documents (departures.py) are added by rare.py, to few requests.
    """
    target = draw_target(rng)
    caller = draw_caller(rng, target)
    if caller.kind == "federated":
        target = replace(target, action="AssumeRoleWithWebIdentity")
    keys = keys_for(target, caller)
    context = draw_context(rng, keys, caller)
    draw = Draw(rng, target, caller, keys, context)
    request: Request = {
        "id": name,
        "principal": caller.principal,
        "action": target.full_action,
        "resource": target.resource,
        "context": context,
        "context_complete": True,
        **_layers(draw),
    }
    if target.resource.count(":") < 5 or not target.resource.split(":")[4]:
        request["resource_account"] = target.account
    request = copy.deepcopy(request)  # FULL_ACCESS is shared, and rare features change what they are given
    rare.add(rng, request)
    return request


def requests(seed: int, count: int) -> Iterator[Request]:
    """`count` requests; request number n is the same for the same seed whatever the count."""
    for number in range(count):
        yield draw_request(random.Random(f"{seed}/{number}"), f"{seed}/{number}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    arguments = parser.parse_args()
    for request in requests(arguments.seed, arguments.count):
        sys.stdout.write(json.dumps(request) + "\n")


if __name__ == "__main__":
    main()
