"""REST APIs: routes that end in a function, who may call them, and what an output leaves open."""

import pytest

from tests.sources.captures import ACCOUNT, FUNCTION, Json, actions, the_function
from tests.sources.samples import REST
from tests.sources.samples.names import API, CALLER, REGION, integration, method
from tests.sources.surroundings import LISTED, changed, gap_about, read_samples, the_api, the_route

APIS, RESOURCES, METHOD, STAGES, AUTHORIZERS = REST


def resources(**methods: Json) -> Json:
    return {"items": [{"id": "res4567", "path": "/items", "resourceMethods": methods}]}


def routed(**methods: Json) -> object:
    return read_samples(APIS, RESOURCES._replace(value=resources(**methods)))


def test_an_api() -> None:
    api = the_api(read_samples(*REST, list_functions=LISTED["list-functions.json"]))
    assert (api.id, api.kind, api.name, api.account, api.region) == (API, "REST", "shop", ACCOUNT, REGION)
    assert api.arn == f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}"
    assert (api.private, api.complete, api.stages) == (False, True, ("prod",))


def test_routes_end_in_a_function() -> None:
    """A method that answers by itself, or calls another service, calls no function."""
    facts = read_samples(APIS, RESOURCES)
    assert [(r.method, r.path, r.auth, r.authorizer) for r in the_api(facts).routes] == [
        ("GET", "/items", "NONE", None),
        ("POST", "/items", "CUSTOM", "auth12"),
    ]
    route = the_route(facts, "/items")
    assert (route.function, route.credentials, route.api_key) == (FUNCTION, None, False)
    assert (route.source, route.pointer) == (RESOURCES.file, "/items/1/resourceMethods/GET")


def test_a_key_and_a_role() -> None:
    behind = {"type": "AWS_PROXY", "uri": integration(f"{FUNCTION}:prod"), "credentials": CALLER}
    facts = read_samples(RESOURCES._replace(value=resources(PUT=method(apiKeyRequired=True, methodIntegration=behind))))
    route = the_route(facts, "/items", "PUT")
    assert (route.api_key, route.credentials, route.function) == (True, CALLER, f"{FUNCTION}:prod")
    assert [q.name for q in the_function(facts).qualifiers] == ["", "prod"]


def test_the_policy_of_an_api() -> None:
    """API Gateway prints it with every quote escaped once more."""
    policy = the_api(read_samples(APIS)).policy
    assert policy is not None
    assert actions(policy) == ["execute-api:Invoke"]
    assert policy.attached_to == f"arn:aws:execute-api:{REGION}:000000000000:{API}"
    plain = {"items": [APIS.value["items"][0] | {"policy": '{"Statement": 3}'}]}
    facts = read_samples(APIS._replace(value=plain))
    broken = the_api(facts).policy
    assert broken is not None and broken.document is None
    assert gap_about(facts, "Statement").effect == "who may call the API shop is unknown"


def test_private() -> None:
    value = {"items": [APIS.value["items"][0] | {"endpointConfiguration": {"types": ["PRIVATE"]}}]}
    assert the_api(read_samples(APIS._replace(value=value))).private


def test_without_methods_the_routes_are_open() -> None:
    """get-resources prints a method as an empty object unless it is asked to embed them."""
    facts = read_samples(APIS, RESOURCES._replace(value=resources(GET={})))
    assert not the_api(facts).complete
    assert the_api(facts).routes == ()
    gap = gap_about(facts, "GET /items")
    assert "--embed methods" in gap.effect
    assert gap.pointer == "/items/0/resourceMethods/GET"


@pytest.mark.parametrize("bare", ["a", "z"])
def test_methods_that_are_embedded_in_one_of_two_files(bare: str) -> None:
    empty = RESOURCES._replace(value=resources(GET={}), file=f"get-resources.{API}.{bare}.json")
    full = RESOURCES._replace(value=resources(GET=method()), file=f"get-resources.{API}.m.json")
    facts = read_samples(APIS, empty, full)
    assert the_route(facts, "/items").source == full.file
    assert (the_api(facts).complete, facts.not_read) == (True, ())


