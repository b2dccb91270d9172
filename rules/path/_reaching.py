"""What the rules about ways from outside share: which end is told, in what words, and how bad it is."""

from collections.abc import Iterable, Iterator, Sequence

from permcheck.model import Finding, Location, PathStep, Verdict
from permcheck.rule import End, Journey, Rule, Strength, View, severity
from permcheck.rules.path._steps import MAY, along, left, once, shown

SURELY = MAY[0]
_DOES = {
    "invokes": "invoke {}",
    "calls": "call {} through an API",
    "requests": "call {} through an API",
    "calls the URL of": "call the URL of {}",
    "writes to": "set off {}",
    "sends mail to": "set off {}",
    "signs up at": "set off {} by signing up",
    "rewrites": "put its own code into {}",
    "grants itself": "let itself invoke {}",
}
# What is done with a role, where no function has to be come to.
_RUNS_AS = {
    "creates a function that runs as": "create a function that runs as {}",
    "gives a function the role": "give a function the role {}",
}


def best(ends: Iterable[End]) -> End | None:
    """The strongest of the ends, the surest of these, the shortest of those."""
    return min(ends, key=lambda end: (-end.worth, end.trail.rank), default=None)


def does(end: End) -> str:
    """What is done to get there, as the predicate of a sentence."""
    if end.how == "role":
        return f"assume role {_last_role(end)}"
    kinds = [hop.kind for hop in end.trail.hops]
    kind = next((k for k in kinds if k in _DOES), "")
    if end.function is None or not kind:
        ways = zip(end.trail.nodes[1:], kinds, strict=True)
        said = next((_RUNS_AS[k].format(n.name.rpartition("/")[2]) for n, k in ways if k in _RUNS_AS), "")
        return said or f"come to act as {_last_role(end)}"
    more = f" (or {end.more} more)" if end.more else ""
    return _DOES[kind].format(end.function.name) + more


def _last_role(end: End) -> str:
    return next(n for n in reversed(end.trail.nodes) if n.kind == "role").name.rpartition("/")[2]


def open_to_anyone(view: View, *ways: str) -> frozenset[str]:
    """ARNs of the functions of which it is said that anyone comes to them in one of these ways: no AWS account more."""
    found = (j for j in view.journeys() if j.kind == "anyone")
    return frozenset(e.function.arn for j in found for e in j.ends if e.how in ways and e.function is not None)


def steps(view: View, end: End) -> tuple[PathStep, ...]:
    """The whole way, the strongest thing it ends at in the words of other findings."""
    role = view.role(end.trail.nodes[-2].name)
    return (*end.trail.steps()[:-2], *view.role_steps(role)) if role is not None else end.trail.steps()


def reaches(view: View, end: End) -> str:
    """What is reached in the end."""
    return steps(view, end)[-1].name


def tell(
    rule: Rule,
    view: View,
    journey: Journey,
    end: End,
    who: str,
    resource: str,
    fix: str,
    *,
    confidence: str | None = None,
    explained: str | None = None,
    more: Sequence[Location] = (),
) -> Finding:
    """The finding on a way: its statements, its conditions, the request onto the function."""
    if journey.kind == "signed_in" and end.trail.hops[0].verdict is not SURELY:
        # An administrator gives the group, or the claim that the user cannot write itself.
        name = end.door.name.rpartition("/")[2]
        who = f"{who.replace('anybody', 'a user', 1)}, with the claim or group that {name} takes,"
    return rule.finding(
        f"{who} can {does(end)}, and so reach {reaches(view, end)}",
        resource,
        once((*along(end.trail), *more)),
        severity=severity(journey.openness, end.worth, end.trail.verdict),
        confidence=confidence,
        path=steps(view, end),
        conditions=left(end.trail),
        fix=fix,
        witness=shown(end.trail),
        explained=explained,
    )


def pool_name(view: View, journey: Journey) -> str:
    """The identity pool a journey starts from, as people call it."""
    return next((p.name for p in view.facts.pools if p.id == journey.start.name and p.name), journey.start.name)


def who_of(view: View, journey: Journey) -> str:
    """Whoever stands at the start, as the subject of a sentence."""
    kind, name = journey.kind, journey.start.name
    if kind == "guest":
        return f"a guest of identity pool {pool_name(view, journey)}, without signing in,"
    if kind == "signed_in":
        who = "anybody who signs up" if journey.strangers else "every signed-in user"
        return f"{who} at identity pool {pool_name(view, journey)}"
    if kind == "web_identity":
        return (
            f"anybody who signs up at {name}" if name.startswith("cognito-idp.") else f"anybody with a token of {name}"
        )
    words = {"anyone": "anyone on the internet", "aws": "any AWS account", "account": f"account {name}"}
    return words.get(kind, f"any account of organization {name}")


def handed(view: View, journey: Journey, role_arn: str) -> Iterator[Location]:
    """Where a pool hands the role out."""
    for pool, given in view.holders(role_arn):
        if pool.id == journey.start.name and given.kind == journey.kind:
            yield view.at(given.source, given.pointer, "the pool hands the role out")


def doubt(journey: Journey) -> str | None:
    """Less confidence where it is not told whether people can sign up by themselves."""
    return "medium" if journey.kind == "signed_in" and journey.strangers and not journey.told else None


def strong(end: End, journey: Journey) -> bool:
    """Whether a way is worth telling: people whom somebody let in are expected to reach data."""
    return journey.kind != "signed_in" or journey.strangers or end.worth >= Strength.IAM_WRITE


def sure(end: End) -> bool:
    """Whether nothing is open on the way."""
    return end.trail.verdict is Verdict.ALLOWED
