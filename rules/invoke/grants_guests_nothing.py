"""PC165: a statement on the role of guests that gives them nothing."""

from collections.abc import Iterator, Sequence

from permcheck.model import Finding, IdentityPool
from permcheck.rule import Example, Held, Rule, Session, View
from permcheck.rules._examples import allow, role
from permcheck.rules.invoke._pool_examples import app, guest, taking
from permcheck.rules.invoke._pools import by_role, cut, named, path_to, places, said, unsaid

SECRETS = allow("secretsmanager:GetSecretValue")


class GrantsGuestsNothing(Rule):
    """A statement on the role of guests gives them nothing.

    What
        A role that an identity pool hands to guests allows something that Cognito's own limits on guests take away
        whole. An action that AWS does not have at all is told by unknown-action.

    Why it matters
        Something in the app does not work, or was meant for somebody else. And it lies in wait: as soon as the classic
        flow is switched on, or the role is given to signed-in users too, the statement counts.

    How to fix
        Take the statement out, and let a function do what it was for.

    When it is fine
        Where the role is also assumed by others who need it.

    References
        Amazon Cognito Developer Guide, "IAM roles"
    """

    id = "PC165"
    name = "grants-guests-nothing"
    severity = "info"
    confidence = "high"
    since = "0.1"

    bad = (Example(app(guest(SECRETS), guests=True)),)
    good = (
        Example(app(guest(SECRETS), handed={}), "guests are not let in"),
        Example(app(role("shop-user", SECRETS, trusts=taking("authenticated"))), "users have no such limits"),
    )

    def check_pool(self, view: View, pool: IdentityPool) -> Iterator[Finding]:
        """Report the statements of which nothing is left, whatever the flow."""
        for role_arn, sessions in by_role(view.pools.sessions(pool, "guest")).items():
            lost = _lost(view, sessions)
            if not lost:
                continue
            session, who = sessions[0], f"guests of identity pool {named(pool)}"
            yield self.finding(
                f"role {session.entity.name} allows {said(lost)}, which {who} cannot do",
                role_arn,
                places(view, lost, "Cognito's limits on guests leave nothing of it"),
                path=path_to(view, session, "", lost[0].verdict),
                fix=f"take the statement from {session.entity.name}",
                others=[*unsaid(lost)],
            )


def _lost(view: View, sessions: Sequence[Session]) -> list[Held]:
    """What no session of the role is left with; the consoles once granted everybody the calls to Cognito itself."""
    held = [each for session in sessions for each in view.pools.held(session)]
    kept = {each.statement for each in held if not cut(each)}
    return [h for h in view.pools.held(sessions[0]) if h.statement not in kept and h.service not in _OWN]


_OWN = frozenset(("cognito-identity", "cognito-sync"))
