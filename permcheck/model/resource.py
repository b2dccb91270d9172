"""What triggers functions or is reached by them: buckets, topics, queues, rules, buses, keys, secrets."""

from collections.abc import Mapping

from permcheck.frozen import dataclass
from permcheck.model.policy import Policy


@dataclass(frozen=True, slots=True, eq=False)
class Trigger:
    """A function that something calls. function: ARN as it is called.

    credentials: the role the call is made with, None where the service calls in its own name. prefix, suffix: of the
    keys of a bucket's objects for which it is called.
    """

    function: str
    source: str
    pointer: str = ""
    enabled: bool = True
    credentials: str | None = None
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """A resource by ARN. service: ``s3``, ``sns``, ``sqs``, ``events``, ``kms``, ``secretsmanager``, ``iot`` and so on.

    policy: its resource policy, None where none is in view; policy_read tells whether the input says so.
    account: its owner, where the ARN does not tell. triggers: functions it sends events to.
    forwards: ARNs of other resources that it sends events on to. role: ARN of the role it acts with, None where it has
    none or the input does not tell. pattern: for a rule of EventBridge, the events it waits for as JSON text; None for
    one that only a schedule sets off.
    """

    arn: str
    service: str
    source: str
    pointer: str = ""
    account: str = ""
    policy: Policy | None = None
    policy_read: bool = False
    triggers: tuple[Trigger, ...] = ()
    tags: Mapping[str, str] | None = None
    forwards: tuple[str, ...] = ()
    role: str | None = None
    pattern: str | None = None
