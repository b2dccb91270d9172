"""PC158: signed-in users of an identity pool may rewrite IAM, or are administrators."""

from collections.abc import Iterator

from permcheck.model import Finding, IdentityPool, PathStep
from permcheck.rule import Example, Rule, Session, Strength, View
from permcheck.rules._examples import allow, function_arn, role
from permcheck.rules.invoke._callers import shifted
from permcheck.rules.invoke._pool_examples import app, taking, user
from permcheck.rules.invoke._pools import MAY, by_role, handed_at, named, path_to, places

IAM = allow(["iam:PutRolePolicy", "iam:AttachRolePolicy"])


class StrongSignedInRole(Rule):
    """Signed-in users of an identity pool may do everything, or give themselves everything.

    What
        A role that a pool hands to its signed-in users is administrator of the account, or may write IAM policies and
        so become administrator. One step less where only administrators of the user pool create users.

    Why it matters
        The role belongs to the users of an app, each with credentials in the hand: on a phone, in a browser's
        storage. One of them, or whoever has one of their passwords, owns the account. Users have no limits of
        Cognito's over them; those are for guests only.

    How to fix
        Give the role the few things the app calls, scoped to each identity where they are each user's own, and put
        functions in front of the rest.

    When it is fine
        Not for an app. People who run the account should sign in by IAM Identity Center.

    References
        Amazon Cognito Developer Guide, "IAM roles"
    """

    id = "PC158"
    name = "strong-signed-in-role"
    severity = "high"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(app(user(IAM)), "may write any policy"),
        Example(
            app(role("shop-user", trusts=taking("authenticated"), managed=["AdministratorAccess"])), "administrator"
        ),
    )
    good = (
        Example(app(user(allow("lambda:InvokeFunction", function_arn("search")))), "one function"),
        Example(app(user(IAM), handed={}), "the pool does not hand it out"),
    )

    def check_pool(self, view: View, pool: IdentityPool) -> Iterator[Finding]:
        """Report each role of users that is as strong as that, and that strangers do not surely have."""
        for role_arn, sessions in by_role(view.pools.sessions(pool, "signed_in")).items():
            strong = [s for s in sessions if view.strength(s) >= Strength.IAM_WRITE]
            if not strong or any(_strangers(s) for s in strong):
                continue
            session = strong[0]
            holder = session.holder
            closed = holder is not None and holder.strangers is False
            unsure = holder is not None and holder.verdict is not MAY[0]
            administrator = view.administrator(session) is MAY[0]
            what = "is administrator" if administrator else "may give itself any rights"
            held = [h for h in view.pools.held(session) if h.verdict in MAY and h.service in ("*", "iam")]
            answer = view.decide_any(session, "iam:PutRolePolicy")
            who = "every signed-in user" if not unsure else "a signed-in user (with the claim or group it takes)"
            yield self.finding(
                f"{who} of identity pool {named(pool)} {what}, as role {session.entity.name}",
                role_arn,
                [*places(view, held, "gives users this"), *handed_at(view, pool, role_arn, "signed_in")],
                severity=shifted(self.severity, -(closed + unsure)),
                path=path_to(view, session, "may reach", MAY[0], PathStep("admin", "everything in the account")),
                fix=f"grant {session.entity.name} what the app calls, and nothing of IAM",
                witness=answer.witness,
            )


def _strangers(session: Session) -> bool:
    """Whether anybody who signs up has the role: that is another finding."""
    return session.holder is not None and session.holder.strangers is True
