"""Functions as triggers, routes and workflows name them: by ARN, by name, or inside the URI of an integration."""

import re

from permcheck.sources.files.reading import Reading
from permcheck.sources.files.resource_drafts import Call
from permcheck.sources.files.shapes import function_name

# API Gateway API Reference, "PutIntegration", uri: …:lambda:path/2015-03-31/functions/FUNCTION/invocations
_PATH = re.compile(r"arn:[\w-]+:apigateway:(?P<region>[\w-]*):lambda:path/[^/]+/functions/(?P<function>[^/]+)(?:/.*)?")
_NAME = re.compile(r"(?:(?P<account>\d{12}):)?(?:function:)?(?P<name>[\w-]{1,140})(?::(?P<qualifier>[\w$-]+))?")


def in_uri(uri: str) -> tuple[str, str] | None:
    """The function that an integration or authorizer calls, and the Region told with it; None for anything else."""
    found = _PATH.fullmatch(uri)
    if found is not None:
        return found["function"], found["region"]
    # HTTP APIs take the plain ARN as well.
    return (uri, uri.split(":")[3]) if re.match(r"arn:[\w-]+:lambda:", uri) else None


def full_arn(named: str, near: str) -> str | None:
    """The ARN of a function told by name or partial ARN (Lambda API Reference, "Invoke", FunctionName).

    near: the ARN of what calls it, for partition, Region and account. None for a text that is none of the forms.
    """
    if named.startswith("arn:"):
        return named if function_name(named) else None
    found = _NAME.fullmatch(named)
    if found is None:
        return None
    _, partition, _, region, account, _ = near.split(":", 5)
    arn = f"arn:{partition}:lambda:{region}:{found['account'] or account}:function:{found['name']}"
    return f"{arn}:{found['qualifier']}" if found["qualifier"] else arn


def call(reading: Reading, arn: str, at: str, by: str) -> bool:
    """Note that something calls a function, which is then in view, listed or not.

    by: what calls it, for people. Returns False, and notes it, where the text does not name one function.
    """
    told = function_name(arn)
    if told is None:
        reading.miss(f"{by} calls what is not the ARN of one function: {arn}", "what it calls is left out", at)
        return False
    own, qualifier = told
    draft = reading.gathered.function(own, reading.source, at)
    if qualifier not in ("", "$LATEST"):
        draft.qualifier(qualifier, reading.source, at)
    reading.gathered.calls.append(Call(arn, by, reading.source, at))
    return True


def is_function(arn: str) -> bool:
    """Whether an ARN is of Lambda and about a function, even one with a variable in it."""
    return re.match(r"arn:[\w-]+:lambda:[^:]*:[^:]*:function:", arn) is not None
