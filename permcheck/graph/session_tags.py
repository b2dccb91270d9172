"""Tags that an identity pool puts on the sessions of its users, from claims of their tokens.

Cognito Developer Guide, "Using attributes for access control" and "Default provider mappings". A claim that the user
writes makes a tag whose value the user chooses; ``*`` in it keeps its meaning in Resource and StringLike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from permcheck.access.context import TAG
from permcheck.graph.logins import Login, writes
from permcheck.model.pool import IdentityPool, TagMap

# What the default mapping is answered as.
_DEFAULTS: Mapping[str, str] = {"username": "sub", "client": "aud"}


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a session. known: key → value, lower case, over those of the role. chosen: keys that may differ.

    free: keys whose value the user decides, with the claim.
    """

    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()
    free: Mapping[str, str] = field(default_factory=dict)


def tag_map(pool: IdentityPool, login: Login) -> TagMap | None:
    """Which claims become tags for users of this login; None where the input does not tell."""
    by_provider = {each.provider: each for each in pool.tag_maps}
    return by_provider.get(login.key) or by_provider.get(login.name)


def tags_of(login: Login, mapped: TagMap) -> Tags:
    """The tags of a session of such a user.

    A tag from a claim is open: it may be missing, or hold anything. One that the user writes is taken to be ``*``,
    which suits it wherever wildcards count, and may be anything else.
    """
    claims = mapped.tags or (_DEFAULTS if mapped.defaults else {})
    known: dict[str, tuple[str, ...]] = {}
    chosen: list[str] = []
    free: dict[str, str] = {}
    for name, claim in claims.items():
        key = TAG + name.lower()
        value = login.claims.get(claim)
        if value is not None:
            known[key] = (value,)
            continue
        chosen.append(key)
        if writes(login, claim):
            known[key] = ("*",)
            free[key] = claim
    return Tags(known, tuple(chosen), free)
