"""PC002: resources of a type that the action never acts on."""

from collections.abc import Iterable

from permcheck.model import Finding, Policy, Statement
from permcheck.rule import Example, Rule, View
from permcheck.rule.arn_text import never_matches
from permcheck.rule.fit import idle
from permcheck.rule.tables import whose, written_by_aws


def _policy(action: str | list[str], resource: str | list[str]) -> Example:
    statement = {"Sid": "Fit", "Effect": "Allow", "Action": action, "Resource": resource}
    return Example({"fit.json": {"Version": "2012-10-17", "Statement": [statement]}})


class ResourceDoesNotFitAction(Rule):
    """Resources of a type that the action never acts on.

    What
        Reports an action none of whose resource types can be matched by any Resource of its statement, such as
        s3:ListBucket on the objects of a bucket or lambda:CreateFunction on a bucket. An action with a wildcard is
        reported when this holds for everything it covers. So is an action of Lambda without resource types, such as
        lambda:ListFunctions, on anything but a star: its requests name no resource. The severity is low where other
        actions of the statement do fit: such a rest of copied text does less harm.

    Why it matters
        The pair is never asked for, so the statement gives (or stops) nothing for that action, whatever it seems to
        say. The next attempt to make it work is usually a star.

    How to fix
        Name a resource of a type that the action takes. For the list of a bucket that is the bucket, without "/*". An
        action without resource types goes into a statement of its own with the Resource "*"; conditions can narrow it,
        as lambda:FunctionArn does for lambda:CreateEventSourceMapping.

    When it is fine
        Never, for services whose types are listed in full. Some services are listed with gaps; those known are left
        out, and the confidence is medium for the rest.

    References
        Service Authorization Reference, "Actions, resources, and condition keys for AWS services"
        IAM User Guide, "IAM JSON policy elements: Resource"
    """

    id = "PC002"
    name = "resource-does-not-fit-action"
    severity = "medium"
    confidence = "medium"
    bad = (
        _policy("s3:ListBucket", "arn:aws:s3:::trail-photos/*"),
        _policy(["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::trail-photos/*"),
        _policy("lambda:ListFunctions", "arn:aws:lambda:us-east-1:111122223333:function:*"),
        _policy(["lambda:InvokeFunction", "lambda:CreateEventSourceMapping"], "arn:aws:lambda:*:*:function:resize"),
        _policy("lambda:Update*", "arn:aws:iam::111122223333:role/resize"),
    )
    good = (
        _policy(["lambda:ListFunctions", "lambda:CreateEventSourceMapping"], "*"),
        _policy("lambda:*", "arn:aws:lambda:us-east-1:111122223333:function:resize"),
        _policy(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::trail-photos", "arn:aws:s3:::trail-photos/*"]),
        _policy(["sts:AssumeRole", "s3:List*"], ["arn:aws:iam::111122223333:role/resize", "arn:aws:s3:::p/*"]),
        _policy("logs:PutLogEvents", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/resize:*"),
    )

    def check_statement(self, view: View, policy: Policy, statement: Statement) -> Iterable[Finding]:
        resources = statement.resources
        if statement.actions is None or not resources or "*" in resources:
            return ()
        unfit = idle(statement.actions, resources)
        # A Resource that matches nothing at all is reported as that.
        if not unfit or written_by_aws(policy) or any(never_matches(resource, policy.kind) for resource in resources):
            return ()
        names = [action for reach in unfit for action in reach.actions]
        whole = len(names) == len(statement.actions)
        outcome = ("grants" if statement.is_allow else "stops") + (" nothing" if whole else " nothing for it")
        first = unfit[0]
        fix = f"Name what {first.actions[0]} acts on: {' or '.join(first.examples)}."
        if first.examples == ("*",):
            fix = (
                f'Give {first.actions[0]} a statement of its own with the Resource "*": its requests name no resource.'
            )
        return (
            self.finding(
                f"{', '.join(names)} cannot act on what is named here, so the statement {outcome}",
                whose(policy),
                [view.place(policy, statement, f"no resource of {first.actions[0]} is among these", "/Resource")],
                severity=self.severity if whole else "low",
                fix=fix,
            ),
        )