def test_get_method_fills_them_in() -> None:
    facts = read_samples(APIS, RESOURCES._replace(value=resources(GET={})), METHOD)
    assert the_api(facts).complete
    assert the_route(facts, "/items").source == METHOD.file
    assert facts.not_read == ()


def test_get_method_alone_does_not_tell_the_path() -> None:
    facts = read_samples(APIS, METHOD)
    assert the_api(facts).routes == ()
    assert "not of which path" in gap_about(facts, "a method of the API").error


def test_routes_that_were_not_given() -> None:
    facts = read_samples(APIS, list_functions=LISTED["list-functions.json"])
    assert not the_api(facts).complete
    assert "Routes were not given for the API shop: what it calls is unknown." in facts.assumptions


def test_an_api_with_no_methods_at_all() -> None:
    facts = read_samples(APIS, RESOURCES._replace(value={"items": []}))
    assert the_api(facts).complete
    assert facts.not_read == ()


@pytest.mark.parametrize(
    ("settings", "throttled"),
    [
        ({"*/*": {"throttlingRateLimit": 50.0}}, True),
        ({"*/*": {"throttlingRateLimit": 10000.0}}, False),  # the account's own limit
        ({"*/*": {"loggingLevel": "INFO"}}, False),
        ({"~1items/GET": {"throttlingRateLimit": 1}}, True),
        ({"*/*": {"throttlingRateLimit": 50.0}, "~1items/GET": {"throttlingRateLimit": 10000.0}}, False),
        ({}, False),
    ],
)
def test_throttling(settings: Json, throttled: bool) -> None:
    stages = STAGES._replace(value={"item": [{"stageName": "prod", "methodSettings": settings}]})
    assert the_route(read_samples(APIS, RESOURCES, stages), "/items").throttled is throttled


def test_every_stage_must_throttle() -> None:
    limited = {"stageName": "a", "methodSettings": {"*/*": {"throttlingRateLimit": 1}}}
    stages = STAGES._replace(value={"item": [limited, {"stageName": "b"}]})
    assert not the_route(read_samples(APIS, RESOURCES, stages), "/items").throttled
    assert not the_route(read_samples(APIS, RESOURCES), "/items").throttled


def test_a_stage_variable_names_the_function() -> None:
    named = FUNCTION.replace("resize", "${stageVariables.fn}")
    with_variable = RESOURCES._replace(
        value=resources(GET=method(methodIntegration={"type": "AWS_PROXY", "uri": integration(named)}))
    )
    assert the_route(read_samples(APIS, with_variable, STAGES), "/items").function == FUNCTION
    facts = read_samples(APIS, with_variable)
    assert the_api(facts).routes == ()
    assert not the_api(facts).complete
    assert gap_about(facts, "${stageVariables.fn}").effect == "which function it calls is unknown"


def test_an_authorizer_is_a_function_too() -> None:
    facts = read_samples(APIS, AUTHORIZERS)
    (authorizer,) = the_api(facts).authorizers
    assert (authorizer.id, authorizer.kind, authorizer.credentials) == ("auth12", "TOKEN", CALLER)
    assert authorizer.function == f"{FUNCTION}-auth"
    assert not the_function(facts, "resize-auth").listed
    pools = {"id": "p", "name": "members", "type": "COGNITO_USER_POOLS", "providerARNs": ["arn:aws:cognito-idp:x:1:y"]}
    (authorizer,) = the_api(read_samples(APIS, AUTHORIZERS._replace(value={"items": [pools]}))).authorizers
    assert (authorizer.function, authorizer.user_pools) == (None, ("arn:aws:cognito-idp:x:1:y",))


def test_a_method_of_another_shape() -> None:
    facts = read_samples(APIS, RESOURCES._replace(value=resources(GET=method(), PUT=method(apiKeyRequired="no"))))
    assert [r.method for r in the_api(facts).routes] == ["GET"]
    assert not the_api(facts).complete
    gap = gap_about(facts, "apiKeyRequired")
    assert (gap.effect, gap.pointer) == (
        "what PUT /items calls is unknown",
        "/items/0/resourceMethods/PUT/apiKeyRequired",
    )


def test_a_page_that_is_missing() -> None:
    facts = read_samples(APIS, changed(RESOURCES, position="abc"))
    assert gap_about(facts, "a page is missing").pointer == "/position"
    assert not the_api(facts).complete
