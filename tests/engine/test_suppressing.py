"""Which findings are accepted, by configuration or by the source itself, and what is said of idle acceptances."""

import json
from dataclasses import replace
from datetime import date

import pytest

from permcheck import engine
from permcheck.config import Config, PublicFunction
from permcheck.model import Finding, Location, Suppression
from permcheck.sources.files import load_texts
from permcheck.suppressing import Suppressing, covers, expired

ROLE = "arn:aws:iam::111122223333:role/ci/release-main"
TODAY = date(2027, 1, 31)
FINDING = Finding(
    "PC101",
    "anyone-may-invoke",
    "high",
    "high",
    "said",
    ROLE,
    (
        Location("app.yaml", "/Resources/Role/Properties/Policies/0"),
        Location("app.yaml", "/Resources/F", arn=ROLE, sid="Old"),
        Location("app.yaml", "/Resources/Other/Properties", arn="arn:aws:iam::111122223333:role/other"),
    ),
)
HOME = ("app.yaml", "/Resources/Home")


def said(pointer: str, source: str = "app.yaml") -> Suppression:
    """One that a source writes at this place."""
    return Suppression("PC101", None, "x", source=source, pointer=pointer)


@pytest.mark.parametrize(
    ("entry", "covered"),
    [
        (Suppression("PC101", ROLE, "x"), True),
        (Suppression("anyone-*", "release-*", "x"), True),
        (Suppression("PC102", ROLE, "x"), False),
        (Suppression("PC101", "other", "x"), False),
        (Suppression("PC101", "*", "x", sid="Old"), True),
        (Suppression("PC101", "*", "x", sid="New"), False),
        (said("/Resources/Role"), True),
        (said("/Resources/Role/Properties/Policies/0"), True),
        (said(""), True),
        (said("/Resources/Rol"), False),
        (said("/Resources/Role/Properties/Policies/0/PolicyName"), False),
        (said("/Resources/F"), True),  # another place of the same resource
        (said("/Resources/Other"), False),  # the finding leads there, but is about something else
        (said("/Resources/Home"), True),
        (said("/Resources/Role", "other.yaml"), False),
        (replace(said("/Resources/Other"), resource="release-main"), True),
        (replace(said("/Resources/Role"), resource="another"), True),
        (replace(said("/Resources/Other"), resource="another"), False),
        (replace(said("/Resources/Role"), sid="New"), False),
    ],
)
def test_what_a_suppression_covers(entry: Suppression, covered: bool) -> None:
    assert covers(entry, FINDING, HOME) is covered


def test_a_finding_without_a_place_is_in_no_source() -> None:
    assert not covers(said(""), replace(FINDING, locations=()))


def test_a_suppression_holds_on_its_last_day() -> None:
    entry = Suppression("PC101", "*", "x", until=TODAY)
    assert not expired(entry, TODAY)
    assert expired(entry, date(2027, 2, 1))
    assert not expired(Suppression("PC101", "*", "x"), date(9999, 12, 31))


def test_what_is_said_of_the_idle() -> None:
    entries = (
        Suppression("PC101", ROLE, "used", place="permcheck.toml:1"),
        Suppression("PC1*", "*", "used too"),
        Suppression("PC999", "x", "never", place="permcheck.toml:9"),
        Suppression("PC101", ROLE, "old", until=date(2027, 1, 30), place="permcheck.toml:5"),
        replace(said("/Resources/Gone"), place="app.yaml:12"),
    )
    suppressing = Suppressing(entries, TODAY)
    assert suppressing.accepted(FINDING) is entries[0]
    assert list(suppressing.idle()) == [
        "The suppression of PC999 on x (permcheck.toml:9) matched no finding.",
        f"The suppression of PC101 on {ROLE} (permcheck.toml:5) expired on 2027-01-30 and was not applied.",
        "The suppression of PC101 (app.yaml:12) matched no finding.",
    ]


def test_one_that_has_expired_accepts_nothing() -> None:
    old = Suppression("PC101", ROLE, "old", until=date(2027, 1, 30))
    assert Suppressing([old], TODAY).accepted(FINDING) is None
    assert Suppressing([old], date(2027, 1, 30)).accepted(FINDING) is old


def test_a_source_accepts_a_finding() -> None:
    policy = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}}'
    facts = load_texts({"p.json": policy})
    entry = Suppression("PC131", None, "a lab", source="p.json", pointer="/Statement", place="p.json:1")
    idle = replace(entry, rule="PC999", pointer="")
    before = engine.audit(facts, Config())
    after = engine.audit(replace(facts, suppressions=(entry, idle)), Config())
    assert {f.rule for f in before.findings} - {f.rule for f in after.findings} == {"PC131"}
    assert [(s.finding.rule, s.reason, s.by, s.place) for s in after.suppressed] == [
        ("PC131", "a lab", "source", "p.json:1")
    ]
    assert after.notes == ("The suppression of PC999 (p.json:1) matched no finding.",)
    assert before.notes == () and before.assumptions == after.assumptions


OPEN = {
    "get-policy.json": json.dumps(
        {
            "Policy": json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
                            "Action": "lambda:InvokeFunction",
                            "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:save",
                        }
                    ],
                }
            )
        }
    )
}


@pytest.mark.parametrize(
    ("select", "ignore", "said"),
    [
        ((), (), True),
        (("PC101",), (), False),
        (("pc1*",), (), True),
        ((), ("pc104",), False),
        ((), ("PC101",), True),
    ],
)
def test_of_a_rule_that_did_not_run_nothing_is_said(
    select: tuple[str, ...], ignore: tuple[str, ...], said: bool
) -> None:
    entry = Suppression("pc104", "elsewhere", "x", place="permcheck.toml:9")
    config = Config(select=select, ignore=ignore, suppressions=(entry,))
    notes = engine.audit(load_texts(OPEN), config).notes
    assert notes == (("The suppression of pc104 on elsewhere (permcheck.toml:9) matched no finding.",) if said else ())


def test_settings_that_explain_nothing() -> None:
    config = Config(
        trusted_accounts=frozenset(("444455556666", "777788889999")),
        trusted_orgs=frozenset(("o-abcdefghij",)),
        public_functions=(PublicFunction("save", "x"), PublicFunction("gone", "x")),
        source="permcheck.toml",
    )
    notes = engine.audit(load_texts(OPEN), config).notes
    assert notes == (
        "777788889999 in trusted_accounts (permcheck.toml) explained no finding.",
        "o-abcdefghij in trusted_orgs (permcheck.toml) explained no finding.",
        "save in public_functions (permcheck.toml) explained no finding.",
        "gone in public_functions (permcheck.toml) explained no finding.",
    )
    assert engine.audit(load_texts(OPEN), replace(config, ignore=("PC001",))).notes == (), "PC001 might have used them"


def test_settings_that_explain_a_finding() -> None:
    texts = {name: text.replace("arn:aws:iam::444455556666:root", "*") for name, text in OPEN.items()}
    config = Config(public_functions=(PublicFunction("sav?", "a demo"),))
    report = engine.audit(load_texts(texts), config)
    assert (report.notes, [s.reason for s in report.suppressed if s.finding.rule == "PC101"]) == ((), ["a demo"])
