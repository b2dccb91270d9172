"""PC205: a function that may read everything of a kind."""

from collections.abc import Iterator, Mapping
from itertools import islice

from permcheck.model import Finding, Role
from permcheck.rule import Answer, Example, Rule, View
from permcheck.rules._examples import account, allow, deny, document, table_arn, worker
from permcheck.rules.reach._execution import anyhow, listed, passed_over, path, places, running_too, weighed, whose

KINDS: Mapping[str, str] = {
    "secretsmanager:GetSecretValue": "every secret",
    "ssm:GetParameter": "every parameter",
    "ssm:GetParameters": "every parameter",
    "ssm:GetParametersByPath": "every parameter",
    "s3:GetObject": "every object in S3",
    "dynamodb:GetItem": "every DynamoDB table",
    "dynamodb:BatchGetItem": "every DynamoDB table",
    "dynamodb:Query": "every DynamoDB table",
    "dynamodb:Scan": "every DynamoDB table",
    "kms:Decrypt": "everything encrypted with KMS keys",
}
ACTIONS = tuple(KINDS)
OF_KIND = {kind: tuple(a for a, k in KINDS.items() if k == kind) for kind in KINDS.values()}


class ReadsEverything(Rule):
    """A function can read every secret, parameter, object or table.

    What
        The role of a function may read all secrets of Secrets Manager, all parameters of Systems Manager, all objects
        of S3, all tables of DynamoDB, or decrypt with every KMS key that leaves that to the account.

    Why it matters
        This is what a leak looks like before it happens: one flaw in the code, one dependency that reads along, and
        everything of that kind is outside, not only what the function works with.

    How to fix
        Name the secret, the bucket, the table. A prefix such as parameter/shop/* does where names share one.

    When it is fine
        For a function whose work is to look at everything, such as a backup or a scan, if nobody outside can invoke
        it. A condition on the tags of what is read chooses among them and is not reported.

    References
        AWS Secrets Manager User Guide, "Identity-based policies"
        Amazon S3 User Guide, "Identity-based policy examples"
        AWS KMS Developer Guide, "Best practices for IAM policies"
    """

    id = "PC205"
    name = "reads-everything"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = ACTIONS

    bad = (
        Example(
            account(worker("sync-role", allow("secretsmanager:GetSecretValue")), functions={"sync": "sync-role"}),
            "every secret",
        ),
        Example(
            account(worker("thumbs-role", allow("s3:Get*", "arn:aws:s3:::*")), functions={"thumbs": "thumbs-role"}),
            "every object, by a resource that only looks narrower",
        ),
    )
    good = (
        Example(
            account(
                worker("sync-role", allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:shop/*")),
                functions={"sync": "sync-role"},
            ),
            "secrets under a prefix",
        ),
        Example(
            account(
                worker(
                    "sync-role", allow("dynamodb:Query"), boundary=document(allow("dynamodb:*", table_arn("Orders")))
                ),
                functions={"sync": "sync-role"},
            ),
            "a boundary leaves one table",
        ),
        Example(
            account(
                worker("thumbs-role", allow("s3:GetObject", "arn:aws:s3:::*"), deny("s3:GetObject")),
                functions={"thumbs": "thumbs-role"},
            ),
            "a Deny takes it back",
        ),
    )

    def check_role(self, view: View, role: Role) -> Iterator[Finding]:
        """Report what a role may read all of."""
        if not view.may_some(role, ACTIONS) or passed_over(view, role):
            return
        found: dict[str, Answer] = {}
        for actions in OF_KIND.values():
            found.update(islice(anyhow(view, role, actions), 1))
        if not found:
            return
        kinds = [KINDS[action] for action in found]
        first = next(iter(found))
        yield self.finding(
            f"{whose(view, role)} can read {listed(kinds)}",
            role.arn,
            places(view, found.values(), f"allows reading {listed(kinds)}"),
            severity=weighed(self.severity, found.values()),
            path=path(view, role, first, listed(kinds)),
            conditions=found[first].conditions,
            fix=f'name what {role.name} reads in "Resource", in place of everything there is',
            witness=found[first].witness,
            others=running_too(view, role),
        )
