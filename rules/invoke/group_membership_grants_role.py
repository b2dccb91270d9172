"""PC162: a caller that may put users into a group whose role is stronger than itself."""

from collections.abc import Iterator

from permcheck.model import Finding, IdentityPool, PathStep, Role, User, UserPool, UserPoolGroup, Verdict
from permcheck.rule import Answer, Example, Narrowing, Rule, Session, Strength, View
from permcheck.rules._examples import allow, table_arn, trust, user_arn, worker
from permcheck.rules._examples import role as made
from permcheck.rules.invoke._callers import Caller, passed_over, places, weighed, whom
from permcheck.rules.invoke._callers import shifted as lowered
from permcheck.rules.invoke._pool_examples import USERS_ARN, app, by_token, groups, user, users
from permcheck.rules.invoke._pools import MAY, named

ADD = "cognito-idp:AdminAddUserToGroup"
ADMINS = user(allow("dynamodb:*", table_arn("Orders")), name="shop-admins")
STAFF = trust({"AWS": user_arn("sam")})


def _app(who: dict[str, object], **more: object) -> dict[str, object]:
    people = {"users": users(sign_up=False), "groups": groups(admins="shop-admins")}
    return app(user(), ADMINS, who, mappings=by_token(), **people, **more)  # type: ignore[arg-type]


class GroupMembershipGrantsRole(Rule):
    """A caller may put users into a group whose role is stronger than itself.

    What
        A group of a user pool carries a role that an identity pool hands to its members, and a role or user may add
        members (cognito-idp:AdminAddUserToGroup). The group's role reaches what the caller does not.

    Why it matters
        Whoever can add a user to the group has the group's role a minute later: it adds a user of its own, signs in,
        and asks the identity pool for credentials. The policy of the caller names a user pool and nothing else, and
        reads like user management.

    How to fix
        Grant AdminAddUserToGroup to those alone who may have what the groups have, or give the groups no role.

    When it is fine
        For the people who administer the app. A function that does it for them, such as the AdminQueries function of
        Amplify, checks its caller in its code, which permcheck does not read: there the finding is medium, with medium
        confidence.

    References
        Amazon Cognito Developer Guide, "Adding groups to a user pool" and "Using role-based access control"
    """

    id = "PC162"
    name = "group-membership-grants-role"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = (ADD,)

    bad = (
        Example(_app(made("support", allow(ADD, USERS_ARN), trusts=STAFF)), "support may make anybody admin"),
        Example(
            _app(worker("queries-role", allow(ADD, USERS_ARN)), functions={"admin-queries": "queries-role"}),
            "a function may: medium",
        ),
    )
    good = (
        Example(
            _app(made("support", allow("cognito-idp:AdminGetUser", USERS_ARN), trusts=STAFF)), "support only reads"
        ),
        Example(
            app(
                user(),
                ADMINS,
                made("support", allow(ADD, USERS_ARN), trusts=STAFF),
                users=users(sign_up=False),
                groups=groups(admins="shop-admins"),
            ),
            "no identity pool hands out the groups' roles",
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever may add members to a group that gives more than it has."""
        if not view.facts.user_pools or not view.names(caller, ADD) or passed_over(view, caller):
            return
        own = view.strength(caller)
        for people in (each for each in view.facts.user_pools if any(group.role for group in each.groups)):
            answer = view.decide(caller, ADD, people.arn)
            if own >= Strength.IAM_WRITE or not answer.allowed or answer.narrowing is Narrowing.RESOURCE:
                continue
            gained = max(_roles(view, people), key=lambda each: view.strength(each[2]), default=None)
            if gained is not None and _gains(view, caller, own, gained[2]):
                yield self._report(view, caller, people, answer, *gained)
                return

    def _report(
        self,
        view: View,
        caller: Caller,
        people: UserPool,
        answer: Answer,
        group: UserPoolGroup,
        pool: IdentityPool,
        session: Session,
    ) -> Finding:
        function = next(iter(view.functions_of(caller.arn)), None)
        name = session.entity.name
        role = view.role(session.arn)
        start = view.caller_step(caller, ADD, answer.verdict)
        return self.finding(
            f"{whom(caller)} can add anybody to the group {group.name} of {people.name or people.id}, and identity "
            f"pool {named(pool)} hands its members role {name}",
            caller.arn,
            [
                *places(view, [answer], "may add members"),
                view.at(group.source, group.pointer, f"members get {name}", people.arn),
            ],
            severity=lowered(weighed(self.severity, answer), -1 if function else 0),
            confidence="medium" if function else None,
            path=[
                *start,
                PathStep("signed_in", pool.id, None, "takes by the enhanced flow", Verdict.CONDITIONAL),
                *(view.role_steps(role) if role is not None else ()),
            ],
            conditions=answer.conditions,
            fix=f"take {ADD} from {caller.name}, or the role from the group {group.name}",
            witness=answer.witness,
        )


def _roles(view: View, people: UserPool) -> Iterator[tuple[UserPoolGroup, IdentityPool, Session]]:
    """The groups whose roles an identity pool hands to their members."""
    by_role = {group.role: group for group in people.groups if group.role}
    for pool in view.facts.pools if by_role else ():
        for session in view.pools.sessions(pool, "signed_in"):
            holder = session.holder
            if (
                holder is not None
                and session.arn in by_role
                and any(n["key"] == "cognito:groups" for n in holder.needs)
            ):
                yield by_role[session.arn], pool, session


def _gains(view: View, caller: Caller, own: Strength, session: Session) -> bool:
    """Whether the role gives the caller anything: more of everything, or some single thing it may not do itself."""
    theirs = view.strength(session)
    if theirs is not Strength.SOME or own > Strength.SOME:
        return theirs > own
    held = (h for h in view.pools.held(session) if h.verdict in MAY)
    return any(not view.decide(caller, h.action, h.resource).allowed for h in held)
