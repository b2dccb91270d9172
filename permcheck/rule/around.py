"""What a rule may ask about what stands around functions: APIs, event sources, mappings, and what calls with a role."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from permcheck.access import Item, Subject, bits
from permcheck.access.context import item_keys
from permcheck.access.targets import names_of
from permcheck.frozen import dataclass
from permcheck.graph.anything import item_named
from permcheck.graph.api_routes import route_arn, unsigned_requests
from permcheck.graph.calls import NOT_DEPLOYED, Call, authorizer_call, caller_of, route_call, trigger_call
from permcheck.graph.candidates import candidates
from permcheck.graph.destinations import sendings
from permcheck.graph.event_sources import EventSource, source_name
from permcheck.graph.from_outside import FromOutside
from permcheck.graph.log_group import log_stream, not_granted
from permcheck.graph.missing_sources import OPERATIONS, not_there
from permcheck.graph.nodes import Node
from permcheck.graph.openings import unsigned
from permcheck.graph.outsiders import INVOKE, Outsider, admitted, keeps_nobody_out
from permcheck.graph.places import conditions
from permcheck.graph.poller_needs import known_source
from permcheck.graph.pollers import needs_asked, runs_as
from permcheck.graph.scene import Scene
from permcheck.graph.source_entries import writers
from permcheck.graph.trust import asks_source
from permcheck.model.answer import JsonObject
from permcheck.model.api import Api, Route
from permcheck.model.function import EventSourceMapping, Function
from permcheck.model.identity import Role
from permcheck.model.location import Location
from permcheck.model.resource import Resource, Trigger
from permcheck.model.user_pool import UserPool
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of
from permcheck.policy.evaluate import evaluate
from permcheck.policy.request import Decision
from permcheck.rule.answer import Answer

_MAY = (Verdict.ALLOWED, Verdict.CONDITIONAL)
USE_LAYER = "lambda:GetLayerVersion"
# Each lets a caller become somebody else in a user pool, or somebody more.
POOL_ADMINISTRATION = (
    "cognito-idp:AdminAddUserToGroup",
    "cognito-idp:AdminSetUserPassword",
    "cognito-idp:AdminUpdateUserAttributes",
    "cognito-idp:AdminCreateUser",
    "cognito-idp:CreateGroup",
    "cognito-idp:UpdateGroup",
    "cognito-idp:UpdateUserPool",
    "cognito-idp:UpdateUserPoolClient",
)


@dataclass(frozen=True, slots=True)
class RouteIn:
    """A route of an API that leads to a function. passing: whether anyone gets through it without credentials.

    call: what the API then does. A key that the route asks for makes passing conditional, without a condition to show.
    """

    api: Api
    route: Route
    function: Function
    passing: Decision
    call: Call

    @property
    def arn(self) -> str:
        """The execute-api ARN of the route, at any stage."""
        return route_arn(self.api, self.route)

    @property
    def name(self) -> str:
        """The route as a person calls it: ``GET /orders``, ``$connect``."""
        return f"{self.route.method} {self.route.path}".strip()

    @property
    def qualifier(self) -> str:
        """The version or alias that is called."""
        return self.call.called.removeprefix(self.function.arn).lstrip(":")

    @property
    def limited(self) -> bool:
        """Whether conditions keep some people out: those on what a caller chooses, or on every address, do not."""
        if self.passing.verdict is Verdict.ALLOWED:
            return False
        asked = unsigned_requests(self.api, self.route)
        return not any(keeps_nobody_out(*gate, evaluate(*gate)) for gate in asked)

    @property
    def conditions(self) -> tuple[JsonObject, ...]:
        """What must hold for anyone to get to the function."""
        return (*conditions(self.passing), *conditions(self.call.decision))


@dataclass(frozen=True, slots=True)
class Stopped:
    """Something that is set up to call a function, and whose call AWS refuses.

    by: what calls, for people. service: the principal it calls as; role: the role it calls with, None where it calls in
    its own name. taken: whether that role lets the service in. instead: names of the function that the role may call.
    """

    by: str
    service: str
    function: Function
    call: Call
    role: Role | None = None
    instead: tuple[str, ...] = ()

    @property
    def taken(self) -> bool:
        """Whether the role lets the service in; True where there is no role."""
        return self.call.taken is None or self.call.taken.verdict is not Verdict.DENIED


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something that a function's role should be able to do for the function to get or to hand on events.

    what: in words; of: ARN or name of the source or destination. actions: those that are missing, firm ones first.
    firm: whether it stands still without them.
    """

    function: Function
    role: Subject
    what: str
    of: str
    actions: tuple[str, ...]
    location: Location
    firm: bool = True


@dataclass(frozen=True, slots=True)
class WrittenBy:
    """An outsider that may write to an event source, and the functions that are set off by it."""

    source: EventSource
    outsider: Outsider
    functions: tuple[tuple[Function, Verdict], ...]


