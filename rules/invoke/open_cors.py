"""PC124: a function URL answers pages of every origin."""

from collections.abc import Iterable

from permcheck.model import Finding, Function
from permcheck.rule import Example, Rule, View, traits
from permcheck.rules.invoke._coming_in import lower, named, qualified
from permcheck.rules.invoke._grants import captured, url


class OpenCors(Rule):
    """A function URL lets pages of every origin use it.

    What
        Reports a function URL whose CORS settings allow every origin. The severity is medium where they also allow
        credentials or every method, and low otherwise.

    Why it matters
        A page of any site can call the URL from a visitor's browser and read the answer, with what the browser sends
        along. CORS is no lock: other programs can call the URL whatever it says.

    How to fix
        List the origins of your own pages in AllowOrigins, and the methods they use in AllowMethods.

    When it is fine
        For a public API that only reads and knows no users.

    References
        AWS Lambda Developer Guide, "Creating and managing Lambda function URLs"
        AWS Lambda API Reference, "Cors"
    """

    id = "PC124"
    name = "open-cors"
    severity = "medium"
    concerns = (traits.URL,)
    bad = (
        Example(captured(urls=[url("AWS_IAM", cors={"AllowOrigins": ["*"], "AllowCredentials": True})])),
        Example(captured(urls=[url("AWS_IAM", cors={"AllowOrigins": ["*"], "AllowMethods": ["GET"]})]), "low"),
    )
    good = (
        Example(
            captured(urls=[url("AWS_IAM", cors={"AllowOrigins": ["https://shop.example"], "AllowMethods": ["*"]})])
        ),
        Example(captured(urls=[url("AWS_IAM")])),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        for qualifier in function.qualifiers:
            url = qualifier.url
            if url is None or not {"*", "https://*", "http://*"}.intersection(url.cors_origins):
                continue
            every = "*" in url.cors_methods
            more = [word for word, given in (("credentials", url.cors_credentials), ("every method", every)) if given]
            with_more = f", with {' and '.join(more)}" if more else ""
            yield self.finding(
                f"the URL of {named(function, qualifier.name)} lets pages of every origin use it{with_more}",
                qualified(function, qualifier.name),
                [view.at(url.source, f"{url.pointer}/Cors", "every origin")],
                severity=self.severity if more else lower(self.severity),
                fix="List the origins of your own pages in AllowOrigins.",
            )
