"""PC172: an API key is all that stands before a function."""

from collections.abc import Iterable

from permcheck.model import Facts, Finding
from permcheck.rule import Example, Rule, View
from permcheck.rules.invoke._coming_in import MAY, named, qualified
from permcheck.rules.invoke._front_examples import LETS_API_IN, api_policy, rest
from permcheck.rules.invoke._fronts import anyone, through, way
from permcheck.rules.invoke._grants import captured


class KeyOnlyRoute(Rule):
    """An API key is the only lock before the function.

    What
        Reports a method of a REST API that calls a function, asks for an API key, and for nothing else.

    Why it matters
        A key says which plan a request counts against, not who sends it. It is the same for everybody, does not
        expire, and stands in the code of every app and page that uses it. AWS advises against using it to decide who
        may do what.

    How to fix
        Add an authorizer and keep the key for the usage plan.

    When it is fine
        For data that anybody may have, where the key only counts requests.

    References
        Amazon API Gateway Developer Guide, "Usage plans and API keys for REST APIs in API Gateway"
    """

    id = "PC172"
    name = "key-only-route"
    severity = "medium"
    bad = (Example(captured(LETS_API_IN) | rest(key=True)),)
    good = (
        Example(captured(LETS_API_IN) | rest("AWS_IAM", key=True), "a key for the plan, a signature for the caller"),
        Example(captured(LETS_API_IN) | rest(key=True, policy=api_policy({}, {"Effect": "Deny"}))),
        Example(
            captured(LETS_API_IN) | rest(key=True),
            "public data",
            {"public_functions": [{"function": "orders", "reason": "opening hours, for anybody"}]},
        ),
    )

    def check_account(self, view: View, facts: Facts) -> Iterable[Finding]:
        for entry in view.around.routes if facts.apis else ():
            if not (entry.route.api_key and entry.passing.verdict in MAY and entry.call.verdict in MAY):
                continue
            yield self.finding(
                f"whoever has a key may call {named(entry.function, entry.qualifier)} through {through(entry)}",
                qualified(entry.function, entry.qualifier),
                [view.at(entry.route.source, entry.route.pointer, "asks for a key, and for nothing else", entry.arn)],
                path=way(view, entry, anyone("requests", entry.passing.verdict)),
                conditions=entry.conditions,
                fix=f"give {entry.name} an authorizer beside the key",
                witness=entry.call.witness,
                explained=view.public_reason(entry.function),
            )
