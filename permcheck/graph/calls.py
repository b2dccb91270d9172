"""Calls that a service makes to a function for something in view: a route of an API, or an event source.

Lambda asks the function's own policy alone about a service; a call made with a role is that role's (Lambda Developer
Guide, "Granting other AWS entities access to your Lambda functions").
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import product

from permcheck.access import Item
from permcheck.access.context import API_CALL, SERVICE_CLOSED, item_keys
from permcheck.access.targets import names_of
from permcheck.access.world import request_of
from permcheck.data import service_principals
from permcheck.frozen import dataclass
from permcheck.graph.api_routes import route_arn
from permcheck.graph.outsiders import INVOKE
from permcheck.graph.places import because
from permcheck.graph.scene import Scene
from permcheck.graph.witness import witness
from permcheck.model.answer import Because, JsonObject
from permcheck.model.api import Api, Authorizer, Route
from permcheck.model.function import Function
from permcheck.model.location import Location
from permcheck.model.resource import Resource, Trigger
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of, split
from permcheck.policy.caller import Caller, CallerKind
from permcheck.policy.context import Context
from permcheck.policy.evaluate import evaluate
from permcheck.policy.request import Decision, Policies, Request
from permcheck.policy.residue import instance
from permcheck.policy.wildcard import glob

SUREST_FIRST = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.DENIED)
API_GATEWAY = "apigateway.amazonaws.com"
NOT_DEPLOYED = "implicit:api"
# With this in place of a role API Gateway calls with the credentials of its own caller ("PutIntegration", credentials).
CALLERS_OWN = "arn:aws:iam::*:user/*"
NOBODYS_OWN = "implicit:identity_policy"
# These never call in their own name; where their role is not told, nothing is known of the call.
ALWAYS_BY_ROLE = frozenset(("states", "scheduler", "pipes"))
NOBODY = "000000000000"  # stands in for an account that no input tells


@dataclass(frozen=True, slots=True)
class Call:
    """One such call. source: ARN of the route or event source. called: the function's ARN as it is called.

    place: where the call is set up. asked: the request and the policies that decide it, None where it is made with a
    role that is not in view. taken: for a call made with a role, whether the role lets the service in.
    """

    source: str
    called: str
    place: Because
    decision: Decision
    asked: tuple[Request, Policies] | None = None
    taken: Decision | None = None

    @property
    def verdict(self) -> Verdict:
        """Whether the call gets through."""
        if self.taken is None:
            return self.decision.verdict
        return max(self.taken.verdict, self.decision.verdict, key=SUREST_FIRST.index)

    @property
    def denied_by(self) -> str | None:
        """The layer that stops the call, None where nothing does."""
        return (self.taken.denied_by if self.taken is not None else None) or self.decision.denied_by

    @property
    def because(self) -> tuple[Because, ...]:
        """Where the call is set up, and the statements that decide it."""
        taken = because(self.taken.because) if self.taken is not None else ()
        return (self.place, *taken, *because(self.decision.because))

    @property
    def witness(self) -> JsonObject | None:
        """One request that is allowed."""
        return witness(*self.asked, self.decision) if self.asked is not None else None


@lru_cache(maxsize=1 << 12)
def caller_of(source: str) -> str:
    """The service that calls a function for the resource with this ARN."""
    services = service_principals.known()
    found = next((s for s in services if any(glob(p)(source) for p in s.source_patterns)), None)
    arn = split(source)
    if found is None and arn is not None:
        same = f":{arn.service}:"
        found = next((s for s in services if any(same in p for p in s.source_patterns)), None)
    if found is not None:
        return found.principal
    return f"{arn.service}.amazonaws.com" if arn is not None else ""


def route_call(scene: Scene, api: Api, route: Route) -> Call | None:
    """The call of an API's route, None where it leads to no function in view."""
    function = scene.function_of_item(route.function)
    if function is None:
        return None
    source = route_arn(api, route)
    place = Because(Location(route.source, route.pointer, source), "Allow")
    item = item_called(function, route.function)
    if api.stages == ():
        return Call(source, item.arn, place, Decision(Verdict.DENIED, NOT_DEPLOYED))
    if route.credentials == CALLERS_OWN:
        # Whoever gets through could as well invoke the function.
        return Call(source, item.arn, place, Decision(Verdict.DENIED, NOBODYS_OWN))
    if route.credentials is not None:
        return _with_role(scene, route.credentials, item, source, place, _known(api.account))
    return _surest(item, API_GATEWAY, _spelled(api, route, item), _known(api.account), source, place)


