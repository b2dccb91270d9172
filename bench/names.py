"""Names and identifiers of the generated accounts: teams, functions, roles, ARNs, dates.

Every value is drawn from a `random.Random` that the caller seeds, so the same seed gives the same bytes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

# Account ids that AWS's own examples use; they belong to nobody.
ACCOUNT = "111122223333"
PARTNER_ACCOUNTS = ("444455556666", "777788889999", "123456789012")
ORGANIZATION = "o-a1b2c3d4e5"
REGION = "eu-west-1"

THINGS = (
    "orders", "payments", "users", "invoices", "catalog", "stock", "shipping", "search",
    "pricing", "reviews", "sessions", "reports", "mail", "audit", "images", "partners",
)  # fmt: skip
KINDS = ("api", "worker", "sync", "export", "hook", "cleanup")
STAGES = ("prod", "staging", "dev")

_IDENTIFIER_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(frozen=True, slots=True)
class Workload:
    """A function, the team that owns it and the name of its execution role."""

    function: str
    team: str
    role: str
    stage: str

    @property
    def thing(self) -> str:
        """What the function deals with, e.g. `orders` in `team-07-orders-api`."""
        return self.function.split("-")[2]


def function_arn(name: str) -> str:
    """The unqualified ARN of a function of the generated account."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def role_arn(name: str, path: str = "/") -> str:
    """The ARN of a role; `path` begins and ends with a slash."""
    return f"arn:aws:iam::{ACCOUNT}:role{path}{name}"


def policy_arn(name: str) -> str:
    """The ARN of a customer managed policy."""
    return f"arn:aws:iam::{ACCOUNT}:policy/{name}"


def local_arn(service: str, resource: str) -> str:
    """The ARN of a resource of the generated account and region."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def identifier(rng: random.Random, prefix: str) -> str:
    """An IAM unique id of 21 characters, such as `AROA…`."""
    return prefix + "".join(rng.choices(_IDENTIFIER_LETTERS, k=17))


def moment(rng: random.Random) -> str:
    """A UTC time between 2019 and 2024 as the AWS CLI prints IAM's."""
    year, month, day = rng.randint(2019, 2024), rng.randint(1, 12), rng.randint(1, 28)
    hour, minute, second = rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59)
    return f"{year}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}+00:00"


def team_names(roles: int, functions: int) -> list[str]:
    """One team for every fifty functions, fewer where there are few roles, and never fewer than three."""
    return [f"team-{number:02d}" for number in range(max(3, min(functions // 50, roles // 5)))]


def shared_role(team: str) -> str:
    """The execution role that a team's functions without one of their own run as."""
    return f"{team}-lambda-shared"


def workloads(teams: list[str], functions: int, own_roles: int, rng: random.Random) -> list[Workload]:
    """All functions of the account; `own_roles` of them have an execution role to themselves."""
    # Teams differ in size: the first ones are up to four times as large as the last.
    weights = [1.0 + 3.0 * (len(teams) - i) / len(teams) for i in range(len(teams))]
    members = dict.fromkeys(teams, 0)
    for team in rng.choices(teams, weights, k=functions):
        members[team] += 1
    pairs = [(thing, kind) for thing in THINGS for kind in KINDS]
    named: list[tuple[str, str]] = []
    for team, count in members.items():
        order = rng.sample(pairs, len(pairs))
        for i in range(count):
            thing, kind = order[i % len(order)]
            again = f"-{i // len(order) + 1}" if i >= len(order) else ""
            named.append((f"{team}-{thing}-{kind}{again}", team))
    own = set(rng.sample(range(functions), min(own_roles, functions)))
    return [
        Workload(name, team, f"{name}-role" if i in own else shared_role(team), rng.choices(STAGES, (6, 2, 2))[0])
        for i, (name, team) in enumerate(named)
    ]
