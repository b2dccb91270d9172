"""From one event source to the next: buckets that notify queues, topics that fill them, pipes that empty them.

Who sends in its own name is let in by the policy of what it sends to; who sends or reads with a role needs the role's
right (Amazon S3, "Granting permissions to publish event notification messages"; EventBridge, "Using resource-based
policies", "Permissions for Amazon EventBridge Pipes").
"""

from permcheck.access import Item
from permcheck.access.context import item_keys
from permcheck.graph.calls import notification
from permcheck.graph.entry import ORDER
from permcheck.graph.poller_needs import READS
from permcheck.graph.scene import Scene
from permcheck.model.resource import Resource
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of, split
from permcheck.policy.request import Decision

# What is sent to, by its service, and with which action.
_SENDS = {
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
    "events": "events:PutEvents",
    "states": "states:StartExecution",
    "kinesis": "kinesis:PutRecord",
    "firehose": "firehose:PutRecord",
    "logs": "logs:PutLogEvents",
    "lambda": "lambda:InvokeFunction",
}
# Targets that are let in by their policy, whoever sends (EventBridge, "Using resource-based policies").
_BY_POLICY = frozenset(("sns", "sqs"))


def forwarded(scene: Scene, resource: Resource, to: str) -> Decision:
    """Whether what a resource sends on arrives at another."""
    arn = split(to)
    target = scene.resource_by_arn.get(to)
    if arn is None:
        return Decision(Verdict.UNKNOWN)
    if arn.service == "pipes":
        return _by_role(
            scene, target.role if target is not None else None, READS.get(resource.service, ()), resource.arn
        )
    action = _SENDS.get(arn.service)
    if action is None:
        return Decision(Verdict.UNKNOWN)
    if arn.service in _BY_POLICY and resource.service != "states":
        if target is None or not (target.policy_read or target.policy is not None):
            return Decision(Verdict.UNKNOWN)
        policies = (target.policy,) if target.policy is not None else ()
        item = Item(to, action, policies, known=item_keys(to)[0])
        return notification(item, action, resource.arn, resource.account or account_of(resource.arn))
    return _by_role(scene, resource.role, (action,), to)


def _by_role(scene: Scene, role: str | None, actions: tuple[str, ...], on: str) -> Decision:
    """Whether a role may do all of these; unknown where it is not in view or nothing is known of what it needs."""
    subject = scene.subject(role) if role else None
    if subject is None or not actions:
        return Decision(Verdict.UNKNOWN)
    item = Item(on, known=item_keys(on)[0])
    decisions = [scene.world.decide(subject, action, item) for action in actions]
    return max(decisions, key=lambda d: ORDER.index(d.verdict))
