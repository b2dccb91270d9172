"""PC123: a function URL lacks a permission it needs."""

from collections.abc import Iterable

from permcheck.model import Finding, Function, Verdict
from permcheck.rule import Example, Rule, View, traits
from permcheck.rules.invoke._coming_in import edge_of, named, path, places
from permcheck.rules.invoke._grants import captured, for_url, url


class UrlLacksGrant(Rule):
    """A function URL lacks a permission it needs.

    What
        Reports a function URL for which the function's policy grants lambda:InvokeFunctionUrl and not
        lambda:InvokeFunction, and a URL of type NONE that has neither. Since October 2025 both are needed. For an
        older URL with the first alone it is unknown whether it is open: the finding says so, with low confidence, and
        is medium where the URL is of type NONE.

    Why it matters
        The URL answers 403 to those it is for. An older one may be open to everybody, or close when AWS asks it for
        the second permission; neither can be told from here. A URL of type NONE without permissions is one
        add-permission away from the internet.

    How to fix
        Grant both actions to those who are meant to call, the second with lambda:InvokedViaFunctionUrl, or delete the
        URL.

    When it is fine
        For a URL that is not in use yet.

    References
        AWS Lambda Developer Guide, "Control access to Lambda function URLs"
    """

    id = "PC123"
    name = "url-lacks-grant"
    severity = "info"
    concerns = (traits.URL,)
    bad = (
        Example(captured(for_url("*")[0], urls=[url()])),
        Example(captured(for_url("*")[0], urls=[url(created="2024-05-21T16:31:55Z")]), "unknown"),
        Example(captured(urls=[url()]), "neither"),
    )
    good = (
        Example(captured(urls=[url("AWS_IAM")]), "identity policies may grant both"),
        Example(captured(*for_url({"AWS": "arn:aws:iam::111122223333:role/shop"}, "AWS_IAM"), urls=[url("AWS_IAM")])),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        for gap in view.url_gaps(function):
            who = named(function, gap.qualifier)
            unknown = gap.verdict is Verdict.UNKNOWN
            actions = " and ".join(gap.missing)
            effect = ": whether it is open is unknown" if unknown else ", so it lets nobody in"
            if gap.kind != "anyone" and not unknown:
                effect = ", so those it is for cannot call it"
            yield self.finding(
                f"the URL of {who} lacks {actions}{effect}",
                gap.resource,
                [
                    view.at(gap.url.source, gap.url.pointer, f"the URL, of type {gap.url.auth_type}"),
                    *places(view, gap.reasons, "the one grant there is"),
                ],
                severity="medium" if unknown and gap.kind == "anyone" else None,
                confidence="low" if unknown else None,
                path=path(view, function, (gap.kind, gap.caller), gap.verdict, gap.qualifier, edge_of("function_url"))
                if unknown
                else (),
                fix=f"Grant {actions} to those who are meant to call the URL, or delete the URL.",
            )
