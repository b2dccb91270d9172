"""Which roles a caller may pass, and to which services: a role is of use where its trust policy lets the service in.

IAM User Guide, "Grant a user permissions to pass a role to an AWS service".
"""

from collections.abc import Iterator

from permcheck.access import Subject, bits
from permcheck.access.targets import passable
from permcheck.graph.places import because, conditions
from permcheck.graph.scene import Scene
from permcheck.graph.trust import LAMBDA
from permcheck.model.answer import ReachTarget
from permcheck.model.identity import Role
from permcheck.model.verdict import Verdict

PASS = "iam:PassRole"


def passed(scene: Scene, subject: Subject) -> Iterator[ReachTarget]:
    """The roles it may pass, each with every service that may be given it; Lambda first."""
    if not scene.rights.may_be(subject, scene.passable, PASS):
        return
    trusted = {service for role in scene.facts.roles for service in _services(role)}
    for service in sorted(trusted, key=lambda name: (name != LAMBDA, name)):
        fit = scene.roles_for(service)
        universe = scene.passable if service == LAMBDA else passable(scene.facts.roles, service)
        may = scene.world.access_of(subject, universe, PASS, alone=True)
        for number in bits.members(may.possible):
            item = universe.items[number]
            if item.arn in fit and item.arn != subject.arn:
                decision = scene.world.decide(subject, PASS, item)
                if decision.verdict is not Verdict.DENIED:
                    reasons, open_conditions = because(decision.because), conditions(decision)
                    yield ReachTarget("pass", item.arn, decision.verdict, PASS, reasons, open_conditions, service)


def _services(role: Role) -> Iterator[str]:
    """The services that a trust policy names."""
    if role.service_linked or role.trust is None:
        return
    for statement in role.trust.statements:
        if statement.is_allow and statement.principals is not None:
            yield from statement.principals.service
