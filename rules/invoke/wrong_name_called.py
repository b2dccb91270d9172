"""PC136: a role may invoke a function under another name than it is called by."""

import json
from collections.abc import Iterable

from permcheck.model import Facts, Finding, PathStep, Verdict
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import ACCOUNT, REGION, Json, account, allow, function_arn, role, role_arn, trust, worker

_MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:ship"
_INVOKE = "lambda:InvokeFunction"


def _machine(called: str, *granted: str) -> Json:
    caller = role("ship-role", allow(_INVOKE, list(granted)), trusts=trust({"Service": "states.amazonaws.com"}))
    task = {"Type": "Task", "Resource": function_arn(called), "End": True}
    definition = json.dumps({"StartAt": "Ship", "States": {"Ship": task}})
    told = {"stateMachineArn": _MACHINE, "roleArn": role_arn("ship-role"), "definition": definition}
    files = account(worker("orders-role"), caller, functions={"orders": "orders-role"})
    return files | {"describe-state-machine.json": told}


class WrongNameCalled(Rule):
    """A role may invoke a function under another name than it is called by.

    What
        Reports a call that is made with a role, of a state machine, schedule, pipe or API, where the role may invoke
        the function itself and an alias is called, or the reverse.

    Why it matters
        The call fails. A Resource that names the function does not cover its versions and aliases, and one that ends
        in :* does not cover the function itself.

    How to fix
        Name both: function:NAME and function:NAME:*, or the one alias that is called.

    When it is fine
        Never; while nothing calls, the grant is not needed either.

    References
        AWS Lambda Developer Guide, "Fine-tuning the Resources and Conditions sections of policies"
    """

    id = "PC136"
    name = "wrong-name-called"
    severity = "info"
    bad = (
        Example(_machine("orders:prod", function_arn("orders")), "an alias is called"),
        Example(_machine("orders", function_arn("orders:*")), "the function itself is called"),
    )
    good = (
        Example(_machine("orders:prod", function_arn("orders:prod"))),
        Example(_machine("orders", function_arn("orders"), function_arn("orders:*"))),
    )

    def check_account(self, view: View, facts: Facts) -> Iterable[Finding]:
        for found in view.around.stopped() if facts.resources or facts.apis else ():
            if found.role is None or not found.instead or not found.taken:
                continue
            name, instead = (arn.rpartition(":function:")[2] for arn in (found.call.called, found.instead[0]))
            yield self.finding(
                f"{found.by} calls {name} with role {found.role.name}, which may invoke {instead} and not that",
                found.role.arn,
                [
                    *view.decide(found.role, _INVOKE, found.instead[0]).locations,
                    found.call.place.location,
                ],
                path=(
                    PathStep("event_source", found.by, found.call.source, "calls with", Verdict.ALLOWED),
                    PathStep("role", found.role.name, found.role.arn, "may not invoke", Verdict.DENIED),
                    PathStep("function", name, found.call.called),
                ),
                fix=f'add "{found.call.called}" to what {found.role.name} may invoke',
            )
