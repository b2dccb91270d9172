"""What a session may do, statement by statement: for each service that one names, the surest request found."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from permcheck.access import Item, Subject
from permcheck.access.world import request_of
from permcheck.data import actions
from permcheck.frozen import dataclass
from permcheck.graph.anything import any_resource, item_named
from permcheck.graph.scene import Scene
from permcheck.model.policy import Policy, Statement
from permcheck.model.verdict import Verdict
from permcheck.policy.action import service_of
from permcheck.policy.evaluate import evaluate
from permcheck.policy.matching import naming
from permcheck.policy.request import Decision, Policies, Request

# Tried for a statement that names every action, one of each service that most is kept in.
_EVERYTHING = (
    "s3:GetObject",
    "dynamodb:Scan",
    "lambda:InvokeFunction",
    "secretsmanager:GetSecretValue",
    "iam:PassRole",
)
_ORDER = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.DENIED)
_RESOURCES, _ACTIONS = 6, 24
_VARIABLE = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Held:
    """What a statement of the role's policies gives a session in one service, after every other layer had its say.

    actions: as written. resource: the one asked for. verdict: ``denied`` where nothing is left of it.
    """

    policy: Policy
    statement: Statement
    service: str
    actions: tuple[str, ...]
    action: str
    resource: str
    request: Request
    policies: Policies
    decision: Decision

    @property
    def verdict(self) -> Verdict:
        """The verdict of the request."""
        return self.decision.verdict


def held(scene: Scene, session: Subject) -> Iterator[Held]:
    """Every Allow statement of the session's role, by service; what names only exceptions is not spelled out."""
    for policy in session.policies:
        for statement in policy.statements:
            if statement.is_allow:
                for service, named in _services(statement):
                    found = _best(scene, session, policy, statement, service, named)
                    if found is not None:
                        yield found


def asked(scene: Scene, session: Subject, action: str) -> Held | None:
    """The surest request for one action, on a resource of a statement that names it."""
    best: Held | None = None
    for policy in session.policies:
        for statement in naming(policy.document, action) if policy.document is not None else ():
            if statement.is_allow:
                found = _best(scene, session, policy, statement, service_of(action), (action,))
                if found is not None and (best is None or _ORDER.index(found.verdict) < _ORDER.index(best.verdict)):
                    best = found
    return best


def _services(statement: Statement) -> Iterator[tuple[str, tuple[str, ...]]]:
    by_service: dict[str, list[str]] = {}
    for pattern in statement.actions if statement.actions is not None else ("*",):
        by_service.setdefault("*" if pattern.startswith("*") else service_of(pattern), []).append(pattern)
    yield from ((service, tuple(named)) for service, named in by_service.items())


def _best(
    scene: Scene, session: Subject, policy: Policy, statement: Statement, service: str, named: tuple[str, ...]
) -> Held | None:
    best: Held | None = None
    for action in _actions(session, named):
        for item in _items(session, statement, action):
            request, policies = request_of(session, action, item)
            decision = evaluate(request, policies)
            if best is None or _ORDER.index(decision.verdict) < _ORDER.index(best.verdict):
                best = Held(policy, statement, service, named, action, item.arn, request, policies, decision)
            if decision.verdict is Verdict.ALLOWED:
                return best
    return best


def _actions(session: Subject, patterns: Sequence[str]) -> list[str]:
    """Actions to ask for: of many, those that the policies over the session name at all come first."""
    found = [action for pattern in patterns for action in _spelled(pattern)]
    limits = [p.document for p in session.session if p.document is not None]
    left = {a for a in found if not limits or any(s.is_allow for d in limits for s in naming(d, a))}
    return list(islice(sorted(dict.fromkeys(found), key=lambda a: a not in left), _ACTIONS))


def _spelled(pattern: str) -> Sequence[str]:
    if pattern.startswith("*"):
        return _EVERYTHING
    return actions.matching(pattern) if "*" in pattern or "?" in pattern else (pattern,)


def _items(session: Subject, statement: Statement, action: str) -> Iterator[Item]:
    for pattern in islice(statement.resources or ("*",), _RESOURCES):
        if pattern.strip("*") == "":
            arn = any_resource(action, session.account, session.arn.split(":", 2)[1])
        else:
            arn = _VARIABLE.sub(_stand_in, pattern).replace("*", "x").replace("?", "x")
        yield item_named(arn, action, session.account)


def _stand_in(variable: re.Match[str]) -> str:
    """A value by which a reader of the witness knows the variable: SUB for ${cognito-identity.amazonaws.com:sub}."""
    key = variable[0][2:-1].partition(",")[0]
    return re.sub(r"\W", "", re.split("[:/]", key)[-1]).upper() or "x"
