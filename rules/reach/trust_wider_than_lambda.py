"""PC210: a function's role that others may take too."""

from collections.abc import Iterator

from permcheck.model import Finding, PathStep, Role, Statement
from permcheck.rule import Example, LetIn, Rule, View
from permcheck.rules._examples import ACCOUNT, OTHER, account, allow, table_arn, trust, user_arn, worker
from permcheck.rules.reach._execution import listed, running_too, whose

# Services that take a role to call functions or to run them elsewhere, and no code of anybody's.
WITH_LAMBDA = frozenset(("lambda", "edgelambda", "replicator", "states", "scheduler", "apigateway", "events"))
GRANTS = allow("dynamodb:Query", table_arn("Orders"))
RANK = ("medium", "high", "critical")
LAMBDA = "lambda.amazonaws.com"


class TrustWiderThanLambda(Rule):
    """The role of a function can be assumed by others.

    What
        The trust policy of a function's role lets in somebody besides Lambda: everybody, another account, a service
        that runs other code, people, or an identity provider.

    Why it matters
        Whoever may assume the role has the function's rights without the function: no code of yours checks what they
        do with them. What a reviewer of the function reads is then only part of who uses the role.

    How to fix
        Leave lambda.amazonaws.com alone in the trust policy, and give everybody else a role of their own.

    When it is fine
        Lambda@Edge, Step Functions, EventBridge, Scheduler and API Gateway beside Lambda are not reported. Accounts
        and organizations that permcheck.toml names as trusted are listed as explained. Principals of the role's own
        account are medium: they were chosen by somebody here.

    References
        IAM User Guide, "How to use trust policies with IAM roles"
        Lambda Developer Guide, "Defining Lambda function permissions with an execution role"
    """

    id = "PC210"
    name = "trust-wider-than-lambda"
    severity = "high"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(
            account(
                worker("bridge-role", GRANTS, trusts=trust({"Service": [LAMBDA, "ec2.amazonaws.com"]})),
                functions={"bridge": "bridge-role"},
            ),
            "virtual machines may take it too",
        ),
        Example(
            account(
                worker("bridge-role", GRANTS, trusts=trust({"Service": LAMBDA, "AWS": user_arn("lee")})),
                functions={"bridge": "bridge-role"},
            ),
            "and so may somebody of this account: medium",
        ),
    )
    good = (
        Example(
            account(
                worker("edge-role", GRANTS, trusts=trust({"Service": [LAMBDA, "edgelambda.amazonaws.com"]})),
                functions={"edge": "edge-role"},
            ),
            "Lambda@Edge",
        ),
        Example(
            account(
                worker("bridge-role", GRANTS, trusts=trust({"Service": LAMBDA, "AWS": f"arn:aws:iam::{OTHER}:root"})),
                functions={"bridge": "bridge-role"},
            ),
            "an account that configuration trusts",
            {"trusted_accounts": [OTHER]},
        ),
        Example(
            account(
                worker(
                    "bridge-role",
                    GRANTS,
                    trusts=trust({"Service": LAMBDA}, Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
                ),
                functions={"bridge": "bridge-role"},
            ),
            "Lambda alone",
        ),
    )

    def check_role(self, view: View, role: Role) -> Iterator[Finding]:
        """Report whoever else may take a function's role."""
        if role.trust is None or role.service_linked or not any(_suspect(s) for s in role.trust.statements):
            return
        others = [each for each in view.let_in(role) if not _belongs(each)]
        unexplained = [each for each in others if not _trusted(view, each)]
        if not others:
            return
        told = unexplained or others
        worst = max(told, key=_rank)
        named = listed(_named(each) for each in sorted(told, key=_rank, reverse=True))
        reasons = {r: _named(each) for each in reversed(told) for r in each.reasons if r.statement.is_allow}
        yield self.finding(
            f"{named} can assume {role.name} too, the role of {whose(view, role, bare=True)}",
            role.arn,
            [view.place(r.policy, r.statement, f"lets in {who}") for r, who in reasons.items()],
            severity=RANK[_rank(worst)],
            path=[
                PathStep(
                    worst.kind,
                    worst.name,
                    worst.name if worst.name[:4] == "arn:" else None,
                    "sts:AssumeRole",
                    worst.verdict,
                ),
                *view.role_steps(role),
            ],
            conditions=worst.conditions,
            fix=f'leave {{"Service": "{LAMBDA}"}} alone as Principal of {role.name}, and give others their own role',
            explained=None if unexplained else "configuration trusts them",
            others=running_too(view, role),
        )


def _suspect(statement: Statement) -> bool:
    """Whether the statement may let somebody in who does not go with Lambda."""
    principals = statement.principals
    if not statement.is_allow or principals is None:
        return statement.is_allow
    plain = not (principals.everyone or principals.aws or principals.federated or principals.canonical)
    return not plain or any(service.partition(".")[0] not in WITH_LAMBDA for service in principals.service)


def _belongs(each: LetIn) -> bool:
    return each.kind == "service" and each.name.partition(".")[0] in WITH_LAMBDA


def _trusted(view: View, each: LetIn) -> bool:
    if each.kind == "org":
        return view.trusted_org(each.name)
    if each.own or each.kind not in ("account", "role", "user"):
        return False  # the name of a provider may be any text, also one that only begins like an ARN
    account = each.name.split(":")[4] if each.name[:4] == "arn:" else each.name
    return view.trusted_account(account)


def _rank(each: LetIn) -> int:
    """How bad it is, as an index into RANK."""
    if each.kind == "aws" and not each.exposed:
        return 1 if {str(c["key"]).lower() for c in each.conditions} <= {"aws:sourceip"} else 0
    if each.kind == "aws":
        return 2
    return 0 if each.own else 1


def _named(each: LetIn) -> str:
    last = each.name.rpartition("/")[2]
    if each.kind == "aws":
        return "every AWS account"
    if each.kind == "account":
        return f"anyone in account {each.name} whose own policies allow it"
    if each.kind == "org":
        return f"organization {each.name}"
    if each.kind in ("role", "user") and not each.own:
        return f"{each.kind} {last} of account {each.name.split(':')[4]}"
    return f"{each.kind} {last}" if each.kind in ("role", "user") else last
