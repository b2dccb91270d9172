"""What stands between a caller and a function: API routes that ask for a signature, and event sources."""

from permcheck.access import Item, Universe
from permcheck.access.context import item_keys
from permcheck.graph.asked import WRITES
from permcheck.model.api import Api, Route
from permcheck.model.facts import Facts
from permcheck.model.resource import Resource
from permcheck.policy.arn import split


class Entrances:
    """The universes of entrances. An item is what a request names; ``node_of`` is the entrance it stands for."""

    def __init__(self, facts: Facts) -> None:
        self.node_of: dict[str, str] = {}
        self.routes = Universe(self._routes(facts).values())
        self.event_sources = Universe(self._event_sources(facts).values())

    def _routes(self, facts: Facts) -> dict[str, Item]:
        items: dict[str, Item] = {}
        for api in facts.apis:
            for route in api.routes:
                if route.auth == "AWS_IAM":
                    arn = route_arn(api, route)
                    policies = (api.policy,) if api.policy is not None else ()
                    items[arn] = Item(arn, "execute-api:Invoke", policies, known=item_keys(arn)[0])
                    self.node_of[arn] = arn
        return items

    def _event_sources(self, facts: Facts) -> dict[str, Item]:
        items: dict[str, Item] = {}
        for resource in facts.resources:
            action = WRITES.get(resource.service)
            if resource.triggers and action is not None:
                arn = written_arn(resource)
                policies = (resource.policy,) if resource.policy is not None else ()
                items[arn] = Item(arn, action, policies, known=item_keys(arn)[0], owner=resource.account)
                self.node_of[arn] = resource.arn
        policies_of = {r.arn: r.policy for r in facts.resources}
        for mapping in facts.mappings:
            source = split(mapping.event_source) if mapping.event_source else None
            action = WRITES.get(source.service) if source is not None else None
            if mapping.event_source and action is not None:
                # A stream is written through its table.
                arn = mapping.event_source.partition("/stream/")[0]
                policy = policies_of.get(arn)
                items.setdefault(arn, Item(arn, action, (policy,) if policy else (), known=item_keys(arn)[0]))
                self.node_of.setdefault(arn, mapping.event_source)
        return items


def route_arn(api: Api, route: Route) -> str:
    """The execute-api ARN of a route, for any stage."""
    method = "*" if route.method in ("ANY", "") else route.method
    return f"{api.arn}/*/{method}{route.path if route.path.startswith('/') else '/' + route.path}"


def written_arn(resource: Resource) -> str:
    """What a write to the resource names: an object of a bucket, the resource itself elsewhere."""
    return f"{resource.arn}/permcheck" if resource.service == "s3" else resource.arn
