"""Everything one run knows, whatever it was read from."""

from permcheck.frozen import dataclass
from permcheck.model.api import Api
from permcheck.model.function import EventSourceMapping, Function
from permcheck.model.identity import Group, Role, User
from permcheck.model.location import NotRead
from permcheck.model.organization import Organization
from permcheck.model.policy import Policy
from permcheck.model.pool import IdentityPool
from permcheck.model.resource import Resource
from permcheck.model.suppression import Suppression
from permcheck.model.user_pool import UserPool


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The facts of one world: an account, several, or a folder of files.

    Every collection is sorted by ARN (or source and pointer), so that the same facts give the same bytes.
    policies: every policy in view, attached ones and loose ones, for rules about text; a managed one once.
    listed: (operation, scope) of every listing that is in view to its end; the scope is partition, service, Region and
    account with colons where its entries tell them, else empty or what the listing is about.
    assumptions: sentences about kinds of document that left no trace in the input.
    suppressions: what the input itself says of findings that its authors accept.
    declared: whether this is what a template or plan declares, and not what is there already.
    """

    roles: tuple[Role, ...] = ()
    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()
    functions: tuple[Function, ...] = ()
    mappings: tuple[EventSourceMapping, ...] = ()
    pools: tuple[IdentityPool, ...] = ()
    user_pools: tuple[UserPool, ...] = ()
    apis: tuple[Api, ...] = ()
    resources: tuple[Resource, ...] = ()
    organization: Organization | None = None
    policies: tuple[Policy, ...] = ()
    listed: frozenset[tuple[str, str]] = frozenset()
    not_read: tuple[NotRead, ...] = ()
    assumptions: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    declared: bool = False
