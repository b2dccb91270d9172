"""PC121: a function URL is open to the internet."""

from collections.abc import Iterable

from permcheck.model import Finding, Function
from permcheck.rule import Example, Rule, Strength, View, traits
from permcheck.rules.invoke._coming_in import admitted, lower, named, places, way_in
from permcheck.rules.invoke._grants import captured, for_url, refuse, url


class OpenFunctionUrl(Rule):
    """Anyone on the internet can call the function through its URL.

    What
        Reports a function URL of type NONE whose function policy lets everybody call it: lambda:InvokeFunctionUrl and
        lambda:InvokeFunction. The severity is critical where the execution role is an administrator or can give
        itself more rights, and a step lower where conditions limit from where. A URL that lacks one of the two grants
        has PC123.

    Why it matters
        Nothing is asked of the caller, not even an AWS account. Whatever the code does with a request, it does for
        everybody, with the rights of the execution role.

    How to fix
        Set the URL's AuthType to AWS_IAM and grant it to those who call, or put an API with an authorizer in front.

    When it is fine
        For webhooks that check the sender's signature in their code, and for public pages. List the function under
        public_functions with the reason; the finding is then shown as suppressed.

    References
        AWS Lambda Developer Guide, "Control access to Lambda function URLs"
    """

    id = "PC121"
    name = "open-function-url"
    severity = "high"
    concerns = (traits.URL,)
    bad = (
        Example(captured(*for_url("*"), urls=[url()])),
        Example(captured(*for_url("*"), urls=[url(created="2024-02-11T08:15:42Z")]), "older, with both grants"),
    )
    good = (
        Example(captured(*for_url("*"), refuse(Action="lambda:InvokeFunctionUrl"), urls=[url()]), "a Deny shuts it"),
        Example(captured(*for_url("*")), "no URL: PC125", {"ignore": ["PC125"]}),
        Example(
            captured(*for_url("*"), urls=[url()]),
            "a webhook",
            {"public_functions": [{"function": "orders", "reason": "checks the sender's signature"}]},
        ),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        for outsider in admitted(view, function, "anyone"):
            who = named(function, outsider.qualifier)
            role = view.role_of(function)
            strong = role is not None and view.strength(role) >= Strength.IAM_WRITE
            severity = "critical" if strong else self.severity
            yield self.finding(
                f"anyone on the internet may call the URL of {who}"
                + ("; conditions limit from where" if outsider.limits else ""),
                outsider.resource,
                [
                    *places(view, outsider.reasons, "lets in everybody, unsigned"),
                    *(
                        view.at(q.url.source, q.url.pointer, "the URL, of type NONE")
                        for q in function.qualifiers
                        if q.name == outsider.qualifier and q.url is not None
                    ),
                ],
                severity=lower(severity) if outsider.limits else severity,
                path=way_in(view, function, outsider),
                conditions=outsider.row.conditions,
                fix="Set the URL's AuthType to AWS_IAM (aws lambda update-function-url-config), "
                "and name those who call it in both statements.",
                witness=outsider.row.witness,
                explained=view.public_reason(function),
            )
