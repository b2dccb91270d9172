"""PC105: the source that a service may call for is a wildcard."""

from collections.abc import Iterable

from permcheck.model import Finding, Function
from permcheck.rule import Example, Rule, Scope, ServiceGrant, View, traits
from permcheck.rules._examples import ACCOUNT
from permcheck.rules.invoke._coming_in import lower, named, open_to_all, places, way_of, whom, without
from permcheck.rules.invoke._grants import captured, own, service, source


class SourceTooWide(Rule):
    """The source in a grant to a service is a wildcard where it should name something.

    What
        Reports a grant to a service whose condition on the source passes resources of any account (medium), or any
        rule, topic, API or bucket of one account (low). Stages, methods and paths of an API are usually wildcards,
        and that is fine. So is any resource of an account where aws:SourceAccount says so in words. Where AWS gives
        out the ids, as it does for APIs, and the id is there and the account is not, the severity is low.

    Why it matters
        The condition looks like a limit and is none: anyone, or anyone in the account, can make a resource that fits
        and run the function with it.

    How to fix
        Write the ARN of the one resource that calls. Where the name is not known in advance, keep at least the
        account in the ARN.

    When it is fine
        Where every rule or topic of the account is meant to call: say so with aws:SourceAccount.

    References
        IAM User Guide, "The confused deputy problem"
        AWS Lambda Developer Guide, "Invoking a Lambda function using an Amazon API Gateway endpoint"
    """

    id = "PC105"
    name = "source-too-wide"
    severity = "medium"
    concerns = (traits.SERVICE,)
    bad = (
        Example(captured(service("apigateway", source("arn:aws:execute-api:*:*:*")))),
        Example(captured(service("s3", source("arn:aws:s3:::*")))),
        Example(captured(service("sns", source("arn:aws:sns:eu-west-1:*:orders"))), "the account alone"),
        Example(captured(service("events", source(own("events", "rule/*")))), "low"),
    )
    good = (
        Example(captured(service("apigateway", source(own("execute-api", "p4q8r2s6t0/*/*"))))),
        Example(captured(service("s3", source("arn:aws:s3:::*", ACCOUNT))), "any bucket of the account, in words"),
        Example(captured(service("events", source(own("events", "rule/nightly-*"))))),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        for grant in view.service_grants(function):
            token = grant.known is not None and grant.known.event_source_token
            reasons = without(grant.outsider.reasons, open_to_all(view, function))
            if grant.scope not in (Scope.ANY_ACCOUNT, Scope.ANY_OF_ACCOUNT) or token or not reasons:
                continue
            who, caller = named(function, grant.outsider.qualifier), grant.outsider
            wide = grant.scope is Scope.ANY_ACCOUNT
            yield self.finding(
                f"{whom(caller)} may invoke {who} for {_what(grant)}",
                caller.resource,
                places(view, reasons, f"passes {grant.source}, for one"),
                severity=self.severity if wide and grant.takeable else lower(self.severity),
                path=way_of(view, function, grant),
                conditions=grant.conditions,
                fix=f"Name the source in aws:SourceArn, with its account ({function.arn.split(':')[4]}) and its id.",
                witness=caller.row.witness,
            )


def _what(grant: ServiceGrant) -> str:
    if grant.scope is Scope.ANY_OF_ACCOUNT:
        return f"any resource of account {grant.source.split(':')[4]}"
    return "resources of any AWS account" if grant.takeable else "one id in any AWS account"
