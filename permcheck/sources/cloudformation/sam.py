"""SAM → CloudFormation, by AWS's own translator; every part of the result keeps the place of what it was made of.

The translator is imported when a SAM template is met, and not before: it takes longer to start than most templates to
check. It asks nothing of AWS here: managed policies come from permcheck's table, applications of the Serverless
Application Repository are left out and noted.
"""

import logging
from collections.abc import Callable, Mapping
from copy import deepcopy
from os.path import dirname, join, normpath
from types import SimpleNamespace
from typing import Any

from permcheck.policy.parse import escape
from permcheck.sources.cloudformation.origins import Origins
from permcheck.sources.cloudformation.text import Text
from permcheck.sources.declared import Value, Where

TRANSFORM = "AWS::Serverless-2016-10-31"
# Local paths, by type; the translator wants them uploaded, as "sam package" does.
_CODE = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Serverless::GraphQLApi": "SchemaUri",
}
_DEFINED = {
    "AWS::Serverless::Api": "DefinitionBody",
    "AWS::Serverless::HttpApi": "DefinitionBody",
    "AWS::Serverless::StateMachine": "Definition",
}
_UPLOADED = "s3://permcheck/uploaded"
_IMAGE = "000000000001.dkr.ecr.us-east-1.amazonaws.com/permcheck:built"
_TRIES = 10  # translations of one template, each without what the one before could not read
_APPLICATION = "AWS::Serverless::Application"


def is_sam(root: Value) -> bool:
    """Whether a template is to be translated."""
    return any(entry.raw == TRANSFORM for entry in root.entries("Transform"))


def translated(
    text: Text, source: str, where: Where, given: Mapping[str, Value], read: Callable[[str], Text | None]
) -> Text:
    """The CloudFormation that a SAM template stands for. What cannot be translated is among the problems."""
    root = text.root
    problems = list(text.problems)
    plain = root.plain()
    resources = plain.get("Resources")
    if not isinstance(resources, dict):
        return text
    _prepare(plain, source, read, problems)
    values = {key: value.plain() for key, value in given.items()}
    for _ in range(_TRIES):
        made, errors = _translate(deepcopy(plain), where, values)
        problems.extend((f"/Resources/{escape(name)}" if name in resources else "", error) for name, error in errors)
        if made is not None:
            return Text(Origins(root).placed(made), tuple(problems), text.accepted)
        wrong = {name for name, _ in errors if name in resources}
        if not wrong:
            break
        # The rest of the template can be translated without them.
        for name in wrong:
            del resources[name]
    return Text(_without_sam(root), tuple(problems), text.accepted)


def _prepare(
    plain: dict[str, Any], source: str, read: Callable[[str], Text | None], problems: list[tuple[str, str]]
) -> None:
    """Put local files in, or stand-ins for what would be uploaded; leave out what only AWS could tell."""
    for logical, resource in list(plain["Resources"].items()):
        kind = resource.get("Type") if isinstance(resource, dict) else None
        properties = resource.get("Properties") if isinstance(resource, dict) else None
        if kind == _APPLICATION and not (isinstance(properties, dict) and isinstance(properties.get("Location"), str)):
            pointer = f"/Resources/{logical}"
            problems.append((pointer, "an application of the Serverless Application Repository is not in view"))
            del plain["Resources"][logical]
            continue
        if not isinstance(properties, dict):
            continue
        code = _CODE.get(str(kind))
        if code is not None and (isinstance(properties.get(code), str) or code not in properties):
            _uploaded(properties, code, required=kind != "AWS::Serverless::Function")
        defined = _DEFINED.get(str(kind))
        if defined is not None and isinstance(properties.get("DefinitionUri"), str):
            named = properties["DefinitionUri"]
            found = read(normpath(join(dirname(source), named))) if "://" not in named else None
            if found is not None and isinstance(found.root.raw, Mapping):
                del properties["DefinitionUri"]
                properties[defined] = found.root.plain()
            else:
                properties["DefinitionUri"] = _UPLOADED
            if found is None and kind != "AWS::Serverless::StateMachine":
                problems.append((f"/Resources/{logical}/Properties/DefinitionUri", f"the file {named} is not at hand"))
    globally = plain.get("Globals")
    shared = globally.get("Function") if isinstance(globally, dict) else None
    if isinstance(shared, dict):
        _uploaded(shared, "CodeUri", required=False)
    for resource in plain["Resources"].values():
        properties = resource.get("Properties") if isinstance(resource, dict) else None
        if isinstance(properties, dict) and resource.get("Type") == "AWS::Serverless::Function":
            _with_code(properties, {**(shared if isinstance(shared, dict) else {}), **properties})


def _with_code(properties: dict[str, Any], given: Mapping[str, Any]) -> None:
    """A stand-in for code that is built and uploaded later. given: the function's properties with those of Globals."""
    if given.get("PackageType") == "Image":
        if "ImageUri" not in given:
            properties["ImageUri"] = _IMAGE
    elif not {"CodeUri", "InlineCode", "ImageUri"} & set(given):
        properties["CodeUri"] = _UPLOADED


def _uploaded(properties: dict[str, Any], key: str, *, required: bool) -> None:
    given = properties.get(key)
    if (isinstance(given, str) and not given.startswith("s3://")) or (given is None and required):
        properties[key] = _UPLOADED


def _translate(
    plain: dict[str, Any], where: Where, given: dict[str, Any]
) -> tuple[dict[str, Any] | None, list[tuple[str, str]]]:
    from samtranslator.model.exceptions import ExceptionWithMessage, InvalidDocumentException
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.arn_generator import ArnGenerator
    from samtranslator.translator.translator import Translator

    from permcheck.data import managed_policies

    ArnGenerator.BOTO_SESSION_REGION_NAME = where.region
    logger = logging.getLogger("samtranslator")
    logger.setLevel(logging.CRITICAL)
    policies = {
        name: arn.replace("arn:aws:", f"arn:{where.partition}:", 1) for name, arn in managed_policies.by_name().items()
    }
    translator = Translator(policies, Parser(), boto_session=SimpleNamespace(region_name=where.region))
    try:
        return translator.translate(plain, given), []
    except InvalidDocumentException as error:
        return None, [(_logical(cause), " ".join(cause.message.split())) for cause in error.causes]
    except ExceptionWithMessage as error:
        return None, [("", " ".join(error.message.split()))]
    except Exception as error:  # the translator fails in many ways on templates it does not expect
        said = f"{type(error).__name__}: {' '.join(str(error).split())}"
        return None, [("", f"the SAM template cannot be translated: {said}")]


def _logical(cause: Any) -> str:
    found = getattr(cause, "_logical_id", "")
    return found if isinstance(found, str) else ""


def _without_sam(root: Value) -> Value:
    members = dict(root.members())
    resources = members["Resources"]
    kept = {
        logical: value
        for logical, value in resources.members()
        if not (value.text("Type") or "").startswith("AWS::Serverless::")
    }
    members["Resources"] = Value(kept, resources.source, resources.pointer)
    return Value(members, root.source, root.pointer)
