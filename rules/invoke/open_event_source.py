"""PC174: outsiders may write to what sets a function off."""

from collections.abc import Iterable

from permcheck.model import Facts, Finding, PathStep
from permcheck.rule import Example, Rule, View, WrittenBy
from permcheck.rules._examples import ACCOUNT, OTHER
from permcheck.rules.invoke._coming_in import MAY, account_of, lower, places, whom
from permcheck.rules.invoke._front_examples import LETS_TOPIC_IN, subscribed
from permcheck.rules.invoke._fronts import first_and_more, short
from permcheck.rules.invoke._grants import ORG, captured

_PARTNER = {"AWS": f"arn:aws:iam::{OTHER}:root"}
_OF_ORG = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": ORG}}}


class OpenEventSource(Rule):
    """Somebody outside may write to what sets a function off.

    What
        Reports a bucket, topic, queue, bus, stream or table whose own policy lets everybody or another account write,
        where a function is called for what is written. High for everybody, medium for another account or an
        organization, a step lower where conditions narrow it.

    Why it matters
        The function's own policy names one bucket or topic and looks tight. Whoever may write there sends the
        function events of their choice all the same, and functions behind an event source tend to trust what comes.

    How to fix
        Name those who write in the policy of the bucket, topic or queue, or take the grant out.

    When it is fine
        For an inbox that is made for others. Name their accounts in trusted_accounts or their organization in
        trusted_orgs, or suppress it with the reason.

    References
        Amazon SNS Developer Guide, "Example cases for Amazon SNS access control"
        Amazon S3 User Guide, "Bucket policies for Amazon S3"
        AWS Lambda Developer Guide, "Invoking Lambda with events from other AWS services"
    """

    id = "PC174"
    name = "open-event-source"
    severity = "high"
    bad = (
        Example(captured(LETS_TOPIC_IN) | subscribed("*")),
        Example(captured(LETS_TOPIC_IN) | subscribed(_PARTNER), "medium"),
    )
    good = (
        Example(captured() | subscribed("*"), "the function's policy does not let the topic in"),
        Example(captured(LETS_TOPIC_IN) | subscribed("*", Action="sns:Subscribe"), "listening sets nothing off"),
        Example(
            captured(LETS_TOPIC_IN)
            | subscribed({"AWS": "*"}, Condition={"StringEquals": {"AWS:SourceOwner": ACCOUNT}}),
            "the policy that SNS gives every topic",
        ),
        Example(captured(LETS_TOPIC_IN) | subscribed(_PARTNER), "a partner's account", {"trusted_accounts": [OTHER]}),
        Example(captured(LETS_TOPIC_IN) | subscribed("*", **_OF_ORG), "our own organization", {"trusted_orgs": [ORG]}),
    )

    def check_account(self, view: View, facts: Facts) -> Iterable[Finding]:
        seen: set[str] = set()
        for found in sorted(view.around.written(), key=lambda w: (w.source.name, w.outsider.kind != "anyone")):
            outsider = found.outsider
            everybody = outsider.kind in ("anyone", "aws")
            if outsider.verdict not in MAY or (everybody and found.source.name in seen):
                continue
            if everybody:
                seen.add(found.source.name)
            yield self._report(view, found, everybody)

    def _report(self, view: View, found: WrittenBy, everybody: bool) -> Finding:
        outsider, (function, verdict) = found.outsider, found.functions[0]
        severity = self.severity if everybody else "medium"
        who = "anyone on the internet" if outsider.kind == "anyone" else whom(outsider)
        functions = first_and_more(f for f, _ in found.functions)
        return self.finding(
            f"{who} may write to {short(found.source.name)} and so set off {functions}",
            found.source.name,
            places(view, outsider.reasons, "lets them write"),
            severity=lower(severity) if outsider.limits else severity,
            path=(
                PathStep(outsider.kind, outsider.caller, None, outsider.action, outsider.verdict),
                PathStep("event_source", short(found.source.name), found.source.name, "sets off", verdict),
                *view.function_steps(function),
            ),
            conditions=outsider.row.conditions,
            fix=f"name those who write to {short(found.source.name)} in its policy",
            witness=outsider.row.witness,
            explained=_meant(view, found),
            others=[f.arn for f, _ in found.functions[1:]],
        )


def _meant(view: View, found: WrittenBy) -> str | None:
    outsider = found.outsider
    if outsider.kind in ("account", "role", "user") and view.trusted_account(account_of(outsider)):
        return "trusted_accounts names it"
    if outsider.kind == "org" and view.trusted_org(outsider.caller):
        return "trusted_orgs names it"
    return None
