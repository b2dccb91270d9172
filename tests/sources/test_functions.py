"""Outputs of aws lambda, but for policies: functions, versions, aliases, URLs, mappings, tags."""

import pytest

from tests.sources.captures import (
    ACCOUNT,
    FUNCTION,
    ROLE,
    SECRET,
    Json,
    configuration,
    details,
    functions,
    plain,
    read,
    role,
    the_function,
    the_gap,
)

LAYER = f"arn:aws:lambda:us-east-1:{ACCOUNT}:layer:common:7"
URL: Json = {
    "FunctionUrl": "https://abc.lambda-url.us-east-1.on.aws/",
    "FunctionArn": FUNCTION,
    "AuthType": "NONE",
    "CreationTime": "2026-02-03T10:00:00Z",
    "Cors": {"AllowCredentials": True, "AllowMethods": ["GET"], "AllowOrigins": ["https://example.com"]},
}
MAPPING: Json = {
    "UUID": "7c2f",
    "EventSourceArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:jobs",
    "FunctionArn": FUNCTION,
    "State": "Enabled",
}
ALIAS: Json = {"AliasArn": f"{FUNCTION}:live", "Name": "live", "FunctionVersion": "3"}
VERSION = configuration(FunctionArn=f"{FUNCTION}:3", Version="3", Role=f"{ROLE}-old")


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        (functions(configuration()), "/Functions/0"),
        ({"Configuration": configuration(), "Code": {"Location": "https://x"}}, "/Configuration"),
        (configuration(), ""),
        ([configuration()], "/0"),
        ({"Versions": [configuration(FunctionArn=f"{FUNCTION}:$LATEST")]}, "/Versions/0"),
        (functions(configuration(FunctionArn=f"{FUNCTION}:$LATEST")), "/Functions/0"),
    ],
)
def test_a_function(value: object, pointer: str) -> None:
    facts = read({"f.json": value})
    (found,) = facts.functions
    assert (found.arn, found.name, found.role, found.listed) == (FUNCTION, "resize", ROLE, True)
    assert (found.source, found.pointer) == ("f.json", pointer)
    assert [(q.name, q.policy, q.url, q.role) for q in found.qualifiers] == [("", None, None, ROLE)]
    assert found.tags is None
    assert facts.not_read == ()


def test_no_environment_variable_is_kept() -> None:
    broken = '{"Functions": [{"Environment": {"Variables": {"TOKEN": "' + SECRET + '"}}, "FunctionArn": 3}]'
    facts = read(
        {
            "functions.json": functions(
                configuration(), configuration("b", FunctionArn=1), configuration("c", Role=[])
            ),
            "get-function.json": {"Configuration": configuration("d")},
            "unknown.json": {"Thing": configuration("e")},
            "cut.json": broken,
            "cut-2.json": broken[:70],
            "list.json": [configuration("f"), 3],
        }
    )
    assert len(facts.functions) == 3
    assert facts.not_read
    assert SECRET not in repr(plain(facts))


def test_layers() -> None:
    facts = read({"f.json": functions(configuration(Layers=[{"Arn": LAYER, "CodeSize": 1}]))})
    (layer,) = the_function(facts).layers
    assert (layer.arn, layer.source, layer.pointer) == (LAYER, "f.json", "/Functions/0/Layers/0")


@pytest.mark.parametrize(
    ("tags", "expected"), [({"Tags": {"Environment": "test"}}, {"Environment": "test"}), ({"Tags": {}}, {}), ({}, None)]
)
def test_tags_of_get_function(tags: Json, expected: object) -> None:
    facts = read({"a.json": functions(configuration()), "get-function.json": {"Configuration": configuration()} | tags})
    assert the_function(facts).tags == expected
    assert facts.not_read == ()


def test_list_tags_belong_to_the_function_of_the_name() -> None:
    files = {"f.json": functions(configuration(), configuration("other"))}
    facts = read({**files, "list-tags.resize.json": {"Tags": {"team": "web"}}})
    assert the_function(facts).tags == {"team": "web"}
    assert the_function(facts, "other").tags is None
    facts = read({**files, "tags.json": {"Tags": {"team": "web"}}})
    assert the_function(facts).tags is None
    assert the_gap(facts).error.startswith("it tells tags, but not of which function")


def test_versions_keep_their_roles() -> None:
    facts = read({"f.json": functions(configuration(), VERSION), "aliases.json": {"Aliases": [ALIAS]}})
    found = the_function(facts)
    assert found.role == ROLE
    assert [(q.name, q.version, q.role) for q in found.qualifiers] == [
        ("", None, ROLE),
        ("3", None, f"{ROLE}-old"),
        ("live", "3", f"{ROLE}-old"),
    ]
    assert (found.qualifiers[2].source, found.qualifiers[2].pointer) == ("aliases.json", "/Aliases/0")


def test_get_function_of_an_alias() -> None:
    facts = read({"f.json": {"Configuration": configuration(FunctionArn=f"{FUNCTION}:live", Version="3")}})
    found = the_function(facts)
    assert [(q.name, q.version, q.role) for q in found.qualifiers] == [("", None, ROLE), ("live", "3", ROLE)]
    assert found.listed


