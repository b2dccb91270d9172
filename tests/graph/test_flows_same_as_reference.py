"""Sessions of pools decided as sets and one by one: the two agree, whatever the tags and keys of each session."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from permcheck.graph.scene import Scene
from tests.graph.pool_captures import (
    ACCOUNT,
    ASSUME,
    CLIENT,
    COGNITO,
    ISSUER,
    LOGIN,
    POOL,
    TAG,
    Json,
    account,
    allow,
    client,
    functions,
    handed,
    load,
    pool,
    role,
    tag_map,
    takes,
    users,
)

NAMES = ("orders", "acme", "tools", CLIENT, POOL.replace(":", "-"))
ARNS = tuple(f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{name}" for name in NAMES)
KEYS = ("aws:PrincipalTag/tenant", "aws:PrincipalTag/tier", "aws:PrincipalTag/client", f"{COGNITO}:sub")
ACTION = "lambda:InvokeFunction"

resources = st.sampled_from(
    ("*", ARNS[0], *(f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:${{{key}}}" for key in KEYS))
)
operators = st.sampled_from(("StringEquals", "StringLike", "StringNotEquals", "StringEqualsIfExists", "Null"))
values = st.sampled_from(("acme", "a*", "gold", "*", CLIENT))


@st.composite
def statements(draw: st.DrawFn) -> Json:
    """A statement about invoking, by the tags and keys of the session."""
    found = allow(draw(st.sampled_from((ACTION, "lambda:*"))), draw(resources))
    found["Effect"] = draw(st.sampled_from(("Allow", "Allow", "Deny")))
    if draw(st.booleans()):
        operator, key = draw(operators), draw(st.sampled_from(KEYS))
        value = draw(st.sampled_from(("true", "false"))) if operator == "Null" else draw(values)
        found["Condition"] = {operator: {key: value}}
    return found


@st.composite
def accounts(draw: st.DrawFn) -> Json:
    """A pool with guests and two logins that map different claims to tags, and roles for both."""
    named = {"tenant": "custom:tenant", "tier": "custom:tier", "client": "aud"}
    maps = [
        tag_map(login=login)
        | {"PrincipalTags": {tag: named[tag] for tag in draw(st.sets(st.sampled_from(sorted(named))))}}
        for login in (LOGIN, f"{ISSUER}:other")
    ]
    actions = draw(st.sampled_from(([ASSUME], [ASSUME, TAG])))
    tags = draw(st.sampled_from((None, {"tenant": "acme"}, {"tier": "gold"}, {})))
    own = [role(name, *draw(st.lists(statements(), max_size=3)), trusts=[takes(action=actions)]) for name in ("g", "u")]
    for each in own:
        each["Tags"] = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
        if tags is None:
            del each["Tags"]
    logins = [{"ProviderName": ISSUER, "ClientId": each} for each in (CLIENT, "other")]
    return account(
        *own,
        pool=pool(guests=True, classic=draw(st.booleans()), providers=logins),
        roles=handed("g", "u"),
        users=users(False, {"custom:tenant": True, "custom:tier": True}),
        client=client(*draw(st.sets(st.sampled_from(("custom:tenant", "custom:tier", "email")), min_size=1))),
        functions=functions(*ARNS),
        **{f"tags-{i}": each for i, each in enumerate(maps)},
    )


@given(accounts())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_sets_and_reference_agree_on_every_session(files: Json) -> None:
    scene = Scene(load(files))
    access = scene.world.access(scene.invocable, ACTION)
    assert scene.world.sessions
    for session in scene.world.sessions:
        for number, item in enumerate(scene.invocable.items):
            decided = scene.world.decide(session, ACTION, item).verdict
            assert access[session.number].verdict(number) is decided, (session.holder, item.arn)
