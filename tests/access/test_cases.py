"""Accounts made by hand: where an answer kept for one caller or resource could be given to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from permcheck.access import Item, Subject, World
from permcheck.access.context import Known
from permcheck.access.subject import Holder
from permcheck.access.targets import functions, invocable, roles
from permcheck.model.facts import Facts
from permcheck.model.function import Function, Qualifier
from permcheck.model.identity import Role, User
from permcheck.model.organization import Organization
from permcheck.model.policy import Policy, PolicyKind
from permcheck.model.verdict import Verdict
from permcheck.policy.parse import parse_document
from permcheck.policy.request import Decision

from .test_same_as_reference import ASSUME, INVOKE, UPDATE, differences, questions
from .vocabulary import NEW, SUB, A, B

Json = dict[str, Any]
EVERYTHING: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}
UNREAD = Policy(PolicyKind.IDENTITY, "unread", "made", "", None, unread="not given")


def policy(*statements: Json, kind: PolicyKind = PolicyKind.IDENTITY) -> Policy:
    """A policy of these statements."""
    return Policy(kind, "made", "made", "", parse_document({"Version": NEW, "Statement": list(statements)}))


def open_to(principal: object, **more: object) -> Policy:
    """A resource policy that allows everything to this principal."""
    return policy(EVERYTHING | {"Principal": principal} | more, kind=PolicyKind.RESOURCE)


def role(name: str, *policies: Policy, tags: Mapping[str, str] | None = None, **more: Any) -> Role:
    """A role of account A."""
    return Role(f"arn:aws:iam::{A}:role/{name}", name, "made", policies=policies, tags=tags, **more)


def function(name: str, own: Policy | None = None, tags: Mapping[str, str] | None = None, **others: Policy) -> Function:
    """A function of account A with its own policy and qualifiers with theirs."""
    qualifiers = (Qualifier("", own), *(Qualifier(q, p) for q, p in others.items()))
    return Function(f"arn:aws:lambda:us-east-1:{A}:function:{name}", name, "made", qualifiers=qualifiers, tags=tags)


def answers(facts: Facts, holders: Iterable[Holder] = (), action: str = INVOKE) -> dict[tuple[str, str], Verdict]:
    """(caller's name and holder's name, last part of the resource) → verdict, after comparing both engines."""
    world = World(facts, holders)
    for question in questions(facts):
        assert list(differences(world, question)) == []
    universe = invocable(facts) if action == INVOKE else functions(facts) if action == UPDATE else roles(facts)
    found = world.access(universe, action, action == ASSUME)
    return {
        (s.entity.name + (f"/{s.holder.name}" if s.holder else ""), item.arn.split(":", 5)[5].split(":", 1)[-1]): found[
            s.number
        ].verdict(n)
        for s in world.everybody
        for n, item in enumerate(universe.items)
    }


def test_equal_tag_values_under_different_keys() -> None:
    asks: Json = {"StringEqualsIfExists": {"aws:ResourceTag/team": "blue", "aws:ResourceTag/area": "red"}}
    many = tuple(role(f"r{i}") for i in range(6))
    everyone = open_to("*", Condition=asks)
    found = answers(
        Facts(many, functions=(function("a", everyone, {"team": "red"}), function("b", everyone, {"area": "red"})))
    )
    assert {found[f"r{i}", "a"] for i in range(6)} == {Verdict.DENIED}
    assert {found[f"r{i}", "b"] for i in range(6)} == {Verdict.ALLOWED}


def test_sessions_of_one_role_that_carry_different_keys() -> None:
    asks = {"StringEquals": {SUB: "one"}}
    for own, theirs in ((policy(EVERYTHING | {"Condition": asks}), None), (policy(), open_to("*", Condition=asks))):
        roles_ = (role("r", own), *(role(f"x{i}") for i in range(5)))
        held = [
            Holder(
                "signed_in", name, "classic", roles_[0].arn, Verdict.ALLOWED, {SUB: (name,)}, Decision(Verdict.ALLOWED)
            )
            for name in ("one", "two")
        ]
        found = answers(Facts(roles_, functions=(function("f", theirs),)), held)
        assert found["r", "f"] is Verdict.CONDITIONAL
        assert (found["r/one", "f"], found["r/two", "f"]) == (Verdict.ALLOWED, Verdict.DENIED)


def test_what_a_doubtful_policy_grants_is_worth_what_it_names() -> None:
    """Whether a function's own policy governs a qualified request is not documented; an account in it adds nothing."""
    for principal, expected in (
        ({"AWS": A}, Verdict.DENIED),
        ({"AWS": f"arn:aws:iam::{A}:role/r"}, Verdict.UNKNOWN),
        ("*", Verdict.UNKNOWN),
        ({"AWS": f"arn:aws:iam::{A}:role/other"}, Verdict.DENIED),
    ):
        found = answers(Facts((role("r"),), functions=(function("f", open_to(principal), prod=open_to({"AWS": B})),)))
        assert (found["r", "f:$LATEST"], found["r", "f:prod"]) == (expected, expected), principal
        assert found["r", "f"] is (Verdict.DENIED if expected is Verdict.DENIED else Verdict.ALLOWED)
    silent = policy(EVERYTHING | {"Action": "s3:*"}, kind=PolicyKind.BOUNDARY)
    bounded = role("r", boundary=silent)
    found = answers(Facts((bounded,), functions=(function("f", open_to({"AWS": bounded.arn})),)))
    assert found["r", "f:$LATEST"] is Verdict.DENIED
    refusing = policy(EVERYTHING | {"Effect": "Deny", "Principal": "*"}, kind=PolicyKind.RESOURCE)
    found = answers(Facts((role("r", policy(EVERYTHING)),), functions=(function("f", refusing),)))
    assert (found["r", "f"], found["r", "f:$LATEST"]) == (Verdict.DENIED, Verdict.UNKNOWN)


