"""PC108: any Alexa skill may invoke the function."""

from collections.abc import Iterable

from permcheck.model import Finding, Function
from permcheck.rule import Example, Rule, View, traits
from permcheck.rules.invoke._coming_in import named, open_to_all, places, revoke, way_of, without
from permcheck.rules.invoke._grants import captured, grant

_ALEXA = {"Service": "alexa-appkit.amazon.com"}
_SKILL = "amzn1.ask.skill.5b0e6f1a-1c2d-4e3f-8a9b-0c1d2e3f4a5b"


class AlexaWithoutToken(Rule):
    """Any Alexa skill may invoke the function.

    What
        Reports a grant to Alexa that a stranger's skill would pass: no condition on lambda:EventSourceToken, or one
        that any token meets.

    Why it matters
        Alexa sends no source ARN. Without the skill's id as token, anybody who learns the function's ARN can put it
        behind a skill of their own.

    How to fix
        Give the grant --event-source-token with the id of the skill.

    When it is fine
        For a function that compares the skill's id in its code. Suppress it there with that reason.

    References
        AWS Lambda API Reference, "AddPermission"
        Alexa Skills Kit documentation, "Host a Custom Skill as an AWS Lambda Function"
    """

    id = "PC108"
    name = "alexa-without-token"
    severity = "medium"
    concerns = (traits.SERVICE,)
    bad = (
        Example(captured(grant(_ALEXA))),
        Example(captured(grant({"Service": "alexa-connectedhome.amazon.com"}))),
        Example(captured(grant(_ALEXA, {"StringLike": {"lambda:EventSourceToken": "amzn1.ask.skill.*"}}))),
    )
    good = (Example(captured(grant(_ALEXA, {"StringEquals": {"lambda:EventSourceToken": _SKILL}}))),)

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        for found in view.service_grants(function):
            reasons = without(found.outsider.reasons, open_to_all(view, function))
            if found.known is None or not found.known.event_source_token or not reasons:
                continue
            caller = found.outsider
            yield self.finding(
                f"any Alexa skill may invoke {named(function, caller.qualifier)}",
                caller.resource,
                places(view, reasons, "asks for no skill"),
                path=way_of(view, function, found),
                conditions=found.conditions,
                fix=revoke(function, caller.qualifier, reasons)
                + " and add it again with --event-source-token and the skill's id.",
                witness=caller.row.witness,
            )
