"""PC103: a service may invoke the function on anybody's behalf."""

from collections.abc import Iterable

from permcheck.model import Finding, Function
from permcheck.rule import Example, Rule, Scope, View, traits
from permcheck.rules._examples import ACCOUNT
from permcheck.rules.invoke._coming_in import lower, named, open_to_all, places, revoke, way_of, whom, without
from permcheck.rules.invoke._grants import captured, own, refuse, service, source


class ServiceWithoutSource(Rule):
    """A service may invoke the function on behalf of any AWS account.

    What
        Reports a grant to an AWS service that a call for a stranger's bucket, topic, rule or API would pass: no
        condition on aws:SourceArn, aws:SourceAccount, aws:SourceOrgID or aws:SourceOrgPaths holds it back, and no
        Deny. A condition that passes calls which tell no source (IfExists, ForAllValues), or that only looks at the
        function's tags, lowers it by a step. Load balancers are low, because their target group is often made after
        the grant; services that AWS does not show to send a source are medium. Lambda@Edge, which sends none, is left
        out, and Alexa has PC108.

    Why it matters
        The service principal says which service calls, not for whom. Anyone can point a topic or bucket of their own
        at the function and so run it with events of their choice: the confused deputy.

    How to fix
        Add the source to the grant: --source-arn with add-permission, or an ArnLike condition on aws:SourceArn. For
        S3 add --source-account too, since a bucket's ARN names no account.

    When it is fine
        For a function that checks in its code where each event comes from. Suppress it there with that reason.

    References
        IAM User Guide, "The confused deputy problem"
        AWS Lambda API Reference, "AddPermission"
        AWS Lambda Developer Guide, "Granting Lambda function access to AWS services"
    """

    id = "PC103"
    name = "service-without-source"
    severity = "high"
    concerns = (traits.SERVICE,)
    bad = (
        Example(captured(service("sns"))),
        Example(captured(service("events", {"ArnLikeIfExists": {"aws:SourceArn": own("events", "rule/night")}}))),
        Example(captured(service("elasticloadbalancing")), "low"),
    )
    good = (
        Example(captured(service("sns", source(own("sns", "orders"))))),
        Example(captured(service("s3", {"StringEquals": {"AWS:SourceAccount": ACCOUNT}})), "any bucket of our own"),
        Example(
            captured(
                service("sns"),
                refuse({"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}),
            ),
            "a Deny keeps strangers out",
        ),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        for grant in view.service_grants(function):
            weight = grant.known.without_source if grant.known is not None else self.severity
            token = grant.known is not None and grant.known.event_source_token
            reasons = without(grant.outsider.reasons, open_to_all(view, function))
            if grant.scope not in (Scope.ANYTHING, Scope.UNTOLD) or token or weight == "exempt" or not reasons:
                continue
            who, caller = named(function, grant.outsider.qualifier), grant.outsider
            told = " whenever a call tells no source" if grant.scope is Scope.UNTOLD else ""
            yield self.finding(
                f"{whom(caller)} may invoke {who} on behalf of any AWS account{told}",
                caller.resource,
                places(view, reasons, "names the service, but not whose resource it calls for"),
                severity=lower(weight) if told or caller.limits else weight,
                confidence=None if grant.known is not None else "medium",
                path=way_of(view, function, grant),
                conditions=grant.conditions,
                fix=revoke(function, caller.qualifier, reasons)
                + " and add it again with --source-arn"
                + (" and --source-account" if grant.known and grant.known.source_arn_has_account is False else "")
                + ".",
                witness=caller.row.witness,
            )
