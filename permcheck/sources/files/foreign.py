"""What a file is that permcheck does not audit, so that a person knows what to do with it."""

from typing import Any

TEMPLATES = "permcheck check reads templates and Terraform plans"
NOTHING = "nothing in it is used"


def value_is(value: Any) -> tuple[str, str]:
    """Why a JSON value is not read, and what follows."""
    if isinstance(value, dict):
        resources = value.get("Resources")
        if "AWSTemplateFormatVersion" in value or (isinstance(resources, dict) and _typed(resources)):
            name = "a SAM template" if "AWS::Serverless" in str(value.get("Transform")) else "a CloudFormation template"
            return name, TEMPLATES
        if "terraform_version" in value:
            plan = "planned_values" in value or "resource_changes" in value
            return ("a Terraform plan", TEMPLATES) if plan else ("a Terraform state", NOTHING)
    return "not a kind of JSON that permcheck reads", NOTHING


def _typed(resources: dict[str, Any]) -> bool:
    return any(isinstance(r, dict) and str(r.get("Type")).startswith(("AWS::", "Custom::")) for r in resources.values())


def text_is(source: str, text: str, error: str) -> tuple[str, str]:
    """Why a text that is not JSON is not read, and what follows."""
    start = text[:20000]
    if "AWSTemplateFormatVersion" in start or ("Resources:" in start and "AWS::" in start):
        return ("a SAM template" if "AWS::Serverless" in start else "a CloudFormation template"), TEMPLATES
    if source.endswith((".tf", ".tf.json")):
        return "Terraform source", "permcheck check reads the plan: terraform show -json"
    return error, NOTHING
