"""PC154: an identity pool with the classic flow."""

from collections.abc import Iterator

from permcheck.model import Finding, IdentityPool, PathStep, Verdict
from permcheck.rule import Example, Rule, Session, Strength, View
from permcheck.rules.invoke._callers import shifted
from permcheck.rules.invoke._pool_examples import app, by_token, guest, user
from permcheck.rules.invoke._pools import named, setting

SWITCH = "AllowClassicFlow"
FIX = (
    "set AllowClassicFlow to false once no client calls GetOpenIdToken any more; until then, ask for aud and amr in "
    "the trust policy of every role that trusts Cognito"
)


class ClassicFlow(Rule):
    """An identity pool allows the classic flow.

    What
        The pool also works the old way: it gives clients a token, and they ask STS for a role themselves. Medium, and
        high where guests are let in. Where the pool maps roles, AWS refuses the classic flow to users, and does not
        say what it does about guests: nothing is reported.

    Why it matters
        In this flow the client chooses the role, not the pool: any role whose trust policy takes the token, in this
        account or another, whether or not the pool hands it out. And the session policies that Cognito puts over
        guests are not there: a guest has all that the role's own policies grant, IAM and sts:AssumeRole included.

    How to fix
        Let the clients call GetCredentialsForIdentity, as all current SDKs do, and switch the classic flow off.

    When it is fine
        For clients that need a role of another account, or a session longer than an hour. Then every role that trusts
        Cognito must ask for this pool (aud) and for users or guests (amr).

    References
        Amazon Cognito Developer Guide, "Identity pools authentication flow"
    """

    id = "PC154"
    name = "classic-flow"
    severity = "medium"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(app(user(), classic=True), "users choose their role"),
        Example(app(guest(), guests=True, classic=True), "guests do, and nothing limits them: high"),
    )
    good = (
        Example(app(user()), "the flow is off"),
        Example(
            app(user(), user(name="shop-admin"), classic=True, mappings=by_token(), guests=False),
            "role mappings bar it",
        ),
    )

    def check_pool(self, view: View, pool: IdentityPool) -> Iterator[Finding]:
        """Report a pool whose classic flow works for somebody."""
        if not view.pools.classic_flow(pool):
            return
        guests = pool.guests is True
        kind = "guest" if guests else "signed_in"
        handed = {each.role for each in pool.roles if each.kind == kind}
        extra = [s for s in view.pools.sessions(pool, kind) if _by_classic(s) and s.arn not in handed]
        chosen = max(extra, key=view.strength, default=None)
        names = sorted({session.entity.name for session in extra})
        who = "anybody" if guests else "every signed-in user"
        more = f", among them {', '.join(names[:2])}, which the pool does not hand out" if names else ""
        path = [PathStep(kind, pool.id)]
        if chosen is not None:
            path = [*view.caller_step(chosen, "", Verdict.ALLOWED)]
            path[-1] = PathStep("role", chosen.entity.name, chosen.arn)
        strong = chosen is not None and view.strength(chosen) >= Strength.IAM_WRITE
        yield self.finding(
            f"identity pool {named(pool)} allows the classic flow: {who} may take any role that takes its tokens{more}",
            view.pools.arn(pool),
            [setting(view, pool, SWITCH, "the client chooses the role")],
            severity=shifted(self.severity, guests + (guests and strong)),
            path=path,
            fix=FIX,
            others=sorted({session.arn for session in extra if session.entity.name not in names[:2]}),
        )


def _by_classic(session: Session) -> bool:
    return session.holder is not None and session.holder.flow == "classic"
