"""PC176: something is set up to call a function, and the function's policy does not let it."""

from collections.abc import Iterable

from permcheck.model import Facts, Finding, PathStep, Verdict
from permcheck.rule import Example, Rule, Stopped, View
from permcheck.rules._examples import account, allow, function_arn, role, role_arn, trust, worker
from permcheck.rules.invoke._coming_in import named, qualified
from permcheck.rules.invoke._front_examples import LETS_API_IN, LETS_TOPIC_IN, rest, subscribed
from permcheck.rules.invoke._grants import captured, own, service, source

_RULE_GRANT = service("events", source(own("events", "rule/nightly")))
_APPS = trust({"Service": "apigateway.amazonaws.com"})


class CallRefused(Rule):
    """Something is set up to call a function that does not let it.

    What
        Reports a notification, subscription, rule, user pool trigger, API route or authorizer that names a function
        whose policy grants nothing to it, and calls made with a role that may not invoke the function or does not let
        the service in. Functions whose policies were not captured are left out.

    Why it matters
        The call fails, and mostly nobody is told. Looking for the reason, people add a grant without a source, which
        lets the service call for everybody.

    How to fix
        Grant the call, with the source: aws lambda add-permission --source-arn. Where nobody misses the call, take the
        trigger away.

    When it is fine
        While a trigger is being set up.

    References
        AWS Lambda Developer Guide, "Granting Lambda function access to AWS services"
    """

    id = "PC176"
    name = "call-refused"
    severity = "info"
    confidence = "medium"
    bad = (
        Example(captured(_RULE_GRANT) | subscribed(), "a topic, where the policy names a rule"),
        Example(
            account(worker("orders-role"), role("api-role", trusts=_APPS), functions={"orders": "orders-role"})
            | rest("AWS_IAM", credentials=role_arn("api-role")),
            "a role that may not invoke",
        ),
    )
    good = (
        Example(captured(LETS_TOPIC_IN) | subscribed()),
        Example(captured() | subscribed(), "no function policy was captured at all"),
        Example(
            account(
                worker("orders-role"),
                role("api-role", allow("lambda:InvokeFunction", function_arn("orders")), trusts=_APPS),
                functions={"orders": "orders-role"},
            )
            | rest("AWS_IAM", credentials=role_arn("api-role"))
        ),
        Example(captured(LETS_API_IN) | rest("AWS_IAM")),
    )

    def check_account(self, view: View, facts: Facts) -> Iterable[Finding]:
        if not (facts.resources or facts.apis or facts.user_pools):
            return
        told = {f.arn.split(":")[4] for f in facts.functions if any(q.policy is not None for q in f.qualifiers)}
        for found in view.around.stopped():
            if found.role is None and found.function.arn.split(":")[4] not in told:
                continue
            if found.role is None or not found.instead or not found.taken:
                yield self._report(view, found)

    def _report(self, view: View, found: Stopped) -> Finding:
        function, role = found.function, found.role
        qualifier = found.call.called.removeprefix(function.arn).lstrip(":")
        name = named(function, qualifier)
        if role is None:
            why, own = f"its policy does not let {found.service}", None
            fix = f"grant {found.service} lambda:InvokeFunction on {name} with --source-arn {found.call.source}"
        elif not found.taken:
            service = found.call.source.split(":")[2]
            why, own = f"role {role.name} does not let {service} in", role.trust
            fix = f"let {service}.amazonaws.com assume {role.name}"
        else:
            why, own = f"role {role.name} may not invoke it", None
            fix = f"allow {role.name} lambda:InvokeFunction on {found.call.called}"
        has = any(q.policy is not None for q in function.qualifiers)
        return self.finding(
            f"{found.by} is set up to call {name}, but {why}",
            qualified(function, qualifier),
            [found.call.place.location, *([view.place(own, note="names who may assume the role")] if own else [])],
            confidence="high" if role is not None else None if has else "low",
            path=(
                PathStep("event_source", found.by, found.call.source, "may not invoke", Verdict.DENIED),
                PathStep("function", name, qualified(function, qualifier)),
            ),
            fix=fix,
        )
