"""PC125: the policy opens a function URL to the internet, and no URL is in view."""

from collections.abc import Iterable

from permcheck.model import Finding, Function
from permcheck.rule import Example, Rule, View, traits
from permcheck.rules.invoke._coming_in import named, open_to_all, path, places, revoke, without
from permcheck.rules.invoke._grants import captured, for_url, refuse, url


class PublicGrantWithoutUrl(Rule):
    """The permissions of a public function URL are there, and no URL is in view.

    What
        Reports a function policy that lets everybody, unsigned, call a URL of type NONE, where the input shows no
        URL. With both grants the severity is medium. It is low where URLs of the account were given and none of this
        function, and where only lambda:InvokeFunctionUrl is granted, which opens no URL made since October 2025.

    Why it matters
        If the function has a URL of type NONE, it is open to the internet already; this input does not tell. If it
        has none, whoever may create one opens the function with that alone: deleting a URL leaves its permissions
        behind.

    How to fix
        Take both statements away if the function is not meant to be public. Give permcheck the output of aws lambda
        list-function-url-configs, so that it can tell.

    When it is fine
        For functions that are meant to be public. List them under public_functions with the reason.

    References
        AWS Lambda Developer Guide, "Control access to Lambda function URLs"
    """

    id = "PC125"
    name = "public-grant-without-url"
    severity = "medium"
    confidence = "medium"
    concerns = (traits.EVERYBODY,)
    bad = (
        Example(captured(*for_url("*"))),
        Example(captured(for_url("*")[0]), "low: a URL made before October 2025 may be open"),
        Example(
            {**captured(*for_url("*")), "list-function-url-configs.orders.json": {"FunctionUrlConfigs": []}},
            "low: it has none",
        ),
    )
    good = (
        Example(captured(*for_url("*", "AWS_IAM"))),
        Example(captured(*for_url("*"), refuse(Action="lambda:InvokeFunctionUrl"))),
        Example(captured(*for_url("*"), urls=[url("AWS_IAM")]), "the URL asks for a signature", {"ignore": ["PC122"]}),
        Example(
            captured(*for_url("*")),
            "a webhook",
            {"public_functions": [{"function": "orders", "reason": "checks the sender's signature"}]},
        ),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        for outsider in view.latent_urls(function):
            who = named(function, outsider.qualifier)
            one = len(outsider.asked) == 1
            reasons = without(outsider.reasons, open_to_all(view, function))
            if not reasons or (function.urls_told and one):
                continue  # PC101 has said worse, or a URL that is still to be made needs both
            yield self.finding(
                f"the policy of {who}, of which no URL is in view, opens a URL of type NONE to the internet"
                + (" if it is an old one" if one else ""),
                outsider.resource,
                places(view, reasons, "lets in everybody, unsigned"),
                severity="low" if one or function.urls_told else None,
                confidence="low" if one else None,
                path=path(
                    view, function, ("anyone", "anyone"), outsider.verdict, outsider.qualifier, "may call the URL of"
                ),
                conditions=outsider.row.conditions,
                fix=revoke(function, outsider.qualifier, reasons)
                + ", and give the output of aws lambda list-function-url-configs to permcheck.",
                witness=outsider.witness,
                explained=view.public_reason(function),
            )
