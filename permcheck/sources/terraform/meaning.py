"""What an attribute of a planned resource will be, as text: the names of the thing in CloudFormation's room.

AWS provider documentation, "Attribute Reference" of each resource.
"""

from collections.abc import Callable

from permcheck.sources.declared import Names, Where, unknown
from permcheck.sources.terraform.plan import Planned
from permcheck.sources.terraform.references import Target

# Resources whose ``id`` is their ARN.
_ID_IS_ARN = frozenset(
    "aws_iam_policy aws_sns_topic aws_secretsmanager_secret aws_sfn_state_machine aws_lambda_layer_version"
    " aws_iam_openid_connect_provider aws_iam_saml_provider aws_lambda_code_signing_config".split()
)
_NAME = frozenset("id name function_name bucket user_pool_id role_name table_name rest_api_id alias".split())
# Arguments that take an ARN, where the plan does not tell which attribute was meant.
_TAKES_ARN = ("arn", "arns", "role", "resource", "resources", "endpoint", "identifiers", "managed_policy_arns")


class Meaning:
    """Attributes of the resources of one plan."""

    def __init__(self, place: Callable[[Planned], tuple[Names, Where]]) -> None:
        self._place = place

    def of(self, target: Target, key: str) -> str | None:
        """The attribute as text, maybe with unknown parts; None where nothing is known of it. key: who asks."""
        planned, attribute = target.planned, target.attribute
        if planned.is_read and planned.type == "aws_caller_identity":
            return self._place(planned)[1].account if attribute in ("account_id", "id") else None
        if planned.is_read and planned.type == "aws_region":
            return self._place(planned)[1].region if attribute in ("name", "id", "region") else None
        if planned.is_read and planned.type == "aws_partition":
            return self._place(planned)[1].partition if attribute in ("partition", "id") else None
        known = planned.values.get(attribute) if attribute else None
        if isinstance(known, str):
            return known
        names, where = self._place(planned)
        if not attribute:
            attribute = "arn" if key.endswith(_TAKES_ARN) and names.arn else "id"
        if attribute == "arn":
            return names.arn or None
        if attribute == "id" and planned.type in _ID_IS_ARN:
            return names.arn
        if attribute in _NAME:
            return names.name
        return self._special(planned, attribute, names, where)

    def _special(self, planned: Planned, attribute: str, names: Names, where: Where) -> str | None:
        own = f"arn:{where.partition}:%s:{where.region}:{where.account}:{names.name}"
        mark = unknown(f"{planned.address}.{attribute}")
        if planned.type in ("aws_lambda_function", "aws_lambda_alias"):
            called = names.arn
            if attribute in ("invoke_arn", "qualified_invoke_arn"):
                start = f"arn:{where.partition}:apigateway:{where.region}:lambda:path/2015-03-31/functions"
                return f"{start}/{called}/invocations"
            if attribute == "qualified_arn":
                return f"{called}:{mark}"
        if attribute == "execution_arn":
            return own % "execute-api"
        if attribute == "root_resource_id":
            return f"{names.name}RootResourceId"
        if attribute == "stream_arn":
            return f"{names.arn}/stream/{mark}"
        if attribute == "layer_arn":
            return names.arn.rpartition(":")[0]
        if attribute in ("url", "queue_url") and planned.type == "aws_sqs_queue":
            return f"https://sqs.{where.region}.amazonaws.com/{where.account}/{names.name}"
        if planned.type == "aws_cognito_user_pool" and attribute == "endpoint":
            return f"cognito-idp.{where.region}.amazonaws.com/{names.name}"
        return None
