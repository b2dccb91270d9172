"""PC159: whoever signs up for an app gets AWS credentials that reach something."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from permcheck.model import Finding, IdentityPool, PathStep
from permcheck.rule import Answer, Example, Held, Narrowing, Rule, Session, Strength, View
from permcheck.rules._examples import allow, function_arn, table_arn, worker
from permcheck.rules.invoke._callers import ended, shifted
from permcheck.rules.invoke._callers import places as deciding
from permcheck.rules.invoke._pool_examples import OWN_FOLDER, app, user, users
from permcheck.rules.invoke._pools import (
    INVOKE,
    MAY,
    best,
    by_role,
    handed_at,
    is_own,
    named,
    path_to,
    places,
    said,
    target,
    telling,
    unsaid,
)

ORDERS = allow(["dynamodb:GetItem", "dynamodb:PutItem"], table_arn("Orders"))
SEARCH = {"search": "search-role"}
TRIGGER = function_arn("check-sign-up")
LOOKED_AT = 200
FIX = "let administrators create the users (AllowAdminCreateUserOnly), or leave {} what anybody may have"


class SelfSignUpToCredentials(Rule):
    """Whoever signs up for an app gets AWS credentials that reach something.

    What
        Anybody can sign up for the user pool, a client of the user pool is accepted by an identity pool, and the role
        that users then get may reach data or invoke functions. Critical where the role may rewrite IAM, low where each
        user reaches only its own. A role that takes more than signing up, such as a group that administrators put
        users into, is reported where it may rewrite IAM, as medium. Where a function is asked before anybody is signed
        up, what it decides is not known: low, with low confidence.

    Why it matters
        Signing up is a call that needs no credentials and no app: whoever knows the client's id, which is in every
        copy of the app, makes a user for itself, and has the role's rights a minute later. A check of the e-mail's
        domain in the app stops nobody.

    How to fix
        Let administrators create users, if the app is for people you know. Else grant users only what anybody may
        have: their own folder or items by ${cognito-identity.amazonaws.com:sub}, and functions that check the rest.

    When it is fine
        For an app that is open to the public, with a role made for that.

    References
        Amazon Cognito Developer Guide, "Signing up and confirming user accounts" and "IAM roles"
    """

    id = "PC159"
    name = "self-sign-up-to-credentials"
    severity = "high"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(app(user(ORDERS), users=users(sign_up=True)), "whoever signs up reads and writes orders"),
        Example(
            app(
                user(allow(INVOKE, function_arn("search"))),
                worker("search-role"),
                functions=SEARCH,
                users=users(sign_up=True),
            ),
            "whoever signs up calls a function",
        ),
        Example(app(user(allow("s3:GetObject", OWN_FOLDER)), users=users(sign_up=True)), "everybody its own: low"),
        Example(app(user(ORDERS), users=users(sign_up=True, PreSignUp=TRIGGER)), "unless a function refuses: low"),
    )
    good = (
        Example(app(user(ORDERS), users=users(sign_up=False)), "administrators create users"),
        Example(app(user(ORDERS)), "whether anybody can sign up is not told"),
        Example(app(user(allow("mobiletargeting:PutEvents")), users=users(sign_up=True)), "nothing worth having"),
    )

    def check_pool(self, view: View, pool: IdentityPool) -> Iterator[Finding]:
        """Report each role of users that strangers get by signing up, and that gives them something."""
        doors = {login.name: login.user_pool for login in view.pools.logins(pool) if login.user_pool is not None}
        doors = {name: people for name, people in doors.items() if people.self_sign_up}
        if not doors:
            return
        sessions = [s for s in view.pools.sessions(pool, "signed_in") if s.holder and s.holder.login in doors]
        for role_arn, its in by_role(sessions).items():
            session, held = best(view, its)
            people = doors[session.holder.login] if session.holder is not None else None
            answers = [view.pools.answer(each) for each in held]
            call = _call(view, session)
            if people is None or not (held or call) or self._left_to_others(view, session):
                continue
            what, path, chosen = _gain(view, session, held, answers, call)
            found = [*answers, *([call] if call else [])]
            trigger = view.pools.self_sign_up(people) is None
            holder = session.holder
            given = f", {holder.note}" if holder is not None and holder.needs and holder.note else ""
            yield self.finding(
                f"anybody can sign up for {people.name or people.id} and, by identity pool {named(pool)}{given}, {what}"
                + (", unless the pre sign-up trigger refuses" if trigger else ""),
                role_arn,
                [
                    *places(view, held, "is granted to whoever signs up"),
                    *(deciding(view, [call], "is granted to whoever signs up") if call else ()),
                    view.at(people.source, people.pointer, "anybody can sign up", people.arn),
                    *handed_at(view, pool, role_arn, "signed_in"),
                ],
                severity="low" if trigger else self._weigh(view, session, found),
                confidence="low" if trigger else None,
                path=path,
                conditions=chosen.conditions,
                fix=FIX.format(session.entity.name),
                witness=chosen.witness,
                others=[*unsaid(held, telling(view, session, held, answers)), *_functions(view, session, call)],
            )

    def _left_to_others(self, view: View, session: Session) -> bool:
        """Whether somebody else says who has the role, such as by putting users into a group: told of strong ones."""
        return bool(session.holder and session.holder.needs) and view.strength(session) < Strength.IAM_WRITE

    def _weigh(self, view: View, session: Session, answers: Sequence[Answer]) -> str:
        if view.strength(session) >= Strength.IAM_WRITE:
            return "medium" if session.holder and session.holder.needs else "critical"
        if is_own(view, session, answers):
            return "low"
        unsure = session.holder is not None and session.holder.verdict is not MAY[0]
        narrow = all(a.narrowing is not Narrowing.NONE for a in answers)
        return shifted(self.severity, -(unsure + narrow))


def _call(view: View, session: Session) -> Answer | None:
    """The answer for a function that the session may invoke, the strongest in view; None where it may invoke none."""
    targets = view.pools.invocable(session)
    arn = max(islice((targets or targets.open).sure(), LOOKED_AT), key=partial(_strength, view), default=None)
    return view.decide(session, INVOKE, arn) if arn is not None else view.pools.asked(session, INVOKE)


def _strength(view: View, arn: str) -> Strength:
    function = view.function(arn)
    role = view.role_of(function) if function is not None else None
    return view.strength(role) if role is not None else Strength.NOTHING


def _gain(
    view: View, session: Session, held: Sequence[Held], answers: Sequence[Answer], call: Answer | None
) -> tuple[str, Sequence[PathStep], Answer]:
    """What the session may do, in words; the way to what is told first, and the answer for that.

    A function goes before what each user has for itself alone.
    """
    first = telling(view, session, held, answers)
    own = is_own(view, session, answers)
    may = f"may {said(held, first)}" + (", each for its own identity" if own else "") if held else ""
    if call is None:
        path = path_to(view, session, held[first].action, answers[first].verdict, target(held[first]))
        return may, path, answers[first]
    what, way = _told(view, session, call)
    if not held or own:
        return ", and ".join(text for text in (what, may) if text), way, call
    path = path_to(view, session, held[first].action, answers[first].verdict, target(held[first]))
    return f"{may} and {what}", path, answers[first]


def _told(view: View, session: Session, call: Answer) -> tuple[str, list[PathStep]]:
    """The call in words, and the way through the function."""
    function = view.function(call.resource)
    start = tuple(view.caller_step(session, INVOKE, call.verdict))
    if function is None:
        return f"invoke {call.resource.rpartition(':')[2]}", list(ended(start))
    others = _functions(view, session, call)
    more = f" and {len(others)} more" if others else ""
    return f"invoke {function.name}{more}", [*start, *view.function_steps(function)]


def _functions(view: View, session: Session, call: Answer | None) -> list[str]:
    """The functions in view that the session may invoke beside the one that is told."""
    told = view.function(call.resource) if call is not None else None
    if told is None:
        return []
    targets = view.pools.invocable(session)
    found = (f.arn for arn in (targets or targets.open) if (f := view.function(arn)) is not None)
    return [arn for arn in dict.fromkeys(found) if arn != told.arn]
