"""PC166: a role for guests, where no guests are let in."""

from collections.abc import Iterator

from permcheck.model import Finding, IdentityPool, PathStep, Verdict
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import allow, table_arn
from permcheck.rules.invoke._pool_examples import app, guest
from permcheck.rules.invoke._pools import named

ORDERS = allow("dynamodb:Query", table_arn("Orders"))


class DormantGuestRole(Rule):
    """A role waits for guests who are not let in.

    What
        The identity pool lets no guests in, and still has a role for them, which grants something.

    Why it matters
        It takes one switch, on a page of the console or by whoever may call UpdateIdentityPool, and everybody has what
        the role grants. Nobody reviews it, since nobody has it today.

    How to fix
        Take the role off the pool, or its policies off the role.

    When it is fine
        A role that grants nothing is not reported: Amplify attaches one to every pool it makes.

    References
        Amazon Cognito Developer Guide, "Identity pools authentication flow"
    """

    id = "PC166"
    name = "dormant-guest-role"
    severity = "low"
    confidence = "high"
    since = "0.1"

    bad = (Example(app(guest(ORDERS))),)
    good = (
        Example(app(guest()), "the role grants nothing"),
        Example(app(guest(ORDERS), handed={}), "the pool does not have it"),
    )

    def check_pool(self, view: View, pool: IdentityPool) -> Iterator[Finding]:
        """Report the role of guests of a pool that is closed to them."""
        for handed in view.pools.defaults(pool, "guest") if pool.guests is False else ():
            role = view.role(handed.role)
            if role is None or not any(s.is_allow for p in role.policies for s in p.statements):
                continue
            statements = [(p, s) for p in role.policies for s in p.statements if s.is_allow]
            yield self.finding(
                f"identity pool {named(pool)} lets no guests in, and has role {role.name} ready for them",
                role.arn,
                [
                    view.at(handed.source, handed.pointer, "the role that guests would get"),
                    *(view.place(p, s, "and what they could do with it") for p, s in statements),
                ],
                path=[PathStep("guest", pool.id, None, "would be handed", Verdict.DENIED), *view.role_steps(role)],
                fix=f"take {role.name} off the pool",
            )
