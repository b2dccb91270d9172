"""Who is handed a role by an identity pool, and whether the request survives what the flow puts on top.

Cognito Developer Guide, "IAM roles" and "Identity pools authentication flow": a guest of the enhanced flow is held
under two session policies; the classic flow and signed-in users are not.
"""

from collections.abc import Iterator
from functools import lru_cache

from permcheck.access import Item, Subject
from permcheck.data import cognito_guest
from permcheck.graph.scene import Scene
from permcheck.model.answer import HeldBy
from permcheck.model.policy import Policy, PolicyKind
from permcheck.model.verdict import Verdict
from permcheck.policy.parse import parse_document
from permcheck.policy.request import Policies


@lru_cache(maxsize=64)
def guest_ceiling(region: str | None) -> Policies:
    """The session policies of an enhanced-flow guest in this Region."""
    documents = cognito_guest.session_policies(region)
    return Policies(
        session=tuple(
            Policy(PolicyKind.SESSION, f"guest session policy {i}", "", "", parse_document(dict(document)))
            for i, document in enumerate(documents)
        )
    )


def held_by(scene: Scene, subject: Subject, action: str, item: Item, verdict: Verdict) -> Iterator[HeldBy]:
    """Everybody a pool hands this role to, with the verdict that holds for them."""
    for pool, handed in scene.pools_of_role.get(subject.arn, ()):
        if handed.kind == "guest":
            if pool.guests is False:
                continue
            region = pool.id.partition(":")[0]
            under = scene.world.decide(subject, action, item, session=guest_ceiling(region)).verdict
            yield HeldBy("guest", pool.id, "enhanced", under)
        else:
            yield HeldBy("signed_in", pool.id, "enhanced", verdict)
        if pool.classic_flow and not pool.has_role_mappings:
            yield HeldBy(handed.kind, pool.id, "classic", verdict)
