"""PC151: an identity pool that lets guests in."""

from collections.abc import Iterator

from permcheck.model import Finding, IdentityPool, PathStep, Verdict
from permcheck.rule import Example, Rule, Session, View
from permcheck.rules._examples import REGION, allow
from permcheck.rules.invoke._pool_examples import app, guest, user
from permcheck.rules.invoke._pools import (
    INVOKE,
    MAY,
    RUM,
    cut,
    granted,
    handed_at,
    named,
    path_to,
    reached,
    setting,
)

SWITCH = "AllowUnauthenticatedIdentities"
FIX = (
    "set AllowUnauthenticatedIdentities to false; where CloudWatch RUM needs guests, leave them rum:PutRumEvents alone"
)
SPEAKS = allow("polly:SynthesizeSpeech")


class GuestAccess(Rule):
    """An identity pool lets guests in.

    What
        An identity pool gives credentials to people who have not signed in. Where that leads anywhere, other findings
        say so in its place: a guest who may invoke functions, reach data or write to an event source. This one is left
        for pools whose guests may do little, or of whose guest role too little is in view. It is medium for those,
        and info where guests may do nothing, or nothing but send events to CloudWatch RUM.

    Why it matters
        A guest is anybody. The pool's id is in every copy of the app, and two calls without a signature turn it into
        credentials of the account. From then on the policy of one role is all that stands between everybody and the
        account, and each statement that is added to it is granted to the world.

    How to fix
        Switch guest access off, if nobody uses the app without signing in.

    When it is fine
        Where an app has something to show before its users sign in, or sends measurements to CloudWatch RUM. Then
        the guest role should grant that and nothing else.

    References
        Amazon Cognito Developer Guide, "Identity pools authentication flow" and "IAM roles"
        Amazon CloudWatch User Guide, "Use an existing Amazon Cognito identity pool"
    """

    id = "PC151"
    name = "guest-access"
    severity = "medium"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(app(guest(SPEAKS), guests=True), "guests may have text read out"),
        Example(
            app(guest(allow("rum:PutRumEvents", f"arn:aws:rum:{REGION}:111122223333:appmonitor/shop")), guests=True),
            "guests for CloudWatch RUM: info",
        ),
        Example(app(guest(), guests=True), "a guest role without policies: info"),
        Example(app(guests=True, handed={"unauthenticated": "elsewhere"}), "a guest role that is not in view"),
    )
    good = (
        Example(app(user(SPEAKS)), "everybody signs in"),
        Example({"pool-roles.json": app(guest(SPEAKS))["pool-roles.json"]}, "whether guests get in is not told"),
    )

    def check_pool(self, view: View, pool: IdentityPool) -> Iterator[Finding]:
        """Report guest access that no stronger finding tells of."""
        if not pool.guests:
            return
        sessions = view.pools.sessions(pool, "guest")
        if any(_told(view, session) for session in sessions) or view.pools.classic_flow(pool):
            return
        session = next((s for s in sessions if granted(view, s)), sessions[0] if sessions else None)
        severity, what = _weigh(view, pool, session)
        role = session.arn if session is not None else ""
        yield self.finding(
            f"identity pool {named(pool)} lets anybody in as a guest{what}",
            role or view.pools.arn(pool),
            [setting(view, pool, SWITCH, "guests are let in"), *handed_at(view, pool, role, "guest")],
            severity=severity,
            path=path_to(view, session, "", MAY[0]) if session is not None else [PathStep("guest", pool.id)],
            fix=FIX,
        )


def _told(view: View, session: Session) -> bool:
    """Whether another finding tells what guests may do, or were meant to."""
    if reached(view, session) or any(cut(held) for held in view.pools.held(session)):
        return True
    calls = (view.pools.asked(session, action) for action in (INVOKE, "execute-api:Invoke"))
    if any(calls) or view.controls_functions(session) in MAY:
        return True
    targets = view.pools.invocable(session)
    return bool(targets or targets.open) or any(view.pools.written(session))


def _weigh(view: View, pool: IdentityPool, session: Session | None) -> tuple[str, str]:
    """The severity, and what is to be said of the role."""
    if view.pools.unsure(pool, "guest"):
        return "medium", ", with a role that is not in view"
    if session is not None and any(held.verdict is Verdict.UNKNOWN for held in view.pools.held(session)):
        return "medium", f", with role {session.entity.name}, of which not everything is in view"
    services = sorted({held.service for held in granted(view, session)}) if session is not None else []
    if not services:
        return "info", "" if session is None else f", with role {session.entity.name}, which grants nothing"
    if services == [RUM]:
        return "info", " to send events to CloudWatch RUM, and for nothing else"
    rest = ", ".join(services)
    name = session.entity.name if session is not None else ""
    return "medium", f", with role {name}, which grants something in {rest}"
