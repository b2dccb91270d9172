"""PC102: everybody in an organization may invoke the function."""

from collections.abc import Iterable

from permcheck.model import Finding, Function
from permcheck.rule import Example, Outsider, Rule, View, traits
from permcheck.rules.invoke._coming_in import (
    admitted,
    lower,
    named,
    open_to_all,
    places,
    revoke,
    way_in,
    whom,
    without,
)
from permcheck.rules.invoke._grants import ORG, captured, grant


class OpenToOrganization(Rule):
    """Every AWS account of an organization may invoke the function.

    What
        Reports a function policy that lets everybody in and asks for one organization, with aws:PrincipalOrgID or
        aws:PrincipalOrgPaths. The severity is high where the configuration lists trusted organizations and this is
        none of them, and low where further conditions narrow the grant.

    Why it matters
        Each account of the organization can call, the sandbox and the newest acquisition included. Whoever may attach
        policies in any of them can let themselves in.

    How to fix
        Name the accounts or roles that call. Where a whole unit is meant, aws:PrincipalOrgPaths holds less than the
        whole organization.

    When it is fine
        For functions that a platform team offers to its own organization. List the organization under trusted_orgs.

    References
        IAM User Guide, "AWS global condition context keys"
        AWS Lambda Developer Guide, "Viewing resource-based IAM policies in Lambda"
    """

    id = "PC102"
    name = "open-to-organization"
    severity = "medium"
    concerns = (traits.EVERYBODY,)
    bad = (
        Example(captured(grant("*", {"StringEquals": {"aws:PrincipalOrgID": ORG}}))),
        Example(captured(grant("*", {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{ORG}/r-a/ou-b/*"}}))),
    )
    good = (
        Example(
            captured(grant("*", {"StringEquals": {"aws:PrincipalOrgID": ORG}})), "our own", {"trusted_orgs": [ORG]}
        ),
        Example(
            captured(grant("*", {"StringEquals": {"aws:PrincipalOrgID": ORG, "aws:PrincipalAccount": "111122223333"}})),
            "our own account alone",
        ),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        for outsider in admitted(view, function, "org"):
            reasons = without(outsider.reasons, open_to_all(view, function))
            if not reasons or _names_accounts(outsider):
                continue
            org, who = outsider.caller, named(function, outsider.qualifier)
            stranger = "high" if view.config.trusted_orgs else self.severity
            trusted = view.trusted_org(org)
            yield self.finding(
                f"{whom(outsider)} may invoke {who}",
                outsider.resource,
                places(view, reasons, f"lets in every account of {org}"),
                severity=stranger if outsider.exposed else lower(self.severity),
                path=way_in(view, function, outsider),
                conditions=outsider.row.conditions,
                fix=revoke(function, outsider.qualifier, reasons)
                + ", or name the accounts or roles of the organization that call.",
                witness=outsider.row.witness,
                explained=f"{org} is among the trusted_orgs" if trusted else None,
            )


def _names_accounts(outsider: Outsider) -> bool:
    """Whether the grant also asks for certain accounts, ours or others: PC106 reports those that are not ours."""
    return any(
        str(c["key"]).lower() in ("aws:principalaccount", "aws:principalarn") and "Not" not in str(c["operator"])
        for c in outsider.row.conditions
    )
