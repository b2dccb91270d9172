"""A view made ready for questions: the world of callers, and who is what to whom."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from permcheck.access import Subject, Universe, World, bits, targets
from permcheck.graph.asked import PROBED
from permcheck.graph.entrances import Entrances
from permcheck.graph.flows import holders
from permcheck.graph.in_view import settled
from permcheck.graph.outsiders import INVOKE, Outsider, outsiders
from permcheck.graph.probes import Probes
from permcheck.graph.rights import Rights
from permcheck.graph.shape import shape
from permcheck.graph.trust import LAMBDA, lets_in_service
from permcheck.graph.worths import Strength
from permcheck.model.api import Api, Authorizer, Route
from permcheck.model.facts import Facts
from permcheck.model.function import EventSourceMapping, Function
from permcheck.model.identity import Role
from permcheck.model.policy import Document
from permcheck.model.pool import IdentityPool, PoolRole
from permcheck.model.resource import Resource, Trigger
from permcheck.model.user_pool import UserPool
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of, split

if TYPE_CHECKING:
    from permcheck.graph.entries import Entry
    from permcheck.graph.own_rights import OwnEdit

T = TypeVar("T")


class Scene:
    """Facts with the engine over them and look-ups by ARN. Everything is worked out when first asked for.

    every_way: whether the edges hold also what only a question is about, and what would be no finding: APIs that are
    not in view and that a function's policy lets call it, and functions that an API asks whether to let a caller in.
    """

    def __init__(self, facts: Facts, every_way: bool = False) -> None:
        self.facts = facts
        self.every_way = every_way
        self.world = World(facts, holders(facts))
        self.strengths: dict[int, Strength] = {}
        self.own_edits: dict[int, tuple[OwnEdit, ...]] = {}
        self._shapes: dict[Function, frozenset[str]] = {}
        self._outsiders: dict[tuple[str, str], Sequence[Outsider]] = {}

    @cached_property
    def invocable(self) -> Universe:
        """Functions under every name they can be called by."""
        return targets.invocable(self.facts, self.names)

    @cached_property
    def functions(self) -> Universe:
        """Functions as wholes."""
        return targets.functions(self.facts, self.names)

    @cached_property
    def names(self) -> targets.Names:
        """The items of each function, in their order."""
        return targets.names(self.facts)

    @cached_property
    def urls(self) -> Universe:
        """Function URLs that ask for a signature."""
        return targets.urls(self.facts)

    @cached_property
    def roles(self) -> Universe:
        """Roles with their trust policies."""
        return targets.roles(self.facts)

    @cached_property
    def passable(self) -> Universe:
        """Roles as what iam:PassRole names."""
        return targets.passable(self.facts.roles)

    @cached_property
    def function_by_arn(self) -> Mapping[str, Function]:
        """Functions by unqualified ARN."""
        return {f.arn: f for f in self.facts.functions}

    @cached_property
    def role_by_arn(self) -> Mapping[str, Role]:
        """Roles by ARN."""
        return {r.arn: r for r in self.facts.roles}

    @cached_property
    def functions_of_role(self) -> Mapping[str, Sequence[Function]]:
        """The functions that run as a role, by the role's ARN."""
        found: dict[str, list[Function]] = {}
        for function in self.facts.functions:
            if function.role:
                found.setdefault(function.role, []).append(function)
        return found

    @cached_property
    def resource_by_arn(self) -> Mapping[str, Resource]:
        """Buckets, topics, queues and so on by ARN."""
        return {r.arn: r for r in self.facts.resources}

    @cached_property
    def sessions_of_role(self) -> Mapping[str, Sequence[Subject]]:
        """The sessions that holders outside IAM can take of a role, by the role's ARN."""
        found: dict[str, list[Subject]] = {}
        for session in self.world.sessions:
            found.setdefault(session.arn, []).append(session)
        return found

    @cached_property
    def sessions_of_holder(self) -> Mapping[tuple[str, str], Sequence[Subject]]:
        """The sessions that a holder can take, by its kind and name (a pool's id, a provider)."""
        found: dict[tuple[str, str], list[Subject]] = {}
        for session in self.world.sessions:
            if session.holder is not None:
                found.setdefault((session.holder.kind, session.holder.name), []).append(session)
        return found

    @cached_property
    def pools_of_role(self) -> Mapping[str, Sequence[tuple[IdentityPool, PoolRole]]]:
        """The identity pools that hand out a role, by the role's ARN."""
        found: dict[str, list[tuple[IdentityPool, PoolRole]]] = {}
        for pool in self.facts.pools:
            for handed in pool.roles:
                found.setdefault(handed.role, []).append((pool, handed))
        return found

    @cached_property
    def probes(self) -> Probes:
        """What every subject may do on any resource."""
        return Probes(self.world, self.regions, PROBED)

    @cached_property
    def regions(self) -> dict[str, str]:
        """The Region that most of an account's functions are in, or else that policies speak of, by account."""
        found: dict[str, Counter[str]] = {}
        for function in self.facts.functions:
            arn = split(function.arn)
            if arn is not None:
                found.setdefault(arn.account, Counter())[arn.region] += 1
        without = {s.account for s in self.world.subjects} - found.keys()
        if without:
            spoken_of = _regions_named(self.facts)
            found.update((account, spoken_of) for account in without if spoken_of)
        return {account: max(sorted(seen), key=seen.__getitem__) for account, seen in found.items()}

    @cached_property
    def rights(self) -> Rights:
        """What single callers may do."""
        return Rights(self.world, self.facts.functions)

    @cached_property
    def entrances(self) -> Entrances:
        """API routes and event sources: what stands between a caller and a function."""
        return Entrances(self.facts)

    @cached_property
    def entries(self) -> Mapping[tuple[str, str], Sequence["Entry"]]:
        """Edges that leave no role or user, by the kind and name of the node they leave."""
        from permcheck.graph.entries import entries
        from permcheck.graph.more_ways import more_ways

        found: dict[tuple[str, str], list[Entry]] = {}
        for entry in chain(entries(self), more_ways(self) if self.every_way else ()):
            found.setdefault((entry.start.kind, entry.start.name), []).append(entry)
        return found

    @cached_property
    def called(self) -> int:
        """The functions, as a set, that something outside IAM, or a role that a function runs as, surely has run."""
        ends = {e.target.name for found in self.entries.values() for e in found if e.verdict is Verdict.ALLOWED}
        numbers = bits.of(n for n, item in enumerate(self.functions.items) if item.arn in ends)
        for arn in self.functions_of_role:
            role = self.subject(arn)
            if role is not None:
                numbers |= self.rights.surely(role, self.functions, INVOKE)
        return numbers

    @cached_property
    def routes_to(self) -> Mapping[str, Sequence[tuple[Api, Route]]]:
        """The API routes that lead to a function, by the function's ARN."""
        return self._to_function((route.function, (api, route)) for api in self.facts.apis for route in api.routes)

    @cached_property
    def asked_by(self) -> Mapping[str, Sequence[tuple[Api, Authorizer]]]:
        """The APIs that ask a function whether to let a caller in, by the function's ARN."""
        return self._to_function((a.function or "", (api, a)) for api in self.facts.apis for a in api.authorizers)

    @cached_property
    def triggers_of(self) -> Mapping[str, Sequence[tuple[Resource, Trigger]]]:
        """What sends a function events by itself, by the function's ARN; what is switched off is left out."""
        return self._to_function(
            (trigger.function, (resource, trigger))
            for resource in (*self.facts.resources, *map(_as_resource, self.facts.user_pools))
            for trigger in resource.triggers
            if trigger.enabled
        )

    @cached_property
    def mappings_of(self) -> Mapping[str, Sequence[EventSourceMapping]]:
        """The event source mappings of a function, by the function's ARN; what is switched off is left out."""
        return self._to_function((m.function_arn, m) for m in self.facts.mappings if m.enabled)

    def _to_function(self, found: Iterable[tuple[str, T]]) -> Mapping[str, Sequence[T]]:
        grouped: dict[str, list[T]] = {}
        for called, entry in found:
            function = self.function_of_item(called)
            if function is not None:
                grouped.setdefault(function.arn, []).append(entry)
        return grouped

    def outsiders(self, function: Function, action: str = INVOKE) -> Sequence[Outsider]:
        """Callers outside the function's account whom its policies admit, those in view if their own side does too."""
        key = (function.arn, action)
        found = self._outsiders.get(key)
        if found is None:
            found = self._outsiders[key] = tuple(settled(self.world, outsiders(function, action)))
        return found

    def shape(self, function: Function) -> frozenset[str]:
        """What the function's policies hold, at a glance."""
        found = self._shapes.get(function)
        if found is None:
            found = self._shapes[function] = shape(function)
        return found

    def subject(self, arn: str) -> Subject | None:
        """The caller with this ARN."""
        return self.world.by_arn.get(arn)

    def executes_as(self, function: Function) -> Subject | None:
        """The execution role as a caller, None where it is not in view or shut to Lambda."""
        return self.world.by_arn.get(function.role) if function.role and function.role not in self.shut_roles else None

    def function_of_item(self, arn: str) -> Function | None:
        """The function an item belongs to, whatever its qualifier."""
        found = self.function_by_arn.get(arn)
        return found if found is not None else self.function_by_arn.get(arn.rsplit(":", 1)[0])

    @cached_property
    def owners(self) -> Sequence[Function | None]:
        """The functions that the items of ``invocable`` belong to, by number."""
        return [self.function_of_item(item.arn) for item in self.invocable.items]

    @cached_property
    def lambda_roles(self) -> frozenset[str]:
        """ARNs of the roles whose trust policies let Lambda assume them: a function may run as each."""
        return self.roles_for(LAMBDA)

    @cached_property
    def shut_roles(self) -> frozenset[str]:
        """ARNs of the roles whose trust policies are in view and keep Lambda out: no function runs as one of them.

        Lambda Developer Guide, "Defining Lambda function permissions with an execution role".
        """
        told = (r.arn for r in self.facts.roles if r.trust is not None and r.trust.document is not None)
        return frozenset(told) - self.lambda_roles

    def roles_for(self, service: str) -> frozenset[str]:
        """ARNs of the roles whose trust policies let a service assume them."""
        known: dict[Document, bool] = {}
        found = []
        for role in self.facts.roles:
            document = role.trust.document if role.trust is not None else None
            if document is not None and not role.service_linked:
                if document not in known:
                    known[document] = lets_in_service(document, service)
                if known[document]:
                    found.append(role.arn)
        return frozenset(found)

    def execution_roles(self) -> Iterator[Subject]:
        """Every role in view that a function runs as, and every other one that is made for it: trusted to Lambda."""
        for arn in dict.fromkeys((*self.functions_of_role, *sorted(self.lambda_roles))):
            if (subject := self.subject(arn)) is not None:
                yield subject


def _regions_named(facts: Facts) -> Counter[str]:
    """The Regions that the policies' resources name, for accounts without a function in view."""
    resources = (r for p in facts.policies for s in p.statements for r in s.resources or ())
    named = (r.split(":", 4)[3] for r in resources if r.count(":") >= 5)
    return Counter(region for region in named if region and not region.strip("abcdefghijklmnopqrstuvwxyz-0123456789"))


def _as_resource(pool: UserPool) -> Resource:
    """A user pool as what it is to functions: an event source."""
    triggers = tuple(Trigger(function, pool.source, pool.pointer) for _, function in pool.triggers)
    return Resource(pool.arn, "cognito-idp", pool.source, pool.pointer, account_of(pool.arn), triggers=triggers)
