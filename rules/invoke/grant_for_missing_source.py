"""PC113: a grant for a source that is not there."""

from collections.abc import Iterable

from permcheck.model import Finding, Function, Policy, Statement
from permcheck.rule import Example, Reason, Rule, View
from permcheck.rules._examples import Json
from permcheck.rules.invoke._coming_in import named, qualified, revoke
from permcheck.rules.invoke._front_examples import LETS_API_IN, rest
from permcheck.rules.invoke._grants import captured, own, service, source

_NIGHTLY = own("events", "rule/nightly")


def _rules(*names: str) -> Json:
    listed = [{"Name": name, "Arn": own("events", f"rule/{name}"), "State": "ENABLED"} for name in names]
    return {"list-rules.json": {"Rules": listed}}


class GrantForMissingSource(Rule):
    """A grant for a source that is not there.

    What
        Reports a grant to a service whose aws:SourceArn names an API, an EventBridge rule, a user pool, an IoT rule or
        an alarm of the own account that does not exist, where the input lists all of that kind.

    Why it matters
        The grant does nothing now. Whoever makes a rule or an alarm of that name gets a function that runs for it,
        and has to be allowed nothing on the function itself.

    How to fix
        Remove the statement.

    When it is fine
        Between two steps of a deployment, and where another list was captured than the one the source stands in.

    References
        AWS Lambda API Reference, "RemovePermission"
        Amazon EventBridge API Reference, "ListRules"
    """

    id = "PC113"
    name = "grant-for-missing-source"
    severity = "low"
    confidence = "medium"
    bad = (Example(captured(service("events", source(_NIGHTLY))) | _rules("hourly")),)
    good = (
        Example(captured(service("events", source(_NIGHTLY))) | _rules("nightly")),
        Example(captured(service("events", source(_NIGHTLY))), "rules were not captured"),
        Example(
            captured(service("events", source(own("events", "rule/shop/nightly")))) | _rules("hourly"), "another bus"
        ),
        Example(captured(LETS_API_IN) | rest("AWS_IAM") | {"get-apis.json": {"Items": []}}),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        if not view.around.sources_listed:
            return
        for qualifier in function.qualifiers:
            policy = qualifier.policy
            for statement in policy.statements if policy is not None else ():
                gone = _gone(view, function, statement)
                if policy is not None and gone:
                    yield self._report(view, function, qualifier.name, policy, statement, gone)

    def _report(
        self, view: View, function: Function, qualifier: str, policy: Policy, statement: Statement, gone: str
    ) -> Finding:
        what = gone.split(":", 5)
        return self.finding(
            f"{named(function, qualifier)} has a grant for {what[2]} {what[5]}, which is not there",
            qualified(function, qualifier),
            [view.place(policy, statement, "names a source that is not there")],
            fix=revoke(function, qualifier, [Reason(policy, statement)]),
        )


def _gone(view: View, function: Function, statement: Statement) -> str:
    """The source a grant asks for, where every one it names is gone; empty elsewhere."""
    if not statement.is_allow or statement.principals is None or not statement.principals.service:
        return ""
    account = function.arn.split(":")[4]
    for condition in statement.conditions:
        if condition.key.lower() == "aws:sourcearn" and condition.values:
            ours = all(value.split(":")[4:5] == [account] for value in condition.values)
            if ours and all(view.around.not_there(value) for value in condition.values):
                return condition.values[0]
    return ""