def test_what_was_not_read() -> None:
    named = open_to({"AWS": f"arn:aws:iam::{A}:role/r"})
    refused = policy(EVERYTHING | {"Effect": "Deny"})
    unread_theirs = Policy(PolicyKind.RESOURCE, "unread", "made", "", None)
    facts = Facts(
        (
            role("bounded", policy(EVERYTHING), boundary=Policy(PolicyKind.BOUNDARY, "unread", "made", "", None)),
            role("denied", refused, UNREAD),
            role("r"),
            role("unread", UNREAD),
        ),
        (User(f"arn:aws:iam::{B}:user/far", "far", "made", policies=(UNREAD,)),),
        functions=(function("f", named), function("g", unread_theirs), function("h")),
    )
    found = answers(facts)
    assert [found[name, "f"] for name in ("bounded", "denied", "r", "unread", "far")] == [
        Verdict.UNKNOWN,
        Verdict.DENIED,
        Verdict.ALLOWED,
        Verdict.UNKNOWN,
        Verdict.DENIED,
    ]
    assert [found[name, "g"] for name in ("r", "far", "denied")] == [Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.DENIED]
    assert [found[name, "h"] for name in ("r", "far", "unread")] == [Verdict.DENIED, Verdict.DENIED, Verdict.UNKNOWN]


def test_organization_policies_that_were_not_read() -> None:
    """One more limit can only take away: a caller whom nothing allows stays denied."""
    linked = "aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
    over = {A: ((Policy(PolicyKind.RCP, "unread", "made", "", None),),)}
    scps = {A: ((Policy(PolicyKind.SCP, "unread", "made", "", None),),)}
    everyone = (role("mine", policy(EVERYTHING), trust=open_to("*")), role("none"), role(linked, policy(EVERYTHING)))
    found = answers(Facts(everyone, organization=Organization(rcps=over)), action=ASSUME)
    assert found["mine", "role/mine"] is Verdict.UNKNOWN
    assert found["none", "role/none"] is Verdict.DENIED
    assert found[linked, "role/mine"] is Verdict.ALLOWED
    found = answers(Facts(everyone, functions=(function("f"),), organization=Organization(scps=scps)))
    assert (found["mine", "f"], found["none", "f"]) == (Verdict.UNKNOWN, Verdict.DENIED)
    assert found[linked, "f"] is Verdict.ALLOWED


