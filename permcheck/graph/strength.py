"""How strong a principal is: what the loss of it would mean."""

from collections.abc import Iterator
from functools import lru_cache

from permcheck.access import Subject
from permcheck.graph.asked import ALL_DATA, EVERYTHING, IAM_WRITE
from permcheck.graph.own_rights import OwnEdit, own_edits
from permcheck.graph.scene import Scene
from permcheck.graph.worths import Strength as Strength
from permcheck.model.policy import Policy
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
    edits = own_edits(scene, subject)
    found = (e for e in edits if e.worth >= Strength.IAM_WRITE and e.decision.verdict is level) if edits else iter(())
    return next(found, None)


def strength(scene: Scene, subject: Subject) -> Strength:
    """The strongest thing the subject surely may do. Worked out once for each subject."""
    found = scene.strengths.get(subject.number)
    if found is None:
        found = scene.strengths[subject.number] = _strength(scene, subject)
    return found


def _strength(scene: Scene, subject: Subject) -> Strength:
    probes = scene.probes
    sure = probes.held(subject)[1]
    if sure and probes.mask(subject, EVERYTHING) & ~sure == 0:
        return Strength.ADMINISTRATOR
    if (sure and sure & probes.mask(subject, IAM_WRITE)) or edits_itself(scene, subject, Verdict.ALLOWED):
        return Strength.IAM_WRITE
    if sure and sure & probes.mask(subject, ALL_DATA):
        return Strength.ALL_DATA
    return Strength.SOME if any(_grants_something(policy) for policy in subject.policies) else Strength.NOTHING


def _grants_something(policy: Policy) -> bool:
    """Whether an Allow of the policy is worth something."""
    for statement in policy.statements:
        if statement.is_allow and (statement.actions is None or any(map(counts, statement.actions))):
            return True
    return False


@lru_cache(maxsize=1 << 12)
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
