"""Every service that is read, in the order of a scan; and every call that a scan may make."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from permcheck.errors import UsageError
from permcheck.sources.live import (
    apigateway,
    apigatewayv2,
    cognito_identity,
    cognito_idp,
    dynamodb,
    events,
    iam,
    iot,
    kms,
    lambda_,
    organizations,
    s3,
    secretsmanager,
    sns,
    sqs,
    tagging,
)
from permcheck.sources.live.beginning import ENTER, LIST_REGIONS, WHO_AM_I
from permcheck.sources.live.call import Call, Service

SERVICES: dict[str, Service] = {
    module.SERVICE.name: module.SERVICE
    for module in (
        iam,
        lambda_,
        tagging,
        cognito_identity,
        cognito_idp,
        apigateway,
        apigatewayv2,
        s3,
        sns,
        sqs,
        events,
        kms,
        secretsmanager,
        dynamodb,
        iot,
        organizations,
    )
}
CALLS: dict[tuple[str, str], Call] = {
    (call.service, call.operation): call
    for call in (ENTER, *(call for service in SERVICES.values() for call in service.calls))
}


def chosen(include: Sequence[str] = (), exclude: Sequence[str] = ()) -> tuple[str, ...]:
    """The names of the services to read, in the order of a scan. Raises UsageError for a name that is none of them."""
    for name in (*include, *exclude):
        if name not in SERVICES:
            near = get_close_matches(name, SERVICES, 1)
            hint = f"did you mean {near[0]}?" if near else f"the services are {', '.join(SERVICES)}"
            raise UsageError(f"there is no service {name!r} to read", hint)
    found = tuple(name for name in SERVICES if (not include or name in include) and name not in exclude)
    if not found:
        raise UsageError("no service is left to read", "leave out --exclude, or name more with --include")
    return found


def calls(services: Iterable[str]) -> Iterator[Call]:
    """Every call that a scan of these services may make."""
    yield WHO_AM_I
    yield LIST_REGIONS
    for name in services:
        yield from SERVICES[name].calls
