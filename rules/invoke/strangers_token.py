"""PC141: a role that anybody with a token of a public identity provider may take."""

from collections.abc import Iterator

from permcheck.model import Finding, PathStep, Role, User
from permcheck.rule import Answer, Example, Openness, Rule, Session, View, severity, traits
from permcheck.rules._examples import Json, account, allow, function_arn, role
from permcheck.rules.invoke._token_examples import GITHUB, GOOGLE, taking

DEPLOYS = allow("lambda:InvokeFunction", function_arn("release"))


def _for_github(**subject: Json) -> Example:
    asked = {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}, **subject}
    return Example(account(role("release", DEPLOYS, trusts=taking(GITHUB, **asked))))


class StrangersToken(Rule):
    """Anybody with a token of a public identity provider may take the role.

    What
        The trust policy of a role lets in an identity provider that serves everybody, such as GitHub, GitLab, Google
        or a user pool at which anybody may sign up, and nothing in it asks whose token it is. Roles that functions may
        run as are another rule's: trust-wider-than-lambda.

    Why it matters
        The provider only vouches that a token is genuine. GitHub gives one to the workflows of every repository, with
        the audience they ask for; so a condition on aud alone keeps nobody out. Whoever has a repository takes the
        role, and invokes or rewrites the functions that the role may.

    How to fix
        Ask for your own organization, project or app: for GitHub by StringLike on
        token.actions.githubusercontent.com:sub with repo:ORGANIZATION/REPOSITORY:*, for Google by StringEquals on
        accounts.google.com:aud with the id of your client. Let administrators create the users of a user pool.

    When it is fine
        For a role that is made for everybody, and reaches what everybody may have.

    References
        IAM User Guide, "Create a role for OpenID Connect federation" and "Available keys for AWS OIDC federation"
    """

    id = "PC141"
    name = "strangers-token"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = (traits.TOKENS,)

    bad = (
        _for_github(),
        _for_github(StringLike={f"{GITHUB}:sub": "repo:*"}),
        Example(account(role("release", DEPLOYS, trusts=taking(GOOGLE))), "every app of every Google account"),
    )
    good = (
        _for_github(StringLike={f"{GITHUB}:sub": "repo:example/shop:*"}),
        _for_github(StringEquals={f"{GITHUB}:repository_owner": "example"}),
        Example(
            account(role("release", DEPLOYS, trusts=taking(GOOGLE, StringEquals={f"{GOOGLE}:aud": "1example2client"}))),
            "one app",
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report each provider by whose tokens strangers take the role."""
        if isinstance(caller, User) or caller.service_linked or view.trusts_lambda(caller):
            return
        for session in view.by_token(caller):
            if session.holder is not None and session.holder.strangers:
                yield self._report(view, caller, session)

    def _report(self, view: View, role: Role, session: Session) -> Finding:
        holder = session.holder
        assert holder is not None
        user_pool = holder.name.startswith("cognito-idp.")
        who = f"anybody who signs up at {holder.name}" if user_pool else f"anybody with a token of {holder.name}"
        openness = Openness.SIGN_UP if user_pool else Openness.EVERYONE
        fix = f"ask for your own tokens in the Condition, by {holder.name}:{'aud' if holder.name == GOOGLE else 'sub'}"
        if user_pool:
            fix = f"let administrators create the users of that pool, or leave {role.name} what anybody may have"
        reasons = [r for r in holder.decision.because if r.statement.is_allow]
        return self.finding(
            f"{who} may take role {role.name}",
            role.arn,
            [view.place(r.policy, r.statement, f"lets {who} in") for r in reasons],
            severity=severity(openness, view.strength(session), holder.verdict),
            path=(PathStep("web_identity", holder.name, None, "takes", holder.verdict), *view.role_steps(role)),
            fix=fix,
            witness=Answer(*holder.asked, holder.decision).witness if holder.asked is not None else None,
        )
