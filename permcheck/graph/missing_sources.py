"""Sources that grants name and that are gone: only where every thing of the kind is in view can that be said."""

from permcheck.model.facts import Facts
from permcheck.policy.arn import split
from permcheck.policy.wildcard import has_wildcard

# Kind of source: (service, how its resource begins) → the listings that together show all of that kind. Buckets are
# not among them: their names are free for anybody, and no listing that is read shows all of an account's.
_LISTINGS = {
    ("execute-api", ""): ("get-rest-apis", "get-apis"),
    ("events", "rule/"): ("list-rules",),
    ("cognito-idp", "userpool/"): ("list-user-pools",),
    ("iot", "rule/"): ("list-topic-rules",),
    ("cloudwatch", "alarm:"): ("describe-alarms",),
}


OPERATIONS = frozenset(operation for listings in _LISTINGS.values() for operation in listings)


def not_there(facts: Facts, source: str) -> bool:
    """Whether the resource that an ARN names is surely not there; False where not all of its kind are in view.

    Listings without an account or Region count only where everything of the kind in view is of the ARN's own. A rule of
    a bus of its own is in another listing than the one without a bus.
    """
    arn = split(source)
    if arn is None:
        return False
    kind = next(((s, p) for s, p in _LISTINGS if s == arn.service and arn.resource.startswith(p)), None)
    name = arn.resource.removeprefix(kind[1]) if kind is not None else ""
    first = name.partition("/")[0]
    if kind is None or not first or has_wildcard(first) or "$" in first or (kind[0] == "events" and "/" in name):
        return False
    scope = ":".join(source.split(":")[1:5])
    places = _places(facts, arn.service)
    if any((operation, scope) not in facts.listed for operation in _LISTINGS[kind]):
        alone = places and all(place == scope for place in places)
        if not alone or any((operation, "") not in facts.listed for operation in _LISTINGS[kind]):
            return False
    return _whole(source, arn.service) not in _present(facts, arn.service)


def _whole(source: str, service: str) -> str:
    """The ARN of the thing itself: an API without stage and route."""
    return source.partition("/")[0] if service == "execute-api" else source


def _present(facts: Facts, service: str) -> set[str]:
    if service == "execute-api":
        return {api.arn for api in facts.apis}
    if service == "cognito-idp":
        return {pool.arn for pool in facts.user_pools}
    return {r.arn for r in facts.resources if r.service == service}


def _places(facts: Facts, service: str) -> set[str]:
    """Partition, service, Region and account of everything of the service in view."""
    return {":".join(arn.split(":")[1:5]) for arn in _present(facts, service)}
