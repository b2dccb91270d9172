"""PC115: a function policy, or a role's trust policy, names a role or user that is gone."""

from collections.abc import Iterable

from permcheck.model import Finding, Function, Role, User
from permcheck.rule import Example, Reason, Rule, View, traits
from permcheck.rules._examples import account, role, trust, user_arn
from permcheck.rules.invoke._coming_in import named, qualified, revoke
from permcheck.rules.invoke._grants import captured, grant

_GONE = "AROAEXAMPLE7GONE2LONG"


class GrantToDeletedPrincipal(Rule):
    """A function policy or trust policy names a deleted role or user.

    What
        Reports an Allow in the policy of a function, or in the trust policy of a role, that names an id such as AROA…
        or AIDA… in place of an ARN. IAM keeps principals by their ids and shows the id once the role or user is
        deleted. A new one of the same name has another id, so the grant lets nobody in.

    Why it matters
        It does nothing, and whoever reads the policy has to find that out each time. It also shows that access was
        not taken away when the principal was.

    How to fix
        Remove the statement, or name the role that has taken the old one's place.

    When it is fine
        Never for long.

    References
        IAM User Guide, "AWS JSON policy elements: Principal"
        IAM User Guide, "IAM identifiers"
    """

    id = "PC115"
    name = "grant-to-deleted-principal"
    severity = "low"
    concerns = (traits.GONE,)
    bad = (
        Example(captured(grant({"AWS": _GONE}))),
        Example(account(role("ops", trusts=trust({"AWS": [user_arn("lee"), _GONE]}))), "whom a role lets assume it"),
    )
    good = (
        Example(captured(grant({"AWS": "arn:aws:iam::111122223333:role/shop"}))),
        Example(account(role("ops", trusts=trust({"AWS": user_arn("lee")})))),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterable[Finding]:
        """Report what the trust policy of a role has of this."""
        trust_policy = caller.trust if isinstance(caller, Role) else None
        for statement in trust_policy.statements if trust_policy is not None else ():
            names = statement.principals.aws if statement.principals is not None and statement.is_allow else ()
            gone = [n for n in names if traits.unique_id(n)]
            if trust_policy is not None and gone:
                yield self.finding(
                    f"role {caller.name} lets {', '.join(gone)} assume it, which no longer exists",
                    caller.arn,
                    [view.place(trust_policy, statement, "the id of a deleted role or user", "/Principal")],
                    fix=f"Take {' and '.join(gone)} out of Principal in the trust policy of {caller.name}.",
                )

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        for qualifier in function.qualifiers:
            policy = qualifier.policy
            for statement in policy.statements if policy is not None else ():
                names = statement.principals.aws if statement.principals is not None else ()
                gone = [n for n in names if traits.unique_id(n)]
                if policy is not None and statement.is_allow and gone:
                    rest = len(names) - len(gone)
                    yield self.finding(
                        f"{named(function, qualifier.name)} has a grant to {', '.join(gone)}, which no longer exists",
                        qualified(function, qualifier.name),
                        [view.place(policy, statement, "the id of a deleted role or user", "/Principal")],
                        fix=f"Take {' and '.join(gone)} out of Principal."
                        if rest
                        else revoke(function, qualifier.name, [Reason(policy, statement)]) + ".",
                    )
