"""Routes of APIs as requests name them, and who gets as far as a route.

API Gateway Developer Guide, "Control access to a REST API with API Gateway resource policies", "Control access to an
API with IAM permissions"; an execute-api ARN is API/STAGE/METHOD/PATH, and API/STAGE/ROUTE where a route has no method.
"""

import re
from collections.abc import Iterator, Sequence

from permcheck.access import Item
from permcheck.access.context import item_keys
from permcheck.access.subject import limits_on
from permcheck.graph.candidates import anonymous
from permcheck.graph.outsiders import request_for
from permcheck.graph.policy_arns import MADE_UP, PolicyArns, filled, plain
from permcheck.model.api import Api, Route
from permcheck.model.facts import Facts
from permcheck.policy.arn import split
from permcheck.policy.request import Policies, Request
from permcheck.policy.wildcard import glob, has_wildcard

_VERBS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
_ANY = ("ANY", "*")
_PARAMETER = re.compile(r"\{[^{}]*\}")
INVOKE_API = "execute-api:Invoke"


def route_arn(api: Api, route: Route) -> str:
    """The ARN of a route at any stage: what its node is called."""
    return f"{api.arn}/*/{_name(route, '*' if route.method in _ANY else route.method)}"


def _name(route: Route, verb: str) -> str:
    """A route behind the stage. Routes of WebSocket APIs and ``$default`` have no method."""
    if not route.method:
        return route.path.removeprefix("/")
    return f"{verb}/{route.path.removeprefix('/')}"


def stages_of(api: Api, spoken: Sequence[str] = ()) -> Sequence[str]:
    """The stages to ask about; where the input tells none, a made-up one and those that policies speak of."""
    if api.stages is not None:
        return api.stages
    return tuple(dict.fromkeys((MADE_UP, *(["$default"] if api.kind == "HTTP" else []), *spoken)))


def requests_for(api: Api, route: Route, stages: Sequence[str]) -> Iterator[str]:
    """The ARNs that a request for the route may have: any verb where it takes any, path parameters filled in or not."""
    verbs = _VERBS if route.method in _ANY else (route.method,)
    paths = dict.fromkeys((_name(route, "{}"), _PARAMETER.sub(MADE_UP, _name(route, "\0")).replace("\0", "{}")))
    for stage in stages:
        for path in paths:
            for verb in verbs:
                yield f"{api.arn}/{stage}/{path.replace('{}', verb, 1)}"


def route_items(facts: Facts, api: Api, route: Route, spoken: PolicyArns) -> Iterator[Item]:
    """The route as what callers name: every request for it, and those that policies speak of in particular."""
    patterns = [a for a in spoken.of("execute-api") if glob(a.account)(api.account) and glob(a.region)(api.region)]
    named = [plain(a.resource).split("/", 2) for a in patterns]
    own = [parts for parts in named if glob(parts[0])(api.id)]
    stages = stages_of(api, [parts[1] for parts in own if len(parts) > 1 and not has_wildcard(parts[1])])
    policies = (api.policy,) if api.policy is not None else ()
    over = limits_on(facts, api.account)
    asked = dict.fromkeys(requests_for(api, route, stages))
    fits = re.compile(_pattern(route))
    for parts in own:
        rest = filled(parts[2]) if len(parts) > 2 else ""
        if fits.fullmatch(rest):
            asked.update(dict.fromkeys(f"{api.arn}/{stage}/{rest}" for stage in stages if glob(parts[1])(stage)))
    for arn in asked:
        yield Item(arn, INVOKE_API, policies, known=item_keys(arn)[0], owner=api.account, rcps=over)


def _pattern(route: Route) -> str:
    """What a request for the route looks like behind the stage."""
    if not route.method:
        return re.escape(_name(route, ""))
    verb = "[A-Z]+" if route.method in _ANY else re.escape(route.method)
    pieces = re.split(r"(\{[^{}]*\})", route.path.removeprefix("/"))
    path = "".join((".+" if p.endswith("+}") else "[^/]+") if p[:1] == "{" else re.escape(p) for p in pieces)
    return f"{verb}/{path}"


def unsigned_requests(api: Api, route: Route | None) -> list[tuple[Request, Policies]]:
    """Requests for a route that carry no credentials and come over the internet, with the policy that decides them.

    None where the API has no resource policy. route: None for a request for nothing in particular.
    """
    if api.policy is None:
        return []
    resources = (split(r) for s in api.policy.statements for r in (*(s.resources or ()), *(s.not_resources or ())))
    named = [a.resource.split("/") for a in resources if a is not None]
    stages = stages_of(api, [parts[1] for parts in named if len(parts) > 1 and not has_wildcard(parts[1])])
    arns = requests_for(api, route, stages) if route is not None else (f"{api.arn}/{s}/GET/" for s in stages)
    items = (Item(arn, INVOKE_API, (api.policy,), known=item_keys(arn)[0], owner=api.account) for arn in arns)
    return [request_for(anonymous(), item, INVOKE_API) for item in items]
