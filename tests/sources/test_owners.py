"""Outputs that do not say what they are about: the file's name tells, or the only neighbour they can belong to."""

import pytest

from tests.sources.captures import FUNCTION, read
from tests.sources.samples import HTTP, POLICIES, REST, TRIGGERS
from tests.sources.samples.names import API, BUCKET, HTTP_API
from tests.sources.surroundings import called, gap_about, the_api, the_resource

APIS, RESOURCES, *_ = REST
NOTIFIED, BUCKET_POLICY = TRIGGERS[0], POLICIES[0]
BUCKET_ARN = f"arn:aws:s3:::{BUCKET}"
OTHER_API = APIS.value["items"][0] | {"id": "q1w2e3r4t5", "name": "other"}


@pytest.mark.parametrize(
    "file",
    [
        f"get-resources.{API}.json",
        f"get-resources-{API}.json",
        f"get_resources_{API}.json",
        f"get-resources/{API}.json",
        f"get-resources.{API}.page1.json",
        f"{API}/get-resources.json",
        "get-resources.json",
        "anything.json",
    ],
)
def test_routes_of_the_only_api(file: str) -> None:
    """The name tells; where it tells nothing, the API that the same folder describes is meant."""
    facts = read({"get-rest-apis.json": APIS.value, file: RESOURCES.value})
    assert [r.path for r in the_api(facts).routes] == ["/items", "/items"]
    assert facts.not_read == ()


def test_an_api_known_by_its_id_alone() -> None:
    facts = read({f"get-resources.{API}.json": RESOURCES.value})
    assert (the_api(facts).id, the_api(facts).name, len(the_api(facts).routes)) == (API, "", 2)


@pytest.mark.parametrize("file", ["get-resources.json", "get-resources.production.json", "r.json"])
def test_routes_of_one_of_two_apis(file: str) -> None:
    """Ten letters without a digit are a word, not an id."""
    apis = {"items": [APIS.value["items"][0], OTHER_API]}
    facts = read({"get-rest-apis.json": apis, file: RESOURCES.value})
    assert all(api.routes == () for api in facts.apis)
    gap = gap_about(facts, "methods")
    assert gap.error == "it tells methods, but not of which REST API: neither the text nor the file's name says so"
    assert gap.effect == "no REST API is taken to have them; call the file get-resources.NAME.json to tell"
    assert gap.source == file


def test_the_folder_tells_which_of_two() -> None:
    texts = {f"{api['id']}/get-rest-api.json": api for api in (APIS.value["items"][0], OTHER_API)}
    facts = read(texts | {"q1w2e3r4t5/get-resources.json": RESOURCES.value})
    assert [(api.id, len(api.routes)) for api in facts.apis] == [(API, 0), ("q1w2e3r4t5", 2)]


def test_an_unknown_id_is_not_the_neighbours() -> None:
    facts = read({"get-rest-apis.json": APIS.value, "get-resources.q1w2e3r4t5.json": RESOURCES.value})
    assert [(api.id, len(api.routes)) for api in facts.apis] == [(API, 0), ("q1w2e3r4t5", 2)]


def test_generations_are_not_mixed_up() -> None:
    """A folder with one REST API and one HTTP API leaves no doubt: their outputs look different."""
    facts = read({"a.json": APIS.value, "b.json": HTTP[0].value, "c.json": RESOURCES.value, "d.json": HTTP[1].value,
                  "e.json": HTTP[2].value})  # fmt: skip
    assert [(api.id, len(api.routes)) for api in facts.apis] == [(API, 2), (HTTP_API, 2)]


def test_notifications_beside_the_policy() -> None:
    facts = read({"photos/policy.json": BUCKET_POLICY.value, "photos/notifications.json": NOTIFIED.value})
    assert called(the_resource(facts, BUCKET_ARN)) == [(FUNCTION, None)]
    facts = read({"a/policy.json": BUCKET_POLICY.value, "b/notifications.json": NOTIFIED.value})
    assert called(the_resource(facts, BUCKET_ARN)) == []
    assert gap_about(facts, "notifications").source == "b/notifications.json"


def test_a_bucket_with_dots() -> None:
    facts = read({"get-bucket-notification-configuration.logs.example.com.json": NOTIFIED.value})
    assert called(the_resource(facts, "arn:aws:s3:::logs.example.com")) == [(FUNCTION, None)]


def test_two_buckets_side_by_side() -> None:
    second = {"Policy": str(BUCKET_POLICY.value["Policy"]).replace(BUCKET, "second")}
    facts = read({"a.json": BUCKET_POLICY.value, "b.json": second, "n.json": NOTIFIED.value})
    assert all(resource.triggers == () for resource in facts.resources)
    assert "not of which bucket" in gap_about(facts, "notifications").error
