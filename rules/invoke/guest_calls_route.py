"""PC173: a route that asks for a signature is open to guests of an identity pool."""

from collections.abc import Iterable
from typing import Any

from permcheck.model import Finding, IdentityPool, Verdict
from permcheck.rule import Example, Narrowing, Rule, View
from permcheck.rules._examples import Json, allow, worker
from permcheck.rules.invoke._callers import places, shifted
from permcheck.rules.invoke._coming_in import MAY, named, qualified
from permcheck.rules.invoke._front_examples import API, LETS_API_IN, rest
from permcheck.rules.invoke._fronts import through, way
from permcheck.rules.invoke._grants import captured, own
from permcheck.rules.invoke._pool_examples import app, guest, user

_MAY_CALL = allow("execute-api:Invoke", own("execute-api", f"{API}/prod/GET/orders"))


def _app(holder: Json, auth: str = "AWS_IAM", **more: Any) -> Example:
    policy = {name: value for name, value in captured(LETS_API_IN).items() if name.startswith("get-policy")}
    functions = {"orders": "orders-role"}
    pool = {"guests": True, **more}
    return Example(app(holder, worker("orders-role"), functions=functions, **pool) | policy | rest(auth))


class GuestCallsRoute(Rule):
    """Guests of an identity pool may call a route that asks for a signature.

    What
        Reports a route with AWS_IAM authorization that credentials from an identity pool, given to anybody without
        sign-in, may call: execute-api:Invoke, within what Cognito leaves to guests.

    Why it matters
        The route looks protected, and is not: whoever has the pool's id, which is in every copy of the app, gets
        credentials that sign requests for it.

    How to fix
        Take the route out of what guests may call, or give it an authorizer that knows users.

    When it is fine
        For a route that is made for everybody, where the signature only keeps other programs away.

    References
        Amazon API Gateway Developer Guide, "Control access to a REST API with IAM permissions"
        Amazon Cognito Developer Guide, "IAM roles"
    """

    id = "PC173"
    name = "guest-calls-route"
    severity = "high"
    bad = (_app(guest(_MAY_CALL)),)
    good = (
        _app(user(_MAY_CALL), guests=False),
        _app(guest(_MAY_CALL), guests=False, handed={}),
        _app(guest(_MAY_CALL), "COGNITO_USER_POOLS"),
    )

    def check_pool(self, view: View, pool: IdentityPool) -> Iterable[Finding]:
        seen: set[str] = set()
        for session in view.pools.sessions(pool, "guest") if view.facts.apis else ():
            for entry, answer in view.around.routes_for(session):
                if entry.arn in seen or not answer.allowed or entry.call.verdict not in MAY:
                    continue
                seen.add(entry.arn)
                unsure = session.holder is not None and session.holder.verdict is not Verdict.ALLOWED
                steps = (answer.narrowing is not Narrowing.NONE) + unsure
                function = named(entry.function, entry.qualifier)
                yield self.finding(
                    f"a guest of identity pool {pool.name or pool.id}, without signing in, may call {function} "
                    f"through {through(entry)}",
                    qualified(entry.function, entry.qualifier),
                    [
                        *places(view, [answer], "lets guests call the route"),
                        view.at(entry.route.source, entry.route.pointer, "asks for a signature", entry.arn),
                    ],
                    severity=shifted(self.severity, -steps),
                    path=way(view, entry, *view.caller_step(session, answer.action, answer.verdict)),
                    conditions=answer.conditions,
                    fix=f"take {entry.name} out of what {session.entity.name} may call",
                    witness=answer.witness,
                    explained=view.public_reason(entry.function),
                )
