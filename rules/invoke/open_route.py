"""PC171: a route of an API that asks for nothing leads to a function."""

from collections.abc import Iterable

from permcheck.model import Facts, Finding
from permcheck.rule import Example, RouteIn, Rule, Strength, View
from permcheck.rules.invoke._coming_in import MAY, lower, named, qualified
from permcheck.rules.invoke._front_examples import LETS_API_IN, api_policy, rest, socket
from permcheck.rules.invoke._fronts import anyone, through, way
from permcheck.rules.invoke._grants import captured, own, service, source

_OFFICE = {"Effect": "Deny", "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}
_SOCKET = service("apigateway", source(own("execute-api", "a1b2c3d4e5/*")))


class OpenRoute(Rule):
    """Anyone on the internet can call the function through an API.

    What
        Reports a route of an API that calls a function for whoever sends a request: no authorizer, no signature, no
        key, and no resource policy that refuses. A WebSocket API is judged by $connect, which all its routes follow.
        Preflight requests (OPTIONS), private APIs, and routes whose call the function's policy does not let through
        are left out. The severity is critical where the execution role is an administrator or can give itself more
        rights, and a step lower where the resource policy limits from where.

    Why it matters
        Nothing is known of who calls. What the code does with a request it does for everybody, with the rights of the
        execution role, as often as somebody likes to ask.

    How to fix
        Give the route an authorizer (a user pool, a JWT issuer, a function) or AWS_IAM, or narrow the resource policy.

    When it is fine
        For sign-in pages, health checks, and webhooks that check the sender's signature in their code. List the
        function under public_functions with the reason; the finding is then shown as suppressed.

    References
        Amazon API Gateway Developer Guide, "Control and manage access to REST APIs in API Gateway"
        Amazon API Gateway Developer Guide, "Control and manage access to HTTP APIs in API Gateway"
        Amazon API Gateway Developer Guide, "Control and manage access to WebSocket APIs in API Gateway"
    """

    id = "PC171"
    name = "open-route"
    severity = "high"
    bad = (
        Example(captured(LETS_API_IN) | rest()),
        Example(captured(LETS_API_IN) | rest(policy=api_policy({}, _OFFICE)), "from one network: medium"),
        Example(captured(_SOCKET) | socket(connect="NONE", default="NONE"), "one finding for all routes"),
    )
    good = (
        Example(captured(LETS_API_IN) | rest("COGNITO_USER_POOLS")),
        Example(captured(LETS_API_IN) | rest(verb="OPTIONS"), "a preflight request"),
        Example(captured(LETS_API_IN) | rest(private=True)),
        Example(captured(LETS_API_IN) | rest(policy=api_policy({}, {"Effect": "Deny"})), "its own policy refuses"),
        Example(captured(_SOCKET) | socket(connect="AWS_IAM", default="NONE"), "authorized when it connects"),
        Example(
            captured(LETS_API_IN) | rest(),
            "a webhook",
            {"public_functions": [{"function": "orders", "reason": "checks the sender's signature"}]},
        ),
    )

    def check_account(self, view: View, facts: Facts) -> Iterable[Finding]:
        found: dict[tuple[object, ...], list[RouteIn]] = {}
        for entry in view.around.routes if facts.apis else ():
            asks = entry.route.api_key or entry.route.method == "OPTIONS"
            if entry.passing.verdict in MAY and entry.call.verdict in MAY and not asks:
                found.setdefault((entry.api.arn, entry.call.called, entry.limited), []).append(entry)
        for entries in found.values():
            yield self._report(view, entries)

    def _report(self, view: View, entries: list[RouteIn]) -> Finding:
        first, more = entries[0], len(entries) - 1
        role = view.role_of(first.function)
        strong = role is not None and view.strength(role) >= Strength.IAM_WRITE
        severity = "critical" if strong else self.severity
        return self.finding(
            f"anyone on the internet may call {named(first.function, first.qualifier)} through {through(first)}"
            + (f" and {more} more of its routes" if more else "")
            + ("; conditions limit from where" if first.limited else ""),
            qualified(first.function, first.qualifier),
            [view.at(e.route.source, e.route.pointer, "asks for no authorization", e.arn) for e in entries],
            severity=lower(severity) if first.limited else severity,
            path=way(view, first, anyone("requests", first.passing.verdict)),
            conditions=first.conditions,
            fix=f"give {first.name} an authorizer, or set its authorization to AWS_IAM",
            witness=first.call.witness,
            explained=view.public_reason(first.function),
        )
