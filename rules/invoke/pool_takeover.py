"""PC164: a caller that may let itself in at an identity pool."""

from collections.abc import Iterator

from permcheck.model import Finding, IdentityPool, PathStep, Role, User, Verdict
from permcheck.rule import Answer, Example, Narrowing, Rule, Session, Strength, View
from permcheck.rules._examples import ACCOUNT, REGION, allow, table_arn, trust, user_arn
from permcheck.rules._examples import role as made
from permcheck.rules.invoke._callers import Caller, passed_over, places, weighed, whom
from permcheck.rules.invoke._pool_examples import POOL, USERS_ARN, app, user, users
from permcheck.rules.invoke._pools import MAY, named

OPEN = "cognito-identity:UpdateIdentityPool"
# Actions on a user pool that make a caller one of its users, or anybody it likes.
INTO = {
    "cognito-idp:AdminSetUserPassword": "set the password of any user of",
    "cognito-idp:CreateIdentityProvider": "add a provider of its own to",
}
POOL_ARN = f"arn:aws:cognito-identity:{REGION}:{ACCOUNT}:identitypool/{POOL}"
ORDERS = allow("dynamodb:*", table_arn("Orders"))
LOOKED_AT = 4  # pools, those with the strongest roles first
STAFF = trust({"AWS": user_arn("sam")})
# They ask for these rights to set up the sign-in to their dashboards, and take the role for nothing else (OpenSearch
# Service Developer Guide, "Configuring Amazon Cognito authentication for OpenSearch Dashboards").
DASHBOARDS = frozenset(("es.amazonaws.com", "opensearchservice.amazonaws.com"))


def _app(*statements: dict[str, object]) -> Example:
    support = made("support", *statements, trusts=STAFF)
    return Example(app(user(ORDERS), support, users=users(sign_up=False)))


class PoolTakeover(Rule):
    """A caller may let itself in at an identity pool.

    What
        A role or user may change an identity pool (switch on guests and the classic flow, accept another provider),
        set the passwords of users that the pool accepts, or add a provider to their user pool. The pool's roles reach
        what the caller does not. Handing the pool a role of one's choice, which needs iam:PassRole besides, is told
        with the other ways up.

    Why it matters
        Each of these is a way into the pool's roles that no policy on those roles shows. It reads like user
        management, and gives what the app's users and groups have.

    How to fix
        Grant these actions to those who administer the app, on the pools they administer.

    When it is fine
        For pipelines and administrators of the app; name them under deploy_roles in permcheck.toml. A role that only
        OpenSearch Service takes, to set up the sign-in to its dashboards, is reported as low.

    References
        Amazon Cognito Federated Identities API Reference, "UpdateIdentityPool"
        Amazon Cognito User Pools API Reference, "AdminSetUserPassword" and "CreateIdentityProvider"
    """

    id = "PC164"
    name = "pool-takeover"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = (OPEN, *INTO)

    bad = (_app(allow(OPEN, POOL_ARN)), _app(allow("cognito-idp:AdminSetUserPassword", USERS_ARN)))
    good = (
        _app(allow(["cognito-identity:Describe*", "cognito-idp:List*"])),
        Example(
            app(
                user(),
                made("support", allow("cognito-idp:Admin*", USERS_ARN), trusts=STAFF),
                users=users(sign_up=False),
            ),
            "the pool's role gives nothing",
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever may do one of these to a pool whose roles give more than it has."""
        if not view.facts.pools or not view.names(caller, OPEN, *INTO) or passed_over(view, caller):
            return
        if view.strength(caller) >= Strength.IAM_WRITE or view.is_deploy_role(caller):
            return
        for pool, gained in view.pools.strongest[:LOOKED_AT]:
            way = next((w for w in _ways(view, caller, pool) if _counts(w[0])), None)
            if way is not None and _gains(view, caller, gained):
                yield self._report(view, caller, pool, gained, *way)
                return

    def _report(
        self, view: View, caller: Caller, pool: IdentityPool, gained: Session, answer: Answer, what: str
    ) -> Finding:
        role = view.role(gained.arn)
        return self.finding(
            f"{whom(caller)} can {what}, and so have role {gained.entity.name} of identity pool {named(pool)}",
            caller.arn,
            places(view, [answer], "lets it into the pool"),
            severity="low" if _for_dashboards(view, caller) else weighed(self.severity, answer),
            path=[
                *view.caller_step(caller, answer.action, answer.verdict),
                PathStep("signed_in", pool.id, None, "takes by the enhanced flow", Verdict.ALLOWED),
                *(view.role_steps(role) if role is not None else ()),
            ],
            conditions=answer.conditions,
            fix=f"take {answer.action} from {caller.name}",
            witness=answer.witness,
        )


def _ways(view: View, caller: Caller, pool: IdentityPool) -> Iterator[tuple[Answer, str]]:
    """The answers for each way in, with the words for it."""
    yield view.decide(caller, OPEN, view.pools.arn(pool)), "open the pool to guests and to the classic flow"
    for login in view.pools.logins(pool):
        if login.user_pool is not None:
            for action, words in INTO.items():
                people = login.user_pool
                yield view.decide(caller, action, people.arn), f"{words} {people.name or people.id}"


def _for_dashboards(view: View, caller: Caller) -> bool:
    """Whether nobody takes the role but OpenSearch Service."""
    comers = {comer.name for comer in view.let_in(caller)} if isinstance(caller, Role) else set()
    return bool(comers) and comers <= DASHBOARDS


def _counts(answer: Answer) -> bool:
    return answer.allowed and answer.narrowing is not Narrowing.RESOURCE


def _gains(view: View, caller: Caller, gained: Session) -> bool:
    """Whether the pool's role may do something that the caller may not."""
    held = (h for h in view.pools.held(gained) if h.verdict in MAY)
    return any(not view.decide(caller, h.action, h.resource).allowed for h in held)
