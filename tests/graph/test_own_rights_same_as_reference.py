"""What somebody is worth is what the reference says of every action: first looks on the way pass nothing by."""

from hypothesis import HealthCheck, given, settings

from permcheck.access import Item, Subject
from permcheck.access.subject import Holder
from permcheck.data import escalation
from permcheck.graph.asked import ALL_DATA, EVERYTHING, IAM_WRITE
from permcheck.graph.own_rights import speaks_of_edits, worth_with
from permcheck.graph.scene import Scene
from permcheck.graph.strength import Strength
from permcheck.model import Facts, Verdict
from tests.access.accounts import accounts

FREELY = settings(
    max_examples=100,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def worth(scene: Scene, subject: Subject) -> Strength:
    """The same, each action asked of the reference."""

    def may(action: str) -> bool:
        return scene.world.decide(subject, action, scene.probes.item(subject, action)).verdict is Verdict.ALLOWED

    if all(map(may, EVERYTHING)):
        return Strength.ADMINISTRATOR
    if any(map(may, IAM_WRITE)):
        return Strength.IAM_WRITE
    return Strength.ALL_DATA if any(map(may, ALL_DATA)) else Strength.SOME


@FREELY
@given(accounts())
def test_worth_of_everybody(drawn: tuple[Facts, list[Holder]]) -> None:
    scene = Scene(drawn[0])
    for subject in scene.world.everybody:
        assert worth_with(scene, subject) is worth(scene, subject)


@FREELY
@given(accounts())
def test_whoever_may_edit_rights_is_not_passed_by(drawn: tuple[Facts, list[Holder]]) -> None:
    scene = Scene(drawn[0])
    edits = [edit.action for edit in escalation.iam_edits() if edit.gives in ("rights", "limits")]
    for subject in scene.world.everybody:
        decided = [scene.world.decide(subject, action, Item(subject.arn)).verdict for action in edits]
        if Verdict.ALLOWED in decided or Verdict.CONDITIONAL in decided:
            assert speaks_of_edits(scene, subject)
