"""PC138: a caller that may assume any role, and finds one that lets it in."""

from collections.abc import Iterator
from itertools import islice

from permcheck.model import Finding, Role, User
from permcheck.rule import Example, Narrowing, Rule, Targets, View
from permcheck.rules._examples import ACCOUNT, account, allow, deny, role, role_arn, table_arn, trust, user, user_arn
from permcheck.rules.invoke._callers import MAY, administers, places, weighed, whom

ACTION = "sts:AssumeRole"
LOOKED_AT = 64  # roles among which the strongest is looked for
OPEN_TO_ACCOUNT = trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
ORDERS = role("orders", allow("dynamodb:Query", table_arn("Orders")), trusts=OPEN_TO_ACCOUNT)


class AssumeAnyRole(Rule):
    """A caller may assume any role that lets it in.

    What
        A role or user may call sts:AssumeRole on *, and at least one role in view lets it in: its trust policy names
        the caller, or leaves the choice to the account.

    Why it matters
        A trust policy that names the whole account counts on the callers' own policies to say who may come in. This
        caller's policy says: to every role. It has the rights of all of them together, and of every role that will be
        made with such a trust policy.

    How to fix
        Name the roles the caller has to assume.

    When it is fine
        Roles whose trust policy keeps the caller out are not counted. A condition such as MFA makes the finding one
        step less severe.

    References
        IAM User Guide, "Granting a user permissions to switch roles" and "How to use trust policies with IAM roles"
    """

    id = "PC138"
    name = "assume-any-role"
    severity = "high"
    confidence = "high"
    since = "0.1"
    concerns = (ACTION,)

    bad = (
        Example(account(ORDERS, user("robin", allow(ACTION))), "a role that leaves it to the account"),
        Example(
            account(
                role("orders", allow("dynamodb:Query", table_arn("Orders")), trusts=trust({"AWS": user_arn("robin")})),
                user("robin", allow("sts:*")),
            ),
            "a role that names the caller",
        ),
    )
    good = (
        Example(account(ORDERS, user("robin", allow(ACTION, role_arn("orders")))), "one role"),
        Example(account(role("orders"), user("robin", allow(ACTION))), "no role lets the caller in"),
        Example(account(ORDERS, user("robin", allow(ACTION), deny(ACTION, role_arn("*")))), "a Deny takes it back"),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever may assume any role, where one in view lets it in."""
        if view.may_any(caller, ACTION) not in MAY or administers(view, caller):
            return
        roles = view.assumable_roles(caller)
        chosen = _strongest(view, caller, roles or roles.open)
        if chosen is None:
            return
        answer = view.decide(caller, ACTION, chosen.arn)
        if not answer.allowed or answer.narrowing is Narrowing.RESOURCE:
            return
        others = (roles or roles.open).but(chosen.arn)
        more = f" and {len(others)} more" if others else ""
        yield self.finding(
            f"{whom(caller)} can assume every role that lets it in: {chosen.name}{more}, of {roles.total} in view",
            caller.arn,
            places(view, [answer], "has its part in it"),
            severity=weighed(self.severity, answer),
            path=(*view.caller_step(caller, ACTION, answer.verdict), *view.role_steps(chosen)),
            conditions=answer.conditions,
            fix=f'name the roles {caller.name} has to assume: "Resource": "{chosen.arn}"',
            witness=answer.witness,
            others=others,
        )


def _strongest(view: View, caller: Role | User, roles: Targets) -> Role | None:
    """The strongest of the roles, the caller itself and AWS's own left aside."""
    found = [role for arn in islice(roles.sure(), LOOKED_AT) if (role := view.role(arn)) is not None]
    others = [role for role in found if role.arn != caller.arn and not role.service_linked]
    return max(others, key=view.strength, default=None)
