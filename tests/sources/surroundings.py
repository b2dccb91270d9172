"""Ways to look at what stands around functions."""

from typing import Any

from permcheck.model import Api, Facts, IdentityPool, NotRead, Resource, Route, Trigger, UserPool
from tests.sources.captures import configuration, details, functions, read, role
from tests.sources.samples import Sample, texts

LISTED = {"list-functions.json": functions(configuration())}
IDENTITIES = {"details.json": details(role(), role("caller"))}


def changed(sample: Sample, **members: Any) -> Sample:
    """A sample with some members of its value set."""
    return sample._replace(value=sample.value | members)


def read_samples(*samples: Sample, **more: Any) -> Facts:
    """Facts of samples, and of other values by file name (without ``.json``)."""
    return read(texts(list(samples)) | {f"{name.replace('_', '-')}.json": value for name, value in more.items()})


def the_resource(facts: Facts, arn: str) -> Resource:
    """The only resource with this ARN."""
    (found,) = [resource for resource in facts.resources if resource.arn == arn]
    return found


def the_api(facts: Facts) -> Api:
    """The only API."""
    (found,) = facts.apis
    return found


def the_route(facts: Facts, path: str, method: str = "GET") -> Route:
    """The only route of the only API with this path and method."""
    (found,) = [route for route in the_api(facts).routes if (route.method, route.path) == (method, path)]
    return found


def the_pool(facts: Facts) -> IdentityPool:
    """The only identity pool."""
    (found,) = facts.pools
    return found


def the_user_pool(facts: Facts) -> UserPool:
    """The only user pool."""
    (found,) = facts.user_pools
    return found


def called(resource: Resource) -> list[tuple[str, str | None]]:
    """The functions a resource calls, with the roles it calls them with."""
    return [(trigger.function, trigger.credentials) for trigger in resource.triggers]


def the_trigger(resource: Resource) -> Trigger:
    """The only function a resource calls."""
    (found,) = resource.triggers
    return found


def errors(facts: Facts) -> list[str]:
    """What could not be read."""
    return [gap.error for gap in facts.not_read]


def gap_about(facts: Facts, words: str) -> NotRead:
    """The only thing not read whose error holds these words."""
    (found,) = [gap for gap in facts.not_read if words in gap.error]
    return found
