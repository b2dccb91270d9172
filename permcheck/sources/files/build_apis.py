"""Drafts of APIs → APIs with the routes that end in a function."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from permcheck.model.api import Api, Authorizer, Route
from permcheck.model.location import NotRead
from permcheck.sources.files.accounts import Accounts
from permcheck.sources.files.called import in_uri
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.owners import Owners
from permcheck.sources.files.pages import unended
from permcheck.sources.files.resource_drafts import ApiDraft, Call, RouteDraft
from permcheck.sources.files.shapes import function_name

_LISTINGS = ("get-resources", "get-routes", "get-integrations")
_VARIABLE = re.compile(r"\$\{stageVariables\.([\w-]+)\}")


def apis(gathered: Gathered, owners: Owners) -> list[Api]:
    """APIs sorted by id. Functions that only a route names come into view here."""
    open_ended = {scope for operation, scope in unended(gathered.pages) if operation in _LISTINGS}
    joined = [_Api(gathered, gathered.apis[api_id], api_id in open_ended) for api_id in sorted(gathered.apis)]
    accounts = Accounts(gathered)
    return [api.made(accounts, owners) for api in joined]


class _Api:
    """One API while it is joined. cut: a page of what it calls is missing."""

    def __init__(self, gathered: Gathered, draft: ApiDraft, cut: bool) -> None:
        self._gathered = gathered
        self._draft = draft
        self._regions: Counter[str] = Counter()  # those that its integrations tell
        self._complete = draft.routes_told and not draft.gaps and not cut
        if draft.kind == "V2":
            draft.kind = "WEBSOCKET" if "$connect" in draft.routes else "HTTP"
        self._methods()
        self._joined = tuple(route for key in sorted(draft.routes) for route in self._routes(draft.routes[key]))
        self._asked = tuple(self._authorizers())

    def made(self, accounts: Accounts, owners: Owners) -> Api:
        """The API, once all that it calls is in view."""
        draft = self._draft
        partition, account = accounts.of(draft.source)
        account = draft.account or account
        region = draft.region or self._region_of_policy()
        if not region and self._regions:
            region = min(self._regions, key=lambda name: (-self._regions[name], name))
        api = Api(
            draft.id,
            draft.kind,
            draft.name,
            account,
            region or owners.region(draft.source),
            draft.source,
            draft.pointer,
            None,
            self._joined,
            draft.private,
            self._complete,
            partition,
            None if draft.stages is None else tuple(sorted(draft.stages)),
            self._asked,
        )
        policy = replace(draft.policy, attached_to=api.arn) if draft.policy is not None else None
        return replace(api, policy=policy)

    def _region_of_policy(self) -> str:
        """API Gateway writes whole ARNs into the policies it prints."""
        statements = self._draft.policy.statements if self._draft.policy else ()
        for statement in statements:
            for resource in statement.resources or ():
                parts = resource.split(":")
                if len(parts) > 5 and parts[2] == "execute-api" and parts[3] not in ("", "*"):
                    return parts[3]
        return ""

    def _methods(self) -> None:
        """Put what get-method told at the path of its resource."""
        draft = self._draft
        for words, route in draft.methods:
            path = next((draft.paths[word] for word in words if word in draft.paths), None)
            if path is None:
                self._complete = False
                error = f"it tells a method of the API {draft.id}, but not of which path"
                effect = "it is left out; call the file get-method.API.RESOURCE.METHOD.json, beside get-resources"
                self._miss(route, error, effect)
                continue
            route.key = f"{route.key} {path}"
            draft.routes[route.key] = route

    def _routes(self, draft: RouteDraft) -> Iterator[Route]:
        behind = self._behind(draft)
        if behind is None or behind.uri is None:
            return
        found = in_uri(behind.uri)
        if found is None:
            return  # another service, a web server, or nothing at all
        named, region = found
        self._regions[region] += 1
        functions = self._resolved(named)
        if not functions:
            self._complete = False
            error = f"{draft.key} of the API {self._draft.id} calls a function that its text does not tell: {named}"
            self._miss(behind, error, "which function it calls is unknown")
        method, _, path = draft.key.rpartition(" ")
        for function in functions:
            self._called(function, behind, f"{draft.key} of the API {self._draft.name or self._draft.id}")
            yield Route(
                method,
                path,
                self._auth(draft),
                function,
                draft.source,
                draft.pointer,
                draft.api_key,
                behind.credentials,
                self._throttled(draft.key),
                draft.authorizer,
            )

    def _behind(self, draft: RouteDraft) -> RouteDraft | None:
        """The route with its integration; None where what stands behind it is not told."""
        if self._draft.kind == "REST":
            if not draft.integrated:
                self._complete = False
                error = (
                    f"what {draft.key} of the API {self._draft.id} calls is not told: the methods were not asked for"
                )
                self._miss(draft, error, "which function it calls is unknown; add --embed methods to get-resources")
            return draft
        if not draft.target:
            return None  # a route may wait for its integration
        behind = self._draft.integrations.get(draft.target.removeprefix("integrations/"))
        if behind is None:
            self._complete = False
            error = f"what {draft.key} of the API {self._draft.id} calls is not told: {draft.target} is not in view"
            self._miss(draft, error, "which function it calls is unknown")
        return behind

    def _resolved(self, named: str) -> list[str]:
        """The functions a text stands for: one, or with stage variables one for each stage that has them."""
        if not _VARIABLE.search(named):
            return [named] if function_name(named) else []
        found: dict[str, None] = {}
        for stage in (self._draft.stages or {}).values():
            filled = named
            for variable in _VARIABLE.findall(named):
                filled = filled.replace(f"${{stageVariables.{variable}}}", stage.variables.get(variable, "$"))
            if function_name(filled):
                found[filled] = None
        return list(found)

    def _called(self, function: str, place: RouteDraft, by: str) -> None:
        told = function_name(function)
        if told is not None:
            draft = self._gathered.function(told[0], place.source, place.pointer)
            if told[1] not in ("", "$LATEST"):
                draft.qualifier(told[1], place.source, place.pointer)
            self._gathered.calls.append(Call(function, by, place.source, place.pointer))

    def _auth(self, draft: RouteDraft) -> str | None:
        """A WebSocket API asks when the connection is made, and for no message that follows on it."""
        if self._draft.kind == "WEBSOCKET":
            connect = self._draft.routes.get("$connect")
            return connect.auth if connect is not None else "NONE" if self._draft.routes_told else None
        return draft.auth

    def _throttled(self, key: str) -> bool:
        stages = (self._draft.stages or {}).values()
        return bool(stages) and all(stage.limits.get(key, stage.limits.get("*", False)) for stage in stages)

    def _authorizers(self) -> Iterator[Authorizer]:
        for authorizer_id in sorted(self._draft.authorizers):
            authorizer = self._draft.authorizers[authorizer_id]
            functions = self._resolved(authorizer.function) if authorizer.function else []
            place = RouteDraft("", authorizer.source, authorizer.pointer)
            for function in functions:
                self._called(function, place, f"an authorizer of the API {self._draft.name or self._draft.id}")
            yield replace(authorizer, function=functions[0] if functions else None)

    def _miss(self, place: RouteDraft, error: str, effect: str) -> None:
        self._gathered.not_read.append(NotRead(place.source, error, effect, place.pointer))