def authorizer_call(scene: Scene, api: Api, authorizer: Authorizer) -> Call | None:
    """The call by which an API asks a function whether to let a caller in, None where it asks none in view."""
    function = scene.function_of_item(authorizer.function or "")
    if function is None or authorizer.function is None:
        return None
    source = f"{api.arn}/authorizers/{authorizer.id}"
    place = Because(Location(authorizer.source, authorizer.pointer, source), "Allow")
    item = item_called(function, authorizer.function)
    if authorizer.credentials is not None:
        return _with_role(scene, authorizer.credentials, item, source, place, _known(api.account))
    told = (f"{head}/authorizers/{authorizer.id}" for head in _heads(api, item))
    return _surest(item, API_GATEWAY, told, _known(api.account), source, place)


def trigger_call(scene: Scene, resource: Resource, trigger: Trigger) -> Call | None:
    """The call of an event source in view, None where it leads to no function in view."""
    function = scene.function_of_item(trigger.function)
    if function is None:
        return None
    place = Because(Location(trigger.source, trigger.pointer, resource.arn), "Allow")
    item = item_called(function, trigger.function)
    account = resource.account or account_of(resource.arn)
    if trigger.credentials is not None:
        return _with_role(scene, trigger.credentials, item, resource.arn, place, account)
    if resource.service in ALWAYS_BY_ROLE:
        return Call(resource.arn, item.arn, place, Decision(Verdict.UNKNOWN))
    return _surest(item, caller_of(resource.arn), (_told(resource.arn),), account, resource.arn, place)


def item_called(function: Function, called: str) -> Item:
    """The function under the name that is called, which may be an alias or version that nothing else tells of."""
    items = list(names_of(function))
    found = next((i for i in items if i.arn == called), None)
    return found or Item(called, doubtful=items[0].policies, known=item_keys(called)[0], all_tags=items[0].all_tags)


def service_request(
    item: Item, service: str, source_arn: str, account: str, action: str = INVOKE
) -> tuple[Request, Policies]:
    """A service's call for a resource of this ARN and account; empty = not told, so open."""
    known: dict[str, tuple[str, ...]] = {
        **API_CALL,
        "aws:principalisawsservice": ("true",),
        "aws:principalservicename": (service,),
        "aws:principalarn": (),
        "aws:principalorgid": (),
        "aws:principalorgpaths": (),
    }
    if source_arn:
        known["aws:sourcearn"] = (source_arn,)
    if account:
        known["aws:sourceaccount"] = (account,)
    context = Context(known, complete=False, closed=SERVICE_CLOSED).merged(dict(item.known), item.closed)
    request = Request(Caller(CallerKind.SERVICE, service), action, item.arn, context, item.owner)
    return request, Policies(resource=item.policies, doubtful=item.doubtful)


def notification(item: Item, action: str, source: str, account: str) -> Decision:
    """Whether another resource's policy lets the service behind a source send there."""
    arn = split(source)
    service = "cloudwatch.amazonaws.com" if arn is not None and arn.service == "cloudwatch" else caller_of(source)
    tried = (service_request(item, name, _told(source), account, action) for name in _names(item, service, source))
    return min((evaluate(*asked) for asked in tried), key=lambda d: SUREST_FIRST.index(d.verdict))


def _surest(item: Item, service: str, told: Iterable[str], account: str, source: str, place: Because) -> Call:
    """The call as the function's policy spells its service and source, where there is more than one way to do so."""
    calls = (_call(item, name, arn, account, source, place) for arn in told for name in _names(item, service, source))
    return min(calls, key=lambda call: SUREST_FIRST.index(call.verdict))


def _call(item: Item, name: str, arn: str, account: str, source: str, place: Because) -> Call:
    """One call. Where AWS does not say that the service tells the account, it may leave it out."""
    asked = service_request(item, name, arn, account)
    call = Call(source, item.arn, place, evaluate(*asked), asked)
    row = service_principals.find(name)
    if call.verdict is Verdict.DENIED or not account or (row is not None and row.source_account):
        return call
    without = service_request(item, name, arn, "")
    left = Call(source, item.arn, place, evaluate(*without), without)
    absent = Request(
        without[0].caller,
        without[0].action,
        without[0].resource,
        without[0].context.with_known({"aws:sourceaccount": ()}),
        item.owner,
    )
    return call if evaluate(absent, without[1]).verdict is call.verdict else left


