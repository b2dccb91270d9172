"""HTTP and WebSocket APIs: routes joined with their integrations."""

from tests.sources.captures import ACCOUNT, FUNCTION, Json
from tests.sources.samples import HTTP, Sample
from tests.sources.samples.names import CALLER, HTTP_API
from tests.sources.surroundings import LISTED, changed, gap_about, read_samples, the_api, the_route

APIS, ROUTES, INTEGRATIONS, STAGES, AUTHORIZERS = HTTP


def routes(*entries: Json) -> Sample:
    return ROUTES._replace(value={"Items": list(entries)})


def websocket(*entries: Json) -> list[Sample]:
    apis = {"Items": [APIS.value["Items"][0] | {"ProtocolType": "WEBSOCKET"}]}
    return [APIS._replace(value=apis), routes(*entries), INTEGRATIONS]


def to_function(key: str, **more: object) -> Json:
    return {"RouteId": key, "RouteKey": key, "Target": "integrations/i1"} | more


def test_an_api() -> None:
    """The endpoint tells the Region, whatever the Region of the functions."""
    api = the_api(read_samples(*HTTP, list_functions=LISTED["list-functions.json"]))
    assert (api.id, api.kind, api.name, api.account, api.region) == (HTTP_API, "HTTP", "notes", ACCOUNT, "eu-west-1")
    assert (api.complete, api.stages, api.policy) == (True, ("$default",), None)
    (authorizer,) = api.authorizers
    assert (authorizer.kind, authorizer.issuer, authorizer.function) == ("JWT", "https://id.example.com", None)


def test_routes() -> None:
    facts = read_samples(*HTTP)
    route = the_route(facts, "/notes")
    assert (route.auth, route.authorizer, route.function) == ("JWT", "jwt1", f"{FUNCTION}:prod")
    assert route.credentials == CALLER
    assert (route.source, route.pointer) == (ROUTES.file, "/Items/0")
    assert the_route(facts, "$default", "").auth == "NONE"


def test_throttling_of_a_route_and_of_the_stage() -> None:
    facts = read_samples(*HTTP)
    assert the_route(facts, "/notes").throttled
    assert not the_route(facts, "$default", "").throttled  # its own setting is the account's limit


def test_an_integration_that_is_not_in_view() -> None:
    facts = read_samples(APIS, routes(to_function("GET /x", Target="integrations/gone")), INTEGRATIONS)
    assert not the_api(facts).complete
    gap = gap_about(facts, "integrations/gone")
    assert (gap.effect, gap.pointer) == ("which function it calls is unknown", "/Items/0")


def test_a_route_that_waits_for_its_integration() -> None:
    facts = read_samples(
        APIS, routes({"RouteId": "r", "RouteKey": "GET /x", "AuthorizationType": "NONE"}), INTEGRATIONS
    )
    assert the_api(facts).routes == ()
    assert the_api(facts).complete
    assert facts.not_read == ()


def test_the_plain_and_the_long_form_of_an_integration() -> None:
    long = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
    for uri, function in ((FUNCTION, FUNCTION), (long, FUNCTION)):
        value = {"Items": [{"IntegrationId": "i1", "IntegrationType": "AWS_PROXY", "IntegrationUri": uri}]}
        facts = read_samples(APIS, ROUTES, INTEGRATIONS._replace(value=value))
        assert the_route(facts, "/notes").function == function
    elsewhere = {"IntegrationId": "i1", "IntegrationType": "HTTP_PROXY", "IntegrationUri": "https://example.com"}
    facts = read_samples(APIS, ROUTES, INTEGRATIONS._replace(value={"Items": [elsewhere]}))
    assert (the_api(facts).routes, facts.not_read) == ((), ())


def test_a_websocket_asks_once() -> None:
    """Messages follow on a connection that $connect has let in ("Control access to WebSocket APIs")."""
    asked = websocket(
        to_function("$connect", AuthorizationType="AWS_IAM"), to_function("send", AuthorizationType="NONE")
    )
    api = the_api(read_samples(*asked))
    assert api.kind == "WEBSOCKET"
    assert [(r.method, r.path, r.auth) for r in api.routes] == [("", "$connect", "AWS_IAM"), ("", "send", "AWS_IAM")]
    open_to_all = the_api(read_samples(*websocket(to_function("send", AuthorizationType="NONE"))))
    assert [r.auth for r in open_to_all.routes] == ["NONE"]


def test_routes_tell_a_websocket_where_nothing_else_does() -> None:
    facts = read_samples(routes(to_function("$connect", AuthorizationType="NONE")), INTEGRATIONS)
    assert the_api(facts).kind == "WEBSOCKET"
    assert the_api(read_samples(ROUTES, INTEGRATIONS)).kind == "HTTP"


def test_one_route_is_not_all_of_them() -> None:
    alone = ROUTES._replace(value=ROUTES.value["Items"][0])
    facts = read_samples(APIS, alone, INTEGRATIONS)
    assert [r.path for r in the_api(facts).routes] == ["/notes"]
    assert not the_api(facts).complete


def test_a_page_that_is_missing() -> None:
    facts = read_samples(APIS, changed(ROUTES, NextToken="x"), INTEGRATIONS)
    assert gap_about(facts, "a page is missing").source == ROUTES.file
    assert not the_api(facts).complete


def test_a_route_of_another_shape() -> None:
    facts = read_samples(APIS, routes(to_function("GET /x"), {"RouteKey": 3}), INTEGRATIONS)
    assert [r.path for r in the_api(facts).routes] == ["/x"]
    assert not the_api(facts).complete
    assert gap_about(facts, "RouteKey").pointer == "/Items/1/RouteKey"
