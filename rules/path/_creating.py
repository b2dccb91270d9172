"""What the rules about new functions share: who can make one that runs as a role stronger than itself, and run it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from permcheck.model import Finding, Location, PathStep, Role, Verdict
from permcheck.rule import Answer, Feed, Narrowing, RoleGain, Rule, Strength, View
from permcheck.rules.path._steps import (
    INVOKE,
    WORTH,
    Caller,
    acts_as,
    conditions,
    deploys,
    entry,
    is_function,
    limited,
    once,
    places,
    reached,
    shifted,
    start,
    trust_of,
    verdict,
    whom,
)

PASS, CREATE = "iam:PassRole", "lambda:CreateFunction"
ADD, PUT = "lambda:AddPermission", "lambda:PutResourcePolicy"
MAP, URL = "lambda:CreateEventSourceMapping", "lambda:CreateFunctionUrlConfig"
INVOKE_URL = "lambda:InvokeFunctionUrl"
# Of the request to create a function, these are the caller's own to choose.
_CHOSEN = ("lambda:vpcids", "lambda:subnetids", "lambda:securitygroupids", "lambda:layer")
_NAMES, _SOURCES = 12, 24  # so many are tried
_SIGNED = {"lambda:functionurlauthtype": ("AWS_IAM",), "lambda:invokedviafunctionurl": ("true",)}


@dataclass(frozen=True, slots=True)
class Run:
    """What makes a function run. how: ``invoke``, ``grant``, ``source`` or ``url``. source: of the records.

    doubtful: whether something outside the policies has to be so that nothing in view shows.
    """

    how: str
    answers: tuple[Answer, ...]
    source: Feed | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Creation:
    """A function somebody can make: as which role, allowed by what; run: what makes it run."""

    gain: RoleGain
    passing: Answer
    create: Answer
    run: Run

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Everything that had to be allowed."""
        return (self.passing, self.create, *self.run.answers)


def creation(view: View, caller: Caller) -> Creation | None:
    """The answer of _creation, worked out once."""
    return view.ways.once(_creation, caller, view)


def _creation(view: View, caller: Caller) -> Creation | None:
    """The worthiest function the caller can make and have run, in the plainest way; None where it gains nothing."""
    if not view.names(caller, PASS) or not view.names(caller, CREATE):
        return None
    passable = view.passable_roles(caller)
    if not passable.some or (isinstance(caller, Role) and caller.service_linked):
        return None
    roles = passable.within(view.lambda_roles()) or passable.open.within(view.lambda_roles())
    gain = view.ways.role_gain(caller, roles) if roles else None
    if gain is None or gain.strength is Strength.NOTHING:
        return None
    passing = view.decide(caller, PASS, gain.role.arn)
    if not passing.allowed or passing.narrowing is Narrowing.RESOURCE:
        return None
    found: list[Creation] = []
    for arn in islice(view.ways.new_functions(caller, INVOKE, ADD, PUT, URL), _NAMES):
        create = view.decide(caller, CREATE, arn)
        if create.allowed and create.narrowing_but(*_CHOSEN) is not Narrowing.RESOURCE:
            run = _run(view, caller, arn, gain.role)
            if run is not None:
                found.append(Creation(gain, passing, create, run))
                if run.how == _WAYS[0]:
                    break
    return min(found, key=lambda each: _WAYS.index(each.run.how), default=None)


_WAYS = ("invoke", "grant", "source", "url")


def _run(view: View, caller: Caller, arn: str, role: Role) -> Run | None:
    """The plainest way to make a new function run."""
    invoke = view.decide(caller, INVOKE, arn)
    if _granted(invoke):
        return Run("invoke", (invoke,))
    for action in (ADD, PUT):
        for principal in (caller.arn, caller.arn.split(":")[4], "*"):
            grant = view.decide(caller, action, arn, {"lambda:principal": (principal,)})
            if _granted(grant):
                # AWS's guide asks for AddPermission and RemovePermission beside PutResourcePolicy.
                return Run("grant", (grant,), doubtful=action == PUT)
    return _mapped(view, caller, arn, role) or _by_url(view, caller, arn)


def _granted(answer: Answer) -> bool:
    return answer.allowed and answer.narrowing is not Narrowing.RESOURCE


def _mapped(view: View, caller: Caller, arn: str, role: Role) -> Run | None:
    mapping = view.decide(caller, MAP, "*", {"lambda:functionarn": (arn,)})
    if not _granted(mapping):
        return None
    for feed in islice(view.ways.feeds(caller, role), _SOURCES):
        reads = view.ways.reads(role, feed)
        if reads:
            write = view.decide(caller, feed.write, feed.written)
            if _granted(write):
                return Run("source", (mapping, write, *reads), feed, not feed.used)
            if feed.used:
                return Run("source", (mapping, *reads), feed)
    return None


def _by_url(view: View, caller: Caller, arn: str) -> Run | None:
    """A URL that asks for a signature, and the caller's own right to call it; to open one takes a grant."""
    asked = tuple(view.decide(caller, action, arn, _SIGNED) for action in (URL, INVOKE_URL, INVOKE))
    return Run("url", asked) if all(_granted(each) for each in asked) else None


def told(rule: Rule, view: View, caller: Caller, how: str, done: str, note: str, fix: str) -> Iterator[Finding]:
    """The finding on a caller that can make a function and run it this way; of a function's role another rule tells.

    done: what the caller does to make it run. note: what is said beside the statements that let it. fix: with {role}
    and {caller} for their names.
    """
    made = creation(view, caller)
    if made is None or made.run.how != how or is_function(view, caller):
        return
    role, answers = made.gain.role, made.answers
    others = view.as_good(made.gain)
    more = f" (or {len(others)} more)" if others else ""
    severity = WORTH[made.gain.strength]
    yield rule.finding(
        f"{whom(caller)} can create a function that runs as {role.name}{more}, {done}, and so {acts_as(view, role)}",
        caller.arn,
        once((*made_by(view, made, note), *reached(view, role), *entry(view, caller))),
        severity=shifted(severity, -1) if limited(answers, *_CHOSEN) else severity,
        confidence="medium" if made.run.doubtful else None,
        path=(*start(view, caller, PASS, verdict(answers)), *new_function_steps(view, role)),
        conditions=conditions(answers),
        fix=fix.format(role=role.name, caller=caller.name),
        witness=(made.run.answers[0] if how == "invoke" else made.create).witness,
        explained=deploys(view, caller),
        others=others,
    )


def new_function_steps(view: View, role: Role) -> Iterator[PathStep]:
    """A function that is yet to be made, the role it gets and what that reaches, as the end of a path."""
    yield PathStep("function", "of its own making", None, "runs as", Verdict.ALLOWED)
    yield from view.role_steps(role)


def made_by(view: View, made: Creation, run: str) -> Iterator[Location]:
    """The statements that let it be made. run: what is said beside those that make it run."""
    role = made.gain.role.name
    reads = len(made.run.source.reads) if made.run.source is not None else 0
    calls = len(made.run.answers) - reads
    yield from places(view, [made.passing], f"allows passing {role}")
    yield from places(view, [made.create], "allows creating a function")
    yield from places(view, made.run.answers[:calls], run)
    yield from places(view, made.run.answers[calls:], f"lets {role} read the records")
    yield from trust_of(view, made.gain.role, f"lets Lambda run functions as {role}")