def test_a_tag_that_may_be_chosen() -> None:
    """Where the trust policy allows sts:TagSession, a tag that does not suit is open, and one that suits is not."""
    lets = open_to({"AWS": B}, Action="sts:TagSession")
    stem = f"arn:aws:lambda:us-east-1:{A}:function:"
    by_name = EVERYTHING | {"Resource": stem + "${aws:PrincipalTag/team}"}
    others = {"Effect": "Allow", "Action": "*", "NotResource": stem + "${aws:PrincipalTag/team}"}
    for own, mine, other in (
        (policy(by_name), Verdict.ALLOWED, Verdict.CONDITIONAL),
        (policy(EVERYTHING, by_name | {"Effect": "Deny"}), Verdict.CONDITIONAL, Verdict.ALLOWED),
        (policy(others), Verdict.CONDITIONAL, Verdict.ALLOWED),
        (policy(EVERYTHING, others | {"Effect": "Deny"}), Verdict.ALLOWED, Verdict.CONDITIONAL),
        (policy(EVERYTHING | {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}}), Verdict.ALLOWED, None),
        (
            policy(EVERYTHING | {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "x"}}}),
            Verdict.CONDITIONAL,
            None,
        ),
    ):
        chosen, fixed = role("chosen", own, tags={"team": "red"}, trust=lets), role("fixed", own, tags={"team": "red"})
        found = answers(Facts((chosen, fixed), functions=(function("blue"), function("red"))))
        assert found["chosen", "red"] is mine
        assert found["chosen", "blue"] is (other or mine)
        assert {found["fixed", "red"], found["fixed", "blue"]} <= {Verdict.ALLOWED, Verdict.DENIED}


def test_tags_that_contradict_one_another_are_not_chosen() -> None:
    asks = {"StringLike": {"aws:PrincipalTag/team": "r*"}, "StringEquals": {"AWS:principaltag/team": "blue"}}
    lets = open_to({"AWS": B}, Action="sts:TagSession")
    chosen = role("chosen", policy(EVERYTHING | {"Condition": asks}), tags={"team": "red"}, trust=lets)
    assert answers(Facts((chosen,), functions=(function("f"),)))["chosen", "f"] is Verdict.DENIED


def test_the_same_question_with_and_without_an_explicit_allow() -> None:
    """Answers are kept by question, and whether the trust policy has to allow is part of it."""
    facts = Facts((role("r", policy(EVERYTHING)),))
    world, universe = World(facts), roles(facts)
    assert world.access(universe, ASSUME, explicit=False)[0].verdict(0) is Verdict.ALLOWED
    assert world.access(universe, ASSUME, explicit=True)[0].verdict(0) is Verdict.DENIED