def _names(item: Item, service: str, source: str) -> Iterator[str]:
    """The service's name, and its other forms (with a Region, or of China) that the item's policies use.

    A service that calls from a Region that must be opted in to has that Region in its name (IAM User Guide, "AWS JSON
    policy elements: Principal"); older grants to CloudWatch Logs name the Region both are in.
    """
    yield service
    for statement in (s for policy in (*item.policies, *item.doubtful) for s in policy.statements):
        for name in statement.principals.service if statement.principals is not None else ():
            known = service_principals.find(name)
            fits = known is not None and known.principal == service != name
            if fits and any(_of_region(name, service, arn) for arn in (item.arn, source)):
                yield name


def _of_region(name: str, service: str, arn: str) -> bool:
    """Whether a form of a service's name is meant for the Region of an ARN: it names that one, or none."""
    parts = split(arn)
    regional = name.removesuffix(".cn").count(".") > service.count(".")
    return not regional or (parts is not None and f".{parts.region}." in name)


def _with_role(scene: Scene, arn: str, item: Item, source: str, place: Because, account: str) -> Call:
    role = scene.subject(arn)
    if role is None:
        return Call(source, item.arn, place, Decision(Verdict.UNKNOWN))
    asked = request_of(role, INVOKE, item)
    return Call(source, item.arn, place, evaluate(*asked), asked, taken_by(scene, arn, source, account))


def taken_by(scene: Scene, arn: str, source: str, account: str) -> Decision:
    """Whether a role's trust policy lets in the service that acts for a source.

    Which ARN a service tells a role as its source differs (Scheduler tells the schedule group): where the source's own
    does not do, it is left open.
    """
    role, parts = scene.role_by_arn.get(arn), split(source)
    if role is None or role.trust is None or parts is None:
        return Decision(Verdict.UNKNOWN)
    stem = "apigateway" if parts.service == "execute-api" else parts.service
    item = Item(arn, policies=(role.trust,))
    found = Decision(Verdict.DENIED)
    for name in (f"{stem}.amazonaws.com", f"{stem}.{parts.region}.amazonaws.com", f"{stem}.amazonaws.com.cn"):
        for told in (source, ""):
            found = evaluate(*service_request(item, name, told, account, "sts:AssumeRole"))
            if found.verdict is not Verdict.DENIED:
                return found
    return found


def _told(arn: str) -> str:
    """The ARN a service gives as aws:SourceArn: that of a log group goes on to its streams."""
    return f"{arn}:*" if ":log-group:" in arn and not arn.endswith(":*") else arn


def _spelled(api: Api, route: Route, item: Item) -> Iterator[str]:
    """Ways API Gateway may spell the source: stages, and the method behind ANY, that no input tells, as grants ask."""
    method = "*" if route.method == "ANY" else route.method
    asked = [arn.resource.split("/") for p in source_patterns(item) if (arn := split(p)) is not None]
    stages = api.stages if api.stages is not None else ("prod", *(a[1] for a in asked if len(a) > 1))
    methods = ["x", *(a[2] for a in asked if len(a) > 2)] if method == "*" else [method]
    for head in _heads(api, item):
        for stage, verb in product(dict.fromkeys(stages), dict.fromkeys(methods)):
            parts = (stage, verb, route.path.removeprefix("/")) if method else (stage, route.path)
            yield instance("/".join((head, *parts)))


def _heads(api: Api, item: Item) -> Iterator[str]:
    """The ARN of the API; what no input tells of it, as the grants for it have it."""
    account = _known(api.account)
    yield f"arn:{api.partition}:execute-api:{api.region}:{account}:{api.id}"
    for pattern in source_patterns(item) if not (api.region and account) else ():
        arn = split(pattern)
        if arn is not None and arn.resource.partition("/")[0] == api.id:
            where = f"{api.region or arn.region}:{account or arn.account}"
            yield instance(f"arn:{api.partition}:execute-api:{where}:{api.id}")


def _known(account: str) -> str:
    return "" if account == NOBODY else account


def source_patterns(item: Item) -> Iterator[str]:
    """Every value that an Allow of the item's policies asks of aws:SourceArn, each once."""
    found: Mapping[str, None] = dict.fromkeys(
        value
        for policy in (*item.policies, *item.doubtful)
        for statement in policy.statements
        if statement.is_allow
        for condition in statement.conditions
        if condition.key.lower() == "aws:sourcearn"
        for value in condition.values
    )
    yield from found
