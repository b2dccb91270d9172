"""Listings in pages: in one file, in several, and with pages that are not there."""

import json

import pytest

from tests.sources.captures import (
    OTHER,
    Json,
    attached,
    configuration,
    details,
    document,
    functions,
    managed,
    read,
    role,
    the_gap,
    the_role,
)

FIRST = details(role(AttachedManagedPolicies=attached("shared")), IsTruncated=True, Marker="m")
LAST = details(Policies=[managed("shared", document())], IsTruncated=False)


@pytest.mark.parametrize(
    "files",
    [
        {"1.json": FIRST, "2.json": LAST},
        {"all.json": json.dumps(FIRST) + json.dumps(LAST)},
        {"all.json": json.dumps(FIRST, indent=4) + "\n" + json.dumps(LAST, indent=4) + "\n"},
        {"all.jsonl": json.dumps(FIRST) + "\n" + json.dumps(LAST)},
        {"all.json": [FIRST, LAST]},
    ],
)
def test_pages_are_one_listing(files: Json) -> None:
    facts = read(files)
    assert [p.document is not None for p in the_role(facts).policies] == [True]
    assert facts.not_read == ()


def test_pointers_count_the_documents_of_a_file() -> None:
    facts = read({"all.json": json.dumps(FIRST) + json.dumps(LAST)})
    assert the_role(facts).pointer == "/0/RoleDetailList/0"
    assert the_role(facts).policies[0].pointer == "/1/Policies/0/PolicyVersionList/0/Document"


def test_a_page_that_is_missing() -> None:
    facts = read({"1.json": FIRST})
    assert the_role(facts).policies[0].document is None
    page = next(gap for gap in facts.not_read if "page" in gap.error)
    assert page.error == "a page is missing: get-account-authorization-details goes on after this one (IsTruncated)"
    assert page.pointer == "/IsTruncated"
    assert page.effect == "identities and policies of the pages that follow are not in this report"


@pytest.mark.parametrize(("member", "value"), [("NextMarker", "abc"), ("NextToken", "eyJ"), ("IsTruncated", True)])
def test_marks_of_a_page_that_follows(member: str, value: object) -> None:
    facts = read({"f.json": functions(configuration(), **{member: value})})
    assert the_gap(facts).pointer == f"/{member}"
    assert the_gap(facts).effect == "functions of later pages are missing"
    assert len(facts.functions) == 1


@pytest.mark.parametrize(("member", "value"), [("NextMarker", ""), ("NextToken", None), ("IsTruncated", False)])
def test_marks_of_the_last_page(member: str, value: object) -> None:
    assert read({"f.json": functions(configuration(), **{member: value})}).not_read == ()


def test_the_last_page_of_another_account_ends_nothing() -> None:
    facts = read({"1.json": FIRST, "2.json": details(role("x", OTHER))})
    assert any("page" in gap.error for gap in facts.not_read)


def test_an_empty_last_page_ends_a_listing() -> None:
    facts = read({"1.json": functions(configuration(), NextMarker="m"), "2.json": functions()})
    assert facts.not_read == ()


def test_each_function_has_a_listing_of_its_own() -> None:
    def versions(name: str, **more: object) -> Json:
        return {"Versions": [configuration(name)]} | more

    files = {"a.json": versions("a", NextMarker="m"), "b.json": versions("b"), "c.json": {"Versions": []}}
    assert the_gap(read(files)).source == "a.json"
    assert read({**files, "a2.json": versions("a")}).not_read == ()


def test_a_missing_page_is_told_once() -> None:
    facts = read({f"{i}.json": functions(configuration(f"f{i}"), NextMarker="m") for i in range(4)})
    assert the_gap(facts).source == "3.json"
