"""PC309: a caller that may not invoke a function, and may connect it to a queue or stream it writes to."""

from collections.abc import Iterator
from itertools import islice

from permcheck.model import EventSourceMapping, Finding, Function, Role, User
from permcheck.rule import Answer, Example, Feed, Narrowing, Rule, Strength, View
from permcheck.rules._examples import ACCOUNT, REGION, account, allow, user, worker
from permcheck.rules.path._creating import MAP
from permcheck.rules.path._steps import (
    INVOKE,
    REWRITES,
    Caller,
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
    verdict,
    whom,
)

MOVE = "lambda:UpdateEventSourceMapping"
FUNCTIONS, SOURCES = 16, 8  # so many are tried
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"
POLLS = allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], QUEUE)
SECRETS = {"ignore": ["PC205"]}
VAULT = worker("vault-role", allow("secretsmanager:GetSecretValue"), POLLS)


class FeedFunction(Rule):
    """A caller may connect a function it may not invoke to a source it writes to.

    What
        A role or user may create an event source mapping, or move one, for a function it may neither invoke nor
        rewrite, and write to the queue or stream that the function's role may read. The function's role is
        administrator, or has all data of a kind.

    Why it matters
        For every record the caller puts into the source, Lambda runs the function with that record as its event. The
        function's policy is not asked, so nobody who looks there sees the caller.

    How to fix
        Leave lambda:CreateEventSourceMapping to the role that deploys, or limit it by a condition on
        lambda:FunctionArn; let the function's role read the one source it is for.

    When it is fine
        For the pipeline: name its role under deploy_roles in permcheck.toml, and the finding is listed as explained.

    References
        Lambda API Reference, "CreateEventSourceMapping" and "UpdateEventSourceMapping"
        Lambda Developer Guide, "Using Lambda with Amazon SQS"
    """

    id = "PC309"
    name = "feed-function"
    severity = "high"
    confidence = "medium"
    since = "0.1"
    concerns = (MAP, MOVE)

    bad = (
        Example(
            account(VAULT, user("lee", allow(MAP), allow("sqs:SendMessage", QUEUE)), functions={"vault": "vault-role"}),
            "a queue the caller writes and the function's role reads",
            SECRETS,
        ),
    )
    good = (
        Example(
            account(VAULT, user("lee", allow(MAP)), functions={"vault": "vault-role"}), "nothing to put in", SECRETS
        ),
        Example(
            account(
                worker("vault-role", allow("secretsmanager:GetSecretValue")),
                user("lee", allow(MAP), allow("sqs:SendMessage", QUEUE)),
                functions={"vault": "vault-role"},
            ),
            "the function's role may not read the queue",
            SECRETS,
        ),
    )

    def check_caller(self, view: View, caller: Role | User) -> Iterator[Finding]:
        """Report whoever can feed a strong function that it may not invoke."""
        if (
            not view.names(caller, MAP, MOVE)
            or is_function(view, caller)
            or view.strength(caller) >= Strength.IAM_WRITE
        ):
            return
        connectable = view.ways.connectable(caller)
        mine = [view.functions_for(caller, action) for action in (INVOKE, *REWRITES)] if connectable else []
        others = (f for f in connectable if not any(m.has(f.arn) for m in mine))
        for function in islice(others, FUNCTIONS):
            role = view.role_of(function)
            found = _fed(view, caller, function, role) if role is not None else None
            if role is None or found is None or view.strength(role) <= view.strength(caller):
                continue
            feed, asked, reads = found
            name = feed.written.rpartition(":")[2]
            yield self.finding(
                f"{whom(caller)} can have {function.name} run for every record it writes to {name}, though it may not "
                "invoke it",
                caller.arn,
                once(
                    (
                        *places(view, asked, "allows connecting the function, and writing records"),
                        *places(view, reads, f"lets {role.name} read the records"),
                        *reached(view, role),
                        *entry(view, caller),
                    )
                ),
                severity=shifted(self.severity, -1) if limited(asked) else None,
                path=(*start(view, caller, asked[0].action, verdict(asked)), *view.function_steps(function)),
                conditions=conditions(asked),
                fix=f"leave event source mappings of {function.name} to the role that deploys it, and let {role.name} "
                "read the one source it is for",
                witness=asked[0].witness,
                explained=deploys(view, caller),
            )
            return


def _fed(
    view: View, caller: Caller, function: Function, role: Role
) -> tuple[Feed, tuple[Answer, ...], tuple[Answer, ...]] | None:
    """A source that the caller writes and the function could be made to read, with what allows it."""
    known = {"lambda:functionarn": (function.arn,)}
    for feed in islice(view.ways.known_feeds(caller, role), SOURCES):
        reads = view.ways.reads(role, feed)
        write = view.decide(caller, feed.write, feed.written) if reads else None
        if write is None or not _granted(write) or view.ways.connected(function, feed.source):
            continue
        moved = view.ways.mappings_of_source.get(feed.source, ())
        tried = [view.decide(caller, MAP, "*", known), *(view.decide(caller, MOVE, _arn(m), known) for m in moved)]
        mapping = next((t for t in tried if _granted(t)), None)
        if mapping is not None:
            return feed, (mapping, write), reads
    return None


def _arn(mapping: EventSourceMapping) -> str:
    return ":".join((*mapping.function_arn.split(":")[:5], "event-source-mapping", mapping.uuid))


def _granted(answer: Answer) -> bool:
    return answer.allowed and answer.narrowing is not Narrowing.RESOURCE
