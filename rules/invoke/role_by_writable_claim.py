"""PC160: what a user writes about itself decides over its rights."""

from collections.abc import Iterator

from permcheck.model import Finding, IdentityPool, PathStep, Statement, Verdict
from permcheck.rule import Example, Rule, Session, Strength, View
from permcheck.rules._examples import allow, role, table_arn
from permcheck.rules.invoke._pool_examples import CLIENT, ISSUER, POOL, app, by_rules, client, taking, user, users
from permcheck.rules.invoke._pools import MAY, handed_at, named

CLAIM = "custom:role"
TENANTS = {
    "IdentityPoolId": POOL,
    "IdentityProviderName": f"{ISSUER}:{CLIENT}",
    "UseDefaults": False,
    "PrincipalTags": {"tenant": "custom:tenant"},
}
TAGGING = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]
BY_TENANT = allow("dynamodb:GetItem", table_arn("${aws:PrincipalTag/tenant}"))
WRITTEN = users(sign_up=False, attributes={"custom:role": True, "custom:tenant": True})
FIX = "take {} out of the WriteAttributes of every client of {}, or map a claim that only administrators set"


class RoleByWritableClaim(Rule):
    """What a user writes about itself decides over its rights.

    What
        An identity pool chooses a role by a claim of the user's token, or makes a principal tag of one, and the user
        can write that claim: it is an attribute that a client of the user pool may write, and that can be changed or
        is given when signing up.

    Why it matters
        UpdateUserAttributes needs no more than the user's own access token. So each user gives itself the role, or
        reads what belongs to another tenant. A tag may hold a star, and in Resource and StringLike the star keeps its
        meaning: one user then reaches all tenants.

    How to fix
        Leave the attribute out of the client's WriteAttributes, or make it immutable and let administrators create
        users. Groups are better still: users cannot join them by themselves.

    When it is fine
        Where the roles and tags that can be had this way give nobody more than another. A function that runs before
        tokens are made may write another value: then nothing is reported.

    References
        Amazon Cognito Developer Guide, "Using role-based access control" and "Using attributes for access control"
    """

    id = "PC160"
    name = "role-by-writable-claim"
    severity = "critical"
    confidence = "high"
    since = "0.1"

    bad = (
        Example(
            app(
                user(),
                user(allow("dynamodb:*", table_arn("Orders")), name="shop-admin"),
                mappings=by_rules(CLAIM, "admin", "shop-admin"),
                users=WRITTEN,
                client=client("email", CLAIM),
            ),
            "each user may call itself admin",
        ),
        Example(
            app(
                role("shop-user", BY_TENANT, trusts=taking("authenticated", Action=TAGGING)),
                users=WRITTEN,
                client=client("custom:tenant"),
                tags=TENANTS,
            ),
            "each user may call itself any tenant: high",
        ),
    )
    good = (
        Example(
            app(
                user(),
                user(allow("dynamodb:*", table_arn("Orders")), name="shop-admin"),
                mappings=by_rules(CLAIM, "admin", "shop-admin"),
                users=WRITTEN,
                client=client("email"),
            ),
            "only administrators write it",
        ),
        Example(
            app(
                role("shop-user", BY_TENANT, trusts=taking("authenticated", Action=TAGGING)),
                users=WRITTEN,
                client=client("email"),
                tags=TENANTS,
            ),
            "only administrators set the tenant",
        ),
    )

    def check_pool(self, view: View, pool: IdentityPool) -> Iterator[Finding]:
        """Report each role, and each tag that a role goes by, that a user can give itself."""
        sessions = {(s.arn, s.holder.login): s for s in view.pools.sessions(pool, "signed_in") if s.holder is not None}
        for login in view.pools.logins(pool) if pool.mappings else ():
            people = login.user_pool
            for choice in view.pools.choices(pool, login):
                session = sessions.get((choice.role, login.name))
                if choice.claim and people is not None and session is not None:
                    yield self._by_rule(view, pool, session, choice.claim, people.name or people.id)
        for session in sessions.values():
            yield from self._by_tag(view, pool, session)

    def _by_rule(self, view: View, pool: IdentityPool, session: Session, claim: str, people: str) -> Finding:
        name = session.entity.name
        nothing = view.strength(session) is Strength.NOTHING
        steps = list(view.caller_step(session, "", Verdict.ALLOWED))
        first = PathStep(steps[0].kind, steps[0].name, None, f"writes {claim} and is handed", Verdict.ALLOWED)
        role_steps = view.role_steps(found) if (found := view.role(session.arn)) is not None else ()
        return self.finding(
            f"a user of identity pool {named(pool)} gets role {name} by writing {claim} itself",
            session.arn,
            list(handed_at(view, pool, session.arn, "signed_in")),
            severity="low" if nothing else self.severity,
            path=[first, *role_steps],
            fix=FIX.format(claim, people),
        )

    def _by_tag(self, view: View, pool: IdentityPool, session: Session) -> Iterator[Finding]:
        free = session.holder.free if session.holder is not None else {}
        for key, claim in free.items():
            held = [h for h in view.pools.held(session) if h.verdict in MAY and _reads(h.statement, key)]
            if not held:
                continue
            answer = view.pools.answer(held[0])
            tag = key.partition("/")[2]
            steps = list(view.caller_step(session, held[0].action, answer.verdict))
            yield self.finding(
                f"a user of identity pool {named(pool)} writes {claim} itself, and with it the tag {tag} that scopes "
                f"what role {session.entity.name} may do",
                session.arn,
                [view.place(h.policy, h.statement, f"goes by the tag {tag}") for h in held],
                severity="high",
                path=[*steps, PathStep("target", f"{held[0].service} of any {tag}")],
                conditions=answer.conditions,
                fix=FIX.format(claim, "the user pool"),
                witness=answer.witness,
            )


def _reads(statement: Statement, key: str) -> bool:
    """Whether the statement goes by the tag, as a condition or as a variable."""
    texts = [*(statement.resources or ()), *(v for c in statement.conditions for v in c.values)]
    named_by_key = any(c.key.lower() == key for c in statement.conditions)
    return named_by_key or any("${" + key in text.lower() for text in texts)
