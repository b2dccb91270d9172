"""PC116: a service may invoke the function for a resource of another account."""

from collections.abc import Iterable

from permcheck.model import Finding, Function
from permcheck.rule import Example, Rule, Scope, View, traits
from permcheck.rules._examples import ACCOUNT, OTHER
from permcheck.rules.invoke._coming_in import (
    allows,
    lower,
    named,
    open_to_all,
    path,
    places,
    revoke,
    whom,
    without,
)
from permcheck.rules.invoke._grants import captured, own, service, source

# For a grant that lets in calls for anybody's resources an account that it names besides is no news.
_ANYBODYS = (Scope.ANYTHING, Scope.UNTOLD, Scope.ANY_ACCOUNT)
_THEIRS = f"arn:aws:events:eu-west-1:{OTHER}:rule/night"


class TriggerOfOtherAccount(Rule):
    """A service may invoke the function for a resource of another account.

    What
        Reports a grant to a service whose source is in an account that is neither the function's own, nor one of
        which the input holds something, nor trusted: by aws:SourceAccount, or by the account in aws:SourceArn. The
        severity is medium where anything of that account may call, and low where one resource is named.

    Why it matters
        Whoever may change that topic, rule or bucket decides when the function runs and with what. That is somebody
        in an account that is not looked at here; and an account id that was mistyped belongs to a stranger.

    How to fix
        Check the account id. Where the trigger is meant, name the one resource in aws:SourceArn and list the account
        under trusted_accounts; else take the grant away.

    When it is fine
        For topics that partners or AWS itself publish, and for other accounts of the same company. List those under
        trusted_accounts.

    References
        IAM User Guide, "The confused deputy problem"
        AWS Lambda Developer Guide, "Granting Lambda function access to AWS services"
    """

    id = "PC116"
    name = "trigger-of-other-account"
    severity = "medium"
    concerns = (traits.ELSEWHERE,)
    bad = (
        Example(captured(service("sns", {"StringEquals": {"AWS:SourceAccount": OTHER}}))),
        Example(captured(service("events", source(_THEIRS))), "low: one rule"),
        Example(captured(service("s3", source("arn:aws:s3:::trail-photos", OTHER))), "low: one bucket"),
    )
    good = (
        Example(captured(service("events", source(own("events", "rule/night"))))),
        Example(captured(service("s3", source("arn:aws:s3:::trail-photos", ACCOUNT)))),
        Example(captured(service("events", source(_THEIRS))), "a partner", {"trusted_accounts": [OTHER]}),
        Example(captured(service("events", source(_THEIRS, ACCOUNT))), "no call has such a source"),
    )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        triggers = list(view.foreign_triggers(function))
        if not triggers:
            return
        told = [s for g in view.service_grants(function) if g.scope in _ANYBODYS for s in allows(g.outsider.reasons)]
        for trigger in triggers:
            reasons = without(trigger.outsider.reasons, [*told, *open_to_all(view, function)])
            if not reasons:
                continue
            made, account = trigger.outsider, trigger.account
            who = named(function, made.qualifier)
            what = f"{trigger.source} of account {account}" if trigger.source else f"anything of account {account}"
            yield self.finding(
                f"{whom(made)} may invoke {who} for {what}, which is not in view",
                made.resource,
                places(view, reasons, f"passes calls for account {account}"),
                severity=lower(self.severity) if trigger.source else None,
                path=path(view, function, (made.kind, made.caller), made.verdict, made.qualifier, "may invoke"),
                conditions=made.row.conditions,
                fix=revoke(function, made.qualifier, reasons)
                + f", or list {account} under trusted_accounts if the trigger is meant.",
                witness=made.row.witness,
                explained=f"{account} is among the trusted_accounts" if view.trusted_account(account) else None,
            )
