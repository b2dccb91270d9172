"""PC167: guests of an identity pool set functions off by writing to an event source."""

import json
from collections.abc import Iterator
from typing import Any

from permcheck.model import Finding, IdentityPool, PathStep, Verdict
from permcheck.rule import Example, Narrowing, Rule, View
from permcheck.rules._examples import ACCOUNT, allow, document, function_arn, worker
from permcheck.rules.invoke._callers import places, shifted
from permcheck.rules.invoke._pool_examples import BUCKET, app, guest
from permcheck.rules.invoke._pools import by_role, handed_at, named

TRIGGER = {"Id": "new", "LambdaFunctionArn": function_arn("resize"), "Events": ["s3:ObjectCreated:*"]}
GRANT = {
    "Sid": "files",
    "Effect": "Allow",
    "Principal": {"Service": "s3.amazonaws.com"},
    "Action": "lambda:InvokeFunction",
    "Resource": function_arn("resize"),
    "Condition": {"StringEquals": {"AWS:SourceAccount": ACCOUNT}, "ArnLike": {"AWS:SourceArn": BUCKET}},
}


def _app(resource: str, guests: bool = True, handed: Any = None) -> Example:
    files: dict[str, Any] = {
        "get-bucket-notification-configuration.shop-files": {"LambdaFunctionConfigurations": [TRIGGER]},
        "get-policy.resize": {"Policy": json.dumps(document(GRANT))},
    }
    runs: Any = {"functions": {"resize": "resize-role"}, "guests": guests, "handed": handed}
    return Example(app(guest(allow("s3:PutObject", resource)), worker("resize-role"), **runs, **files))


class GuestWritesEventSource(Rule):
    """Guests of an identity pool set functions off by writing to an event source.

    What
        Credentials that a pool gives to anybody, without sign-in, may write to a bucket, table, queue, topic, stream or
        bus, and a function is called for what is written there.

    Why it matters
        Nobody grants guests the function, and still they send it what they like: names of objects, messages, records.
        Functions behind an event source tend to trust what comes, because only the app was meant to write there.

    How to fix
        Let guests write to a place of their own that sets nothing off, or let a function with checks of its own take
        what they send. Where the function has to be behind the source, it must treat the event as coming from anybody.

    When it is fine
        For a function that is made for uploads by strangers. A write that is scoped to the guest's own folder sets the
        function off all the same, and is reported one step lower.

    References
        Amazon Cognito Developer Guide, "IAM roles"
        Lambda Developer Guide, "Invoking Lambda with events from other AWS services"
    """

    id = "PC167"
    name = "guest-writes-event-source"
    severity = "high"
    confidence = "high"
    since = "0.1"

    bad = (_app(f"{BUCKET}/*"),)
    good = (_app(f"{BUCKET}/*", guests=False, handed={}),)

    def check_pool(self, view: View, pool: IdentityPool) -> Iterator[Finding]:
        """Report each role by which guests set a function off."""
        for role_arn, sessions in by_role(view.pools.sessions(pool, "guest")).items():
            found = [(session, written) for session in sessions for written in view.pools.written(session)]
            if not found:
                continue
            session, written = min(found, key=lambda each: each[1].answer.verdict is not Verdict.ALLOWED)
            answer, function = written.answer, written.function
            others = sorted({each.source for _, each in found} - {written.source})
            source = written.source.split(":", 5)[-1]
            unsure = session.holder is not None and session.holder.verdict is not Verdict.ALLOWED
            yield self.finding(
                f"a guest of identity pool {named(pool)}, without signing in, can write to {source} and so set off "
                f"{function.name}" + (f" ({len(others)} more sources)" if others else ""),
                role_arn,
                [*places(view, [answer], "lets guests write"), *handed_at(view, pool, role_arn, "guest")],
                severity=shifted(self.severity, -((answer.narrowing is not Narrowing.NONE) + unsure)),
                path=[
                    *view.caller_step(session, answer.action, answer.verdict),
                    PathStep("event_source", source, written.source, "triggers", written.verdict),
                    *view.function_steps(function),
                ],
                conditions=answer.conditions,
                fix=f"take {answer.action} on {source} from {session.entity.name}",
                witness=answer.witness,
                others=others,
            )
