"""PC135: a caller that may not invoke a function, and may allow itself to."""

from collections.abc import Iterator

from permcheck.model import Finding, Role, User
from permcheck.rule import Example, Rule, View, traits
from permcheck.rules._examples import account, allow, deny, function_arn, role, table_arn, trust, user_arn, worker
from permcheck.rules.invoke._callers import INVOKE, MAY, left_to_others, places, shifted, way, whom
from permcheck.rules.invoke._takeover import meant, takeover, unseen

ADD, PUT = "lambda:AddPermission", "lambda:PutResourcePolicy"
LEE = trust({"AWS": user_arn("lee")})
REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))


class GrantItselfInvoke(Rule):
    """A caller may let itself, or anyone, invoke a function.

    What
        A role or user may write the policy of a function (lambda:AddPermission, lambda:PutResourcePolicy) that it may
        not invoke.

    Why it matters
        One call later it may invoke the function, and so may whoever else it names: another account, or everybody. A
        review of who may invoke the function today does not show it. With lambda:CreateFunctionUrlConfig the function
        also gets an address on the internet.

    How to fix
        Leave the function's policy to the role that deploys it. Who has to connect a service to the function can be
        held to that service by a condition on lambda:Principal.

    When it is fine
        For the pipeline: name its role under deploy_roles in permcheck.toml, and the finding is listed as explained.
        With a condition on lambda:Principal it is one step less severe. lambda:PutResourcePolicy alone is reported
        with less confidence: AWS's guide asks for lambda:AddPermission and lambda:RemovePermission beside it.

    References
        Lambda API Reference, "AddPermission" and "PutResourcePolicy"
        Lambda Developer Guide, "Resource-based policies"
    """

    id = "PC135"
    name = "grant-itself-invoke"
    severity = "medium"
    confidence = "high"
    since = "0.1"
    concerns = (ADD, PUT, traits.GRANTED)

    bad = (
        Example(
            account(
                REPORT,
                role("wiring", allow(ADD, function_arn("report")), trusts=LEE),
                functions={"report": "report-role"},
            ),
            "the caller can add itself to the function's policy",
        ),
        Example(
            account(
                REPORT,
                role("wiring", allow(PUT, function_arn("report")), trusts=LEE),
                functions={"report": "report-role"},
            ),
            "the newer call that replaces the whole policy",
        ),
    )
    good = (
        Example(
            account(
                REPORT,
                role("wiring", allow([ADD, INVOKE], function_arn("report")), trusts=LEE),
                functions={"report": "report-role"},
            ),
            "it may invoke the function anyway",
        ),
        Example(
            account(
                REPORT,
                role("wiring", allow([ADD, PUT]), deny("lambda:*Permission"), deny(PUT), trusts=LEE),
                functions={"report": "report-role"},
            ),
            "a Deny takes it back",
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever may write the policy of a function that it may not invoke."""
        adds, puts = view.functions_for(caller, ADD), view.functions_for(caller, PUT)
        if not (adds.some or puts.some or view.none_in_view(caller, ADD)):
            return
        if left_to_others(view, caller):
            return
        if not view.facts.functions and view.may_any(caller, INVOKE) not in MAY:
            yield from unseen(self, view, caller, ADD, "let itself, or anyone, invoke")
        invokes = view.functions_for(caller, INVOKE)
        for action, may in ((ADD, adds), (PUT, puts)):
            chosen = (may or may.open).without(invokes)
            found = takeover(view, caller, action, chosen, scoping=True) if chosen else None
            if found is None:
                continue
            powerful = found.worth in ("critical", "high")
            name = found.function.name
            yield self.finding(
                f"{whom(caller)} can let itself, or anyone, invoke {found.named}",
                caller.arn,
                places(view, [found.answer], f"allows writing the policy of {name}"),
                severity=shifted("high" if powerful else self.severity, -1 if found.answer.conditions else 0),
                confidence="medium" if action == PUT else None,
                path=way(view, caller, action, found.answer, found.function),
                conditions=found.answer.conditions,
                fix=f"leave {action} on {name} to the role that deploys it, or name the service it is for: "
                '"Condition": {"StringEquals": {"lambda:Principal": "events.amazonaws.com"}}',
                witness=found.answer.witness,
                explained=meant(view, caller),
                others=found.others,
            )
            return
