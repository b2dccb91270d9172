"""Tags that an identity pool puts on the sessions of its users, from claims of their tokens.

Cognito Developer Guide, "Using attributes for access control" and "Default provider mappings". A claim that the user
writes makes a tag whose value the user chooses; ``*`` in it keeps its meaning in Resource and StringLike.
"""

from collections.abc import Mapping
from dataclasses import field

from permcheck.access.context import TAG
from permcheck.frozen import dataclass
from permcheck.graph.logins import Login, writes
from permcheck.model.pool import IdentityPool, TagMap

# What the default mapping is answered as.
_DEFAULTS: Mapping[str, str] = {"username": "sub", "client": "aud"}


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of a session, as condition keys in lower case, over those of the role.

    known: their values. opened: keys whose value depends on who it is. free: keys whose value the user decides, with
    the claim.
    """

    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    opened: frozenset[str] = frozenset()
    free: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.known or self.opened)


def tag_map(pool: IdentityPool, login: Login) -> TagMap | None:
    """Which claims become tags for users of this login; None where the input does not tell."""
    by_provider = {each.provider: each for each in pool.tag_maps}
    return by_provider.get(login.key) or by_provider.get(login.name)


def tags_of(login: Login, mapped: TagMap) -> Tags:
    """The tags of a session of such a user.

    A tag from a claim may be missing, or hold anything. One that the user writes is taken to be ``*``, which suits it
    wherever wildcards count, and may be anything else.
    """
    claims = mapped.tags or (_DEFAULTS if mapped.defaults else {})
    same, free = dict[str, tuple[str, ...]](), dict[str, str]()
    for name, claim in claims.items():
        value = login.claims.get(claim)
        if value is not None:
            same[TAG + name.lower()] = (value,)
        elif writes(login, claim):
            free[TAG + name.lower()] = claim
    opened = {TAG + name.lower() for name in claims} - same.keys() - free.keys()
    return Tags({**same, **dict.fromkeys(free, ("*",))}, frozenset(opened), free)
