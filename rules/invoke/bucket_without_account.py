"""PC104: the bucket that may call is named without its account."""

from collections.abc import Iterable

from permcheck.model import Finding, Function
from permcheck.rule import Example, Rule, Scope, View, traits
from permcheck.rules._examples import ACCOUNT
from permcheck.rules.invoke._coming_in import named, open_to_all, places, way_of, without
from permcheck.rules.invoke._grants import captured, refuse, service, source

_BUCKET = "arn:aws:s3:::trail-photos"


class BucketWithoutAccount(Rule):
    """A bucket may invoke the function, whoever owns it.

    What
        Reports a grant to Amazon S3 that names the bucket, but neither its account nor its organization.

    Why it matters
        A bucket's ARN holds no account. When the bucket is deleted its name is free, and whoever takes it next can
        run the function with objects of their own.

    How to fix
        Add a StringEquals condition on aws:SourceAccount beside the one on aws:SourceArn (--source-account with
        add-permission).

    When it is fine
        Hardly ever: the account costs one line.

    References
        AWS Lambda API Reference, "AddPermission"
        AWS Lambda Developer Guide, "Process Amazon S3 event notifications with Lambda"
        AWS Security Hub User Guide, "AWS Security Hub controls for Lambda"
    """

    id = "PC104"
    name = "bucket-without-account"
    severity = "medium"
    concerns = (traits.SERVICE,)
    bad = (
        Example(captured(service("s3", source(_BUCKET)))),
        Example(captured(service("s3", {"StringLike": {"aws:SourceArn": f"{_BUCKET}-*"}}))),
    )
    good = (
        Example(captured(service("s3", source(_BUCKET, ACCOUNT)))),
        Example(
            captured(
                service("s3", source(_BUCKET)),
                refuse({"StringNotEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}),
            ),
            "a Deny names the account",
        ),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        for grant in view.service_grants(function):
            reasons = without(grant.outsider.reasons, open_to_all(view, function))
            if grant.scope is not Scope.NAMESAKE or not reasons:
                continue
            bucket = grant.source.rpartition(":")[2]
            yield self.finding(
                f"S3 may invoke {named(function, grant.outsider.qualifier)} for a bucket called {bucket}, "
                "whichever account owns it",
                grant.outsider.resource,
                places(view, reasons, "names the bucket, but not its account"),
                path=way_of(view, function, grant),
                conditions=grant.conditions,
                fix=f'Add "StringEquals": {{"aws:SourceAccount": "{function.arn.split(":")[4]}"}} to the condition.',
                witness=grant.outsider.row.witness,
            )
