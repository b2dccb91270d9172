"""What the rules about identity pools share: what a role gives whom a pool hands it to, and how that is told."""

from collections.abc import Iterable, Iterator, Sequence

from permcheck.model import IdentityPool, Location, PathStep, Verdict
from permcheck.rule import Answer, Held, Session, View
from permcheck.rules.invoke._callers import shifted

MAY = (Verdict.ALLOWED, Verdict.CONDITIONAL)
INVOKE = "lambda:InvokeFunction"
RUM = "rum"
# What apps send, or ask of a model: it may cost money, but nothing of anybody's is read or changed. Cognito refuses the
# calls to identity pools and to Cognito Sync.
HARMLESS = frozenset(
    "rum mobileanalytics mobiletargeting cognito-identity cognito-sync logs cloudwatch xray polly translate comprehend "
    "transcribe rekognition textract lex geo sumerian codewhisperer".split()
)
# Told by the rules about callers, functions and APIs.
_CALLS = frozenset(("lambda", "execute-api"))
# Actions that set an event source off and do nothing else to speak of.
_FEEDS = frozenset(
    "s3:putobject sns:publish sqs:sendmessage events:putevents kinesis:putrecord kinesis:putrecords dynamodb:putitem "
    "dynamodb:updateitem iot:publish iot:connect".split()
)


def named(pool: IdentityPool) -> str:
    """The pool as people call it."""
    return pool.name or pool.id


def by_role(sessions: Iterable[Session]) -> dict[str, list[Session]]:
    """The sessions of each role; one role may be had by several flows and logins."""
    found: dict[str, list[Session]] = {}
    for session in sessions:
        found.setdefault(session.arn, []).append(session)
    return found


def granted(view: View, session: Session) -> list[Held]:
    """What is left of the role's statements for this session."""
    return [held for held in view.pools.held(session) if held.verdict in MAY]


def reached(view: View, session: Session) -> list[Held]:
    """What the session may do that is worth having: to anything but functions and APIs, and more than setting off."""
    found = [held for held in granted(view, session) if held.service not in _CALLS and held.service not in HARMLESS]
    if all({action.lower() for action in held.actions} <= _FEEDS for held in found):
        feeding = {r.statement for written in view.pools.written(session) for r in written.answer.reasons}
        return [held for held in found if held.statement not in feeding]
    return found


def asks_loosely(answer: Answer, key: str) -> bool:
    """Whether a granting statement asks for the end of a key, such as ``:aud``, only where the token has it."""
    conditions = (c for r in answer.reasons if r.statement.is_allow for c in r.statement.conditions)
    operators = (c.operator.lower() for c in conditions if c.key.lower().endswith(key))
    return any(o.startswith("forallvalues:") or o.endswith("ifexists") for o in operators if "not" not in o)


def cut(held: Held) -> bool:
    """Whether nothing is left of a statement because of what Cognito puts over its sessions."""
    return held.verdict is Verdict.DENIED and (held.decision.denied_by or "").endswith(":session_policy")


def best(view: View, sessions: Sequence[Session]) -> tuple[Session, list[Held]]:
    """The session that may do most, of several of one role."""
    found = [(session, reached(view, session)) for session in sessions]
    return max(found, key=lambda each: (len(each[1]), -sum(h.verdict is not Verdict.ALLOWED for h in each[1])))


def is_own(view: View, session: Session, answers: Iterable[Answer]) -> bool:
    """Whether every one of the answers leaves each identity only what is its own."""
    found = list(answers)
    return bool(found) and all(a.verdict is Verdict.CONDITIONAL and view.pools.own_only(session, a) for a in found)


def telling(view: View, session: Session, found: Sequence[Held], answers: Sequence[Answer]) -> int:
    """Which of what the session may do to tell first: what is not its own, and does more than setting something off."""

    def rank(n: int) -> tuple[bool, bool]:
        return view.pools.own_only(session, answers[n]), {a.lower() for a in found[n].actions} <= _FEEDS

    return min(range(len(found)), key=rank, default=0)


def weighed(view: View, session: Session, severity: str, answers: Sequence[Answer]) -> str:
    """The severity: two steps lower where each has only its own, one where the role itself is had on conditions."""
    steps = -2 if is_own(view, session, answers) else 0
    holder = session.holder
    return shifted(severity, steps - (1 if holder is not None and holder.verdict is Verdict.CONDITIONAL else 0))


def said(found: Sequence[Held], at: int = 0) -> str:
    """Actions and resources in a few words, one of them told and the rest counted."""
    first = found[at]
    resource = (first.statement.resources or ("*",))[0]
    where = "everything" if resource.strip("*") == "" else resource.split(":", 5)[-1]
    more = len(found) - 1
    return f"{' and '.join(first.actions[:2])} on {where}" + (f", and {more} more" if more else "")


def unsaid(found: Sequence[Held], at: int = 0) -> Iterator[str]:
    """What ``said`` counts and does not tell, in the same form."""
    yield from (said([held]) for number, held in enumerate(found) if number != at)


def places(view: View, found: Iterable[Held], note: str) -> Iterator[Location]:
    """The statements, each once."""
    for policy, statement in dict.fromkeys((held.policy, held.statement) for held in found):
        yield view.place(policy, statement, note)


def handed_at(view: View, pool: IdentityPool, role_arn: str, kind: str) -> Iterator[Location]:
    """Where the pool hands the role out."""
    who = "guests" if kind == "guest" else "signed-in users"
    for handed in pool.roles:
        if handed.role == role_arn and handed.kind == kind:
            yield view.at(handed.source, handed.pointer, f"the pool hands the role to {who}")
            return


def setting(view: View, pool: IdentityPool, member: str, note: str) -> Location:
    """A setting of the pool."""
    return view.at(pool.source, f"{pool.pointer}/{member}", note, view.pools.arn(pool))


def path_to(view: View, session: Session, edge: str, verdict: Verdict, end: PathStep | None = None) -> list[PathStep]:
    """The way from whom the pool serves through the role to something."""
    steps = list(view.caller_step(session, edge if end is not None else "", verdict))
    if end is None:
        last = steps[-1]
        return [*steps[:-1], PathStep(last.kind, last.name, last.arn)]
    return [*steps, end]


def target(held: Held) -> PathStep:
    """What a statement reaches, as the end of a path."""
    resource = (held.statement.resources or ("*",))[0]
    if resource.strip("*") == "":
        return PathStep("target", f"everything in {held.service}" if held.service != "*" else "everything")
    return PathStep("target", f"{held.service} {resource.split(':', 5)[-1]}", resource if "$" not in resource else None)


def strangers(session: Session) -> str:
    """Who a signed-in user may be, as the subject of a sentence."""
    holder = session.holder
    if holder is not None and holder.strangers:
        return "anybody who signs up"
    return "every signed-in user"
