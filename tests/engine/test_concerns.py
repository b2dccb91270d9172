"""What a rule says that it concerns only spares time: without it, the same is found."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings

from bench.generate import Size, captures
from permcheck import engine, registry
from permcheck.access.subject import Holder
from permcheck.config import Config
from permcheck.graph.asked import PROBED
from permcheck.graph.mentions import ACTIONS
from permcheck.model import Facts, Policy, PolicyKind, Role, User, Verdict
from permcheck.policy.parse import parse_document
from permcheck.report import render
from permcheck.rule import Rule, View, traits
from permcheck.rule.concerns import Rota, Sight
from permcheck.sources import files
from tests.access.accounts import accounts
from tests.graph import small_accounts
from tests.rules.teaching import FIXTURES

FREELY = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
RULES = registry.rules()
DECLARING = [rule for rule in RULES if rule.concerns]
ASKED = tuple(dict.fromkeys((*PROBED, *ACTIONS)))


def _found(facts: Facts) -> str:
    return render(engine.audit(facts, Config()), "json")


def _same_without(facts: Facts) -> None:
    """Every rule, asked of everything, finds what it finds where it is asked."""
    with pytest.MonkeyPatch.context() as patch:
        for rule in DECLARING:
            patch.setattr(type(rule), "concerns", ())
        everything = _found(facts)
    assert _found(facts) == everything


def test_most_rules_say_what_they_concern() -> None:
    assert len(DECLARING) > 60


@pytest.mark.parametrize("fixture", sorted(path.name for path in FIXTURES.iterdir() if (path / "account").is_dir()))
def test_nothing_is_missed_in_a_fixture(fixture: str) -> None:
    _same_without(files.load((str(FIXTURES / fixture / "account"),)))


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_missed_in_a_made_up_account(seed: int) -> None:
    made = {name: json.dumps(text) for name, text in captures(Size(150, 150, seed))}
    _same_without(files.load_texts(made))


@FREELY
@given(small_accounts.accounts())
def test_nothing_is_missed_around_pools(drawn: small_accounts.Account) -> None:
    _same_without(small_accounts.facts_of(drawn))


@FREELY
@given(accounts())
def test_nothing_is_missed_between_two_accounts(drawn: tuple[Facts, list[Holder]]) -> None:
    _same_without(drawn[0])


def _rule(*concerns: str) -> Rule:
    made: type[Rule] = type("Own", (Rule,), {"concerns": concerns})
    return made()


@FREELY
@given(accounts())
def test_whatever_may_be_allowed_shows(drawn: tuple[Facts, list[Holder]]) -> None:
    facts = drawn[0]
    view = View(facts, Config())
    sight = Sight(view.scene, [_rule(*ASKED, traits.GRANTED)])
    callers: tuple[Role | User, ...] = (*facts.roles, *facts.users)
    for caller in callers:
        shown = sight.caller(caller)
        for action in ASKED:
            bit = sight.bits[action]
            if view.may_any(caller, action) is not Verdict.DENIED:
                assert shown & bit, (caller.arn, action)
                assert view.may_name_any(caller, action), (caller.arn, action)
            if action.startswith("lambda:"):
                functions = view.functions_for(caller, action)
                # What rests on a function's policy that was not read does not count.
                may = functions or functions.open
                assert not may or shown & (bit | sight.bits[traits.GRANTED]), (caller.arn, action)


def _role(*statements: dict[str, object], trust: dict[str, object] | None = None, read: bool = True) -> Role:
    text = parse_document({"Statement": list(statements)}) if read else None
    own = Policy(PolicyKind.IDENTITY, "own", "a.json", "", text)
    lets_in = parse_document({"Statement": trust}) if trust is not None else None
    trusts = Policy(PolicyKind.RESOURCE, "trust policy", "a.json", "", lets_in, trust=True)
    return Role("arn:aws:iam::111122223333:role/r", "r", "a.json", trust=trusts, policies=(own,))


def _allow(
    action: object, resource: object = "arn:aws:sqs:eu-west-1:111122223333:jobs", **more: object
) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (_role(), set()),
        (_role(_allow("sqs:SendMessage")), {"sqs:SendMessage"}),
        (_role(_allow("SQS:send*")), {"sqs:SendMessage"}),
        (_role(_allow(["*"])), {"sqs:SendMessage", "kms:Decrypt"}),
        (_role(_allow("sqs:*")), {"sqs:SendMessage", traits.WHOLE_SERVICE}),
        (
            _role({"Effect": "Allow", "NotAction": ["kms:*", "s3:*"], "Resource": "*"}),
            {"sqs:SendMessage", traits.BROAD},
        ),
        (_role({"Effect": "Deny", "Action": "*", "Resource": "*"}), {traits.DENIES}),
        (_role(_allow("s3:GetObject", "arn:aws:s3:::*")), {traits.BROAD}),
        (_role(trust=_allow("sts:AssumeRole", Principal={"AWS": "AROAEXAMPLE7ROLE11111"})), {traits.GONE}),
        (
            _role(
                trust={
                    "Effect": "Allow",
                    "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                }
            ),
            {traits.TOKENS},
        ),
    ],
)
def test_what_a_role_shows(role: Role, words: set[str]) -> None:
    asked = ("sqs:SendMessage", "kms:Decrypt", *sorted(traits.OF_CALLERS))
    sight = Sight(View(Facts(roles=(role,)), Config()).scene, [_rule(*asked)])
    assert {word for word, bit in sight.bits.items() if sight.caller(role) & bit} == words


def test_what_was_not_read_may_hold_anything() -> None:
    role = _role(read=False)
    sight = Sight(View(Facts(roles=(role,)), Config()).scene, [_rule("kms:Decrypt", *traits.OF_CALLERS)])
    assert all(sight.caller(role) & bit for bit in sight.bits.values())


def test_a_rule_that_says_nothing_is_asked_of_everything() -> None:
    always, secrets = _rule(), _rule("kms:Decrypt")
    rota = Rota([secrets, always], {"kms:Decrypt": 1, traits.URL: 2})
    assert list(rota.of(0)) == list(rota.of(2)) == [always]
    assert list(rota.of(1)) == list(rota.of(3)) == [secrets, always]
