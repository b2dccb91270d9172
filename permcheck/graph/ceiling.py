"""How strong a principal could become: what its permissions boundary and the policies over its account leave."""

from dataclasses import replace

from permcheck.access import Subject
from permcheck.access.world import request_of
from permcheck.graph import cognito
from permcheck.graph.asked import ALL_DATA, EVERYTHING, IAM_WRITE
from permcheck.graph.scene import Scene
from permcheck.graph.strength import Strength
from permcheck.model.policy import Policy, PolicyKind
from permcheck.model.verdict import Verdict
from permcheck.policy.evaluate import evaluate
from permcheck.policy.parse import parse_document

_EVERYTHING = Policy(
    PolicyKind.IDENTITY,
    "whatever it is given",
    "",
    "",
    parse_document({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}),
)


def ceiling(scene: Scene, subject: Subject) -> Strength:
    """The strength it would have with every right its boundary and its account's policies allow."""
    if subject.boundary is None and not subject.scps:
        return Strength.ADMINISTRATOR
    if all(_left(scene, subject, action) for action in EVERYTHING):
        return Strength.ADMINISTRATOR
    if any(_left(scene, subject, action) for action in IAM_WRITE):
        return Strength.IAM_WRITE
    return Strength.ALL_DATA if any(_left(scene, subject, action) for action in ALL_DATA) else Strength.SOME


def as_guest(scene: Scene, subject: Subject, region: str) -> Strength:
    """The strength of a session of the role that an identity pool of this Region gives to guests."""
    session = replace(subject, session=cognito.ceiling(region, True))
    if any(_may(scene, session, action) for action in IAM_WRITE):
        return Strength.IAM_WRITE
    return Strength.ALL_DATA if any(_may(scene, session, action) for action in ALL_DATA) else Strength.SOME


def _may(scene: Scene, subject: Subject, action: str) -> bool:
    return evaluate(*request_of(subject, action, scene.probes.item(subject, action))).verdict is Verdict.ALLOWED


def _left(scene: Scene, subject: Subject, action: str) -> bool:
    request, policies = request_of(subject, action, scene.probes.item(subject, action))
    return evaluate(request, policies._replace(identity=(_EVERYTHING,))).verdict is Verdict.ALLOWED
