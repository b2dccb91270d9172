"""PC132: a caller that may invoke whatever function there is."""

from collections.abc import Iterator

from permcheck.model import Finding, Role, User
from permcheck.rule import Example, Narrowing, Rule, Strength, View
from permcheck.rules._examples import account, allow, deny, document, function_arn, role, table_arn, trust, worker
from permcheck.rules.invoke._callers import (
    INVOKE,
    MAY,
    arn_like,
    is_for_services,
    left_to_others,
    places,
    shifted,
    shown,
    way,
    weighed,
    whom,
)

REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))
WEB = trust({"Service": "ec2.amazonaws.com"})


class InvokeAnyFunction(Rule):
    """A caller may invoke every function.

    What
        A role or user may invoke any function, those that exist and those that will: lambda:InvokeFunction on * or on
        a pattern that every function matches. The AWS managed policy AWSLambdaRole says just that.

    Why it matters
        Functions do things their callers may not: they read tables, send mail, change settings. A caller that may
        invoke all of them may have all of that done, including what was written for administrators alone and trusts
        its caller.

    How to fix
        Name the functions that the caller calls, or a prefix that only they have.

    When it is fine
        For a role that only a service such as Step Functions or EventBridge Scheduler can assume, whose state machines
        and schedules say which functions are called: it is reported at low. A condition on the tags of the function
        chooses among the functions and is not reported. A role that an identity pool hands to guests is reported for
        the pool, by guest-may-invoke.

    References
        Lambda Developer Guide, "Identity-based IAM policies for Lambda"
        AWS Managed Policy Reference, "AWSLambdaRole"
    """

    id = "PC132"
    name = "invoke-any-function"
    severity = "medium"
    confidence = "high"
    since = "0.1"
    concerns = (INVOKE,)

    bad = (
        Example(
            account(REPORT, role("web", allow(INVOKE), trusts=WEB), functions={"report": "report-role"}),
            "a web server that may call everything",
        ),
        Example(
            {"invoke.json": document(allow("lambda:Invoke*", function_arn("*")))}, "a pattern that all names match"
        ),
    )
    good = (
        Example({"invoke.json": document(allow(INVOKE, function_arn("report")))}, "one function"),
        Example({"denied.json": document(allow(INVOKE), deny(INVOKE))}, "a Deny takes it back"),
        Example(
            {"team.json": document(allow(INVOKE, Condition={"StringEquals": {"aws:ResourceTag/team": "web"}}))},
            "only functions with this tag",
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever may invoke any function, and no more than that."""
        if view.may_any(caller, INVOKE) not in MAY or left_to_others(view, caller):
            return
        if is_for_services(caller) and caller.arn in view.around.called_with:
            return  # caller-role-invokes-all knows what is called with it
        answer = view.decide_any(caller, INVOKE)
        if answer.narrowing is Narrowing.RESOURCE:
            return
        if view.guest_who_may(caller, INVOKE) is not None:
            return  # then everybody may, and the finding on the identity pool says so
        targets = view.functions_for(caller, INVOKE)
        gain = view.gain(caller, targets)
        function = gain.function if gain else view.function(next(targets.sure(), ""))
        steps = 1 if gain is not None and gain.strength >= Strength.IAM_WRITE else 0
        severity = "low" if is_for_services(caller) else shifted(self.severity, steps)
        count = f" ({targets.count} in view)" if targets.count else ""
        yield self.finding(
            f"{whom(caller)} can invoke every function{count}",
            caller.arn,
            places(view, [answer], "allows invoking every function"),
            severity=weighed(severity, answer),
            path=way(view, caller, INVOKE, answer, function),
            conditions=answer.conditions,
            fix=f'name the functions {caller.name} calls: "Resource": "{arn_like(view, caller)}"',
            witness=shown(view, caller, INVOKE, function, answer),
        )
