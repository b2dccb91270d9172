"""What stands between a caller and a function: API routes that ask for a signature, event sources one can write to."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from permcheck.access import Item, Universe
from permcheck.access.context import item_keys
from permcheck.access.subject import limits_on
from permcheck.graph.api_routes import route_arn as route_arn
from permcheck.graph.api_routes import route_items
from permcheck.graph.event_sources import EventSource, event_sources
from permcheck.graph.policy_arns import MADE_UP, PolicyArns
from permcheck.graph.poller_needs import needs
from permcheck.model.facts import Facts
from permcheck.policy.arn import split


class Entrances:
    """The universes of entrances. An item is one request; ``nodes_of`` are the entrances that it gets to."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._spoken = PolicyArns(facts)
        self._nodes: dict[str, list[str]] = {}
        self._items: dict[str, list[Item]] = {}

    @cached_property
    def sources(self) -> Mapping[str, EventSource]:
        """Every event source in view, by the name of its node."""
        return {source.name: source for source in event_sources(self._facts, self._spoken)}

    @cached_property
    def routes(self) -> Universe:
        """Requests for the routes that ask for a signature."""
        return Universe(self._routes())

    @cached_property
    def event_sources(self) -> Universe:
        """Writes that set off some event source."""
        return Universe(self._writes())

    @cached_property
    def asked(self) -> tuple[Universe, Mapping[tuple[str, str], int]]:
        """What functions ask of event sources and destinations by themselves, and which item each (ARN, action) is."""
        items: dict[tuple[str, str], Item] = {}
        by_arn = {r.arn: r for r in self._facts.resources}
        for arn, action, holder in _asked(self._facts):
            found = by_arn.get(holder)
            policies = (found.policy,) if found is not None and found.policy is not None else ()
            owner = found.account if found is not None else ""
            items[arn, action] = Item(arn, action, policies, known=item_keys(arn)[0], owner=owner)
        universe = Universe(items.values())
        return universe, {(item.arn, item.action): number for number, item in enumerate(universe.items)}

    def nodes_of(self, item: Item) -> Sequence[str]:
        """The names of the entrances that a request gets to."""
        return self._nodes.get(item.arn, ())

    def items_of(self, node: str) -> Sequence[Item]:
        """The requests that get to an entrance."""
        _ = self.routes, self.event_sources
        return self._items.get(node, ())

    def _routes(self) -> Iterator[Item]:
        seen: set[str] = set()
        for api in self._facts.apis:
            # A route of its own goes before one for any method.
            for route in sorted(api.routes, key=lambda r: r.method in ("ANY", "*")):
                if route.auth == "AWS_IAM":
                    for item in route_items(self._facts, api, route, self._spoken):
                        if item.arn not in seen:
                            seen.add(item.arn)
                            yield self._kept(item, route_arn(api, route))

    def _writes(self) -> Iterator[Item]:
        items: dict[tuple[str, str], Item] = {}
        for source in self.sources.values():
            policies = (source.policy,) if source.policy is not None else ()
            over = limits_on(self._facts, source.owner)
            for arn, action in source.written:
                item = items.get((arn, action))
                if item is None:
                    known = item_keys(arn)[0]
                    item = items[arn, action] = Item(arn, action, policies, known=known, owner=source.owner, rcps=over)
                self._kept(item, source.name)
        yield from items.values()

    def _kept(self, item: Item, node: str) -> Item:
        nodes = self._nodes.setdefault(item.arn, [])
        if node not in nodes:
            nodes.append(node)
        self._items.setdefault(node, []).append(item)
        return item


def _asked(facts: Facts) -> Iterator[tuple[str, str, str]]:
    """(ARN, action, ARN of what carries the policy) of every request that mappings and destinations lead to."""
    for mapping in facts.mappings:
        for need in needs(mapping):
            if need.on and not need.part:
                yield need.on, need.action, need.on
        yield from sent(mapping.on_failure or "")
    for function in facts.functions:
        for destination in function.destinations:
            yield from sent(destination.arn)


def sent(to: str) -> Iterator[tuple[str, str, str]]:
    """(ARN, action, destination) of each request it takes to send something to a destination that is no function."""
    arn = split(to)
    for action in SENDS.get(arn.service, ()) if arn is not None else ():
        yield f"{to}/{MADE_UP}" if action == "s3:PutObject" else to, action, to


# Lambda Developer Guide, "Retaining records of asynchronous invocations". Functions are asked about as functions.
SENDS = {
    "sqs": ("sqs:SendMessage",),
    "sns": ("sns:Publish",),
    "events": ("events:PutEvents",),
    "s3": ("s3:PutObject", "s3:ListBucket"),
}
