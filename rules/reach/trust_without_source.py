"""PC211: a role's trust does not ask for the account, where those of other functions do."""

from collections.abc import Iterable

from permcheck.model import Facts, Finding, Function, PathStep, Role, Verdict
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import ACCOUNT, Json, account, trust, worker

_ASKS = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
MOST = 3  # so many roles that ask make it a habit, where they are more than those that do not


def _roles(*asking: bool) -> Json:
    made = []
    for number, asks in enumerate(asking):
        more = {"Condition": _ASKS} if asks else {}
        made.append(worker(f"role-{number}", trusts=trust({"Service": "lambda.amazonaws.com"}, **more)))
    return account(*made, functions={f"f{number}": f"role-{number}" for number in range(len(asking))})


class TrustWithoutSource(Rule):
    """A role's trust does not ask for the account, where those of other functions do.

    What
        Reports a role that functions run as whose trust policy lets Lambda take it for a function of any account, in
        an account where most such roles ask for aws:SourceAccount or aws:SourceArn. Where nobody does, nothing is
        reported: hardly any account does, and Lambda itself checks who passes a role.

    Why it matters
        The condition is a second lock that somebody decided to have. A role without it is one that was forgotten.

    How to fix
        Add a StringEquals condition on aws:SourceAccount to the trust policy.

    When it is fine
        For roles that a service makes and keeps up.

    References
        AWS Lambda Developer Guide, "Defining Lambda function permissions with an execution role"
        IAM User Guide, "The confused deputy problem"
    """

    id = "PC211"
    name = "trust-without-source"
    severity = "info"
    bad = (Example(_roles(True, True, True, False)),)
    good = (Example(_roles(False, False, False, False)), Example(_roles(True, True, True, True)))

    def check_account(self, view: View, facts: Facts) -> Iterable[Finding]:
        by_account: dict[str, list[tuple[Role, Function, bool]]] = {}
        for arn in dict.fromkeys(function.role for function in facts.functions if function.role):
            role = view.role(arn)
            if role is not None and view.trusts_lambda(role):
                entry = (role, view.functions_of(arn)[0], view.around.asks_source(role))
                by_account.setdefault(arn.split(":")[4], []).append(entry)
        for account_id, roles in by_account.items():
            asking = sum(asks for _, _, asks in roles)
            if asking >= MOST and asking * 2 > len(roles):
                for role, function, _ in (entry for entry in roles if not entry[2]):
                    yield self._report(view, role, function, asking, account_id)

    def _report(self, view: View, role: Role, function: Function, asking: int, account_id: str) -> Finding:
        place = view.place(role.trust, note="names no account") if role.trust is not None else None
        return self.finding(
            f"the trust policy of {role.name} asks for no account, as those of {asking} other functions' roles do",
            role.arn,
            [place] if place is not None else [],
            path=(
                PathStep("function", function.name, function.arn, "runs as", Verdict.ALLOWED),
                PathStep("role", role.name, role.arn),
            ),
            fix=f'add "StringEquals": {{"aws:SourceAccount": "{account_id}"}} to the condition',
        )
