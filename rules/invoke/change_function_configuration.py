"""PC134: a caller that may change what a function's code runs with."""

from collections.abc import Iterator

from permcheck.model import Finding, Role, User
from permcheck.rule import Example, Rule, View, traits
from permcheck.rules._examples import account, allow, deny, function_arn, role, table_arn, trust, user_arn, worker
from permcheck.rules.invoke._callers import left_to_others, places, way, whom
from permcheck.rules.invoke._takeover import meant, runs_as, takeover, unseen

ACTION = "lambda:UpdateFunctionConfiguration"
LEE = trust({"AWS": user_arn("lee")})
REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))
TUNER = role("tuner", allow(ACTION, function_arn("report")), trusts=LEE)


class ChangeFunctionConfiguration(Rule):
    """A caller may change the configuration of a function.

    What
        A role or user may call lambda:UpdateFunctionConfiguration on a function whose role may do what the caller may
        not.

    Why it matters
        The configuration decides what runs: a layer brings code along, an environment variable can make the runtime
        load a wrapper or another module path, the handler names another entry point, a mounted file system holds
        whatever was put there. Each of them runs the caller's code with the function's role, without touching the
        function's own code, so neither a review of the code nor code signing of the function's package sees it. The
        severity follows what the function's role reaches, as for replace-function-code.

    How to fix
        Leave the configuration to the role that deploys. Who only has to change memory or concurrency can be given
        lambda:PutFunctionConcurrency, or a pipeline to ask; lambda:Layer as a condition key limits the layers.

    When it is fine
        For the pipeline: name its role under deploy_roles in permcheck.toml, and the finding is listed as explained.

    References
        Lambda API Reference, "UpdateFunctionConfiguration"
        Lambda Developer Guide, "Modifying the runtime environment"
    """

    id = "PC134"
    name = "change-function-configuration"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = (ACTION, traits.GRANTED)

    bad = (Example(account(REPORT, TUNER, functions={"report": "report-role"}), "a layer that will read the orders"),)
    good = (
        Example(
            account(REPORT, TUNER, functions={"report": "report-role"}),
            "the role is meant to deploy",
            {"deploy_roles": ["tuner"]},
        ),
        Example(
            account(
                REPORT,
                role("tuner", allow(ACTION), deny(ACTION, function_arn("report")), trusts=LEE),
                functions={"report": "report-role"},
            ),
            "a Deny spares every function there is",
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever may change the configuration of a function and gain by it."""
        functions = view.functions_for(caller, ACTION)
        if not (functions.some or view.none_in_view(caller, ACTION)) or left_to_others(view, caller):
            return
        if not functions.some:
            yield from unseen(self, view, caller, ACTION, "change what runs in")
            return
        found = takeover(view, caller, ACTION, functions)
        if found is None:
            return
        name = found.function.name
        yield self.finding(
            f"{whom(caller)} can change what {found.named} runs with, {runs_as(view, found.function)}",
            caller.arn,
            places(view, [found.answer], f"allows changing what runs in {name}"),
            severity=found.severity,
            confidence="medium" if found.gain is None else None,
            path=way(view, caller, ACTION, found.answer, found.function),
            conditions=found.answer.conditions,
            fix=f"leave {ACTION} on {name} to the role that deploys it, and name that role in deploy_roles",
            witness=found.answer.witness,
            explained=meant(view, caller),
            others=found.others,
        )
