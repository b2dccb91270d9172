"""PC122: a function URL asks for a signature and takes that of anybody."""

from collections.abc import Iterable

from permcheck.model import Finding, Function
from permcheck.rule import Example, Rule, View, traits
from permcheck.rules.invoke._coming_in import MAY, allows, lower, named, places, revoke, way_in, without
from permcheck.rules.invoke._grants import ORG, PARTNER, captured, for_url, grant, url


class SignedUrlOpenToEveryAccount(Rule):
    """Every AWS account may call the function's URL.

    What
        Reports a function URL of type AWS_IAM whose function policy lets everybody call it. The signature is checked,
        but whoever has an AWS account can make one. Where every account may also use the Invoke API, PC101 says so.

    Why it matters
        AWS_IAM looks like a lock. With a grant to * it only keeps out those without an AWS account.

    How to fix
        Name the accounts or roles that call, in both statements. For CloudFront make the service
        cloudfront.amazonaws.com the principal, with the distribution as aws:SourceArn.

    When it is fine
        For an API that is offered to every AWS customer. List the function under public_functions with that reason.

    References
        AWS Lambda Developer Guide, "Control access to Lambda function URLs"
        Amazon CloudFront Developer Guide, "Restrict access to an AWS Lambda function URL origin"
    """

    id = "PC122"
    name = "signed-url-open-to-every-account"
    severity = "high"
    concerns = (traits.URL,)
    bad = (Example(captured(*for_url("*", "AWS_IAM"), urls=[url("AWS_IAM")])),)
    good = (
        Example(
            captured(*for_url({"AWS": PARTNER}, "AWS_IAM"), urls=[url("AWS_IAM")]),
            "",
            {"trusted_accounts": ["444455556666"]},
        ),
        Example(captured(*for_url({"AWS": "arn:aws:iam::111122223333:role/shop"}, "AWS_IAM"), urls=[url("AWS_IAM")])),
        Example(
            captured(
                grant("*", {"StringEquals": {"aws:PrincipalOrgID": ORG}}, Action="lambda:InvokeFunctionUrl"),
                grant("*", {"StringEquals": {"aws:PrincipalOrgID": ORG}}, Sid="second"),
                urls=[url("AWS_IAM")],
            ),
            "our organization",
            {"trusted_orgs": [ORG]},
        ),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        if traits.URL not in view.shape(function) or traits.EVERYBODY not in view.shape(function):
            return
        everybody = [o for o in view.outsiders(function) if o.kind == "aws" and o.verdict in MAY]
        invoking = {o.qualifier for o in everybody if o.via == "resource_policy"}
        for outsider in everybody:
            excluding = [s for s in allows(outsider.reasons) if s.not_principals is not None]
            reasons = without(outsider.reasons, excluding)
            if outsider.via == "resource_policy" or outsider.qualifier in invoking or not reasons:
                continue
            if not outsider.limits <= {"aws:sourceip"}:
                continue
            yield self.finding(
                f"any AWS account may call the URL of {named(function, outsider.qualifier)}"
                + ("; conditions limit from where" if outsider.limits else ""),
                outsider.resource,
                places(view, reasons, "lets in principals of every AWS account"),
                severity=lower(self.severity) if outsider.limits else None,
                path=way_in(view, function, outsider),
                conditions=outsider.row.conditions,
                fix=revoke(function, outsider.qualifier, reasons) + ", and name those who call the URL.",
                witness=outsider.row.witness,
                explained=view.public_reason(function),
            )