def test_statements_that_ask_for_opposite_things() -> None:
    """Within the caller's own layers, between its boundary and its policy, and between it and one function's policy."""
    here = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    elsewhere = {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    own = policy(EVERYTHING | {"Condition": here})
    refused = policy(EVERYTHING | {"Effect": "Deny", "Condition": elsewhere})
    limit = policy(EVERYTHING | {"Condition": elsewhere | {"IpAddress": {"aws:SourceIp": "2001:db8::/32"}}})
    boundary = Policy(PolicyKind.BOUNDARY, "made", "made", "", limit.document)
    callers = (role("denied", own, refused), role("bounded", own, boundary=boundary), role("free", own))
    closed = policy(EVERYTHING | {"Effect": "Deny", "Principal": "*", "Condition": elsewhere}, kind=PolicyKind.RESOURCE)
    found = answers(Facts(callers, functions=(function("a", closed), function("b"))))
    assert {name: found[name, "b"] for name in ("denied", "bounded", "free")} == {
        "denied": Verdict.DENIED,
        "bounded": Verdict.DENIED,
        "free": Verdict.CONDITIONAL,
    }
    assert found["free", "a"] is Verdict.DENIED


def test_statements_of_one_function_policy() -> None:
    """A Deny may rule an Allow out, wherever it stands; two of them each other's way round; two Allows never."""
    here = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    there = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    allow = EVERYTHING | {"Principal": "*", "Condition": here}
    refused = EVERYTHING | {"Effect": "Deny", "Principal": "*", "Condition": here}
    policies = {
        "behind": (allow, refused),
        "before": (refused, allow),
        "several": (allow, allow | {"Condition": there}),
    }
    own = {name: policy(*statements, kind=PolicyKind.RESOURCE) for name, statements in policies.items()}
    facts = Facts((role("r"),), functions=tuple(function(name, made) for name, made in own.items()))
    found = answers(facts)
    assert {name: found["r", name] for name in policies} == {
        "behind": Verdict.DENIED,
        "before": Verdict.DENIED,
        "several": Verdict.CONDITIONAL,
    }


class Counting(World):
    """A world that counts what it asks of the reference."""

    asked = 0

    def decide(self, subject: Subject, action: str, item: Item, more: Known | None = None) -> Decision:
        """The reference's answer."""
        self.asked += 1
        return super().decide(subject, action, item, more)


def test_the_reference_is_asked_only_where_statements_may_contradict_one_another() -> None:
    here = {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}
    everybody = EVERYTHING | {"Principal": "*"} | here
    refused = everybody | {"Effect": "Deny"}
    for statements, asked in (((everybody, everybody), 0), ((everybody, refused), 1)):
        facts = Facts((role("r"),), functions=(function("f", policy(*statements, kind=PolicyKind.RESOURCE)),))
        world = Counting(facts)
        world.access(functions(facts), INVOKE)
        assert world.asked == asked


def test_a_grant_to_a_whole_account_leaves_it_to_its_policies() -> None:
    """Trust policies need it in any case, functions of other accounts too."""
    may = role("may", policy(EVERYTHING), trust=open_to({"AWS": A}))
    assert answers(Facts((may, role("may-not"))), action=ASSUME) == {
        ("may", "role/may"): Verdict.ALLOWED,
        ("may", "role/may-not"): Verdict.DENIED,
        ("may-not", "role/may"): Verdict.DENIED,
        ("may-not", "role/may-not"): Verdict.DENIED,
    }
    arn = f"arn:aws:lambda:us-east-1:{B}:function:theirs"
    theirs = Function(arn, "theirs", "made", qualifiers=(Qualifier("", open_to({"AWS": A})),))
    shut = Function(arn.replace("theirs", "shut"), "shut", "made", qualifiers=(Qualifier("", open_to({"AWS": B})),))
    found = answers(Facts((may, role("may-not")), functions=(theirs, shut)), action=UPDATE)
    assert found == {
        ("may", "theirs"): Verdict.ALLOWED,
        ("may", "shut"): Verdict.DENIED,
        ("may-not", "theirs"): Verdict.DENIED,
        ("may-not", "shut"): Verdict.DENIED,
    }


def test_a_deny_that_may_match_leaves_nothing_sure() -> None:
    """Alone with the caller's own policy, beside a boundary, and in the policy of what is called."""
    away = {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    allow, unless = policy(EVERYTHING), policy(EVERYTHING | {"Effect": "Deny", "Condition": away})
    boundary = Policy(PolicyKind.BOUNDARY, "made", "made", "", allow.document)
    callers = (role("alone", allow, unless), role("bounded", allow, unless, boundary=boundary), role("free", allow))
    closed = policy(EVERYTHING | {"Effect": "Deny", "Principal": "*", "Condition": away}, kind=PolicyKind.RESOURCE)
    found = answers(Facts(callers, functions=(function("open"), function("closed", closed))))
    assert {name: found[name, "open"] for name in ("alone", "bounded", "free")} == {
        "alone": Verdict.CONDITIONAL,
        "bounded": Verdict.CONDITIONAL,
        "free": Verdict.ALLOWED,
    }
    assert found["free", "closed"] is Verdict.CONDITIONAL
