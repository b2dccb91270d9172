"""PC005: a condition that holds for no request, or for every one."""

from collections.abc import Iterable, Iterator

from permcheck.model import Condition, Finding, Policy, Statement
from permcheck.rule import Example, Rule, View, traits
from permcheck.rule.condition_text import ABSENT, ALWAYS, FIXED, NEVER, PARTLY, UNSURE, Flaw, flaws
from permcheck.rule.tables import whose, written_by_aws


def _policy(condition: object, effect: str = "Allow") -> Example:
    statement = {
        "Sid": "Guarded",
        "Effect": effect,
        "Action": "lambda:GetAlias",
        "Resource": "arn:aws:lambda:us-east-1:111122223333:function:resize",
        "Condition": condition,
    }
    return Example({"guarded.json": {"Version": "2012-10-17", "Statement": [statement]}})


_SAID = {
    NEVER: "holds for no request",
    ALWAYS: "holds for every request",
    FIXED: "has the same answer for every request",
    ABSENT: "holds only for requests without the key",
    PARTLY: "has a value that counts for nothing",
    UNSURE: "may not compare what it seems to",
}


class ConditionNeverOrAlwaysHolds(Rule):
    """A condition that holds for no request, or for every one.

    What
        Reports a condition whose text decides it before any request is made: an operator that does not fit the type
        of the key, a value the key cannot hold, a star under StringEquals, a key that does not exist, ForAllValues on
        a key with one value, a key demanded and ruled out at once, a range of all addresses, no value at all. A key
        with several values under a plain operator is reported as low: AWS does not say what that compares.

    Why it matters
        A condition that never holds switches its statement off: an Allow grants nothing, a Deny stops nothing. One
        that always holds is a lock that is not there.

    How to fix
        Take the operator from the type of the key: IpAddress for addresses, Bool for true and false, ArnLike for ARNs,
        StringLike where a star is to stand for other text. Take the key from AWS's lists.

    When it is fine
        When the key is newer than the table that permcheck was installed with; the confidence is medium there.

    References
        IAM User Guide, "IAM JSON policy elements: Condition operators"
        IAM User Guide, "AWS global condition context keys"
        IAM User Guide, "Set operators for multivalued context keys"
    """

    id = "PC005"
    name = "condition-never-or-always-holds"
    severity = "medium"
    concerns = (traits.CONDITIONS,)
    bad = (
        _policy({"StringEquals": {"aws:SourceIp": "203.0.113.0/24"}}),
        _policy({"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/team-*"}}, "Deny"),
        _policy({"StringNotEquals": {"aws:PrincipleOrgID": "o-d3m0org4nz"}}, "Deny"),
        _policy({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-d3m0org4nz"}}),
        _policy({"Null": {"aws:SourceVpc": "true"}, "StringEquals": {"aws:SourceVpc": "vpc-0abc"}}),
    )
    good = (
        _policy({"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}}),
        _policy({"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}, "Null": {"aws:TagKeys": "false"}}),
        _policy({"StringLike": {"aws:PrincipalTag/team": "*"}, "Bool": {"aws:SecureTransport": "true"}}),
        _policy({"StringNotEqualsIfExists": {"lambda:Principal": "*"}}),
    )

    def check_statement(self, view: View, policy: Policy, statement: Statement) -> Iterable[Finding]:
        if not statement.conditions:
            return ()
        return self._report(view, policy, statement)

    def _report(self, view: View, policy: Policy, statement: Statement) -> Iterator[Finding]:
        for condition, flaw in flaws(policy, statement):
            if written_by_aws(policy):
                return
            yield self.finding(
                f"the condition {condition.operator} {condition.key} {_SAID[flaw.holds]}{_outcome(statement, flaw)}",
                whose(policy),
                [view.place(policy, statement, flaw.why, _below(statement, condition))],
                severity="low" if flaw.holds == UNSURE else self.severity,
                confidence=flaw.confidence,
                fix=f"{flaw.fix[0].upper()}{flaw.fix[1:]}.",
            )


def _outcome(statement: Statement, flaw: Flaw) -> str:
    if flaw.holds == NEVER:
        return ", so the statement grants nothing" if statement.is_allow else ", so the statement stops nothing"
    if flaw.holds == ALWAYS:
        return ", so it narrows nothing"
    return ""


def _below(statement: Statement, condition: Condition) -> str:
    return condition.pointer.removeprefix(statement.pointer)
