"""PC109: a policy file holds an event source token."""

from collections.abc import Iterable

from permcheck.model import Finding, Policy, Statement
from permcheck.rule import Example, Rule, View, traits
from permcheck.rules.invoke._grants import captured, grant

_ALEXA = {"Service": "alexa-appkit.amazon.com"}


def _asking(token: str) -> dict[str, object]:
    return grant(_ALEXA, {"StringEquals": {"lambda:EventSourceToken": token}})


class TokenInClearText(Rule):
    """A policy file holds an event source token in clear text.

    What
        Reports a value of lambda:EventSourceToken that stands in a policy document of its own, as kept in a
        repository. In what AWS gives back (get-policy) the token always stands in the policy; that is not reported.

    Why it matters
        The token is all that tells the skill from others. Whoever can read the repository can write a grant for it,
        or use it where another function asks for it.

    How to fix
        Keep the token where secrets are kept and fill it in when the policy is put in place, for example with a
        dynamic reference such as {{resolve:secretsmanager:NAME}}.

    When it is fine
        Where the token is the id of a published skill, which is no secret. Suppress it there with that reason.

    References
        AWS Lambda API Reference, "AddPermission"
        AWS CloudFormation User Guide, "Get values stored in other services using dynamic references"
    """

    id = "PC109"
    name = "token-in-clear-text"
    severity = "low"
    confidence = "medium"
    concerns = (traits.CONDITIONS,)
    bad = (
        Example({"skill.policy.json": {"Version": "2012-10-17", "Statement": [_asking("amzn1.ask.skill.5b0e6f1a")]}}),
    )
    good = (
        Example(captured(_asking("amzn1.ask.skill.5b0e6f1a")), "as AWS gave it back"),
        Example(
            {
                "skill.policy.json": {
                    "Version": "2012-10-17",
                    "Statement": [_asking("{{resolve:secretsmanager:skill}}")],
                }
            }
        ),
    )

    def check_statement(self, view: View, policy: Policy, statement: Statement) -> Iterable[Finding]:
        if not policy.loose or not statement.is_allow:
            return
        for condition in statement.conditions:
            written = [v for v in condition.values if v.strip("*") and "{{" not in v and "${" not in v]
            if condition.key.lower() == "lambda:eventsourcetoken" and written:
                below = condition.pointer.removeprefix(statement.pointer)
                yield self.finding(
                    "an event source token stands in the policy in clear text",
                    policy.attached_to or policy.source,
                    [view.place(policy, statement, "whoever can read this file knows the token", below)],
                    fix="Take the token out of the file and fill it in when the policy is put in place.",
                )
