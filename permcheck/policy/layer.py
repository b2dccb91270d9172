"""What one layer of policies says of one request, read three ways."""

from collections.abc import Iterator, Sequence
from enum import IntEnum

from permcheck.model.policy import Effect, Policy, PolicyKind
from permcheck.policy.caller import Grant
from permcheck.policy.condition import NO, YES, Match
from permcheck.policy.matching import Applied, apply, ready_for
from permcheck.policy.request import Request

Grants = tuple[Grant, ...]


class Reading(IntEnum):
    """The same yes-or-no three ways, each implying the one before it. min is "and", max is "or"."""

    NO = 0
    POSSIBLE = 1  # might be, if policies that could not be read said so
    CONDITIONAL = 2  # is, if open conditions are met
    SURE = 3


class Layer:
    """The statements of one layer (or one SCP level) that apply, and its policies without text.

    allowing, denying: the statements by effect. doubtful: statements of which AWS does not say whether they govern the
    request. reading: whether the layer allows.
    """

    __slots__ = ("allowing", "applied", "denying", "doubtful", "kind", "reading", "unread")

    def __init__(
        self,
        kind: PolicyKind,
        applied: Sequence[Applied] = (),
        unread: Sequence[Policy] = (),
        doubtful: Sequence[Applied] = (),
    ) -> None:
        self.kind = kind
        self.applied = applied
        self.unread = unread
        self.doubtful = doubtful
        denying: list[Applied] = []
        best = NO
        for each in applied:
            if each.statement.effect is Effect.DENY:
                denying.append(each)
            elif each.match > best:
                best = each.match
        self.denying = denying
        self.allowing = [a for a in applied if a.statement.is_allow] if denying else applied
        self.reading = Reading.SURE if best is YES else self._reading(best, ())

    @property
    def silent(self) -> bool:
        """Whether nothing in it bears on the request."""
        return not (self.applied or self.unread or self.doubtful)

    def allow(self, *grants: Grant) -> Reading:
        """Whether the layer allows; with grants, only by statements worth one of them."""
        best = NO
        for applied in self.granting(grants):
            if applied.match > best:
                best = applied.match
        return self._reading(best, grants)

    def _reading(self, best: Match, grants: Grants) -> Reading:
        if best is not NO:
            return Reading.SURE if best is YES else Reading.CONDITIONAL
        if self.unread or (self.doubtful and any(self._perhaps(grants))):
            return Reading.POSSIBLE
        return Reading.NO

    def granting(self, grants: Grants) -> Sequence[Applied]:
        """The Allow statements; with grants, only those worth one of them."""
        return [a for a in self.allowing if a.grant in grants] if grants else self.allowing

    def _perhaps(self, grants: Grants) -> Iterator[Applied]:
        return (a for a in self.doubtful if a.statement.is_allow and (not grants or a.grant in grants))


def layer_of(kind: PolicyKind, policies: Sequence[Policy], request: Request, bounded: bool = False) -> Layer:
    """What these policies say of the request. bounded: whether the caller has a permissions boundary."""
    applied: list[Applied] = []
    unread: list[Policy] = []
    for policy in policies:
        if policy.document is None:
            unread.append(policy)
        else:
            for ready in ready_for(policy.document, request.action, policy.kind):
                applied += apply(policy, ready, request, bounded)
    return Layer(kind, applied, unread) if applied or unread else SILENT[kind]


SILENT = {kind: Layer(kind) for kind in PolicyKind}
