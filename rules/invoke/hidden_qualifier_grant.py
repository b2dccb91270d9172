"""PC112: a version or alias lets somebody in whom the function itself does not."""

from collections.abc import Iterable

from permcheck.model import Finding, Function
from permcheck.rule import Example, Outsider, Rule, View, traits
from permcheck.rules._examples import OTHER
from permcheck.rules.invoke._coming_in import account_of, admitted, lower, named, places, revoke, way_in, whom
from permcheck.rules.invoke._grants import PARTNER, captured, grant, own, service, source

_TRUST = {"trusted_accounts": [OTHER]}
_RULE = source(own("events", "rule/night"))


class HiddenQualifierGrant(Rule):
    """A version or alias lets somebody in whom the function does not show.

    What
        Reports a caller from outside who is granted a version or an alias, and not the function. Each version and
        each alias has a policy of its own. Services are left out: APIs and deployments call aliases as a matter of
        course. For trusted accounts the severity is low.

    Why it matters
        get-policy shows the function's own policy unless it is asked for a qualifier, and so do most tools. A grant
        on an old version stays there unseen, and the version still does what it did when it was published: a back
        door that survives every review of the function.

    How to fix
        Remove the grant if nobody calls that version or alias any more, or delete the version.

    When it is fine
        For a partner who is meant to call a released alias and nothing else.

    References
        AWS Lambda Developer Guide, "Viewing resource-based IAM policies in Lambda"
        AWS Lambda Developer Guide, "Create an alias for a Lambda function"
    """

    id = "PC112"
    name = "hidden-qualifier-grant"
    severity = "medium"
    concerns = (traits.QUALIFIED,)
    bad = (
        Example(
            captured(grant({"Service": "events.amazonaws.com"}, _RULE), grant({"AWS": PARTNER}, on="3")), "", _TRUST
        ),
    )
    good = (
        Example(captured(service("events", _RULE), service("events", _RULE, on="prod"))),
        Example(captured(grant({"AWS": OTHER}), grant({"AWS": PARTNER}, on="prod")), "shown", _TRUST),
        Example(captured(service("apigateway", source(own("execute-api", "p4q8r2s6t0/*")), on="prod"))),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        found = [
            o for o in admitted(view, function, "aws", "account", "org", "role", "user") if o.via == "resource_policy"
        ]
        shown = {o.caller for o in found if not o.qualifier}
        policy = function.qualifiers[0].policy
        for outsider in found:
            if not outsider.qualifier or not shown.isdisjoint(("*", outsider.caller, account_of(outsider))):
                continue
            trusted = view.trusted_account(account_of(outsider)) or view.trusted_org(outsider.caller)
            yield self.finding(
                f"{whom(outsider)} may invoke {named(function, outsider.qualifier)}, which the policy of "
                f"{function.name} itself does not show",
                outsider.resource,
                places(view, outsider.reasons, f"only get-policy --qualifier {outsider.qualifier} shows it"),
                severity=lower(self.severity, 1) if trusted else None,
                # The function's own policy may just not have been captured.
                confidence="medium" if policy is None else None,
                path=way_in(view, function, outsider),
                conditions=outsider.row.conditions,
                fix=revoke(function, outsider.qualifier, outsider.reasons) + ", unless somebody needs it.",
                witness=outsider.row.witness,
                explained=_meant(view, function, outsider),
            )


def _meant(view: View, function: Function, outsider: Outsider) -> str | None:
    return view.public_reason(function) if outsider.kind == "aws" else None
