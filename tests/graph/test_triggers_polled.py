"""Event source mappings: every permission that Lambda needs of the execution role, for each kind of source.

A mapping whose role lacks one of them is no way in. The lists are those of the Lambda Developer Guide's page on each
source; what AWS lists without need leaves the answer unknown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from permcheck.graph.scene import Scene
from permcheck.graph.why import why
from permcheck.rules._examples import ACCOUNT, REGION, Json, allow, deny, document, role
from permcheck.sources.files import load_texts
from tests.graph.trigger_captures import ORDERS, files, from_source, own, rows, scene_of

NETWORK = [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
]
SECRET = own("secretsmanager", "secret:broker-AbCdEf")
CLUSTER = own("kafka", "cluster/clicks/0a1b2c3d-1111-2222-3333-444455556666-1")
STREAM = own("kinesis", "stream/clicks")


@dataclass(frozen=True)
class Row:
    """A kind of source. needed: actions and what each may be limited to. listed: what AWS names beside them."""

    arn: str | None
    needed: tuple[tuple[str, str], ...]
    listed: tuple[tuple[str, str], ...] = ()
    access: tuple[tuple[str, str], ...] = ()


def on(resource: str, *actions: str) -> tuple[tuple[str, str], ...]:
    """The actions, each on this resource."""
    return tuple((action, resource) for action in actions)


QUEUE, TABLE_STREAM = own("sqs", "jobs"), own("dynamodb", "table/Orders/stream/2024-01-01T00:00:00.000")
BROKER = own("mq", "broker:shop:b-0a1b2c3d")
DOCUMENTS = own("rds", "cluster:documents")
KAFKA = on(CLUSTER, "kafka:DescribeCluster", "kafka:DescribeClusterV2") + on("*", "kafka:GetBootstrapBrokers")
READ_STREAM = on(
    STREAM,
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
)
ROWS = {
    "sqs": Row(QUEUE, on(QUEUE, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")),
    "kinesis": Row(STREAM, READ_STREAM, on("*", "kinesis:ListStreams", "kinesis:SubscribeToShard")),
    "kinesis-consumer": Row(
        f"{STREAM}/consumer/fast:1700000000",
        READ_STREAM + on(f"{STREAM}/consumer/fast:1700000000", "kinesis:SubscribeToShard"),
        on("*", "kinesis:ListStreams"),
    ),
    "dynamodb-streams": Row(
        TABLE_STREAM,
        on(TABLE_STREAM, "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
        on("*", "dynamodb:ListStreams"),
    ),
    "msk-signed-by-iam": Row(
        CLUSTER,
        KAFKA + on("*", *NETWORK),
        on(CLUSTER, "kafka-cluster:Connect", "kafka-cluster:DescribeClusterDynamicConfiguration")
        + on(CLUSTER.replace(":cluster/", ":group/") + "/*", "kafka-cluster:DescribeGroup", "kafka-cluster:AlterGroup")
        + on(
            CLUSTER.replace(":cluster/", ":topic/") + "/orders",
            "kafka-cluster:DescribeTopic",
            "kafka-cluster:ReadData",
        ),
    ),
    "msk-with-a-secret": Row(
        CLUSTER,
        KAFKA + on("*", *NETWORK) + on(SECRET, "secretsmanager:GetSecretValue"),
        access=(("SASL_SCRAM_512_AUTH", SECRET),),
    ),
    "msk-with-a-certificate": Row(
        CLUSTER,
        KAFKA + on("*", *NETWORK) + on(SECRET, "secretsmanager:GetSecretValue"),
        access=(("CLIENT_CERTIFICATE_TLS_AUTH", SECRET),),
    ),
    "self-managed-kafka": Row(
        None, on(SECRET, "secretsmanager:GetSecretValue"), access=(("SASL_SCRAM_256_AUTH", SECRET),)
    ),
    "self-managed-kafka-in-a-network": Row(
        None,
        on(SECRET, "secretsmanager:GetSecretValue") + on("*", *NETWORK),
        access=(("VPC_SUBNET", "subnet:subnet-1"), ("VPC_SECURITY_GROUP", "sg-1"), ("BASIC_AUTH", SECRET)),
    ),
    "amazon-mq": Row(
        BROKER,
        on(BROKER, "mq:DescribeBroker") + on(SECRET, "secretsmanager:GetSecretValue") + on("*", *NETWORK),
        access=(("BASIC_AUTH", SECRET), ("VIRTUAL_HOST", "/")),
    ),
    "documentdb": Row(
        DOCUMENTS,
        on(DOCUMENTS, "rds:DescribeDBClusters")
        + on("*", "rds:DescribeDBClusterParameters", "rds:DescribeDBSubnetGroups", *NETWORK)
        + on(SECRET, "secretsmanager:GetSecretValue"),
        on("*", "kms:Decrypt"),
        access=(("BASIC_AUTH", SECRET),),
    ),
}


SERVERS = ["b1.example.com:9092", "b2.example.com:9092"]
CLUSTER = "kafka://b1.example.com:9092,b2.example.com:9092/sales"


def mapped(row: Row, statements: list[Json], **more: object) -> Json:
    """Captures in which the source is polled for ``orders``, whose role has these statements."""
    entry: Json = {"UUID": "u1", "FunctionArn": ORDERS, "State": "Enabled", **more}
    if row.arn is not None:
        entry["EventSourceArn"] = row.arn
    else:
        entry |= {"Topics": ["sales"], "SelfManagedEventSource": {"Endpoints": {"KAFKA_BOOTSTRAP_SERVERS": SERVERS}}}
    entry["SourceAccessConfigurations"] = [{"Type": kind, "URI": uri} for kind, uri in row.access]
    return files(identities=[role("orders-role", *statements)]) | {"esm.json": {"EventSourceMappings": [entry]}}


def polled(row: Row, statements: list[Json], **more: object) -> str:
    """Whether the mapping brings anything to ``orders``."""
    return from_source(scene_of(mapped(row, statements, **more)), row.arn or CLUSTER)


def grants(pairs: tuple[tuple[str, str], ...]) -> list[Json]:
    """A statement for each action, on what it is limited to."""
    return [allow(action, resource) for action, resource in pairs]


CASES = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
ONE_MISSING = [
    pytest.param(row, action, id=f"{name}-{action}") for name, row in ROWS.items() for action, _ in row.needed
]
ONE_LISTED = [
    pytest.param(row, action, id=f"{name}-{action}") for name, row in ROWS.items() for action, _ in row.listed
]


@CASES
def test_with_every_permission_it_works(row: Row) -> None:
    assert polled(row, grants(row.needed + row.listed)) == "allowed"


@pytest.mark.parametrize(("row", "action"), ONE_MISSING)
def test_without_one_of_them_it_does_not(row: Row, action: str) -> None:
    kept = tuple((a, r) for a, r in row.needed + row.listed if a != action)
    assert polled(row, grants(kept)) == "denied"


@pytest.mark.parametrize(("row", "action"), ONE_MISSING)
def test_a_deny_of_one_of_them_stops_it(row: Row, action: str) -> None:
    assert polled(row, [*grants(row.needed + row.listed), deny(action)]) == "denied"


@pytest.mark.parametrize(("row", "action"), ONE_LISTED)
def test_what_aws_lists_beside_them_leaves_it_unknown(row: Row, action: str) -> None:
    kept = tuple((a, r) for a, r in row.needed + row.listed if a != action)
    assert polled(row, grants(kept)) == "unknown"


@CASES
def test_it_is_a_row_of_who_without_an_entry_in_the_functions_policy(row: Row) -> None:
    scene = scene_of(mapped(row, grants(row.needed + row.listed)))
    (found,) = [r for r in rows(scene) if r.kind == "event_source"]
    assert (found.caller, found.verdict, found.via) == (row.arn or CLUSTER, "allowed", "event_source")
    assert found.because[0].location.pointer == "/EventSourceMappings/0"
    assert not [r for r in rows(scene_of(mapped(row, []))) if r.kind == "event_source"]


@CASES
def test_a_mapping_that_is_switched_off_brings_nothing(row: Row) -> None:
    assert polled(row, grants(row.needed + row.listed), State="Disabled") == "denied"


REGISTRY = own("glue", "registry/shop")
SCHEMAS = (*on(REGISTRY, "glue:GetRegistry"), *on("*", "glue:GetSchemaVersion"))


@pytest.mark.parametrize(
    ("source", "member"),
    [
        ("msk-with-a-secret", "AmazonManagedKafkaEventSourceConfig"),
        ("self-managed-kafka", "SelfManagedKafkaEventSourceConfig"),
    ],
)
def test_a_schema_registry_asks_for_more(source: str, member: str) -> None:
    row = ROWS[source]
    settings = {member: {"SchemaRegistryConfig": {"SchemaRegistryURI": REGISTRY, "EventRecordFormat": "JSON"}}}
    assert polled(row, grants(row.needed + SCHEMAS), **settings) == "allowed"
    for missing, _ in SCHEMAS:
        kept = tuple(pair for pair in row.needed + SCHEMAS if pair[0] != missing)
        assert polled(row, grants(kept), **settings) == "unknown"


def test_a_schema_registry_outside_aws_asks_for_its_secret() -> None:
    row, key = ROWS["self-managed-kafka"], own("secretsmanager", "secret:schemas-AbCdEf")
    signs = {"AccessConfigs": [{"Type": "BASIC_AUTH", "URI": key}], "SchemaRegistryURI": "https://schemas.example.com"}
    settings = {"SelfManagedKafkaEventSourceConfig": {"SchemaRegistryConfig": signs}}
    assert polled(row, grants(row.needed), **settings) == "unknown"
    assert polled(row, grants((*row.needed, ("secretsmanager:GetSecretValue", key))), **settings) == "allowed"


def test_permissions_on_another_queue_are_no_help() -> None:
    row = ROWS["sqs"]
    assert polled(row, [allow("sqs:*", own("sqs", "other"))]) == "denied"


def test_network_rights_may_be_limited_to_subnets() -> None:
    row = ROWS["amazon-mq"]
    limited = tuple(p for p in row.needed if p[0] != "ec2:CreateNetworkInterface")
    subnets = [f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/*", f"arn:aws:ec2:{REGION}:{ACCOUNT}:network-interface/*"]
    assert polled(row, [*grants(limited), allow("ec2:CreateNetworkInterface", subnets)]) == "allowed"


def test_the_queues_own_policy_may_give_the_rights() -> None:
    row = ROWS["sqs"]
    by_policy = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/orders-role"},
        "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        "Resource": QUEUE,
    }
    told = {"QueueArn": QUEUE, "Policy": json.dumps(document(by_policy)), "CreatedTimestamp": "1"}
    captures = mapped(row, []) | {"get-queue-attributes.json": {"Attributes": told}}
    assert from_source(scene_of(captures), QUEUE) == "allowed"
    refusal = by_policy | {"Effect": "Deny", "Principal": "*", "Action": "sqs:ReceiveMessage"}
    told["Policy"] = json.dumps(document(refusal))
    captures = mapped(row, [allow("sqs:*", QUEUE)]) | {"get-queue-attributes.json": {"Attributes": told}}
    assert from_source(scene_of(captures), QUEUE) == "denied"


def test_a_role_that_is_not_in_view_leaves_it_unknown() -> None:
    captures = mapped(ROWS["sqs"], [])
    captures["functions.json"]["Functions"][0]["Role"] = "arn:aws:iam::444455556666:role/elsewhere"
    assert from_source(scene_of(captures), QUEUE) == "unknown"


def test_a_source_of_a_kind_that_is_not_known_leaves_it_unknown() -> None:
    row = Row(own("newservice", "thing/1"), ())
    assert polled(row, [allow("*")]) == "unknown"


def test_an_alias_is_polled_with_the_role_of_its_version() -> None:
    captures = mapped(ROWS["sqs"], grants(ROWS["sqs"].needed), FunctionArn=f"{ORDERS}:prod")
    weak = role("old-role")
    captures["account.json"]["RoleDetailList"].append(weak)
    version = {"FunctionName": "orders", "FunctionArn": f"{ORDERS}:3", "Version": "3", "Role": weak["Arn"]}
    captures["versions.json"] = {"Versions": [version]}
    captures["aliases.json"] = {"Aliases": [{"AliasArn": f"{ORDERS}:prod", "Name": "prod", "FunctionVersion": "3"}]}
    assert from_source(scene_of(captures), QUEUE) == "denied"


def test_writing_logs_is_the_functions_own_affair() -> None:
    """AWS lists logs among what Kafka and MQ sources need; a mapping reads its source without them."""
    row = ROWS["msk-with-a-secret"]
    assert polled(row, [*grants(row.needed), deny("logs:*")]) == "allowed"


def test_a_mapping_that_does_not_tell_what_it_reads_is_unknown() -> None:
    row = ROWS["sqs"]
    captures = mapped(row, grants(row.needed))
    del captures["esm.json"]["EventSourceMappings"][0]["EventSourceArn"]
    facts = load_texts({name: json.dumps(value) for name, value in captures.items()})
    (found,) = [r for r in rows(Scene(facts)) if r.kind == "event_source"]
    said = (found.caller, str(found.verdict), found.note)
    assert said == ("mapping:u1", "unknown", "the input does not tell what is read")
    (gap,) = facts.not_read
    assert gap.error == "the event source mapping does not tell its event source"


def test_why_of_a_cluster_outside_aws() -> None:
    row = ROWS["self-managed-kafka"]
    scene = scene_of(mapped(row, grants(row.needed)))
    (answer,) = why(scene, CLUSTER, scene.function_by_arn[ORDERS])
    assert (answer.verdict, answer.via) == ("allowed", "event_source")
