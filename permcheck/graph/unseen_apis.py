"""APIs that a function's policies let call it and that are not in view: who comes in through them cannot be told."""

from collections.abc import Iterator

from permcheck.access import Item
from permcheck.access.targets import names_of
from permcheck.data import service_principals
from permcheck.graph.calls import API_GATEWAY, service_request
from permcheck.graph.outsiders import INVOKE
from permcheck.graph.places import because, conditions
from permcheck.graph.scene import Scene
from permcheck.model.answer import CallerRow
from permcheck.model.function import Function
from permcheck.model.policy import Principals, Statement
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of, split
from permcheck.policy.evaluate import evaluate
from permcheck.policy.matching import action_applies
from permcheck.policy.operators import operator_named
from permcheck.policy.request import Policies, Request
from permcheck.policy.residue import instance
from permcheck.policy.wildcard import has_wildcard


def unseen_apis(scene: Scene, function: Function) -> Iterator[CallerRow]:
    """A row for each API that a grant names by its id, and one for a grant that leaves open which API it means.

    The caller is then the pattern the grant asks of the source, or API Gateway as a whole where it asks for none.
    """
    for item in names_of(function):
        for name, pattern in sorted(named_apis(item).items()):
            decision = evaluate(*call_of(item, pattern))
            if decision.verdict is not Verdict.DENIED and (note := missing(scene, function, item, name)):
                yield CallerRow(
                    name,
                    "api",
                    Verdict.UNKNOWN,
                    INVOKE,
                    item.arn,
                    "api",
                    conditions(decision),
                    because(decision.because),
                    note=note,
                )


def call_of(item: Item, pattern: str) -> tuple[Request, Policies]:
    """API Gateway's call for a source that fits the pattern; empty = any."""
    told = instance(pattern)
    account = account_of(told)
    return service_request(item, API_GATEWAY, told, account if account.isdigit() else "")


def missing(scene: Scene, function: Function, item: Item, name: str) -> str:
    """What is not in view of the API that a grant means; empty where nothing is missing."""
    leading = [api for api, route in scene.routes_to.get(function.arn, ()) if route.function == item.arn]
    if ":" in name or name == API_GATEWAY:
        return "" if leading else "the grant leaves open which API it means, and none in view calls the function"
    api = next((api for api in scene.facts.apis if api.id == name), None)
    if api is None:
        return "the API is not in view: who can call it is unknown"
    if not api.complete and api not in leading:
        return "not all routes of the API are in view: who can call the function through it is unknown"
    return ""


def named_apis(item: Item) -> dict[str, str]:
    """The APIs that the item's policies let call: id → what the grant asks of the source, empty for nothing."""
    found: dict[str, str] = {}
    for policy in (*item.policies, *item.doubtful):
        for statement in policy.statements:
            if statement.is_allow and action_applies(statement, INVOKE):
                for pattern in _sources(statement):
                    arn = split(pattern)
                    api = arn.resource.partition("/")[0] if arn is not None else ""
                    plain = bool(api) and not has_wildcard(api) and "$" not in api
                    found.setdefault(api if plain else pattern or API_GATEWAY, pattern)
    return found


def _sources(statement: Statement) -> Iterator[str]:
    """What the statement asks of aws:SourceArn of an API's call; one empty text where it asks for nothing."""
    if statement.principals is None:
        return
    asked = False
    for condition in statement.conditions:
        operator = operator_named(condition.operator)
        if condition.key.lower() == "aws:sourcearn" and operator is not None and not operator.negated:
            asked = True
            for value in condition.values:
                arn = split(value)
                of_any = _names_gateway(statement.principals) and (arn is None or has_wildcard(arn.service))
                if of_any or (arn is not None and arn.service == "execute-api"):
                    yield value
    if not asked and _names_gateway(statement.principals):
        yield ""


def _names_gateway(principals: Principals) -> bool:
    known = (service_principals.find(name) for name in principals.service)
    return any(service is not None and service.principal == API_GATEWAY for service in known)
