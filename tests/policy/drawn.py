"""What hypothesis draws: conditions, contexts, statements and requests, small enough to meet one another.

Everything is picked from lists made beforehand: few draws a request, so that many requests fit in a second.
"""

from __future__ import annotations

from itertools import product

from hypothesis import strategies as st

from .asking import INVOKE, NEW, OLD, REGION, ROLE, SESSION, USER, A, B, Json

TEAM, AREA, RESOURCE_TEAM = "aws:PrincipalTag/team", "aws:PrincipalTag/area", "aws:ResourceTag/team"
TEXTS = ("red", "blue", "Red", "r*", "")
STEM = f"arn:aws:lambda:{REGION}:{A}:function:"
FUNCTIONS = tuple(STEM + name for name in ("F", "F:1", "G", "red"))
PRINCIPALS = (USER, ROLE, SESSION, f"arn:aws:iam::{B}:user/mallory")
_TEXT = (
    ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"),
    ("red", "r?d", "*", "${aws:PrincipalTag/team}", "${aws:PrincipalTag/area, 'blue'}", "b${*}"),
    TEXTS,
)
# key → (operators, values in policies, values in requests); the types AWS gives such keys
KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    TEAM: _TEXT,
    AREA: _TEXT,
    RESOURCE_TEAM: _TEXT,
    "test:number": (
        tuple(f"Numeric{r}" for r in ("Equals", "NotEquals", "LessThan", "GreaterThanEquals", "LessThanEquals")),
        ("1", "1.5", "nine"),
        ("0", "1", "1.25", "1.50", "3"),
    ),
    "test:date": (
        tuple(f"Date{r}" for r in ("Equals", "NotEquals", "LessThan", "GreaterThan", "GreaterThanEquals")),
        ("2026", "2026-01-02T00:00:00Z", "never"),
        ("2025-12-31", "1767225600", "2026-01-02T00:00:00Z", "2027-01-01"),
    ),
    "test:truth": (("Bool",), ("true", "false", "yes"), ("true", "false")),
    "test:address": (
        ("IpAddress", "NotIpAddress"),
        ("203.0.113.0/24", "203.0.113.7", "2001:db8::/32", "nowhere"),
        ("203.0.113.7", "203.0.113.8", "198.51.100.1", "2001:db8::1"),
    ),
    "test:bytes": (("BinaryEquals",), ("QUJD", "QUJE"), ("QUJD", "QUJF")),
    "test:arn": (
        ("ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike", "StringLike"),
        ("arn:aws:s3:::a", "arn:aws:s3:::*", "arn:aws:*:a", "*"),
        ("arn:aws:s3:::a", "arn:aws:s3:::b"),
    ),
}
MANY_VALUED = frozenset((TEAM, AREA, RESOURCE_TEAM, "test:arn", "test:address", "test:bytes"))
Triple = tuple[str, str, tuple[str, ...]]


def _lists(values: tuple[str, ...]) -> list[tuple[str, ...]]:
    pairs = [(a, b) for a, b in zip(values, values[1:] + values[:1], strict=True)]
    return [*((v,) for v in values), *pairs, ()]


def _blocks() -> list[Triple]:
    found = [
        (f"{prefix}{operator}{suffix}", key, values)
        for key, (operators, written, _) in KEYS.items()
        for prefix, operator, suffix in product(("", "ForAllValues:", "ForAnyValue:"), operators, ("", "IfExists"))
        for values in _lists(written)
    ]
    found += [
        (f"{prefix}Null", key, values)
        for prefix in ("", "ForAllValues:", "ForAnyValue:")
        for key in KEYS
        for values in _lists(("true", "false", "yes"))
    ]
    return found


