"""PC156: a role for signed-in users that guests may take."""

from collections.abc import Iterator

from permcheck.model import Finding, IdentityPool, Role, User
from permcheck.rule import Example, Rule, View, traits
from permcheck.rules._examples import role
from permcheck.rules.invoke._callers import shifted
from permcheck.rules.invoke._pool_examples import COGNITO, app, guest, taking
from permcheck.rules.invoke._pools import MAY, asks_loosely


def _app(amr: str | None, handed: str = "authenticated", **more: object) -> Example:
    files = app(role("shop-role", trusts=taking(amr, **more)), handed={handed: "shop-role"})
    return Example(files)


class PoolRoleOpenToGuests(Rule):
    """A role that is not for guests takes their tokens.

    What
        The trust policy of a role for an identity pool does not ask how somebody signed in: the condition on
        cognito-identity.amazonaws.com:amr is missing, accepts everything, or accepts guests although the pool hands
        the role to signed-in users. Lower where guests are handed the role anyway, or no pool it takes lets guests in.
        A condition that holds where amr is missing (IfExists, ForAllValues) is reported with medium confidence.

    Why it matters
        The pool hands the role to users only, but in the classic flow the client asks STS for it by name, and STS goes
        by the trust policy. Then a guest has what was meant for people with an account, and without the limits that
        Cognito puts on guests.

    How to fix
        Ask for authenticated, by ForAnyValue:StringLike on cognito-identity.amazonaws.com:amr.

    When it is fine
        For the role of guests itself, where the finding is low: a user who takes it has less than before.

    References
        Amazon Cognito Developer Guide, "IAM roles" and "Security best practices for identity pools"
    """

    id = "PC156"
    name = "pool-role-open-to-guests"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = (traits.TOKENS,)

    bad = (
        _app(None),
        _app("unauthenticated"),
        _app("*"),
        Example(
            {k: v for k, v in app(role("shop-role", trusts=taking(None)), handed={}).items() if k != "pool.json"},
            "whether the pool lets guests in is not told: high",
        ),
    )
    good = (
        _app("authenticated"),
        Example({"account.json": app(guest())["account.json"]}, "the role of guests takes nobody else"),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report a role that takes a guest's token without being the role of guests."""
        if isinstance(caller, User) or caller.trust is None or caller.trust.document is None or caller.service_linked:
            return
        document = caller.trust.document
        if not view.pools.may_take_tokens(document):
            return
        named = view.pools.audiences(document)
        if named is None and view.pools.stranger(caller, guest=True).verdict in MAY:
            return  # it takes every pool's tokens: another finding says so
        pools = [p for p in view.facts.pools if named is None or p.id in named]
        ids = sorted(named) if named else [p.id for p in pools]
        answer = next((a for i in ids if (a := view.pools.takes(caller, i, guest=True)).verdict in MAY), None)
        sure = answer is not None
        if answer is None:
            answer = next((a for i in ids if (a := view.pools.takes(caller, i, guest=None)).verdict in MAY), None)
            answer = answer if answer is not None and asks_loosely(answer, ":amr") else None
        if answer is None or view.pools.own_only(None, answer):
            return
        kinds = {handed.kind for _, handed in view.holders(caller.arn)}
        users_too = any(view.pools.takes(caller, i, guest=False).verdict in MAY for i in ids)
        if not users_too and ("signed_in" not in kinds or not sure):
            return
        said = "does not ask how somebody signed in" if users_too else "takes guests, and the pool hands it to users"
        yield self.finding(
            f"role {caller.name} does not keep guests out: its trust policy "
            + (said if sure else "asks how somebody signed in by a condition that a missing amr passes"),
            caller.arn,
            [view.place(r.policy, r.statement, "takes guests' tokens") for r in answer.reasons if r.statement.is_allow],
            severity=shifted(self.severity, -_steps(kinds, pools, ids)),
            confidence=None if sure else "medium",
            path=view.role_steps(caller),
            conditions=answer.conditions,
            fix=f'ask for people who signed in: "ForAnyValue:StringLike": {{"{COGNITO}:amr": "authenticated"}}',
            witness=answer.witness,
        )


def _steps(kinds: set[str], pools: list[IdentityPool], ids: list[str]) -> int:
    """How much less it matters: guests have the role anyway, or there are none."""
    if kinds == {"guest"}:
        return 2
    told = {p.id: p.guests for p in pools}
    return 1 if ids and all(told.get(i) is False for i in ids) else 0
