"""Destinations, dead letters, failures of pollers, code signing, and tags by ARN."""

import pytest

from tests.sources.captures import FUNCTION, ROLE, Json, configuration, functions, read, the_function, the_role
from tests.sources.samples import LAMBDA
from tests.sources.samples.names import QUEUE, RULE
from tests.sources.surroundings import IDENTITIES, LISTED, errors, gap_about, read_samples, the_resource

CONFIGS, CONFIG, SIGNING, TAGGED = LAMBDA


def told(facts_of: Json) -> list[tuple[str, str, str]]:
    return [(d.kind, d.arn, d.qualifier) for d in the_function(read(facts_of)).destinations]


def test_destinations_of_a_function_and_an_alias() -> None:
    facts = read_samples(CONFIGS, CONFIG)
    assert [(d.kind, d.arn, d.qualifier) for d in the_function(facts).destinations] == [
        ("on_failure", QUEUE, "prod"),
        ("on_success", f"{FUNCTION}-next", ""),
    ]
    pointer = "/FunctionEventInvokeConfigs/0/DestinationConfig/OnSuccess/Destination"
    assert the_function(facts).destinations[1].pointer == pointer
    assert not the_function(facts, "resize-next").listed


def test_a_configuration_without_destinations() -> None:
    assert told({"c.json": {"FunctionArn": FUNCTION, "MaximumRetryAttempts": 0}}) == []


def test_a_dead_letter_queue() -> None:
    dead = configuration(DeadLetterConfig={"TargetArn": QUEUE})
    assert told({"f.json": functions(dead)}) == [("dead_letter", QUEUE, "")]
    version = dead | {"FunctionArn": f"{FUNCTION}:3", "Version": "3"}
    assert told({"v.json": {"Versions": [version]}}) == [("dead_letter", QUEUE, "3")]


def test_a_destination_of_another_shape() -> None:
    facts = read({"c.json": {"FunctionArn": FUNCTION, "DestinationConfig": {"OnFailure": {"Destination": 3}}}})
    assert facts.not_read[0].pointer == "/DestinationConfig/OnFailure/Destination"
    assert the_function(facts).destinations == ()


def test_where_a_mapping_sends_what_failed_and_how_it_signs_in() -> None:
    secret = {"Type": "SASL_SCRAM_512_AUTH", "URI": "arn:aws:secretsmanager:us-east-1:1:secret:kafka"}
    value = {
        "UUID": "1",
        "FunctionArn": FUNCTION,
        "DestinationConfig": {"OnFailure": {"Destination": QUEUE}},
        "SourceAccessConfigurations": [secret, {"Type": "VPC_SUBNET", "URI": "subnet:1"}],
    }
    (mapping,) = read({"m.json": value}).mappings
    assert mapping.on_failure == QUEUE
    assert mapping.access == (("SASL_SCRAM_512_AUTH", secret["URI"]), ("VPC_SUBNET", "subnet:1"))
    (mapping,) = read(
        {"m.json": {"UUID": "1", "FunctionArn": FUNCTION, "DestinationConfig": {"OnFailure": {}}}}
    ).mappings
    assert (mapping.on_failure, mapping.access) == (None, ())


@pytest.mark.parametrize("name", ["resize", FUNCTION, f"{FUNCTION}:1"])
def test_code_signing(name: str) -> None:
    value = SIGNING.value | {"FunctionName": name}
    assert the_function(read({"c.json": value} | LISTED)).code_signing == SIGNING.value["CodeSigningConfigArn"]


def test_code_signing_of_a_function_that_is_not_in_view() -> None:
    facts = read_samples(SIGNING)
    assert facts.functions == ()
    assert "the function resize, which is not in view" in gap_about(facts, "code signing").error


def test_no_code_signing() -> None:
    facts = read({"c.json": {"CodeSigningConfigArn": "", "FunctionName": "resize"}} | LISTED)
    assert (the_function(facts).code_signing, facts.not_read) == (None, ())


def test_tags_by_arn() -> None:
    listed = [
        {"ResourceARN": arn, "Tags": [{"Key": "team", "Value": "photos"}]}
        for arn in (FUNCTION, ROLE, RULE, f"{FUNCTION}-unknown")
    ]
    rule = {"Name": "nightly", "Arn": RULE, "State": "ENABLED"}
    facts = read({"t.json": {"ResourceTagMappingList": listed}, "r.json": rule} | LISTED | IDENTITIES)
    assert the_function(facts).tags == {"team": "photos"}
    assert the_role(facts).tags == {"team": "photos"}
    assert the_resource(facts, RULE).tags == {"team": "photos"}
    assert [f.name for f in facts.functions] == ["resize"]  # a tag brings nothing into view


def test_what_has_no_tags_is_not_listed_and_stays_open() -> None:
    facts = read({"t.json": {"ResourceTagMappingList": []}} | LISTED)
    assert the_function(facts).tags is None


def test_tags_told_differently() -> None:
    function = {"Configuration": configuration(), "Tags": {"team": "web"}}
    facts = read({"get-function.json": function, "tags.json": TAGGED.value})
    assert the_function(facts).tags == {"team": "photos"}
    assert errors(facts) == [f"get-function.json tells {FUNCTION} differently: tags"]


def test_a_page_of_tags_that_is_missing() -> None:
    facts = read({"t.json": TAGGED.value | {"PaginationToken": "x"}} | LISTED)
    assert gap_about(facts, "a page is missing").pointer == "/PaginationToken"
    assert read({"t.json": TAGGED.value | {"PaginationToken": ""}} | LISTED).not_read == ()
