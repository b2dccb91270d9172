"""A Kafka mapping that looks schemas up (CloudFormation Template Reference, "SchemaRegistryConfig")."""

from typing import Any

from permcheck.model.function import SCHEMA_REGISTRY
from tests.sources.cloudformation.checking import ACCOUNT, REGION, role, world

REGISTRY = f"arn:aws:glue:{REGION}:{ACCOUNT}:registry/shop"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:schemas-AbCdEf"


def test_a_mapping_knows_where_it_looks_schemas_up() -> None:
    code = {"ZipFile": "pass"}
    asked = {"SchemaRegistryURI": REGISTRY, "AccessConfigs": [{"Type": "BASIC_AUTH", "URI": SECRET}]}
    mapping: dict[str, Any] = {
        "FunctionName": {"Ref": "Orders"},
        "EventSourceArn": f"arn:aws:kafka:{REGION}:{ACCOUNT}:cluster/clicks/0a1b",
        "AmazonManagedKafkaEventSourceConfig": {"SchemaRegistryConfig": asked},
    }
    facts = world(
        {
            "Resources": {
                "Role": role(),
                "Orders": {
                    "Type": "AWS::Lambda::Function",
                    "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Code": code},
                },
                "Feed": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping},
            }
        }
    )
    (found,) = facts.mappings
    assert found.access == ((SCHEMA_REGISTRY, REGISTRY), (SCHEMA_REGISTRY, SECRET))
