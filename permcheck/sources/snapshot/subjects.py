"""What an answer is about, as an ARN: told by the parameters it was asked with.

Facts of a snapshot stand at an ARN and a pointer below it: a role's inline policy at the role, a function's policy at
the function under the name it was asked for. Where a call is about a whole service, the ARN ends in ``*``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from permcheck.sources.snapshot.answer import Answer

# The service segment of ARNs, where boto3 calls the service otherwise.
_SEGMENT = {"apigatewayv2": "apigateway", "resourcegroupstaggingapi": "tagging"}
_WITHOUT_REGION = ("iam", "organizations", "s3")

Template = str | Callable[[Mapping[str, str]], str]


def place(answer: Answer, partition: str) -> dict[str, str]:
    """Everything that a template may name: parameters, and where the answer is from."""
    told = {name: str(value) for name, value in answer.parameters.items()}
    return told | {"partition": partition, "region": answer.region, "account": answer.account}


def subject(answer: Answer, partition: str, template: Template | None) -> str:
    """The ARN of what an answer is about."""
    values = place(answer, partition)
    if template is not None:
        return filled(template, values)
    service = _SEGMENT.get(answer.service, answer.service)
    region = "" if service in _WITHOUT_REGION else answer.region
    return f"arn:{partition}:{service}:{region}:{answer.account}:*"


def filled(template: Template, values: Mapping[str, str]) -> str:
    """A template with its names filled in. Raises KeyError for a name that is not told."""
    return template(values) if callable(template) else template.format_map(values)


def entry(template: str, where: Mapping[str, str], found: Any) -> str | None:
    """The ARN of one entry of a listing; None where it does not tell it."""
    if not isinstance(found, Mapping):
        return None
    values = dict(where) | {name: value for name, value in found.items() if isinstance(value, str)}
    try:
        return template.format_map(values).removesuffix(":$LATEST")
    except (KeyError, IndexError, ValueError):
        return None


def function(values: Mapping[str, str]) -> str:
    """A function under the name it was asked for."""
    own = "arn:{partition}:lambda:{region}:{account}:function:{FunctionName}".format_map(values)
    return f"{own}:{values['Qualifier']}" if values.get("Qualifier") else own


def rule(values: Mapping[str, str]) -> str:
    """A rule of EventBridge; the default bus is left out of its ARN."""
    bus = values.get("EventBusName", "default")
    name = values["Rule"] if bus == "default" else f"{bus}/{values['Rule']}"
    return f"arn:{values['partition']}:events:{values['region']}:{values['account']}:rule/{name}"


def queue(values: Mapping[str, str]) -> str:
    """A queue by its URL, which ends in account and name."""
    name = values["QueueUrl"].rstrip("/").rsplit("/", 1)[-1]
    return f"arn:{values['partition']}:sqs:{values['region']}:{values['account']}:{name}"
