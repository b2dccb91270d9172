"""Snapshots as files: valid by their schema, read whatever state they are in, and never a crash."""

import gzip
import json
import random
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from permcheck.errors import ExitCode
from permcheck.model import Facts
from permcheck.sources.files import load, load_texts
from permcheck.sources.snapshot import files
from permcheck.sources.snapshot.answer import Answer, Problem
from permcheck.sources.snapshot.snapshot import Asked, Snapshot, text
from tests.cli.asking import ask
from tests.live.endpoint import ACCOUNT, REGION, Endpoint

SCHEMA = json.loads((resources.files("permcheck.sources.snapshot") / "snapshot.schema.json").read_text())
ROLE = f"arn:aws:iam::{ACCOUNT}:role/run"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders"


def answer(service: str, operation: str, *pages: Any, **more: Any) -> Answer:
    """An answer."""
    region = more.pop("region", "" if service == "iam" else REGION)
    problem, absent = more.pop("error", None), more.pop("absent", False)
    return Answer(ACCOUNT, region, service, operation, more, tuple(pages), problem, absent)


def snapshot(*answers: Answer, services: tuple[str, ...] = ("iam", "lambda"), complete: bool = True) -> Snapshot:
    """A snapshot of these answers."""
    asked = Asked("aws", ACCOUNT, {ACCOUNT: ""}, (REGION,), services)
    return Snapshot(asked, "2026-01-01T00:00:00Z", "permcheck test", {a.key: a for a in answers}, complete)


def facts(found: Snapshot) -> Facts:
    """The facts of a snapshot, by way of its file."""
    return load_texts({"a.json.gz": files.packed(found)})


def listed(*names: str) -> Answer:
    """ListFunctions."""
    entries = [
        {"FunctionName": name, "FunctionArn": f"{FUNCTION[:-6]}{name}:$LATEST", "Role": ROLE, "Version": "$LATEST"}
        for name in names
    ]
    return answer("lambda", "ListFunctions", {"Functions": entries}, FunctionVersion="ALL")


def test_the_schema_fits_what_is_written(server: Endpoint, tmp_path: Path) -> None:
    path = tmp_path / "a.json.gz"
    ask("snapshot", "--endpoint-url", server.url, "--region", REGION, "--output", path)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    validator.check_schema(SCHEMA)
    validator.validate(json.loads(gzip.decompress(path.read_bytes())))
    broken = snapshot(answer("lambda", "GetPolicy", error=Problem("Denied", "AccessDenied"), FunctionName="f"))
    validator.validate(json.loads(text(broken)))
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(json.loads(text(broken).replace("Denied", "What")))


def test_only_its_owner_may_read_it(server: Endpoint, tmp_path: Path) -> None:
    path = tmp_path / "a.json.gz"
    ask("snapshot", "--endpoint-url", server.url, "--region", REGION, "--include", "iam", "--output", path)
    assert path.stat().st_mode & 0o077 == 0


def test_compressed_or_not_it_is_the_same(tmp_path: Path) -> None:
    found = snapshot(listed("orders"))
    packed, plain = tmp_path / "a.json.gz", tmp_path / "a.json"
    packed.write_bytes(files.packed(found))
    plain.write_text(text(found))
    assert repr(load([str(packed)]).functions[0].arn) == repr(load([str(plain)]).functions[0].arn)


def test_what_was_not_asked_is_unknown_and_not_absent() -> None:
    found = facts(snapshot(listed("orders"), complete=False))
    (function,) = found.functions
    policy = function.qualifiers[0].policy
    assert policy is not None
    assert policy.document is None
    (gap,) = found.not_read
    assert "lambda:GetPolicy (1)" in gap.error
    assert "iam:GetAccountAuthorizationDetails (1)" in gap.error


