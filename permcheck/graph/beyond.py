"""Whether one principal may do something with single, named resources that another may not."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice

from permcheck.access import Subject
from permcheck.graph.anything import item_named
from permcheck.graph.prize import concrete
from permcheck.graph.scene import Scene
from permcheck.model.verdict import Verdict
from permcheck.policy.matching import naming

_STATEMENTS = 4


class Example:
    """A request that a role may make by one of its statements, if nothing else of what bears on it says otherwise."""

    def __init__(self, scene: Scene, role: Subject, action: str, arn: str) -> None:
        self.action = action
        self._scene = scene
        self._role = role
        self._item = item_named(arn, action, role.account)

    @cached_property
    def sure(self) -> bool:
        """Whether the role surely may."""
        return self._verdict(self._role) is Verdict.ALLOWED

    def denied_to(self, caller: Subject) -> bool:
        """Whether somebody else may not."""
        return self._verdict(caller) is Verdict.DENIED

    def _verdict(self, subject: Subject) -> Verdict:
        return self._scene.world.decide(subject, self.action, self._item).verdict


def examples(scene: Scene, role: Subject) -> Sequence[Example]:
    """One request for each of the role's first statements that grant something worth having."""
    statements = (s for policy in role.policies for s in policy.statements)
    found = (request for s in statements if (request := concrete(s, role)) is not None)
    return [Example(scene, role, *request) for request in islice(found, _STATEMENTS)]


def beyond(requests: Iterable[Example], caller: Subject) -> bool:
    """Whether the role surely may make one of the requests that the caller may not: those easy to tell come first."""
    spoken_of = []
    for request in requests:
        if _speaks_of(caller, request.action):
            spoken_of.append(request)
        elif request.sure:
            return True
    return any(request.denied_to(caller) and request.sure for request in spoken_of)


def _speaks_of(caller: Subject, action: str) -> bool:
    """Whether a policy of the caller allows the action on anything: else it need not be asked about the resource."""
    return any(p.document is None or any(s.is_allow for s in naming(p.document, action)) for p in caller.policies)