@pytest.mark.parametrize("value", [{"FunctionUrlConfigs": [URL]}, URL, [URL]])
def test_function_urls(value: object) -> None:
    facts = read({"f.json": functions(configuration()), "url.json": value})
    url = the_function(facts).qualifiers[0].url
    assert url is not None
    assert (url.auth_type, url.url, url.created) == ("NONE", URL["FunctionUrl"], "2026-02-03T10:00:00Z")
    assert (url.cors_origins, url.cors_methods, url.cors_credentials) == (("https://example.com",), ("GET",), True)
    assert url.source == "url.json"


def test_the_url_of_an_alias() -> None:
    url = URL | {"FunctionArn": f"{FUNCTION}:live", "AuthType": "AWS_IAM"}
    facts = read({"url.json": {"FunctionUrlConfigs": [URL, url]}})
    found = the_function(facts)
    assert not found.listed
    assert [(q.name, q.url and q.url.auth_type) for q in found.qualifiers] == [("", "NONE"), ("live", "AWS_IAM")]


def test_a_url_of_another_type() -> None:
    facts = read({"url.json": URL | {"AuthType": "PASSWORD"}})
    assert facts.functions == ()
    assert the_gap(facts).pointer == "/AuthType"


@pytest.mark.parametrize("value", [{"EventSourceMappings": [MAPPING]}, MAPPING])
def test_event_source_mappings(value: object) -> None:
    facts = read({"m.json": value})
    (mapping,) = facts.mappings
    assert (mapping.function_arn, mapping.event_source, mapping.uuid, mapping.enabled) == (
        FUNCTION,
        MAPPING["EventSourceArn"],
        "7c2f",
        True,
    )
    assert not the_function(facts).listed


def test_mappings_of_aliases_and_without_an_arn() -> None:
    kafka = {"UUID": "1", "FunctionArn": f"{FUNCTION}:live", "State": "Disabled", "SelfManagedEventSource": {}}
    facts = read({"m.json": {"EventSourceMappings": [kafka]}})
    (mapping,) = facts.mappings
    assert (mapping.function_arn, mapping.event_source, mapping.enabled) == (f"{FUNCTION}:live", None, False)
    assert [q.name for q in the_function(facts).qualifiers] == ["", "live"]


def test_a_mapping_read_twice_is_one() -> None:
    facts = read({"a.json": MAPPING, "b.json": {"EventSourceMappings": [MAPPING]}})
    assert len(facts.mappings) == 1


def test_one_function_in_several_regions_and_partitions() -> None:
    others = [
        configuration(FunctionArn=FUNCTION.replace("us-east-1", "eu-west-1")),
        configuration(FunctionArn=FUNCTION.replace("arn:aws:", "arn:aws-cn:").replace("us-east-1", "cn-north-1")),
    ]
    facts = read({"f.json": functions(configuration(), *others)})
    assert len(facts.functions) == 3


@pytest.mark.parametrize(
    ("entry", "pointer", "error"),
    [
        ({"FunctionName": "x", "Role": ROLE}, "/Functions/1", "FunctionArn is missing"),
        (configuration(FunctionArn="resize"), "/Functions/1/FunctionArn", "FunctionArn is not an ARN"),
        (configuration(FunctionArn=ROLE), "/Functions/1/FunctionArn", "FunctionArn is not the ARN of a function"),
        (
            configuration(FunctionArn=f"{FUNCTION}*"),
            "/Functions/1/FunctionArn",
            "FunctionArn is not the ARN of a function",
        ),
        (configuration("b", Role=3), "/Functions/1/Role", "Role is a string, not a number"),
        (configuration("b", Layers={}), "/Functions/1/Layers", "Layers is a list, not an object"),
        ("resize", "/Functions/1", "a function is an object, not a string"),
    ],
)
def test_wrong_entries_are_left_out(entry: object, pointer: str, error: str) -> None:
    facts = read({"f.json": {"Functions": [configuration(), entry]}})
    assert the_function(facts).role == ROLE
    assert (the_gap(facts).pointer, the_gap(facts).error) == (pointer, error)


def test_thousands_of_entries_that_lack_the_same() -> None:
    facts = read(
        {"f.json": [{"FunctionName": f"f{i}"} for i in range(3)], "g.json": functions(*[{"FunctionName": "x"}] * 2500)}
    )
    assert facts.functions == ()
    gaps = [gap for gap in facts.not_read if gap.source == "g.json"]
    assert {gap.error for gap in gaps} == {"FunctionArn is missing"}
    assert {gap.pointer for gap in gaps} == {f"/Functions/{i}" for i in range(2500)}, "each can be looked up"


def test_a_role_that_is_not_in_view() -> None:
    facts = read({"f.json": functions(configuration())})
    assert the_function(facts).role == ROLE
    assert facts.not_read == ()  # no identities at all: an assumption, not a gap
    assert "No identities were given: nobody is taken to be allowed by a policy of their own." in facts.assumptions
    facts = read({"f.json": functions(configuration()), "d.json": details(role("other"))})
    gap = the_gap(facts)
    assert (gap.source, gap.pointer, gap.arn, gap.api) == ("f.json", "/Functions/0/Role", ROLE, "iam:GetRole")
    assert gap.effect == "what resize can reach is unknown"
    facts = read({"f.json": functions(configuration()), "d.json": details(role("other", "999999999999"))})
    assert facts.not_read == ()  # of this account nothing was given


def test_a_function_without_a_role() -> None:
    entry = configuration()
    del entry["Role"]
    facts = read({"f.json": functions(entry), "d.json": details(role())})
    assert the_function(facts).role is None
    assert facts.not_read == ()
