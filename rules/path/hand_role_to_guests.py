"""PC314: a caller that may hand a stronger role to an identity pool."""

from collections.abc import Iterator
from itertools import islice

from permcheck.model import Finding, IdentityPool, PathStep, Role, User, Verdict
from permcheck.rule import Answer, Example, Narrowing, Rule, Strength, View
from permcheck.rules._examples import allow, deny, role, role_arn, trust, user_arn
from permcheck.rules.invoke._pool_examples import app, guest, taking
from permcheck.rules.path._creating import PASS
from permcheck.rules.path._steps import (
    WORTH,
    Caller,
    acts_as,
    conditions,
    deploys,
    entry,
    limited,
    once,
    places,
    reached,
    shifted,
    start,
    verdict,
    whom,
)

SET = "cognito-identity:SetIdentityPoolRoles"
TO_POOLS = {"iam:passedtoservice": ("cognito-identity.amazonaws.com",)}
LOOKED_AT = 16  # roles that take a pool's tokens
SUPPORT = trust({"AWS": user_arn("sam")})
BACKUP = role("backup", allow("dynamodb:GetItem"), trusts=taking("unauthenticated"))
BOTH = (allow(SET), allow(PASS, role_arn("backup")))


class HandRoleToGuests(Rule):
    """A caller may hand a stronger role to an identity pool.

    What
        A role or user may choose which roles an identity pool hands out (cognito-identity:SetIdentityPoolRoles), pass
        it a role that is stronger than itself (iam:PassRole), and that role's trust policy takes the tokens of the
        pool's guests, or of users when anybody can sign up. The pool does not hand it to them yet.

    Why it matters
        One call later everybody has the role who asks the pool for it, the caller among them, without a trace of the
        caller in any policy.

    How to fix
        Name the roles that the app's pools hand out in the statement for iam:PassRole; let a role's trust policy take
        the tokens of the pool it is for and of no other.

    When it is fine
        For the pipeline: name its role under deploy_roles in permcheck.toml, and the finding is listed as explained.

    References
        Amazon Cognito Federated Identities API Reference, "SetIdentityPoolRoles"
        IAM User Guide, "Grant a user permissions to pass a role to an AWS service"
    """

    id = "PC314"
    name = "hand-role-to-guests"
    severity = "critical"
    confidence = "high"
    since = "0.1"
    concerns = (SET,)

    bad = (
        Example(
            app(guest(), BACKUP, role("support", *BOTH, trusts=SUPPORT), guests=True),
            "a role that takes the pool's guests, and is handed to nobody: high",
            {"ignore": ["PC151"]},
        ),
    )
    good = (
        Example(
            app(guest(), BACKUP, role("support", *BOTH, deny(PASS), trusts=SUPPORT), guests=True),
            "a Deny takes it back",
            {"ignore": ["PC151"]},
        ),
        Example(
            app(
                guest(),
                role("backup", allow("secretsmanager:GetSecretValue"), trusts=taking("unauthenticated")),
                role("support", *BOTH, trusts=SUPPORT),
                guests=True,
            ),
            "what Cognito puts over guests leaves nothing of it",
            {"ignore": ["PC151"]},
        ),
        Example(
            app(
                guest(),
                role("backup", allow("dynamodb:GetItem"), trusts=SUPPORT),
                role("support", *BOTH, trusts=SUPPORT),
                guests=True,
            ),
            "the role takes no token of the pool",
            {"ignore": ["PC151"]},
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever can hand a pool a role that is stronger than its own."""
        if not view.facts.pools or not view.names(caller, PASS) or not view.names(caller, SET):
            return
        if view.strength(caller) >= Strength.IAM_WRITE or (isinstance(caller, Role) and caller.service_linked):
            return
        setting = view.decide(caller, SET, "*")
        if not setting.allowed or setting.narrowing is Narrowing.RESOURCE:
            return
        for role_, pool, taken, who in islice(_takers(view, caller), LOOKED_AT):
            passing = view.decide(caller, PASS, role_.arn, TO_POOLS)
            if passing.allowed and passing.narrowing is not Narrowing.RESOURCE:
                yield self._report(view, caller, role_, pool, (setting, passing), taken, who)
                return

    def _report(
        self,
        view: View,
        caller: Caller,
        role_: Role,
        pool: IdentityPool,
        answers: tuple[Answer, ...],
        taken: Answer,
        who: str,
    ) -> Finding:
        kind = "guest" if who == "guests" else "signed_in"
        severity = WORTH[view.strength(role_)]
        return self.finding(
            f"{whom(caller)} can have identity pool {pool.name or pool.id} hand {role_.name} to {who}, "
            f"and so {acts_as(view, role_)}",
            caller.arn,
            once(
                (
                    *places(view, answers, "allows handing out the role"),
                    *places(view, [taken], f"takes the tokens of the pool's {who}"),
                    *reached(view, role_),
                    *entry(view, caller),
                )
            ),
            severity=shifted(severity, -1) if limited(answers) else severity,
            path=(
                *start(view, caller, SET, verdict(answers)),
                PathStep(kind, pool.id, None, "takes by the enhanced flow", Verdict.ALLOWED),
                *view.role_steps(role_),
            ),
            conditions=conditions(answers),
            fix=f"name the roles that {caller.name} has to pass, and not {role_.name}, in its statement for {PASS}",
            witness=answers[1].witness,
            explained=deploys(view, caller),
        )


def _takers(view: View, caller: Caller) -> Iterator[tuple[Role, IdentityPool, Answer, str]]:
    """Roles stronger than the caller that take tokens of a pool which does not hand them out, with what lets them."""
    stronger = [r for r in view.pools.trusting if view.strength(r) > max(view.strength(caller), Strength.SOME)]
    for role_ in sorted(stronger, key=lambda r: -view.strength(r)):
        for pool in view.facts.pools:
            handed = {h.kind for p, h in view.holders(role_.arn) if p is pool}
            for who, as_guest in (("guests", True), ("whoever signs up", False)):
                if ("guest" if as_guest else "signed_in") not in handed and _counts(view, role_, pool, as_guest):
                    taken = view.pools.takes(role_, pool.id, as_guest)
                    if taken.verdict is Verdict.ALLOWED:
                        yield role_, pool, taken, who


def _counts(view: View, role_: Role, pool: IdentityPool, as_guest: bool) -> bool:
    """Whether anybody could be such a person of the pool, and the role would give them something."""
    if as_guest:
        return bool(pool.guests) and view.ways.as_guest(role_, pool) >= Strength.ALL_DATA
    return any(login.strangers for login in view.pools.logins(pool))