class Around:
    """The questions about what stands around functions, of one run."""

    def __init__(self, scene: Scene, answer: Callable[[Subject, str, Item], Answer]) -> None:
        self._scene = scene
        self._answer = answer
        self._edges = FromOutside(scene)

    @cached_property
    def routes(self) -> Sequence[RouteIn]:
        """Every route in view that leads to a function, open or not, working or not."""
        found = []
        for api in self._scene.facts.apis:
            for route in api.routes:
                function, call = self._scene.function_of_item(route.function), route_call(self._scene, api, route)
                if function is not None and call is not None:
                    found.append(RouteIn(api, route, function, unsigned(api, route), call))
        return found

    def routes_for(self, session: Subject) -> Iterator[tuple[RouteIn, Answer]]:
        """The routes that ask for a signature and that the session may call, each with the surest answer."""
        entrances = self._scene.entrances
        universe = entrances.routes
        may = self._scene.world.access_of(session, universe, "")
        best: dict[str, int] = {}
        for number in bits.members(may.possible & ~may.unread):
            for node in entrances.nodes_of(universe.items[number]):
                if node not in best or may.sure >> number & ~may.sure >> best[node] & 1:
                    best[node] = number
        for entry in self.routes:
            if entry.arn in best:
                item = universe.items[best[entry.arn]]
                yield entry, self._answer(session, item.action, item)

    def written(self) -> Iterator[WrittenBy]:
        """Event sources that their own policies let outsiders write to, where that sets off a function."""
        for source in self._scene.entrances.sources.values():
            if source.policy is not None:
                functions = tuple(self._set_off(source.name))
                for outsider in writers(self._scene, source) if functions else ():
                    yield WrittenBy(source, outsider, functions)

    def _set_off(self, name: str) -> Iterator[tuple[Function, Verdict]]:
        """The functions behind a source, also those behind what it sends on to."""
        seen, queue = {name}, [(name, Verdict.ALLOWED)]
        while queue:
            name, so_far = queue.pop(0)
            for entry in self._edges.onward(Node("event_source", name)):
                verdict = entry.verdict if so_far is Verdict.ALLOWED else so_far
                if entry.verdict not in _MAY or entry.target.name in seen:
                    continue
                seen.add(entry.target.name)
                function = self._scene.function_by_arn.get(entry.target.name)
                if function is not None:
                    yield function, verdict
                elif entry.target.kind == "event_source":
                    queue.append((entry.target.name, verdict))

    def lacking(self) -> Iterator[Lacking]:
        """What functions' roles lack for their event source mappings, destinations and dead-letter queues to work."""
        scene = self._scene
        for mapping in scene.facts.mappings:
            function = scene.function_of_item(mapping.function_arn)
            role = runs_as(scene, function, mapping.function_arn) if function is not None and mapping.enabled else None
            if function is not None and role is not None and known_source(mapping):
                yield from self._polled(function, role, mapping)
        for sent in sendings(scene):
            missing = tuple(action for action, verdict in sent.needs if verdict is Verdict.DENIED)
            if sent.role is not None and missing:
                yield Lacking(sent.function, sent.role, sent.edge, sent.to, missing, sent.location)

    def _polled(self, function: Function, role: Subject, mapping: EventSourceMapping) -> Iterator[Lacking]:
        missing = [need for need, verdict in needs_asked(self._scene, role, mapping) if verdict is Verdict.DENIED]
        if missing:
            place = Location(mapping.source, mapping.pointer, function.arn)
            actions = tuple(n.action for n in sorted(missing, key=lambda n: not n.firm))
            firm = any(need.firm for need in missing)
            yield Lacking(function, role, "is fed from", source_name(mapping), actions, place, firm)

    def stopped(self) -> Iterator[Stopped]:
        """Triggers, routes and authorizers that are set up to call a function and may not."""
        scene = self._scene
        for resource in scene.facts.resources:
            for trigger in resource.triggers:
                call = trigger_call(scene, resource, trigger) if trigger.enabled else None
                yield from self._stopped(call, _called(resource.arn), trigger.credentials)
        for pool in scene.facts.user_pools:
            as_source = Resource(pool.arn, "cognito-idp", pool.source, pool.pointer, account_of(pool.arn))
            for name, called in pool.triggers:
                call = trigger_call(scene, as_source, Trigger(called, pool.source, pool.pointer))
                yield from self._stopped(call, f"{name} of user pool {pool.name or pool.id}", None)
        for entry in self.routes:
            by = f"{entry.name} of API {entry.api.name or entry.api.id}"
            yield from self._stopped(entry.call, by, entry.route.credentials)
        for api in scene.facts.apis:
            for authorizer in api.authorizers:
                call = authorizer_call(scene, api, authorizer)
                by = f"authorizer {authorizer.name or authorizer.id} of API {api.name or api.id}"
                yield from self._stopped(call, by, authorizer.credentials)

    def _stopped(self, call: Call | None, by: str, credentials: str | None) -> Iterator[Stopped]:
        if call is None or call.verdict is not Verdict.DENIED or call.decision.denied_by == NOT_DEPLOYED:
            return
        function = self._scene.function_of_item(call.called)
        role = self._scene.role_by_arn.get(credentials) if credentials else None
        if function is None or (credentials and role is None):
            return
        instead = tuple(self._callable(role, function)) if role is not None else ()
        yield Stopped(by, caller_of(call.source), function, call, role, instead)

    def _callable(self, role: Role, function: Function) -> Iterator[str]:
        subject = self._scene.subject(role.arn)
        for item in names_of(function):
            if subject is not None and self._scene.world.decide(subject, INVOKE, item).verdict in _MAY:
                yield item.arn

    def pool_triggers(self) -> Iterator[tuple[UserPool, str, Function, Verdict]]:
        """Functions that user pools call, by the name of the trigger, where the call gets through."""
        for pool in self._scene.facts.user_pools:
            edges = self._edges.onward(Node("event_source", pool.arn)) if pool.triggers else ()
            may = {entry.called: entry.verdict for entry in edges if entry.verdict in _MAY}
            for name, called in pool.triggers:
                function = self._scene.function_of_item(called)
                if function is not None and called in may:
                    yield pool, name, function, may[called]

    def logs_refused(self, function: Function) -> tuple[Answer, ...]:
        """The answers for writing the function's own logs, where nothing gives its role what that takes."""
        role = self._scene.executes_as(function)
        missing = not_granted(role, function) if role is not None else ()
        if role is None or not missing:
            return ()
        arn = log_stream(function)
        answers = (self._answer(role, action, item_named(arn, action, role.account)) for action in missing)
        return tuple(answer for answer in answers if answer.verdict is Verdict.DENIED)

    def open_layers(self) -> Iterator[tuple[Resource, Outsider]]:
        """Layer versions in view that their own policy lets others use, and whom."""
        for resource in self._scene.facts.resources:
            if resource.policy is not None and ":layer:" in resource.arn:
                item = Item(resource.arn, USE_LAYER, (resource.policy,), known=item_keys(resource.arn)[0])
                for candidate in candidates(item, USE_LAYER):
                    outsider = admitted(candidate, item, USE_LAYER, "resource_policy", "")
                    if outsider is not None:
                        yield resource, outsider

    def asks_source(self, role: Role) -> bool:
        """Whether the role's trust policy keeps Lambda from taking it for functions of another account."""
        return role.trust is not None and role.trust.document is not None and asks_source(role.trust.document)

    @cached_property
    def sources_listed(self) -> bool:
        """Whether anything that could be missing is listed at all."""
        return any(operation in OPERATIONS for operation, _ in self._scene.facts.listed)

    def not_there(self, arn: str) -> bool:
        """Whether a source that a grant names is surely gone: all of its kind are in view, and it is not."""
        return not_there(self._scene.facts, arn)

    @cached_property
    def roles_of_pool_triggers(self) -> frozenset[str]:
        """ARNs of the roles of functions that user pools are set up to call."""
        called = (function for pool in self._scene.facts.user_pools for _, function in pool.triggers)
        found = (self._scene.function_of_item(arn) for arn in called)
        return frozenset(function.role for function in found if function is not None and function.role)

    @cached_property
    def called_with(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """What services call with a role: its ARN → (what calls, ARN as it is called)."""
        found: dict[str, dict[tuple[str, str], None]] = {}
        for resource in self._scene.facts.resources:
            for trigger in resource.triggers:
                if trigger.credentials:
                    found.setdefault(trigger.credentials, {})[_called(resource.arn), trigger.function] = None
        return {role: tuple(calls) for role, calls in found.items()}


_WORDS = {
    "s3": "bucket",
    "sns": "topic",
    "events": "EventBridge rule",
    "iot": "IoT rule",
    "logs": "log group",
    "cloudwatch": "alarm",
    "states": "state machine",
    "scheduler": "schedule",
    "pipes": "pipe",
    "appsync": "AppSync API",
    "sqs": "queue",
    "kinesis": "stream",
    "dynamodb": "table",
}


def _called(arn: str) -> str:
    """An event source as a person calls it: ``bucket trail-photos``, ``schedule hourly``."""
    parts = arn.split(":", 5)
    word = _WORDS.get(parts[2], parts[2]) if len(parts) > 5 else ""
    last = parts[-1] if word == "log group" else parts[-1].rsplit("/", 1)[-1]
    return f"{word} {last.removeprefix('log-group:').rsplit(':', 1)[-1]}".strip()
