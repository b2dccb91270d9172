"""PC101: every AWS account may invoke the function."""

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import ip_network
from typing import Any

from permcheck.model import Finding, Function
from permcheck.rule import Example, Outsider, Rule, View, traits
from permcheck.rules.invoke._coming_in import admitted, allows, lower, named, places, revoke, way_in, whom, without
from permcheck.rules.invoke._grants import ORG, THROUGH_URL, captured, grant, refuse


class OpenToEveryAccount(Rule):
    """Every AWS account may invoke the function.

    What
        Reports a function, version or alias whose policy lets principals of any AWS account invoke it. Nobody has to be
        named: the caller needs an AWS account and a policy of its own that lets it. Conditions count when they keep a
        stranger out. Those that a stranger can meet do not: an address range that holds every address, operators with
        IfExists, Null or Not on keys that a stranger need not send, values that are all wildcard, names and tags that a
        stranger may give to a role of its own. Where the caller's address or the function's tags are asked for, the
        severity is high and the conditions are listed. Grants that only hold for calls through a function URL are left
        to PC121 and PC122.

    Why it matters
        The function does its work for whoever asks, with the rights of its execution role and on this account's bill.

    How to fix
        Name the accounts, roles or services that call. Where a whole organization is meant, add a StringEquals
        condition on aws:PrincipalOrgID; where a service is meant, make it the principal and name its source.

    When it is fine
        For a function that is offered to everybody, such as a public lookup. List it under public_functions with the
        reason; the finding is then shown as suppressed.

    References
        AWS Lambda Developer Guide, "Viewing resource-based IAM policies in Lambda"
        IAM User Guide, "AWS JSON policy elements: Principal"
        AWS Security Hub User Guide, "AWS Security Hub controls for Lambda"
    """

    id = "PC101"
    name = "open-to-every-account"
    severity = "critical"
    concerns = (traits.EVERYBODY,)
    bad = (
        Example(captured(grant("*"))),
        Example(captured(grant({"AWS": "*"}, {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}})), "IfExists"),
        Example(captured(grant("*", {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}})), "half and half"),
    )
    good = (
        Example(captured(grant("*"), refuse()), "a Deny takes it back"),
        Example(captured(grant("*", THROUGH_URL)), "only through a URL, and there is none"),
        Example(captured(grant("*", {"StringEquals": {"aws:SourceVpce": "vpce-1"}})), "one endpoint"),
        Example(
            captured(grant("*")),
            "meant to be public",
            {"public_functions": [{"function": "orders", "reason": "a public lookup"}]},
        ),
        Example(
            captured(grant("*", {"StringEquals": {"aws:PrincipalOrgID": ORG}})),
            "our organization",
            {"trusted_orgs": [ORG]},
        ),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        for outsider in admitted(view, function, "aws"):
            excluding = [s for s in allows(outsider.reasons) if s.not_principals is not None]
            reasons = without(outsider.reasons, excluding)
            if outsider.via == "resource_policy" and reasons and _comes_in(outsider):
                who = named(function, outsider.qualifier)
                only = "; conditions limit from where" if outsider.limits else ""
                yield self.finding(
                    f"{whom(outsider)} may invoke {who}{only}",
                    outsider.resource,
                    places(view, reasons, "lets in principals of every AWS account"),
                    severity=lower(self.severity) if outsider.limits else None,
                    path=way_in(view, function, outsider),
                    conditions=outsider.row.conditions,
                    fix=revoke(function, outsider.qualifier, reasons)
                    + ', or name the callers: "Principal": {"AWS": "arn:aws:iam::ACCOUNT:role/NAME"}.',
                    witness=outsider.row.witness,
                    explained=view.public_reason(function),
                )


def _comes_in(outsider: Outsider) -> bool:
    """Whether the open conditions leave room for strangers: those on other keys than these name somebody."""
    if not all(key == "aws:sourceip" or key.startswith("aws:resourcetag/") for key in outsider.limits):
        return False
    asked = [c for c in outsider.row.conditions if str(c["key"]).lower() == "aws:sourceip"]
    return not any(c["operator"] == "IpAddress" and all(map(_private, _values(c["values"]))) for c in asked)


def _values(values: object) -> Iterator[str]:
    yield from (str(v) for v in values) if isinstance(values, (list, tuple)) else ()


def _private(text: str) -> bool:
    """Whether no request from the internet comes from there; those from a VPC endpoint carry no aws:SourceIp."""
    try:
        asked = ip_network(text, strict=False)
    except ValueError:
        return False
    return any(asked.version == n.version and n.supernet_of(asked) for n in _PRIVATE)


# RFC 1918, RFC 6598 and RFC 4193. Python's own is_private holds addresses kept for documentation too.
_PRIVATE: Sequence[Any] = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
)
