"""PC117: whether somebody outside may invoke the function cannot be told."""

import json
from collections.abc import Iterable, Iterator, Sequence

from permcheck.model import Finding, Function, Verdict
from permcheck.rule import Example, Outsider, Rule, View, traits
from permcheck.rules._examples import OTHER, Json
from permcheck.rules.invoke._coming_in import MAY, account_of, lower, named, places, revoke, way_in, whom
from permcheck.rules.invoke._grants import ARN, PARTNER, captured, grant

_ANYBODY = ("aws", "anyone")
_OTHERS = frozenset((traits.EVERYBODY, traits.FOREIGN))
_SERVICES = frozenset((traits.SERVICE, traits.UNSURE))  # of services nothing is in view that might be unread
_OWN = {"AWS": "arn:aws:iam::111122223333:role/shop"}


def _on_function(statement: Json) -> Json:
    """Files of ``orders`` with a statement in its own policy, whatever names of the function that is about."""
    return captured() | {"get-policy.orders.json": {"Policy": json.dumps({"Statement": [grant(_OWN), statement]})}}


class MayBeOpen(Rule):
    """It cannot be told whether somebody outside may invoke the function.

    What
        Reports callers from outside for whom the answer is unknown for every name of the function: a policy on the
        function itself whose Resource names its versions and aliases (NAME:* or NAME*), where AWS does not say
        whether it governs them, and a URL of which the input does not tell whether it asks for a signature. For
        everybody it is medium, for one account, organization or service low, always with low confidence. Who surely
        comes in under another name has a finding already.

    Why it matters
        A review that is silent about this reads like one that found nothing. If AWS takes the policy at its word,
        whoever it names invokes the function by a version or an alias.

    How to fix
        Give the permission on the version or alias it is meant for (add-permission with --qualifier), with the ARN of
        that name as Resource, and take this statement away.

    When it is fine
        For callers that are meant to come in. List their accounts under trusted_accounts.

    References
        AWS Lambda Developer Guide, "Viewing resource-based IAM policies in Lambda"
        AWS Lambda Developer Guide, "Control access to Lambda function URLs"
    """

    id = "PC117"
    name = "may-be-open"
    severity = "medium"
    confidence = "low"
    concerns = (traits.EVERYBODY, traits.FOREIGN, traits.UNSURE)
    bad = (
        Example(_on_function(grant("*", Resource=f"{ARN}:*"))),
        Example(_on_function(grant({"AWS": OTHER}, Resource=f"{ARN}:*")), "low: one account"),
    )
    good = (
        Example(_on_function(grant(_OWN, Resource=f"{ARN}:*"))),
        Example(_on_function(grant({"AWS": PARTNER}, Resource=f"{ARN}:*")), "a partner", {"trusted_accounts": [OTHER]}),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        if any(q.policy is not None and q.policy.document is None for q in function.qualifiers):
            return  # listed as not read
        shape = view.shape(function)
        if not _OTHERS & shape and not shape >= _SERVICES:
            return
        for doubtful in _in_doubt(view.outsiders(function)):
            first = doubtful[0]
            names = ", ".join(dict.fromkeys(named(function, each.qualifier) for each in doubtful))
            trusted = view.trusted_account(account_of(first)) or view.trusted_org(first.caller)
            yield self.finding(
                f"whether {'anyone' if first.kind == 'anyone' else whom(first)} may invoke {names} is unknown: "
                + (
                    "the input does not tell whether the URL asks for a signature"
                    if first.url is not None
                    else f"AWS does not say whether the policy on {function.name} governs its versions and aliases"
                ),
                first.resource,
                places(view, first.reasons, "lets it in, if it counts"),
                severity=None if first.kind in _ANYBODY else lower(self.severity),
                path=way_in(view, function, first),
                conditions=first.conditions,
                fix=revoke(function, "", first.reasons)
                + ", and give the permission on the version or alias that is meant.",
                witness=None,
                explained=f"{account_of(first)} is trusted" if trusted else _meant(view, function, first),
            )


def _in_doubt(outsiders: Sequence[Outsider]) -> Iterator[list[Outsider]]:
    """Those of whom nothing is sure, by caller. A service that says for whom it calls is left out."""
    sure = {o.caller for o in outsiders if o.verdict in MAY}
    found: dict[tuple[str, str], list[Outsider]] = {}
    for outsider in outsiders:
        if outsider.verdict is not Verdict.UNKNOWN:
            continue
        by_url = outsider.via == "function_url"
        told = by_url and (outsider.url is None or outsider.url.auth_type is not None)
        quiet = outsider.kind == "service" and bool(outsider.conditions)
        known = not sure.isdisjoint(("*", outsider.caller)) and not by_url
        if not (told or quiet or known):
            found.setdefault((outsider.kind, outsider.caller), []).append(outsider)
    yield from found.values()


def _meant(view: View, function: Function, outsider: Outsider) -> str | None:
    return view.public_reason(function) if outsider.kind in _ANYBODY else None
