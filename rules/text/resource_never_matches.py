"""PC003: a Resource that matches no ARN."""

from collections.abc import Iterable, Iterator

from permcheck.model import Finding, Policy, Statement
from permcheck.rule import Example, Rule, View
from permcheck.rule.arn_text import never_matches, repaired
from permcheck.rule.tables import part, whose, written_by_aws


def _policy(resource: str | list[str], effect: str = "Allow") -> Example:
    statement = {"Sid": "Named", "Effect": effect, "Action": "lambda:GetAlias", "Resource": resource}
    return Example({"named.json": {"Version": "2012-10-17", "Statement": [statement]}})


_WHOLE = "Write the whole ARN as the service does, such as arn:aws:lambda:REGION:ACCOUNT:function:NAME."


class ResourceNeverMatches(Rule):
    """A Resource that matches no ARN.

    What
        Reports an entry of Resource or NotResource that no ARN can match: a slash where the service writes a colon
        (function/NAME) or the other way round, a missing segment, a star that would have to stand for several
        segments, a text that is no ARN.

    Why it matters
        AWS compares ARNs segment by segment. An Allow with such a resource gives nothing, a Deny stops nothing, and
        NotResource spares nothing. Where a star would have to cross a colon AWS does not promise either outcome, so
        permcheck takes it as no match and says so here.

    How to fix
        Write all six segments, arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, the last one as the service writes it:
        arn:aws:lambda:us-east-1:111122223333:function:NAME.

    When it is fine
        Never. A statement that is not needed is better removed.

    References
        IAM User Guide, "IAM JSON policy elements: Resource"
        IAM User Guide, "Identify AWS resources with Amazon Resource Names (ARNs)"
        Lambda Developer Guide, "Fine-tuning the Resources and Conditions sections of policies"
    """

    id = "PC003"
    name = "resource-never-matches"
    severity = "medium"
    bad = (
        _policy("arn:aws:lambda:us-east-1:111122223333:function/resize"),
        _policy(["arn:aws:lambda:us-east-1:111122223333:function:a", "arn:aws:lambda:*:function:b"]),
        _policy("function:resize", "Deny"),
    )
    good = (
        _policy("arn:aws:lambda:*:111122223333:function:team/*"),
        _policy(["arn:aws:lambda:us-east-1:111122223333:function:resize*:*", "arn:aws:lambda:us-east-1:*"]),
    )

    def check_statement(self, view: View, policy: Policy, statement: Statement) -> Iterable[Finding]:
        named = statement.resources if statement.resources is not None else statement.not_resources or ()
        for resource in named:
            if never_matches(resource, policy.kind):
                return () if written_by_aws(policy) else self._report(view, policy, statement, named)
        return ()

    def _report(self, view: View, policy: Policy, statement: Statement, named: tuple[str, ...]) -> Iterator[Finding]:
        element = "Resource" if statement.resources is not None else "NotResource"
        wrong = [(i, text, why) for i, text in enumerate(named) if (why := never_matches(text, policy.kind))]
        meant = list(filter(None, (repaired(text) for _, text, _ in wrong)))
        outcome = "spares nothing"
        if element == "Resource":
            what = "grants nothing" if statement.is_allow else "stops nothing"
            outcome = what if len(wrong) == len(named) else f"{what} by it"
        yield self.finding(
            f"no ARN matches {', '.join(repr(text) for _, text, _ in wrong)}, so the statement {outcome}",
            whose(policy),
            [view.place(policy, statement, f"it {why}", part(element, i, len(named))) for i, _, why in wrong],
            fix=f"Write {' and '.join(meant)}." if meant else _WHOLE,
        )
