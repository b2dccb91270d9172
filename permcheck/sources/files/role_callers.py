"""Services that call a function with a role of their own: EventBridge Scheduler and Pipes, AppSync data sources.

Shapes: EventBridge Scheduler API Reference, "GetSchedule"; EventBridge Pipes API Reference, "DescribePipe"; AWS AppSync
API Reference, "ListDataSources", "GetGraphqlApi". A function called this way needs no policy of its own for it.
"""

import re
from collections.abc import Callable
from typing import Any

from permcheck.sources.files.called import full_arn
from permcheck.sources.files.kind import Kind, always, holds_objects, listing
from permcheck.sources.files.reading import Reading, embedded
from permcheck.sources.files.sending import Sent, sends
from permcheck.sources.files.shapes import JsonObject, arn, items, member, text, text_or_none

# Scheduler User Guide, "Using universal targets": the API call is the target, its parameters are in Input.
_UNIVERSAL = re.compile(r"arn:[\w-]+:scheduler:::aws-sdk:lambda:invoke", re.IGNORECASE)
_FROM_API = re.compile(r"/datasources/[^/]+$")


def schedules(reading: Reading, value: JsonObject, at: str) -> None:
    """list-schedules: targets without the role and the input."""
    reading.page(value, at, listing("list-schedules", value, "Schedules"), "schedules of later pages are missing")
    reading.each(value, "Schedules", at, schedule, "schedule")


def schedule(reading: Reading, entry: JsonObject, at: str) -> None:
    """get-schedule."""
    own = arn(entry, "Arn", at)
    name = own.rsplit("/", 1)[-1]
    found, here = member(entry, "Target", at) or {}, f"{at}/Target"
    target, place = arn(found, "Arn", here), f"{here}/Arn"
    draft = reading.gathered.resource(own, reading.source, at, told=True)
    draft.role = text_or_none(found, "RoleArn", here) or draft.role
    if _UNIVERSAL.fullmatch(target):
        target, place = _from_input(found.get("Input"), own), f"{here}/Input" if "Input" in found else here
        if not target and draft.triggers:
            return  # get-schedule has told it; list-schedules leaves the input out
        if not target:
            reading.miss(f"the schedule {name} does not say which function it calls", "its target is left out", place)
            return
    # list-schedules and get-schedule tell the same target; only the latter tells the role.
    for key in [key for key in draft.triggers if key[1] is None]:
        del draft.triggers[key]
    sent = Sent(target, place, entry.get("State") != "DISABLED", draft.role)
    sends(reading, draft, [sent], f"the schedule {name}")


def _from_input(raw: Any, near: str) -> str:
    """The function in the input of a call of lambda:Invoke; the rest of the input is the payload and not looked at."""
    try:
        found = embedded(raw)[0] if isinstance(raw, str) else None
    except ValueError:
        return ""
    named = found.get("FunctionName") if isinstance(found, dict) else None
    return (full_arn(named, near) or "") if isinstance(named, str) else ""


def pipe(reading: Reading, value: JsonObject, at: str) -> None:
    """describe-pipe: it reads its source, may ask a function on the way (Enrichment), and calls its target."""
    own = arn(value, "Arn", at)
    draft = reading.gathered.resource(own, reading.source, at, told=True)
    draft.role = text_or_none(value, "RoleArn", at)
    runs = value.get("DesiredState") != "STOPPED"
    named = [(key, text_or_none(value, key, at)) for key in ("Enrichment", "Target")]
    sent = [Sent(target, f"{at}/{key}", runs, draft.role) for key, target in named if target]
    sends(reading, draft, sent, f"the pipe {own.rsplit('/', 1)[-1]}")
    read = text_or_none(value, "Source", at)
    if read is not None and read.startswith("arn:"):
        reading.gathered.resource(arn(value, "Source", at), reading.source, f"{at}/Source").forwards[own] = None


def resolver_sources(reading: Reading, value: JsonObject, at: str) -> None:
    """list-data-sources of AppSync: the resolvers of an API call these functions with the data source's role."""
    reading.page(value, at, ("list-data-sources", _api_of(value)), "data sources of later pages are missing")

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        found = member(entry, "lambdaConfig", here)
        if found is None:
            return
        api = _FROM_API.sub("", arn(entry, "dataSourceArn", here))
        draft = reading.gathered.resource(api, reading.source, here)
        place = f"{here}/lambdaConfig"
        role = text_or_none(entry, "serviceRoleArn", here)
        sent = Sent(text(found, "lambdaFunctionArn", place), f"{place}/lambdaFunctionArn", credentials=role)
        sends(reading, draft, [sent], f"the AppSync API {api.rsplit('/', 1)[-1]}")

    reading.each(value, "dataSources", at, one, "data source")


def _api_of(value: JsonObject) -> str:
    listed = value.get("dataSources")
    first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    return _FROM_API.sub("", str(first.get("dataSourceArn", "")))


def graph_api(reading: Reading, value: JsonObject, at: str) -> None:
    """get-graphql-api: its authorizer is called in AppSync's own name."""
    _graph_api(reading, member(value, "graphqlApi", at) or {}, f"{at}/graphqlApi")


def graph_apis(reading: Reading, value: JsonObject, at: str) -> None:
    """list-graphql-apis."""
    told = listing("list-graphql-apis", value, "graphqlApis", "arn")
    reading.page(value, at, told, "AppSync APIs of later pages are missing")
    reading.each(value, "graphqlApis", at, _graph_api, "AppSync API")


def _graph_api(reading: Reading, entry: JsonObject, at: str) -> None:
    draft = reading.gathered.resource(arn(entry, "arn", at), reading.source, at, told=True)
    asked = [(entry, at)]
    for i, more in enumerate(items(entry, "additionalAuthenticationProviders", at)):
        if isinstance(more, dict):
            asked.append((more, f"{at}/additionalAuthenticationProviders/{i}"))
    sent: list[Sent] = []
    for each, here in asked:
        found, place = member(each, "lambdaAuthorizerConfig", here), f"{here}/lambdaAuthorizerConfig"
        if found is not None:
            sent.append(Sent(text(found, "authorizerUri", place), f"{place}/authorizerUri"))
    sends(reading, draft, sent, f"the AppSync API {draft.arn.rsplit('/', 1)[-1]}")


def _of(service: str) -> Callable[[JsonObject], bool]:
    return lambda value: f":{service}:" in str(value["Arn"])


KINDS = (
    Kind("list-schedules", "Schedules", holds_objects("Schedules", "Arn"), schedules),
    Kind("get-schedule", "Arn", lambda value: _of("scheduler")(value) and "Target" in value, schedule),
    Kind("describe-pipe", "Arn", lambda value: _of("pipes")(value) and "Source" in value, pipe),
    Kind("list-data-sources", "dataSources", holds_objects("dataSources", "dataSourceArn"), resolver_sources),
    Kind("get-graphql-api", "graphqlApi", always, graph_api),
    Kind("list-graphql-apis", "graphqlApis", holds_objects("graphqlApis", "apiId"), graph_apis),
)
