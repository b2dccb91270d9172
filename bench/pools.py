"""Cognito identity pools of the generated account, and the two roles each hands out."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from bench.names import REGION, Workload, function_arn, role_arn
from bench.roles import RoleDraft, trusting
from bench.statements import Json, allow, document

COGNITO = "cognito-identity.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Pool:
    """An identity pool: its name, its id `REGION:UUID`, and whether guests get in."""

    name: str
    identifier: str
    guests: bool


def pools(count: int, rng: random.Random) -> list[Pool]:
    """`count` pools; the first always admits guests, the others half of the time."""
    ids = [uuid.UUID(int=rng.getrandbits(128), version=4) for _ in range(count)]
    return [Pool(f"mobile_app_{i}", f"{REGION}:{made}", i == 0 or rng.random() < 0.5) for i, made in enumerate(ids)]


def for_pools(made: list[Pool], loads: list[Workload], rng: random.Random) -> Iterator[RoleDraft]:
    """A guest role and a role for signed-in users, for every pool."""
    for pool in made:
        for kind in ("unauthenticated", "authenticated"):
            called = function_arn(rng.choice(loads).function)
            # The text of AWS's early mobile guides, still found on many guest roles.
            calls = allow("lambda:*", "*") if rng.random() < 0.15 else allow("lambda:InvokeFunction", called)
            yield RoleDraft(
                name=f"{pool.name}_{kind}",
                trust=trusting(
                    {"Federated": COGNITO},
                    "sts:AssumeRoleWithWebIdentity",
                    {
                        "StringEquals": {f"{COGNITO}:aud": pool.identifier},
                        "ForAnyValue:StringLike": {f"{COGNITO}:amr": kind},
                    },
                ),
                inline={"app": document([allow("mobiletargeting:PutEvents", "*"), calls])},
                tags={"team": "team-00"},
            )


def captures(made: list[Pool]) -> Iterator[tuple[str, Json]]:
    """File names and contents of `describe-identity-pool` and `get-identity-pool-roles`."""
    for pool in made:
        provider = {
            "ProviderName": f"cognito-idp.{REGION}.amazonaws.com/{REGION}_{pool.identifier[-9:]}",
            "ClientId": pool.identifier[-12:] + pool.identifier[-12:],
            "ServerSideTokenCheck": False,
        }
        yield (
            f"{pool.name}.json",
            {
                "IdentityPoolId": pool.identifier,
                "IdentityPoolName": pool.name,
                "AllowUnauthenticatedIdentities": pool.guests,
                "AllowClassicFlow": pool.name.endswith("0"),
                "CognitoIdentityProviders": [provider],
                "IdentityPoolTags": {"team": "team-00"},
            },
        )
        handed = {kind: role_arn(f"{pool.name}_{kind}") for kind in ("authenticated", "unauthenticated")}
        yield f"{pool.name}-roles.json", {"IdentityPoolId": pool.identifier, "Roles": handed}
