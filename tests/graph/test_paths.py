"""``paths``: one path for each two nodes that are joined, as sure as its weakest edge."""

import pytest

from permcheck.errors import UnknownName
from permcheck.graph import questions
from permcheck.model import Verdict
from tests.graph.asking import (
    ACCOUNT,
    API,
    FUNCTION,
    INVOKE,
    INVOKE_URL,
    OTHER,
    POOL,
    RUNS_AS,
    account,
    allow,
    api,
    by_api,
    function,
    grant,
    handed,
    method,
    notifying,
    paths,
    pool,
    read,
    role,
    role_arn,
    spelled,
    takes,
    url,
    user,
)

APP = role("app", allow(resource="*"), trusts=[takes()])
ADMIN = role("runs", allow("*", "*"))
TRUSTED = [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]
NEXT = role("next", trusts=TRUSTED)
GUESTS = {"describe": pool(), "handed": handed(unauthenticated="app")}


def test_from_a_guest_to_administrator() -> None:
    (found,) = paths(account(APP, ADMIN, **GUESTS), "guest", "admin")
    assert spelled(found) == f"guest {POOL} > role app > function orders > role runs > admin {ACCOUNT}"
    assert found.verdict is Verdict.ALLOWED
    assert [edge.kind for edge in found.edges] == [
        "takes by the enhanced flow",
        "invokes",
        "runs as",
        "is administrator of",
    ]
    assert [node.arn for node in found.nodes] == [None, role_arn("app"), FUNCTION, RUNS_AS, None]


def test_every_request_of_a_path_has_a_witness() -> None:
    (found,) = paths(account(APP, ADMIN, **GUESTS), "guest", "admin")
    _, invokes, runs, strong = found.edges
    assert invokes.witness is not None and runs.witness is None and strong.witness is not None
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/CognitoIdentityCredentials"
    assert (invokes.witness["principal"], invokes.witness["action"]) == (session, INVOKE)
    assert found.witness is not None
    assert [b.location.source for b in invokes.because] == ["account.json"]


def test_one_path_for_each_start_and_end() -> None:
    texts = account(APP, ADMIN, more_functions={"second": RUNS_AS}, policy=[grant("*")], **GUESTS)
    found = paths(texts, "guest")
    ends = [(path.nodes[0], path.nodes[-1]) for path in found]
    assert len(ends) == len(set(ends))
    assert {node.name for node in (path.nodes[-1] for path in found) if node.kind == "function"} == {"orders", "second"}


def test_edges_join_the_nodes() -> None:
    for path in paths(account(APP, ADMIN, **GUESTS), "guest"):
        assert len(path.edges) == len(path.nodes) - 1
        assert path.nodes[0].kind == "guest"


