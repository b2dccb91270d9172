"""PC007: variables in a policy of the old version."""

from collections.abc import Iterable, Iterator

from permcheck.model import Finding, Policy, Statement
from permcheck.rule import Example, Rule, View, traits
from permcheck.rule.tables import whose, written_by_aws
from permcheck.rule.variable_text import places


def _policy(version: str | None, resource: str) -> Example:
    statement = {"Sid": "Own", "Effect": "Allow", "Action": "s3:PutObject", "Resource": resource}
    return Example({"own.json": {**({"Version": version} if version else {}), "Statement": [statement]}})


class VariablesNotFilledIn(Rule):
    """Variables in a policy of the old version.

    What
        Reports ${...} in a Resource or in the values of a condition when the policy has no Version, or the old one,
        2008-10-17.

    Why it matters
        Only Version 2012-10-17 fills variables in. Before that they are plain text: the statement is about a folder
        that is really called ${aws:username}. An Allow gives less than it seems to, and a Deny stops nothing: the
        severity is medium there.

    How to fix
        Write "Version": "2012-10-17" at the head of the policy. Read the rest of it once more: other statements of the
        same policy may begin to apply as well.

    When it is fine
        When a name really contains a dollar sign and braces.

    References
        IAM User Guide, "IAM JSON policy elements: Version"
        IAM User Guide, "IAM policy elements: Variables and tags"
    """

    id = "PC007"
    name = "variables-not-filled-in"
    severity = "low"
    concerns = (traits.VARIABLES,)
    bad = (
        _policy(None, "arn:aws:s3:::homes/${aws:username}/*"),
        _policy("2008-10-17", "arn:aws:s3:::homes/${aws:username}/*"),
    )
    good = (_policy("2012-10-17", "arn:aws:s3:::homes/${aws:username}/*"), _policy(None, "arn:aws:s3:::homes/$x/*"))

    def check_statement(self, view: View, policy: Policy, statement: Statement) -> Iterable[Finding]:
        if statement.variables or policy.document is None:
            return ()
        found = places(statement)
        return self._report(view, policy, statement, found) if found and not written_by_aws(policy) else ()

    def _report(
        self, view: View, policy: Policy, statement: Statement, found: tuple[tuple[str, str], ...]
    ) -> Iterator[Finding]:
        version = policy.document.version if policy.document else None
        has = f"has Version {version}" if version else "has no Version"
        yield self.finding(
            f"the policy {has}, so {found[0][1]} is not filled in",
            whose(policy),
            [view.place(policy, statement, "this is plain text", below) for below, _ in found],
            severity=self.severity if statement.is_allow else "medium",
            fix='Write "Version": "2012-10-17" at the head of the policy.',
        )
