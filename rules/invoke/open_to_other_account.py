"""PC106: another account may invoke the function."""

from collections.abc import Iterable

from permcheck.model import Finding, Function
from permcheck.rule import Example, Outsider, Rule, View, traits
from permcheck.rules._examples import OTHER
from permcheck.rules.invoke._coming_in import (
    account_of,
    admitted,
    allows,
    lower,
    named,
    open_to_all,
    places,
    revoke,
    way_in,
    whom,
    without,
)
from permcheck.rules.invoke._grants import PARTNER, captured, grant, refuse


class OpenToOtherAccount(Rule):
    """Another AWS account, or somebody in it, may invoke the function.

    What
        Reports a function policy that lets in another account as a whole (high) or one role, user or session of it
        (medium), also where everybody is named and a condition asks for that account. Further conditions that narrow
        the grant lower it by a step. Naming the function's own account is not reported: it leaves the choice to that
        account's own policies.

    Why it matters
        Who gets in is no longer decided here. For a whole account its administrators choose; for a role, whoever may
        assume it or change its trust does.

    How to fix
        Name the one role that calls in place of the account's root. Take grants away that nobody uses any more.

    When it is fine
        For partners and for other accounts of the same company. List those under trusted_accounts.

    References
        AWS Lambda Developer Guide, "Granting function access to other accounts"
        IAM User Guide, "Cross-account policy evaluation logic"
    """

    id = "PC106"
    name = "open-to-other-account"
    severity = "high"
    concerns = (traits.FOREIGN, traits.EVERYBODY)
    bad = (
        Example(captured(grant({"AWS": f"arn:aws:iam::{OTHER}:root"}))),
        Example(captured(grant({"AWS": PARTNER})), "medium: one role"),
        Example(captured(grant("*", {"StringEquals": {"aws:PrincipalAccount": OTHER}}))),
    )
    good = (
        Example(captured(grant({"AWS": "arn:aws:iam::111122223333:root"})), "our own account"),
        Example(
            captured(grant({"AWS": PARTNER}), refuse({"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}))
        ),
        Example(captured(grant({"AWS": OTHER})), "a partner", {"trusted_accounts": [OTHER]}),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        for outsider in admitted(view, function, "account", "role", "user"):
            reasons = without(outsider.reasons, open_to_all(view, function))
            if not reasons:
                continue
            account = account_of(outsider)
            whole = outsider.kind == "account" and not _names_a_principal(outsider)
            severity = self.severity if whole else lower(self.severity)
            trusted = view.trusted_account(account)
            yield self.finding(
                f"{whom(outsider)} may invoke {named(function, outsider.qualifier)}",
                outsider.resource,
                places(view, reasons, "lets in whomever that account chooses" if whole else "lets it in"),
                severity=severity if outsider.exposed else lower(severity),
                path=way_in(view, function, outsider),
                conditions=outsider.row.conditions,
                fix=revoke(function, outsider.qualifier, reasons)
                + (", or name the one role that calls in place of the account." if whole else ", if nobody uses it."),
                witness=outsider.row.witness,
                explained=f"{account} is among the trusted_accounts" if trusted else None,
            )


def _names_a_principal(outsider: Outsider) -> bool:
    """Whether the grant asks for one principal of the account in a condition."""
    if outsider.principal:
        return True
    statements = allows(outsider.reasons)
    return bool(statements) and all(
        any(
            c.key.lower() == "aws:principalarn" and c.operator.lower().startswith(("arn", "string"))
            for c in s.conditions
        )
        for s in statements
    )