def test_as_sure_as_the_weakest_edge() -> None:
    late = {"DateGreaterThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}
    timed = role("app", allow(resource="*", Condition=late), trusts=[takes()])
    found = paths(account(timed, ADMIN, **GUESTS), "guest", "admin")
    assert [str(path.verdict) for path in found] == ["conditional"]
    assert [str(edge.verdict) for edge in found[0].edges] == ["allowed", "conditional", "allowed", "allowed"]
    assert [c["key"] for c in found[0].edges[1].conditions] == ["aws:CurrentTime"]


def test_the_surer_path_goes_before_the_shorter() -> None:
    """By the URL of the function at once, where it depends on the time; or surely through another function."""
    late = {"DateGreaterThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}
    start = role("start", allow(resource=function("second")), allow(resource=FUNCTION, Condition=late))
    through = role("through", allow())
    texts = account(start, through, role("runs"), more_functions={"second": role_arn("through")})
    (found,) = paths(texts, "start", "orders")
    assert spelled(found) == "role start > function second > role through > function orders"
    assert found.verdict is Verdict.ALLOWED


def test_a_node_is_followed_as_well_when_it_was_not_surely_reached() -> None:
    """All that is surely behind a conditional edge is reached, conditionally."""
    late = {"DateGreaterThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}
    texts = account(user("ana", allow(Condition=late)), role("runs", allow("sts:AssumeRole", role_arn("next"))), NEXT)
    found = {path.nodes[-1].name: str(path.verdict) for path in paths(texts, "ana")}
    assert found == {"orders": "conditional", "runs": "conditional", "next": "conditional"}


def test_the_shortest_of_paths_that_are_as_sure() -> None:
    """A long way over sure hops to a conditional one, and a short way over a conditional hop."""
    late = {"DateGreaterThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}
    start = role("start", allow(resource=function("second")), allow("sts:AssumeRole", role_arn("near"), Condition=late))
    long = role("long", allow("sts:AssumeRole", role_arn("far"), Condition=late))
    near, far = role("near", allow(), trusts=TRUSTED), role("far", allow(), trusts=TRUSTED)
    texts = account(start, long, near, far, role("runs"), more_functions={"second": role_arn("long")})
    (found,) = paths(texts, "start", "orders")
    assert spelled(found) == "role start > role near > function orders"


def test_a_role_that_is_not_in_view_makes_the_path_unknown() -> None:
    texts = account(policy=[grant("*", action=[INVOKE, INVOKE_URL])], url=url())
    found = {spelled(path): str(path.verdict) for path in paths(texts, "anyone")}
    assert found == {
        "anyone anyone > function orders": "allowed",
        "anyone anyone > function orders > role runs": "unknown",
    }


@pytest.mark.parametrize("end", [RUNS_AS, "runs"])
def test_an_end_that_is_not_in_view_can_be_asked_for(end: str) -> None:
    texts = account(policy=[grant("*", action=[INVOKE, INVOKE_URL])], url=url())
    assert [spelled(path) for path in paths(texts, "anyone", end)] == ["anyone anyone > function orders > role runs"]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("ana", "orders"),
        (f"arn:aws:iam::{ACCOUNT}:user/ana", FUNCTION),
        ("user", "function"),
        ("ana", f"{FUNCTION}:prod"),
        ("user", "orders"),
    ],
)
def test_ends_by_kind_name_or_arn(start: str, end: str) -> None:
    (found,) = paths(account(user("ana", allow())), start, end)
    assert spelled(found) == "user ana > function orders"


def test_a_kind_is_no_name() -> None:
    """A function called ``admin`` is not what ``--to admin`` means."""
    texts = account(user("ana", allow(resource=function("admin"))), more_functions={"admin": RUNS_AS})
    assert paths(texts, "ana", "admin") == ()
    assert [spelled(path) for path in paths(texts, "ana", function("admin"))] == ["user ana > function admin"]


@pytest.mark.parametrize(
    ("policy", "start"),
    [
        (grant("*"), ("aws", "*")),
        (grant({"AWS": OTHER}), ("account", OTHER)),
        (grant("*", StringEquals={"aws:PrincipalOrgID": "o-examp1e0rg"}), ("org", "o-examp1e0rg")),
        (grant({"Service": "sns.amazonaws.com"}), ("service", "sns.amazonaws.com")),
    ],
)
def test_kinds_outside_the_view(policy: dict[str, object], start: tuple[str, str]) -> None:
    texts = account(role("runs"), policy=[policy])
    for name in start:
        (found,) = paths(texts, name, "function")
        assert (found.nodes[0].kind, found.nodes[0].name) == start


def test_an_event_source_and_an_api() -> None:
    named = grant({"Service": "s3.amazonaws.com"}, ArnLike={"AWS:SourceArn": "arn:aws:s3:::uploads"})
    texts = account(role("runs"), policy=[named, by_api()], **notifying(), **api(GET=method()))
    (found,) = paths(texts, "event_source", "function")
    assert (found.nodes[0].name, found.edges[0].kind) == ("arn:aws:s3:::uploads", "triggers")
    (found,) = paths(texts, "anyone", "function")
    assert [node.kind for node in found.nodes] == ["anyone", "api", "function"]
    assert found.verdict is Verdict.ALLOWED


def test_an_api_that_is_not_in_view_may_let_anyone_in() -> None:
    found = paths(account(role("runs"), policy=[by_api()]), "anyone", "orders")
    assert [(path.nodes[1].kind, str(path.verdict)) for path in found] == [("api", "unknown")]
    assert API in found[0].nodes[1].name


def test_no_path() -> None:
    assert paths(account(role("app"), role("runs")), "app", "orders") == ()
    assert paths(account(role("runs")), "guest") == ()


@pytest.mark.parametrize(("start", "end"), [("nobody", None), ("ana", "nothing"), ("ana", "orderz")])
def test_a_name_that_nothing_has(start: str, end: str | None) -> None:
    with pytest.raises(UnknownName) as raised:
        questions.each_path(read(account(user("ana", allow()))), start, end)
    assert (raised.value.nearest[:1] == ("orders",)) is (end == "orderz")


def test_paths_come_one_by_one() -> None:
    """The first is there before the rest is worked out, start by start."""
    texts = account(user("ana", allow()), user("bob", allow()))
    found = questions.each_path(read(texts), "user")
    assert next(found).nodes[0].name == "ana"
    assert [path.nodes[0].name for path in found] == ["ana", "bob", "bob"]


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        (FUNCTION, True),
        (f"arn:aws:lambda:*:{ACCOUNT}:function:*", True),
        ("arn:aws:s3:::uploads", False),
        (None, True),
    ],
)
def test_a_role_that_takes_lambda_for_another_source_runs_nothing(source: str | None, runs: bool) -> None:
    """Lambda Developer Guide, "Defining Lambda function permissions with an execution role": aws:SourceArn."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    asked = {"Condition": {"ArnLike": {"aws:SourceArn": source}}} if source else {}
    texts = account(user("ana", allow()), role("runs", allow("*", "*"), trusts=[{**trust, **asked}]))
    assert bool(paths(texts, "ana", "admin")) is runs


def test_a_role_that_keeps_lambda_out_runs_nothing() -> None:
    texts = account(user("ana", allow()), role("runs", allow("*", "*"), trusts=TRUSTED))
    assert [spelled(path) for path in paths(texts, "ana")] == ["user ana > function orders"]


def test_giving_a_function_another_role() -> None:
    """One call gives a function that may be changed a stronger role (Lambda API, UpdateFunctionConfiguration)."""
    changes = allow("lambda:UpdateFunctionConfiguration")
    strong = role("strong", allow("*", "*"))
    texts = account(user("ana", changes, allow("iam:PassRole", role_arn("strong"))), strong, role("runs"))
    (found,) = paths(texts, "ana", "admin")
    assert [edge.kind for edge in found.edges] == ["gives a function the role", "is administrator of"]
    assert len(found.edges[0].because) == 2 and found.edges[0].witness is not None
    assert paths(account(user("ana", changes), strong, role("runs")), "ana", "admin") == ()


@pytest.mark.parametrize(
    ("actions", "name", "reached"),
    [
        (["lambda:CreateFunction", INVOKE], "*", True),
        (["lambda:CreateFunction", INVOKE], "app-*", True),
        (["lambda:CreateFunction", "lambda:AddPermission"], "app-*", True),
        (["lambda:CreateFunction"], "*", False),
        ([INVOKE], "*", False),
    ],
)
def test_a_function_of_its_own_making(actions: list[str], name: str, reached: bool) -> None:
    """Whatever names may be used; and it has to be run (Lambda API, CreateFunction)."""
    makes = allow(actions, function(name))
    strong = role("strong", allow("*", "*"))
    texts = account(user("ana", makes, allow("iam:PassRole", role_arn("strong"))), strong, role("runs"))
    assert bool(paths(texts, "ana", "admin")) is reached
