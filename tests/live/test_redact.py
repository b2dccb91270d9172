"""A snapshot made anonymous: the same findings, and nothing left that says whose they are."""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permcheck import engine
from permcheck.config import Config
from permcheck.policy.wildcard import glob
from permcheck.sources.snapshot.placed import facts_of
from permcheck.sources.snapshot.redact import _Redactor, redacted
from permcheck.sources.snapshot.snapshot import Snapshot, text
from tests.cli.asking import ask
from tests.live.endpoint import ACCOUNT, REGION, Endpoint

KEY = b"0123456789abcdef"


@pytest.fixture(scope="module")
def both(server: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, Snapshot]:
    """A snapshot, and the same made anonymous."""
    from permcheck.sources.snapshot import files

    path = tmp_path_factory.mktemp("redact") / "a.json.gz"
    told = ("--endpoint-url", server.url, "--region", REGION)
    assert ask("snapshot", *told, "--output", path).exit_code == 0
    plain, _ = files.read(path.read_bytes())
    assert ask("snapshot", *told, "--output", path, "--redact").exit_code == 0
    hidden, _ = files.read(path.read_bytes())
    return plain, hidden


def shape(snapshot: Snapshot) -> Counter[tuple[Any, ...]]:
    """The findings, without the names in them."""
    report = engine.audit(facts_of(snapshot, ()), Config())
    return Counter(
        (
            finding.rule,
            finding.severity,
            finding.confidence,
            len(finding.locations),
            tuple((step.kind, step.verdict) for step in finding.path),
            tuple(location.pointer.count("/") for location in finding.locations),
        )
        for finding in report.findings
    )


def test_it_gives_the_same_findings(both: tuple[Snapshot, Snapshot]) -> None:
    plain, hidden = both
    assert hidden.redacted
    assert shape(hidden) == shape(plain)
    assert sum(shape(plain).values()) > 15


def test_no_name_is_left(both: tuple[Snapshot, Snapshot]) -> None:
    _, hidden = both
    left = text(hidden)
    for name in (ACCOUNT, "orders", "mailer", "partner", "999988887777", "pictures", "jobs", "developers", "nightly"):
        assert not re.search(rf"(?<![A-Za-z0-9]){name}(?![A-Za-z0-9])", left, re.IGNORECASE), name


def test_one_name_has_one_stand_in_and_another_snapshot_another(both: tuple[Snapshot, Snapshot]) -> None:
    plain, hidden = both
    assert text(redacted(plain, KEY)) == text(redacted(plain, KEY))
    assert text(redacted(plain)) != text(hidden)


def test_it_cannot_be_gone_on_with(server: Endpoint, tmp_path: Path, both: tuple[Snapshot, Snapshot]) -> None:
    from permcheck.sources.snapshot import files

    path = tmp_path / "hidden.json.gz"
    files.write(str(path), both[1])
    result = ask("snapshot", "--endpoint-url", server.url, "--resume", path)
    assert result.exit_code == 2
    assert "anonymous" in result.stderr


LETTERS = st.text("abcXY19-_/", min_size=1, max_size=8)


@given(st.lists(LETTERS, min_size=1, max_size=3), LETTERS, st.sampled_from(["{}*", "*{}", "{}?", "*{}*", "{}"]))
@settings(max_examples=300, deadline=None)
def test_a_pattern_matches_the_stand_in_where_it_matched_the_name(parts: list[str], cut: str, form: str) -> None:
    name, pattern = "".join(parts), form.format(parts[0] if form[0] == "{" else cut)
    hide = _Redactor(KEY, plain=form[0] == "*")
    # A word of digits alone is an account or a number: those are not cut by patterns of names.
    if any(word.isdigit() for word in re.findall(r"[A-Za-z0-9]+", name + " " + pattern)):
        return
    assert glob(hide.name(pattern))(hide.name(name)) == glob(pattern)(name)


def test_policies_keep_their_language() -> None:
    statement = {
        "Sid": "Shop",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com", "AWS": f"arn:aws:iam::{ACCOUNT}:role/shop"},
        "Action": ["lambda:InvokeFunction"],
        "Resource": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:shop*",
        "Condition": {
            "IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]},
            "StringEquals": {"aws:PrincipalTag/team": "shop", "lambda:FunctionUrlAuthType": "NONE"},
            "DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"},
            "StringLike": {"iam:PassedToService": "lambda.amazonaws.com", "aws:userid": "${aws:PrincipalTag/x}"},
        },
    }
    hide = _Redactor(KEY, plain=False)
    found = hide._document(statement)
    own, shop = hide.name(ACCOUNT), hide.name("shop")
    assert own != ACCOUNT
    assert re.fullmatch(r"\d{12}", own)
    assert found == json.loads(
        json.dumps(statement).replace(ACCOUNT, own).replace("Shop", shop.capitalize()).replace("shop", shop)
    )
    managed = "arn:aws:iam::aws:policy/AdministratorAccess"
    assert hide.name(managed) == managed
    assert replace is not None
