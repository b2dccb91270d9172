"""Who is handed a role by an identity pool, and whether the request survives what the flow puts on top."""

from collections.abc import Iterator

from permcheck.access import Item, Subject
from permcheck.graph.scene import Scene
from permcheck.model.answer import HeldBy
from permcheck.model.verdict import Verdict

_WEAKEST = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.DENIED)


def held_by(scene: Scene, subject: Subject, action: str, item: Item) -> Iterator[HeldBy]:
    """Everybody a pool hands this role to, with the verdict that holds for them: of taking the role and of the request.

    Users who come by several logins of a pool are told once, with the best verdict.
    """
    best: dict[tuple[str, str, str], Verdict] = {}
    for session in scene.sessions_of_role.get(subject.arn, ()):
        holder = session.holder
        if holder is not None and holder.kind in ("guest", "signed_in"):
            under = scene.world.decide(session, action, item).verdict
            verdict, key = max(holder.verdict, under, key=_WEAKEST.index), (holder.kind, holder.name, holder.flow)
            best[key] = min(verdict, best.get(key, Verdict.DENIED), key=_WEAKEST.index)
    yield from (HeldBy(*key, verdict) for key, verdict in best.items())
