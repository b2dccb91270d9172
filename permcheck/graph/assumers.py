"""Who in view may assume which role: somebody to begin a path with."""

from collections.abc import Mapping

from permcheck.access import bits
from permcheck.graph.scene import Scene
from permcheck.graph.strength import Strength, strength
from permcheck.model.identity import Role, User


def assumers(scene: Scene) -> Mapping[str, Role | User]:
    """For each role that somebody in view surely may assume, one who may, by the role's ARN.

    Users go before roles. Whoever may give itself everything anyhow is left out: that it can assume a role is no news.
    """
    found: dict[str, Role | User] = {}
    may_be = scene.rights.movers(((scene.roles, "sts:AssumeRole", True),), scene.world.subjects)
    for subject in sorted(may_be, key=lambda s: s.caller.role != ""):
        may = scene.rights.surely(subject, scene.roles, "sts:AssumeRole", explicit=True)
        if may and strength(scene, subject) < Strength.IAM_WRITE:
            for number in bits.members(may):
                arn = scene.roles.items[number].arn
                if arn != subject.arn:
                    found.setdefault(arn, subject.entity)
    return found
