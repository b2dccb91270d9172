"""Two files of one policy document each: the made-up roles that carry them are named after the files.

Where each side has one such role that the other has not, they are one and the same, so the new one gets the old name.
"""

from dataclasses import replace

from permcheck.model.facts import Facts
from permcheck.model.identity import Role
from permcheck.model.policy import Policy


def paired(old: Facts, new: Facts) -> Facts:
    """The new facts, with a loose role that was renamed called as before."""
    before, after = ({role.arn: role for role in facts.roles if role.loose} for facts in (old, new))
    gone = [role for arn, role in before.items() if arn not in after]
    come = [role for arn, role in after.items() if arn not in before]
    if len(gone) != 1 or len(come) != 1:
        return new
    return _renamed(new, come[0], gone[0])


def _renamed(facts: Facts, role: Role, as_: Role) -> Facts:
    moved: dict[int, Policy] = {}
    for policy in (*role.policies, *((role.trust,) if role.trust else ())):
        moved[id(policy)] = replace(policy, attached_to=as_.arn)
    called = replace(
        role,
        arn=as_.arn,
        name=as_.name,
        policies=tuple(moved[id(policy)] for policy in role.policies),
        trust=moved[id(role.trust)] if role.trust else None,
    )
    return replace(
        facts,
        roles=tuple(sorted((called if each is role else each for each in facts.roles), key=lambda each: each.arn)),
        policies=tuple(moved.get(id(policy), policy) for policy in facts.policies),
    )
