"""PC178: the role of a schedule, pipe or state machine may invoke every function."""

import json
from collections.abc import Iterable

from permcheck.model import Finding, PathStep, Role, User, Verdict
from permcheck.rule import Example, Narrowing, Rule, View
from permcheck.rules._examples import ACCOUNT, REGION, Json, account, allow, function_arn, role, role_arn, trust, worker
from permcheck.rules.invoke._callers import INVOKE, MAY, is_for_services, left_to_others, places

_MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:ship"
_TASK = {"Type": "Task", "Resource": function_arn("orders"), "End": True}


def _machine(resource: str) -> Json:
    caller = role("ship-role", allow(INVOKE, resource), trusts=trust({"Service": "states.amazonaws.com"}))
    definition = json.dumps({"StartAt": "Ship", "States": {"Ship": _TASK}})
    told = {"stateMachineArn": _MACHINE, "roleArn": role_arn("ship-role"), "definition": definition}
    files = account(worker("orders-role"), caller, functions={"orders": "orders-role"})
    return files | {"describe-state-machine.json": told}


class CallerRoleInvokesAll(Rule):
    """The role of a schedule, pipe or state machine may invoke every function.

    What
        Reports a role with which a schedule, pipe, state machine or AppSync API in view calls functions, and which may
        invoke every function there is.

    Why it matters
        Whoever may change the schedule or the state machine then has any function run, without a right to invoke of
        their own.

    How to fix
        Name the functions that are called with the role; permcheck knows them from the input.

    When it is fine
        For a role that one team's many state machines share, in an account of their own.

    References
        AWS Step Functions Developer Guide, "IAM policies for integrated services"
        Amazon EventBridge Scheduler User Guide, "Setting up Amazon EventBridge Scheduler"
    """

    id = "PC178"
    name = "caller-role-invokes-all"
    severity = "low"
    concerns = (INVOKE,)
    bad = (Example(_machine("*")), Example(_machine(function_arn("*"))))
    good = (Example(_machine(function_arn("orders"))), Example(_machine(f"{function_arn('orders')}*")))

    def check_caller(self, view: View, caller: Role | User) -> Iterable[Finding]:
        calls = view.around.called_with.get(caller.arn)
        if not calls or view.may_any(caller, INVOKE) not in MAY or not is_for_services(caller):
            return
        if left_to_others(view, caller):
            return
        answer = view.decide_any(caller, INVOKE)
        if answer.narrowing is Narrowing.RESOURCE:
            return
        by, called = calls[0]
        function = view.function(called)
        names = list(dict.fromkeys(arn for _, arn in calls))
        yield self.finding(
            f"role {caller.name}, with which {by} calls functions, can invoke every function",
            caller.arn,
            places(view, [answer], "allows invoking every function"),
            path=(
                PathStep("event_source", by, None, "calls with", Verdict.ALLOWED),
                PathStep("role", caller.name, caller.arn, INVOKE, answer.verdict),
                *(view.function_steps(function) if function is not None else (PathStep("target", "every function"),)),
            ),
            conditions=answer.conditions,
            fix=f'name what is called: "Resource": {json.dumps(names if len(names) > 1 else names[0])}',
            witness=answer.witness,
        )
