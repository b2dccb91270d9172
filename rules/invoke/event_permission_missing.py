"""PC175: a function's role lacks what its event source or destination takes."""

from collections.abc import Iterable

from permcheck.model import Facts, Finding, PathStep, Verdict
from permcheck.rule import Example, Rule, View
from permcheck.rules._examples import account, allow, worker
from permcheck.rules.invoke._front_examples import QUEUE, TOPIC, polled
from permcheck.rules.invoke._fronts import short

_READS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
_RUNS = {"orders": "orders-role"}
_FAILED = {"DestinationConfig": {"OnFailure": {"Destination": TOPIC}}}


class EventPermissionMissing(Rule):
    """The execution role lacks what an event source or a destination takes.

    What
        Reports an event source mapping whose function's role may not do all that Lambda needs to read the source, and
        a destination or dead-letter queue that the role may not send to. The confidence is lower where only actions
        are missing that AWS lists and that mappings are known to do without.

    Why it matters
        No event arrives, or failures are lost without a trace. And the next attempt to make it work is usually a star.

    How to fix
        Add the actions to the role, on the source or destination. AWS has managed policies with what each source
        takes, such as AWSLambdaSQSQueueExecutionRole.

    When it is fine
        For a mapping that is kept and not meant to run: disable it.

    References
        AWS Lambda Developer Guide, "How Lambda processes records from stream and queue-based event sources"
        AWS Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations"
    """

    id = "PC175"
    name = "event-permission-missing"
    severity = "info"
    bad = (
        Example(account(worker("orders-role", allow(_READS[:2], QUEUE)), functions=_RUNS) | polled()),
        Example(account(worker("orders-role", allow(_READS, QUEUE)), functions=_RUNS) | polled(**_FAILED)),
    )
    good = (
        Example(account(worker("orders-role", allow(_READS, QUEUE)), functions=_RUNS) | polled()),
        Example(account(worker("orders-role"), functions=_RUNS) | polled(State="Disabled")),
        Example(
            account(worker("orders-role", allow(_READS, QUEUE), allow("sns:Publish", TOPIC)), functions=_RUNS)
            | polled(**_FAILED)
        ),
    )

    def check_account(self, view: View, facts: Facts) -> Iterable[Finding]:
        for found in view.around.lacking():
            function, role = found.function, found.role
            end = PathStep("event_source", short(found.of), found.of)
            yield self.finding(
                f"{function.name} {found.what} {short(found.of)}, but {role.entity.name} may not "
                f"{', '.join(found.actions)}",
                function.arn,
                [found.location],
                confidence=None if found.firm else "low",
                path=(
                    PathStep("function", function.name, function.arn, "runs as", Verdict.ALLOWED),
                    PathStep("role", role.entity.name, role.arn, f"lacks {found.actions[0]} on", Verdict.DENIED),
                    end,
                ),
                fix=f"allow {role.entity.name} {', '.join(found.actions)}"
                + (f" on {found.of}" if found.firm and found.of.startswith("arn:") else ""),
            )