def test_an_absent_policy_is_none() -> None:
    none = [
        answer("lambda", name, absent=True, FunctionName="orders")
        for name in ("GetPolicy", "ListAliases", "ListFunctionUrlConfigs", "ListFunctionEventInvokeConfigs")
    ]
    identities = answer("iam", "GetAccountAuthorizationDetails", {"RoleDetailList": []})
    mappings = answer("lambda", "ListEventSourceMappings", {"EventSourceMappings": []})
    found = facts(snapshot(listed("orders"), identities, mappings, *none))
    assert found.functions[0].qualifiers[0].policy is None
    # Nothing is missing, and nothing that was asked for is taken for granted.
    assert found.not_read == ()
    assert not any("function policies" in said or "URLs" in said for said in found.assumptions)


def test_a_page_that_was_lost_is_told() -> None:
    lost = answer("iam", "GetAccountAuthorizationDetails", {"RoleDetailList": []}, error=Problem("Connection"))
    found = facts(snapshot(lost, services=("iam",)))
    (gap,) = found.not_read
    assert gap.error == "the connection broke, until the retries ended after 1 page"
    assert gap.api == "iam:GetAccountAuthorizationDetails"


def test_a_torn_journal_loses_its_last_line_alone(tmp_path: Path) -> None:
    path = str(tmp_path / "a.json.gz.partial")
    journal = files.JournalFile(path, snapshot())
    journal.answer(listed("orders"))
    journal.page(answer("iam", "GetAccountAuthorizationDetails", {"RoleDetailList": []}), "more")
    journal.close()
    content = Path(path).read_bytes()
    whole, unfinished = files.read(content)
    assert (len(whole.answers), len(unfinished), whole.complete) == (1, 1, False)
    torn, left = files.read(content[:-5])
    assert (len(torn.answers), len(left)) == (1, 0)
    assert load([path]).functions[0].name == "orders"


@pytest.mark.parametrize("seed", range(60))
def test_a_changed_snapshot_is_no_crash(server: Endpoint, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    source = tmp_path.parent / "whole.json.gz"
    if not source.exists():
        ask("snapshot", "--endpoint-url", server.url, "--region", REGION, "--output", source)
    value = json.loads(gzip.decompress(source.read_bytes()))
    for _ in range(chance.randint(1, 4)):
        _change(value, chance)
    path = tmp_path / "a.json"
    path.write_text(json.dumps(value, indent=1))
    result = ask("audit", path)
    assert result.exit_code in set(ExitCode) - {ExitCode.BUG}, result.stderr


def _change(value: Any, chance: random.Random) -> None:
    """Put something else in some place."""
    while True:
        keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = chance.choice(keys)
        inner = value[key]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.85:
            value = inner
            continue
        value[key] = chance.choice([None, 7, "x", [], {}, [None], {"a": 1}, True])
        return


def test_two_snapshots_are_read_together(tmp_path: Path) -> None:
    other = Answer("999988887777", "", "iam", "GetAccountAuthorizationDetails", {}, ({"RoleDetailList": []},))
    asked = Asked("aws", "999988887777", {"999988887777": ""}, (REGION,), ("iam",))
    second = Snapshot(asked, "2026-01-01T00:00:00Z", "permcheck test", {other.key: other})
    found = load_texts({"a.json.gz": files.packed(snapshot(listed("orders"))), "b.json.gz": files.packed(second)})
    assert [function.name for function in found.functions] == ["orders"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x1f\x8b\0not gzip", "a binary file"),
        (gzip.compress(b'{"a": 1}'), "not"),
        (files.packed(snapshot())[:-20], "a damaged gzip file"),
        (gzip.compress(b'{"permcheck_snapshot": 1}'), "lacks a part"),
        (gzip.compress(b'{"permcheck_snapshot": 2, "x'), "breaks off"),
        (b'{"permcheck_snapshot":2}', "its version is 2"),
    ],
)
def test_what_is_no_snapshot_is_told(content: bytes, said: str) -> None:
    (gap,) = load_texts({"a.json.gz": content}).not_read
    assert said in gap.error
    assert gap.source == "a.json.gz"