BLOCKS = _blocks()
CONTEXT_VALUES = {key: ((), *((v,) for v in given)) for key, (_, _, given) in KEYS.items()}
SEVERAL_VALUES = {
    key: (*CONTEXT_VALUES[key], *(given[i : i + 2] for i in range(2) if key in MANY_VALUED))
    for key, (_, _, given) in KEYS.items()
}
ACTIONS = (
    *(("Action", a) for a in ("*", "lambda:*", INVOKE, "*", "lambda:*", INVOKE, "s3:*", [INVOKE, "s3:*"])),
    *(("NotAction", a) for a in ("s3:*", "lambda:*", [INVOKE, "s3:*"])),
)
RESOURCES = (
    *(("Resource", r) for r in ("*", STEM + "F", STEM + "F*", STEM + "*:1", STEM + "${aws:PrincipalTag/team}")),
    *(("Resource", r) for r in ("*", "*", "*", [STEM + "G", STEM + "F*"], "arn:aws:lambda:*")),
    *(("NotResource", r) for r in (STEM + "G", STEM + "${aws:PrincipalTag/area}*", [STEM + "F", STEM + "red"])),
)
NAMES = ("*", {"AWS": [A, USER]}, {"AWS": ROLE}, {"AWS": SESSION}, {"AWS": [B, A, ROLE]})
NAMED = (*(("Principal", n) for n in NAMES * 3), *(("NotPrincipal", n) for n in NAMES))
blocks = st.sampled_from(BLOCKS)


def contexts(many: bool = False) -> st.SearchStrategy[dict[str, list[str]]]:
    """A complete request context, absent keys left out; many: whether keys may hold several values."""
    given = SEVERAL_VALUES if many else CONTEXT_VALUES
    drawn = st.tuples(*(st.sampled_from(given[key]) for key in KEYS))
    return drawn.map(lambda values: {k: list(v) for k, v in zip(KEYS, values, strict=True) if v})


@st.composite
def statements(draw: st.DrawFn, effect: str | None = None, resource_side: bool = False) -> Json:
    """A statement of an identity policy, or of a resource policy."""
    statement: Json = {"Effect": effect or draw(st.sampled_from(("Allow", "Allow", "Allow", "Deny")))}
    statement.update([draw(st.sampled_from(ACTIONS)), draw(st.sampled_from(RESOURCES))])
    for operator, key, values in draw(st.just([]) | st.lists(blocks, min_size=1, max_size=2)):
        statement.setdefault("Condition", {}).setdefault(operator, {})[key] = list(values)
    if resource_side:
        statement.update([draw(st.sampled_from(NAMED))])
    return statement


def documents(resource_side: bool = False, most: int = 3) -> st.SearchStrategy[Json]:
    """A policy document of some statements."""
    listed = st.lists(statements(resource_side=resource_side), min_size=1, max_size=most)
    return st.builds(lambda s, v: {"Version": v, "Statement": s}, listed, st.sampled_from((NEW, NEW, NEW, OLD)))


_OPEN = {"Version": NEW, "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@st.composite
def requests(draw: st.DrawFn, complete: bool = True) -> Json:
    """A request in the form of ``permcheck evaluate``; complete: whether its context is."""
    layers = draw(st.sets(st.sampled_from(("boundary", "session", "scp", "resource"))))
    limit = st.just(_OPEN) | documents()
    return {
        "id": "drawn",
        "principal": draw(st.sampled_from(PRINCIPALS)),
        "action": INVOKE,
        "resource": draw(st.sampled_from(FUNCTIONS)),
        "context": draw(contexts(many=complete)),
        "context_complete": complete,
        "identity_policies": draw(st.lists(documents(), min_size=1, max_size=2)),
        "permissions_boundary": draw(limit) if "boundary" in layers else None,
        "session_policies": draw(st.lists(limit, min_size=1, max_size=2)) if "session" in layers else [],
        "resource_policy": draw(documents(True)) if "resource" in layers else None,
        "service_control_policies": draw(st.lists(st.lists(limit, min_size=1, max_size=2), max_size=2))
        if "scp" in layers
        else [],
    }
