"""Policies of functions: which function one is on is only told by its statements' Resource.

``get-policy`` and ``get-resource-policy`` print the document and no name. Lambda fills Resource with the ARN the policy
was written for, qualifier included (Lambda API Reference, "AddPermission", "PutResourcePolicy").
"""

import re
from collections.abc import Iterator
from typing import Any

from permcheck.model.policy import Policy, PolicyKind
from permcheck.sources.files import resource_policies
from permcheck.sources.files.drafts import FunctionPolicyFragment, PolicyText
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.reading import Reading, embedded
from permcheck.sources.files.shapes import JsonObject, function_name

NAME = "function policy"

# In a text that cannot be parsed: the value of a Resource, written out or inside a JSON string, and closed.
_BROKEN = re.compile(r'Resource\\*"\s*:\s*\[?\s*\\*"(arn:[\w-]+:lambda:[\w-]+:\d+:function:[\w$.:-]+)\\*"')


def from_output(reading: Reading, value: JsonObject, at: str) -> None:
    """get-policy or get-resource-policy of Lambda, and outputs of other services that look the same."""
    raw = value["Policy"]
    here = f"{at}/Policy"
    try:
        document, repeated = embedded(raw)
    except ValueError as error:
        said = f"the policy text cannot be read: {error}"
        if effect := resource_policies.unread(reading, said, here):
            reading.miss(said, effect, here)
            return
        named = list(dict.fromkeys(_BROKEN.findall(raw)))
        owner = unread_on(reading, said, named, here) or "the function it is on"
        reading.miss(said, f"who may invoke {owner} is unknown", here, shown=bool(named))
        if not named:
            text = PolicyText(None, said, reading.source, here)
            reading.gathered.function_policies.append(FunctionPolicyFragment(text))
        return
    place(reading, document, repeated, here)


def unread_on(reading: Reading, error: str, named: list[str], at: str) -> str:
    """Note on each of these functions that it has a policy which could not be read; returns what to call them."""
    told = [found for arn in named if (found := function_name(arn)) is not None]
    for own, qualifier in told:
        owner = f"{own}:{qualifier}" if qualifier else own
        unread = Policy(PolicyKind.RESOURCE, NAME, reading.source, at, None, None, error, owner)
        reading.gathered.function_policy(own, qualifier, unread)
    return " and ".join(named_function(*each) for each in told)


def functions_in(text: str) -> list[str]:
    """The function ARNs that a broken text of a function's policy is about, in order."""
    start = text.lstrip("\ufeff \t\r\n")[:40]
    return list(dict.fromkeys(_BROKEN.findall(text))) if re.match(r'\{\s*"Policy"\s*:\s*"', start) else []


def place(reading: Reading, document: Any, repeated: bool, at: str, *, loose: bool = False) -> None:
    """Put a resource policy on every function it names; it names them even where it is not valid.

    repeated: some key may stand twice in the document.
    """
    if resource_policies.elsewhere(reading, document, repeated, at, loose=loose):
        return
    told, patterns, other = targets(document)
    if told or patterns or not other:
        owner = " and ".join(named_function(*each) for each in told) or "the function it is on"
        text = reading.parsed_text(document, repeated, at, f"who may invoke {owner} is unknown", shown=bool(told))
        for arn, qualifier in told:
            put(reading.gathered, arn, qualifier, text, loose=loose)
        if not told:
            fragment = FunctionPolicyFragment(text, tuple(patterns), loose)
            reading.gathered.function_policies.append(fragment)
        return
    text = reading.parsed_text(document, repeated, at, "what it grants is unknown")
    reading.gathered.other_policies.append(resource_policy(text, "resource policy", None, loose=loose))


def put(gathered: Gathered, arn: str, qualifier: str, text: PolicyText, *, loose: bool = False) -> None:
    """Put a text on one function under one name."""
    owner = f"{arn}:{qualifier}" if qualifier else arn
    gathered.function_policy(arn, qualifier, resource_policy(text, NAME, owner, loose=loose))


def resource_policy(text: PolicyText, name: str, owner: str | None, *, loose: bool = False) -> Policy:
    """A resource policy made of a text."""
    return Policy(
        PolicyKind.RESOURCE, name, text.source, text.pointer, text.document, None, text.unread, owner, loose=loose
    )


def named_function(arn: str, qualifier: str = "") -> str:
    """A function as a person calls it."""
    name = arn.rsplit(":", 1)[-1]
    return f"{name}:{qualifier}" if qualifier else name


def targets(document: Any) -> tuple[list[tuple[str, str]], list[str], bool]:
    """What a resource policy is about.

    Returns the functions it names (ARN and qualifier), the patterns that may stand for functions, and whether it is
    plainly about something else: an S3 bucket, a key, a topic.
    """
    told: dict[tuple[str, str], None] = {}
    patterns: dict[str, None] = {}
    other = False
    for resource in dict.fromkeys(_strings(document, "Resource")):
        named = function_name(resource)
        if named is not None:
            told[named] = None
        elif resource == "*" or ":lambda:" in resource:
            patterns[resource] = None
        else:
            other = True
    if not told:
        # function:F:* names no qualifier, but it does name F.
        for pattern in [p for p in patterns if p.endswith(":*")]:
            base = function_name(pattern.removesuffix(":*"))
            if base is not None and base[1] == "":
                told[base] = None
    if "*" in patterns and not any(p.lower().startswith(("lambda:", "*")) for p in _strings(document, "Action")):
        other = True
        del patterns["*"]
    return list(told), list(patterns), other


def _strings(document: Any, element: str) -> Iterator[str]:
    statements = document.get("Statement") if isinstance(document, dict) else None
    for statement in statements if isinstance(statements, list) else [statements]:
        if isinstance(statement, dict):
            written = statement.get(element)
            for each in written if isinstance(written, list) else [written]:
                if isinstance(each, str):
                    yield each
