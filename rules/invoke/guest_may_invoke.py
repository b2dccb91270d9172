"""PC153: guests of an identity pool may invoke functions."""

from collections.abc import Iterator

from permcheck.model import Finding, Function, IdentityPool, PathStep
from permcheck.rule import Answer, Example, Narrowing, Rule, Session, View
from permcheck.rules._examples import REGION, allow, function_arn, worker
from permcheck.rules.invoke._callers import ended, places, shifted
from permcheck.rules.invoke._pool_examples import app, guest
from permcheck.rules.invoke._pools import INVOKE, MAY, by_role, handed_at, named

THROUGH_API = "execute-api:Invoke"
SEARCH = {"search": "search-role"}
ORDERS_API = f"arn:aws:execute-api:{REGION}:111122223333:a1b2c3d4e5/prod/GET/orders"
FIX = "name the functions that everybody may call, or let {} invoke none and put an API with an authorizer in front"


class GuestMayInvoke(Rule):
    """Guests of an identity pool may invoke functions.

    What
        Credentials that a pool gives to anybody, without sign-in, may invoke a function, or every function. The limits
        that Cognito puts on guests do not help: all of Lambda lies inside them.

    Why it matters
        Such a function is public, although its own policy and its settings say nothing of it: whoever has the pool's
        id, which is in every copy of the app, sends it any event it likes. It does so with the rights of the function's
        role, and without the request checks, throttling and logs of an API. With a star in place of the function's
        name everybody may call all of them, those of the back office too.

    How to fix
        Grant lambda:InvokeFunction on the functions that are made for everybody, by name. Better, put an API in front
        that signs people in.

    When it is fine
        For a function that is meant for everybody, and that treats its event as coming from anybody.

    References
        Amazon Cognito Developer Guide, "IAM roles"
        Lambda Developer Guide, "Identity-based IAM policies for Lambda"
    """

    id = "PC153"
    name = "guest-may-invoke"
    severity = "high"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(
            app(guest(allow(INVOKE, function_arn("search"))), worker("search-role"), guests=True, functions=SEARCH),
            "one function, by name",
        ),
        Example(
            app(guest(allow(INVOKE)), worker("search-role"), guests=True, functions=SEARCH), "every function: critical"
        ),
        Example(app(guest(allow(THROUGH_API, ORDERS_API)), guests=True), "an API that is not in view"),
    )
    good = (
        Example(
            app(guest(allow(INVOKE, function_arn("search"))), worker("search-role"), handed={}, functions=SEARCH),
            "guests are not let in",
        ),
    )

    def check_pool(self, view: View, pool: IdentityPool) -> Iterator[Finding]:
        """Report each role that lets guests invoke, unless it lets them do everything with every function."""
        for role_arn, sessions in by_role(view.pools.sessions(pool, "guest")).items():
            if any(view.controls_functions(session) in MAY for session in sessions):
                continue
            found = next((made for s in sessions if (made := _invokes(view, s)) is not None), None)
            if found is None:
                continue
            session, answer, every, functions, what = found
            others = [] if every else [function.arn for function in functions[1:]]
            severity = "critical" if every else self.severity
            unsure = session.holder is not None and session.holder.verdict is not MAY[0]
            steps = (answer.narrowing is not Narrowing.NONE) + unsure
            start = tuple(view.caller_step(session, answer.action, answer.verdict))
            on = tuple(view.function_steps(functions[0])) if functions else ()
            end = PathStep("target", what) if not on and every else None
            yield self.finding(
                f"a guest of identity pool {named(pool)}, without signing in, can invoke {what}",
                role_arn,
                [*places(view, [answer], "lets guests invoke"), *handed_at(view, pool, role_arn, "guest")],
                severity=shifted(severity, -steps),
                path=(*start, *on) if on else (*start, end) if end else ended(start),
                conditions=answer.conditions,
                fix=FIX.format(session.entity.name),
                witness=answer.witness,
                others=others,
            )


def _invokes(view: View, session: Session) -> tuple[Session, Answer, bool, list[Function], str] | None:
    """What the session may invoke: the answer for one, whether it is every function, those in view, and in words."""
    targets = view.pools.invocable(session)
    chosen = targets or targets.open
    arns = list(dict.fromkeys(f.arn for arn in chosen.sure() if (f := view.function(arn)) is not None))
    functions = [f for arn in arns if (f := view.function(arn)) is not None]
    if view.may_any(session, INVOKE) in MAY:
        answer = view.decide_any(session, INVOKE)
        if answer.narrowing is not Narrowing.RESOURCE:
            return (
                session,
                answer,
                True,
                functions,
                f"every function ({len(arns)} in view)" if arns else "every function",
            )
    if functions:
        more = len(functions) - 1
        what = f"function {functions[0].name}" + (f" and {more} more" if more else "")
        return session, view.decide(session, INVOKE, next(chosen.sure())), False, functions, what
    for action in (INVOKE, THROUGH_API) if not view.facts.apis else (INVOKE,):
        asked = view.pools.asked(session, action)
        if asked is not None:
            what = "functions" if action == INVOKE else "APIs"
            resource = asked.resource.split(":", 5)[-1]
            return session, asked, False, [], f"{resource}, of {what} that are not in view"
    return None
