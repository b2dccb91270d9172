"""What Lambda needs of the execution role to read an event source, by kind of source.

Lambda Developer Guide, the page of each source ("Process Amazon SQS messages with Lambda" and so on), and the AWS
managed policies made for it. What writing logs takes is the function's own need and not here; nor is a key of KMS, as
no input tells with which key a queue or stream is encrypted.
"""

from collections.abc import Iterator
from typing import NamedTuple

from permcheck.model.function import SCHEMA_REGISTRY, EventSourceMapping
from permcheck.policy.arn import split

# What reading takes, on the source itself.
READS = {
    "sqs": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    "kinesis": (
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
    ),
    "dynamodb": ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
    "kafka": ("kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"),
    "mq": ("mq:DescribeBroker",),
    "rds": ("rds:DescribeDBClusters", "rds:DescribeDBClusterParameters", "rds:DescribeDBSubnetGroups"),
}
# Listed by AWS too; mappings are known to work where these are missing.
_LISTED = {
    "kinesis": ("kinesis:ListStreams", "kinesis:SubscribeToShard"),
    "dynamodb": ("dynamodb:ListStreams",),
    "rds": ("kms:Decrypt",),
}
_NETWORK = (
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
_KAFKA_SIGNED = (
    ("kafka-cluster:Connect", "cluster"),
    ("kafka-cluster:DescribeClusterDynamicConfiguration", "cluster"),
    ("kafka-cluster:DescribeGroup", "group"),
    ("kafka-cluster:AlterGroup", "group"),
    ("kafka-cluster:DescribeTopic", "topic"),
    ("kafka-cluster:ReadData", "topic"),
)
_SECRETS = frozenset(
    (
        "BASIC_AUTH",
        "SASL_SCRAM_512_AUTH",
        "SASL_SCRAM_256_AUTH",
        "CLIENT_CERTIFICATE_TLS_AUTH",
        "SERVER_ROOT_CA_CERTIFICATE",
    )
)
_SIGNS_IN = _SECRETS - {"SERVER_ROOT_CA_CERTIFICATE"}
_IN_NETWORK = frozenset(("kafka", "mq", "rds"))


class Need(NamedTuple):
    """One action that the role needs. on: ARN of what it is asked of; empty for something of the kind, whichever.

    part: for a Kafka cluster, which of its parts is meant: the ARN begins with ``on`` then. firm: whether the mapping
    stands still without it; else AWS lists it, and some sources do without.
    """

    action: str
    on: str = ""
    part: str = ""
    firm: bool = True


def needs(mapping: EventSourceMapping) -> Iterator[Need]:
    """Everything that a mapping asks of the execution role."""
    arn = split(mapping.event_source) if mapping.event_source else None
    service = arn.service if arn is not None else "kafka-elsewhere"
    source = mapping.event_source or ""
    for action in READS.get(service, ()):
        yield Need(action, _named(source, action))
    for action in _LISTED.get(service, ()):
        consumer = action == "kinesis:SubscribeToShard" and "/consumer/" in source
        yield Need(action, source if consumer else "", firm=consumer)
    kinds = {kind for kind, _ in mapping.access}
    if service in _IN_NETWORK or any(kind.startswith("VPC_") for kind in kinds):
        yield from (Need(action) for action in _NETWORK)
    if service == "kafka" and not kinds & _SIGNS_IN:
        # Without a secret the cluster lets clients in by IAM, or asks nothing of them.
        yield from (Need(action, source, part, firm=False) for action, part in _KAFKA_SIGNED)
    for kind, uri in mapping.access:
        if kind in _SECRETS:
            yield Need("secretsmanager:GetSecretValue", uri)
        elif kind == SCHEMA_REGISTRY:
            yield from _of_registry(uri)


def _of_registry(uri: str) -> Iterator[Need]:
    """What looking schemas up takes ("Using schema registries with Kafka event sources in Lambda").

    It is not known whether records that need no schema get through without.
    """
    arn = split(uri)
    if arn is not None and arn.service == "glue":
        yield Need("glue:GetRegistry", uri, firm=False)
        yield Need("glue:GetSchemaVersion", firm=False)
    elif arn is not None and arn.service == "secretsmanager":
        yield Need("secretsmanager:GetSecretValue", uri, firm=False)


# These name something else than the source, or nothing.
_ELSEWHERE = frozenset(("kafka:GetBootstrapBrokers", "rds:DescribeDBClusterParameters", "rds:DescribeDBSubnetGroups"))


def _named(source: str, action: str) -> str:
    """What the action is asked of: the source, and where a consumer of a stream is the source, the stream."""
    if action in _ELSEWHERE:
        return ""
    return source.partition("/consumer/")[0] if action.startswith("kinesis:") else source


def known_source(mapping: EventSourceMapping) -> bool:
    """Whether what the source needs is known at all."""
    if not mapping.event_source:
        return bool(mapping.servers)
    arn = split(mapping.event_source)
    return arn is not None and arn.service in READS
