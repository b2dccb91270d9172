"""PC009: a variable that never gets a value."""

from collections.abc import Iterable, Iterator

from permcheck.model import Finding, Policy, Statement
from permcheck.rule import Example, Rule, View, traits
from permcheck.rule.tables import whose, written_by_aws
from permcheck.rule.variable_text import TOO_EARLY, any_variable, idle


def _policy(resource: str, effect: str = "Allow") -> Example:
    statement = {"Sid": "Own", "Effect": effect, "Action": "dynamodb:GetItem", "Resource": resource}
    return Example({"own.json": {"Version": "2012-10-17", "Statement": [statement]}})


class VariableWithoutValue(Rule):
    """A variable that never gets a value.

    What
        Reports a policy variable that names no condition key of AWS (a misspelling, or a placeholder of a template
        that nobody filled in, such as ${AWS::AccountId}), one that names a key with several values, and one that
        stands before the fifth colon of an ARN; the confidence is medium for the last, since AWS's documents rule it
        out and one of AWS's own policies does it.

    Why it matters
        A text with such a variable matches nothing: an Allow grants nothing by it, a Deny stops nothing.

    How to fix
        Spell the key as AWS does, or put the value in its place. Before the fifth colon write the Region and the
        account themselves, or a star.

    When it is fine
        Never. A policy taken out of a template is better checked as the template.

    References
        IAM User Guide, "IAM policy elements: Variables and tags"
        IAM User Guide, "AWS global condition context keys"
    """

    id = "PC009"
    name = "variable-without-value"
    severity = "medium"
    concerns = (traits.VARIABLES,)
    bad = (
        _policy("arn:aws:dynamodb:us-east-1:111122223333:table/${aws:usernme}"),
        _policy("arn:aws:dynamodb:${AWS::Region}:111122223333:table/hikes", "Deny"),
    )
    good = (
        _policy("arn:aws:dynamodb:us-east-1:111122223333:table/${aws:PrincipalTag/team, 'common'}"),
        _policy("arn:aws:dynamodb:us-east-1:111122223333:table/${cognito-identity.amazonaws.com:sub}-${*}"),
    )

    def check_statement(self, view: View, policy: Policy, statement: Statement) -> Iterable[Finding]:
        if not statement.variables or not any_variable(statement):
            return ()
        found = idle(statement)
        return self._report(view, policy, statement, found) if found and not written_by_aws(policy) else ()

    def _report(
        self, view: View, policy: Policy, statement: Statement, found: tuple[tuple[str, str, str], ...]
    ) -> Iterator[Finding]:
        names = ", ".join(dict.fromkeys(variable for _, variable, _ in found))
        what = "grants nothing by it" if statement.is_allow else "stops nothing by it"
        yield self.finding(
            f"the variable {names} never gets a value, so the statement {what}",
            whose(policy),
            [view.place(policy, statement, why, below) for below, _, why in found],
            confidence="medium" if all(why == TOO_EARLY for _, _, why in found) else self.confidence,
            fix=f"Write the key that is meant in place of {names}, or the value itself.",
        )
