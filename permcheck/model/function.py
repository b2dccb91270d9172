"""Lambda functions and what hangs on them."""

from collections.abc import Mapping

from permcheck.frozen import dataclass
from permcheck.model.policy import Policy


@dataclass(frozen=True, slots=True, eq=False)
class FunctionUrl:
    """A function URL. auth_type is ``NONE``, ``AWS_IAM`` or None when not known.

    created: ISO 8601 text of CreationTime, None when the input does not carry it.
    """

    auth_type: str | None
    source: str
    pointer: str = ""
    url: str | None = None
    created: str | None = None
    cors_origins: tuple[str, ...] = ()
    cors_methods: tuple[str, ...] = ()
    cors_credentials: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Qualifier:
    """What can be invoked under one name: ``""`` (unqualified), a version number or an alias.

    Each has a policy of its own (AWS: "Viewing resource-based IAM policies in Lambda").
    version: for an alias, the version it points at.
    role: ARN of the execution role, which a version keeps from the day it was published; None when not told.
    """

    name: str
    policy: Policy | None = None
    url: FunctionUrl | None = None
    source: str = ""
    pointer: str = ""
    version: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A layer version a function runs with, by ARN."""

    arn: str
    source: str
    pointer: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Destination:
    """Where a function's results or failures go. kind: ``on_success``, ``on_failure`` or ``dead_letter``.

    qualifier: the version or alias it is set for, empty for the function itself.
    """

    kind: str
    arn: str
    source: str
    pointer: str = ""
    qualifier: str = ""


SCHEMA_REGISTRY = "SCHEMA_REGISTRY"


@dataclass(frozen=True, slots=True, eq=False)
class EventSourceMapping:
    """A poller: Lambda reads ``event_source`` with the execution role and invokes the function.

    event_source: its ARN; a Kafka cluster outside AWS has none but its bootstrap servers, ``HOST:PORT``, and topics.
    on_failure: ARN of where it sends what the function refused. access: how it signs in to the source, as pairs of type
    and URI (``("SASL_SCRAM_512_AUTH", ARN of a secret)``, ``("VPC_SUBNET", …)``), and under SCHEMA_REGISTRY where it
    looks schemas up and the secrets for that.
    """

    function_arn: str
    event_source: str | None
    source: str
    pointer: str = ""
    uuid: str = ""
    enabled: bool = True
    on_failure: str | None = None
    access: tuple[tuple[str, str], ...] = ()
    servers: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A Lambda function. arn is unqualified. qualifiers[0] is always the unqualified one.

    role: ARN of the execution role, None when the input does not tell it.
    code_signing: ARN of the code signing configuration, None where it has none or the input does not tell.
    listed: False when the function is only known from a policy, URL, alias or mapping that names it.
    tags: None when the input cannot carry them. holds_key: whether one of its environment variables was an access key
    of AWS; that is all that is kept of them. urls_told: whether the input tells the URLs of its account and Region, so
    that one that is not in view is not there.
    """

    arn: str
    name: str
    source: str
    pointer: str = ""
    role: str | None = None
    qualifiers: tuple[Qualifier, ...] = ()
    layers: tuple[Layer, ...] = ()
    tags: Mapping[str, str] | None = None
    listed: bool = True
    destinations: tuple[Destination, ...] = ()
    code_signing: str | None = None
    holds_key: bool = False
    urls_told: bool = False
