"""How strong a principal is: what the loss of it would mean."""

from collections.abc import Iterator

from permcheck.access import Subject
from permcheck.graph.asked import ALL_DATA, EVERYTHING, IAM_WRITE
from permcheck.graph.own_rights import OwnEdit, own_edits
from permcheck.graph.scene import Scene
from permcheck.graph.worths import Strength as Strength
from permcheck.model.verdict import Verdict

_WEAKEST_FIRST = (Verdict.DENIED, Verdict.UNKNOWN, Verdict.CONDITIONAL, Verdict.ALLOWED)

_NOTHING_MUCH = frozenset(("logs", "xray", "cloudwatch"))


def administrator(scene: Scene, subject: Subject) -> Verdict:
    """Whether the subject may do everything (AdministratorAccess) or everything but IAM (PowerUserAccess)."""
    probes = scene.probes
    if not probes.every(subject, EVERYTHING):
        return Verdict.DENIED
    return min((probes.verdict(subject, action) for action in EVERYTHING), key=_WEAKEST_FIRST.index)


def edits_itself(scene: Scene, subject: Subject, level: Verdict) -> OwnEdit | None:
    """The edit of its own rights, or of its own limits, that makes the subject administrator with this certainty."""
    found = (e for e in own_edits(scene, subject) if e.worth >= Strength.IAM_WRITE and e.decision.verdict is level)
    return next(found, None)


def strength(scene: Scene, subject: Subject) -> Strength:
    """The strongest thing the subject surely may do. Worked out once for each subject."""
    found = scene.strengths.get(subject.number)
    if found is None:
        found = scene.strengths[subject.number] = _strength(scene, subject)
    return found


def _strength(scene: Scene, subject: Subject) -> Strength:
    sure = scene.probes.held(subject)[1]
    everything, iam, data = (scene.probes.mask(subject, names) for names in (EVERYTHING, IAM_WRITE, ALL_DATA))
    if sure & everything == everything:
        return Strength.ADMINISTRATOR
    if sure & iam or edits_itself(scene, subject, Verdict.ALLOWED):
        return Strength.IAM_WRITE
    if sure & data:
        return Strength.ALL_DATA
    granted = (s for p in subject.policies for s in p.statements if s.is_allow)
    if any(s.actions is None or any(counts(a) for a in s.actions) for s in granted):
        return Strength.SOME
    return Strength.NOTHING


def counts(action: str) -> bool:
    """Whether being allowed the action (or a pattern of actions) is worth something to an attacker.

    Logs, traces and metrics are not, nor is what Lambda asks of EC2 to join a function to a network.
    """
    service, _, name = action.lower().partition(":")
    if service == "ec2":
        return not (name.startswith("describe") or "networkinterface" in name or "privateipaddresses" in name)
    return service not in _NOTHING_MUCH


def worth_at(scene: Scene, subject: Subject, level: Verdict) -> Iterator[tuple[str, Strength]]:
    """What the subject may do on any resource with exactly this certainty: (name of the target, strength)."""
    probes = scene.probes
    if administrator(scene, subject) is level:
        yield subject.account, Strength.ADMINISTRATOR
    elif any(probes.verdict(subject, a) is level for a in IAM_WRITE) or edits_itself(scene, subject, level):
        yield subject.account, Strength.IAM_WRITE
    for action in ALL_DATA:
        if probes.verdict(subject, action) is level:
            yield f"{action} on everything", Strength.ALL_DATA
