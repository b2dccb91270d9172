"""PC133: a caller that may put its own code into a function."""

from collections.abc import Iterator

from permcheck.model import Finding, Function, Role, User
from permcheck.rule import Example, Rule, View, traits
from permcheck.rules._examples import account, allow, deny, function_arn, role, table_arn, trust, user_arn, worker
from permcheck.rules.invoke._callers import left_to_others, places, shifted, way, whom
from permcheck.rules.invoke._takeover import meant, runs_as, takeover, unseen

ACTION = "lambda:UpdateFunctionCode"
UNSIGNED = ("lambda:DeleteFunctionCodeSigningConfig", "lambda:PutFunctionCodeSigningConfig")
NOBODY = trust({"AWS": user_arn("lee")})
REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))
DEVELOPER = role("developer", allow(ACTION, function_arn("report")), trusts=NOBODY)


class ReplaceFunctionCode(Rule):
    """A caller may replace the code of a function.

    What
        A role or user may call lambda:UpdateFunctionCode on a function whose role may do what the caller may not.

    Why it matters
        The new code runs with the function's role the next time anything triggers the function, whoever that is; the
        caller need not be allowed to invoke it. So whatever the function's role reaches, the caller reaches. How bad
        that is depends on the role: critical where it is administrator or can rewrite IAM, high where it reaches all
        data of a kind, medium where it reaches single things, low where it holds nothing that the caller lacks.

    How to fix
        Leave deployment to a pipeline's role that people cannot take on, and let it name the functions it deploys.
        Take lambda:UpdateFunctionCode away from everybody else, or deny it on the functions whose roles matter.

    When it is fine
        For the pipeline: name its role under deploy_roles in permcheck.toml, and the finding is listed as explained.
        Where a code signing configuration is attached to the function, and the caller can neither detach nor replace
        it, the finding is one step less severe and less sure, because permcheck does not see whether the configuration
        refuses unsigned code or only warns.

    References
        Lambda API Reference, "UpdateFunctionCode"
        Lambda Developer Guide, "Using code signing to verify code integrity"
    """

    id = "PC133"
    name = "replace-function-code"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = (ACTION, traits.GRANTED)

    bad = (Example(account(REPORT, DEVELOPER, functions={"report": "report-role"}), "code that will read the orders"),)
    good = (
        Example(
            account(REPORT, DEVELOPER, functions={"report": "report-role"}),
            "the role is meant to deploy",
            {"deploy_roles": ["developer"]},
        ),
        Example(
            account(
                REPORT,
                role("developer", allow(ACTION), deny("lambda:Update*", function_arn("*")), trusts=NOBODY),
                functions={"report": "report-role"},
            ),
            "a Deny takes it back",
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever may replace the code of a function and gain by it."""
        functions = view.functions_for(caller, ACTION)
        if not (functions.some or view.none_in_view(caller, ACTION)) or left_to_others(view, caller):
            return
        if not functions.some:
            yield from unseen(self, view, caller, ACTION, "replace the code of")
            return
        found = takeover(view, caller, ACTION, functions)
        if found is None:
            return
        signed = _signed(view, caller, found.function)
        yield self.finding(
            f"{whom(caller)} can replace the code of {found.named}, {runs_as(view, found.function)}",
            caller.arn,
            places(view, [found.answer], f"allows putting other code into {found.function.name}"),
            severity=shifted(found.severity, -1) if signed else found.severity,
            confidence="medium" if signed or found.gain is None else None,
            path=way(view, caller, ACTION, found.answer, found.function),
            conditions=found.answer.conditions,
            fix=f"leave {ACTION} on {found.function.name} to the role that deploys it, and name it in deploy_roles",
            witness=found.answer.witness,
            explained=meant(view, caller),
            others=found.others,
        )


def _signed(view: View, caller: Role | User, function: Function) -> bool:
    """Whether the code has to be signed, as far as the caller can do anything about it."""
    if function.code_signing is None:
        return False
    return not any(view.decide(caller, action, function.arn).allowed for action in UNSIGNED)
