"""Statements with values that nobody knows before deploy → statements that say what is sure, and what may be.

What is sure is said as it stands, with ``<NAME>`` for an unknown value: the same value is the same text, so a grant on
it names exactly what is called after it. What may be is said by a second, widened statement: a star for each unknown
value, and a condition on the key ``deploy:NAME`` of which no request knows anything. Such a statement possibly applies
and never surely; so no verdict rests on a guess, and the evaluators need to know nothing of templates.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from fnmatch import translate
from functools import lru_cache
from re import compile as compile_pattern
from typing import Any, NamedTuple

from permcheck.policy.parse import operator_takes_variables
from permcheck.sources.declared.value import (
    CLOSE,
    MAYBE,
    OPEN,
    filled,
    has_unknown,
    is_unknown,
    may_be_nothing,
    shown,
    unknown,
    unknowns_in,
)

# What may follow an ARN that is unknown as a whole: the rest of its last segment, a qualifier.
_BEHIND = re.compile(r"[^:]*(:[\w$*-]*)?")
ANY_QUALIFIER = ":<qualifier>"  # behind the ARN of a function: any of its versions and aliases
_ROOT = re.compile(rf"arn:[\w-]+:iam::({OPEN}[^{CLOSE}:]+{CLOSE}):root")
_SHOWN = re.compile(r"<([\w.\-]+)>")
_WILD = re.compile(r"[*?]")
_OPPOSITE = {"NotAction": "Action", "NotResource": "Resource"}


class Unknowable(Exception):
    """A part of a policy without which nothing can be said of it. pointer is relative to the document."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.message = message


class Split(NamedTuple):
    """A statement as JSON without unknown values. at: the number of the one it was made of, from 0.

    widened: nobody wrote it so. partial: something of it is unknown. variables: whether they are filled in.
    """

    statement: Any
    at: int
    widened: bool
    partial: bool
    variables: bool


def statements(written: list[Any], owner: str, variables: bool, unsure: Sequence[str] = ()) -> Iterator[Split]:
    """Take the unknown values out of statements. owner: name of who has the policy, to tell open conditions apart.

    unsure: ARNs that hold an unknown value themselves, as ``shown`` writes it; a pattern may turn out to name them.
    Raises Unknowable.
    """
    for index, statement in enumerate(written):
        if unsure and isinstance(statement, dict):
            statement, found = _may_name(statement, unsure, f"{owner}.{index}")
            if found is not None and _any_unknown(found):
                for each in _split(found, index, f"{owner}.{index}", variables):
                    yield each._replace(widened=True)
            elif found is not None:
                yield Split(found, index, True, True, variables)
        if not _any_unknown(statement):
            yield Split(statement, index, False, False, variables)
            continue
        at = f"/Statement/{index}"
        if not isinstance(statement, dict):
            raise Unknowable(at, f"a statement is not known before deploy: {_named(statement)}")
        if has_unknown(str(statement.get("Effect", ""))):
            raise Unknowable(f"{at}/Effect", f"Effect is not known before deploy: {_named(statement['Effect'])}")
        yield from _split(statement, index, f"{owner}.{index}", variables)


def _split(statement: dict[str, Any], index: int, owner: str, variables: bool) -> Iterator[Split]:
    open_names: list[str] = []
    common = {key: value for key, value in statement.items() if key not in _ELEMENTS and key != "Condition"}
    common = {key: shown(value) if isinstance(value, str) else value for key, value in common.items()}
    condition = _conditions(statement.get("Condition"), open_names, variables)
    elements = {key: statement[key] for key in _ELEMENTS if key in statement}
    if not variables:
        elements = {key: _literal(value) if "Resource" in key else value for key, value in elements.items()}
    unsure = [key for key, value in elements.items() if _any_unknown(value)]
    narrow = {key: _sure(key, value) for key, value in elements.items()}
    if all(value is not None for value in narrow.values()):
        made = {**common, **narrow, **_opened(condition, open_names, owner)}
        yield Split(made, index, False, True, True)
    if unsure and not _only_providers(unsure, elements):
        alone = len(unsure) == 1
        wide: dict[str, Any] = {}
        for key, value in elements.items():
            wide.update(_possible(key, value, alone) if key in unsure else {key: value})
        names = open_names + [name for key in unsure for name in _names_in(elements[key])]
        told = _principal_condition(elements["Principal"]) if unsure == ["Principal"] else None
        if told is not None:
            operator, key, value = told
            condition = {**condition, operator: {**condition.get(operator, {}), key: value}}
            names = open_names
        yield Split({**common, **wide, **_opened(condition, names, owner)}, index, True, True, True)


_ELEMENTS = ("Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal")


def _sure(key: str, value: Any) -> Any:
    """An element as far as it surely applies; None where it surely applies to nothing."""
    if not _any_unknown(value):
        return value
    texts = value if isinstance(value, list) else [value]
    if key == "Action":
        return [text for text in texts if not has_unknown(str(text))] or None
    if key == "NotAction":
        return [filled(str(text)) for text in texts]
    if key == "Resource":
        return [shown(str(text)) for text in texts]
    if key == "NotResource":
        return [*(shown(str(text)) for text in texts), *(_wide(str(text)) for text in texts if has_unknown(str(text)))]
    if key == "Principal":
        return _shown_all(value)
    return None


def _possible(key: str, value: Any, alone: bool) -> dict[str, Any]:
    """An element as widely as it may apply. alone: nothing else is unknown, so what is sure may be left out."""
    texts = [str(text) for text in (value if isinstance(value, list) else [value])]
    if key in ("Action", "Resource"):
        chosen = [text for text in texts if has_unknown(text)] if alone else texts
        return {key: list(dict.fromkeys(_wide(text) if key == "Resource" else filled(text) for text in chosen))}
    if key in _OPPOSITE:
        known = [text for text in texts if not has_unknown(text)]
        return {key: known} if known else {_OPPOSITE[key]: "*"}
    if key == "Principal":
        return {"Principal": {"AWS": "*"}}
    return {"Principal": "*"}


def _only_providers(unsure: list[str], elements: dict[str, Any]) -> bool:
    """Whether only a provider of identities is unknown: it stands for itself, and lets no principal of AWS in."""
    principal = elements.get("Principal")
    if unsure != ["Principal"] or not isinstance(principal, dict):
        return False
    return not any(_any_unknown(principal.get(key)) for key in ("AWS", "Service"))


def _principal_condition(principal: Any) -> tuple[str, str, list[str]] | None:
    """What must hold of a caller so that it is the principal meant: its account, or its ARN; None if less is known."""
    if not isinstance(principal, dict) or _any_unknown(principal.get("Service")):
        return None
    texts = [text for text in _listed(principal.get("AWS")) if isinstance(text, str) and has_unknown(text)]
    roots = [_ROOT.fullmatch(text) for text in texts]
    if all(roots):
        return "StringEquals", "aws:PrincipalAccount", [_with_variable(found[1]) for found in roots if found]
    if all(text.startswith("arn:") and ":iam:" in text and not text.endswith(":root") for text in texts):
        return "ArnLike", "aws:PrincipalArn", [_with_variable(text) for text in texts]
    return None


def _may_name(statement: dict[str, Any], unsure: Sequence[str], owner: str) -> tuple[dict[str, Any], Any]:
    """The statement, and one about what it may turn out to name; None where it can name nothing unsure.

    A function called ``<Stage>-api`` may turn out to be what ``prod-*`` names.
    """
    key = "Resource" if "Resource" in statement else "NotResource"
    patterns = [text for text in _listed(statement.get(key)) if isinstance(text, str)]
    found = [arn for arn in unsure if any(_fits(text, arn) for text in patterns) and not _named_in(patterns, arn)]
    if not found or has_unknown(str(statement.get("Effect"))):
        return statement, None
    names = list(dict.fromkeys(name for arn in found for name in _SHOWN.findall(arn.removesuffix(ANY_QUALIFIER))))
    found = [arn.replace(ANY_QUALIFIER, ":*") for arn in found]
    kept = statement if key == "Resource" else {**statement, key: [*patterns, *found]}
    wide = {name: value for name, value in statement.items() if name != key}
    condition = statement.get("Condition")
    wide.update({"Resource": found, **_opened(condition if isinstance(condition, dict) else {}, names, owner)})
    return kept, wide


def _fits(pattern: str, arn: str) -> bool:
    """Whether a pattern could match an ARN, whatever its unknown values are: by what is sure at both ends."""
    if pattern == "*":
        return False
    head, tail = _ends_of_pattern(pattern)
    first, last = _ends_of_arn(arn)
    return (head.startswith(first) or first.startswith(head)) and (tail.endswith(last) or last.endswith(tail))


@lru_cache(maxsize=1 << 14)
def _ends_of_pattern(pattern: str) -> tuple[str, str]:
    parts = _WILD.split(filled(pattern))
    return parts[0], parts[-1]


@lru_cache(maxsize=1 << 14)
def _ends_of_arn(arn: str) -> tuple[str, str]:
    parts = _SHOWN.split(arn)
    return parts[0], parts[-1]


def _named_in(patterns: list[str], arn: str) -> bool:
    """Whether some pattern names an ARN as it stands, its unknown values being what they are."""
    return any(_matcher(text)(arn) is not None for text in patterns)


@lru_cache(maxsize=1 << 12)
def _matcher(pattern: str) -> Callable[[str], object]:
    return compile_pattern(translate(shown(pattern).replace("[", "[[]"))).match


def _with_variable(text: str) -> str:
    for name in unknowns_in(text):
        text = text.replace(unknown(name), f"${{deploy:{name}}}")
    return text


def _wide(resource: str) -> str:
    """A pattern for everything that a resource with unknown values may name.

    A star stands for no colon that parts an ARN, and a value with which the text begins holds those colons.
    """
    if not is_unknown(resource[: resource.find(CLOSE) + 1]):
        return filled(resource)
    rest = filled(resource[resource.find(CLOSE) + 1 :])
    return f"arn:*:*:*:*:*{rest}" if rest and _BEHIND.fullmatch(rest) else "*"


def _conditions(value: Any, open_names: list[str], variables: bool) -> dict[str, Any]:
    """Conditions without unknown values; what cannot be said with a variable is named in ``open_names``."""
    if not isinstance(value, dict):
        if value is not None:
            open_names.extend(_names_in(value))
        return {}
    found: dict[str, Any] = {}
    for operator, block in value.items():
        if not isinstance(block, dict):
            open_names.extend(_names_in(block))
            if not _any_unknown(block):
                found[operator] = block
            continue
        kept: dict[str, Any] = {}
        for key, values in block.items():
            plain = values if variables else _literal(values)
            if not _any_unknown(values) and not has_unknown(key):
                kept[key] = plain
            elif isinstance(values, str) and may_be_nothing(values):
                open_names.extend(name.removesuffix(MAYBE) for name in _names_in(values))
            elif has_unknown(key) or has_unknown(operator) or not operator_takes_variables(operator):
                open_names.extend(_names_in([operator, key, values]))
            elif _of_a_token(key):
                kept[key] = _shown_all(plain)
            else:
                kept[key] = [text for each in _listed(plain) for text in _either(each)]
        if kept:
            found[operator] = kept
    return found


def _of_a_token(key: str) -> bool:
    """Whether a key tells what a token of some provider says, or a secret that the caller has to know.

    No request's value of it is known, so whether it is the one that is meant stays open anyway. A variable would say
    that it may be anything, and lock nobody out.
    """
    prefix, _, name = key.lower().partition(":")
    return ("." in prefix and prefix != "cognito-identity.amazonaws.com") or name == "externalid"


def _either(text: Any) -> Iterator[Any]:
    """A value of a condition: the text that stands for it, and a variable of which nothing is known."""
    if not isinstance(text, str) or not has_unknown(text):
        yield text
        return
    yield shown(text)
    yield _with_variable(text)


def _opened(condition: dict[str, Any], names: list[str], owner: str) -> dict[str, Any]:
    """The Condition element, with one open condition for all that is not known."""
    if not names:
        return {"Condition": condition} if condition else {}
    made = {operator: block for operator, block in condition.items() if operator != "StringEquals"}
    key = f"deploy:{'+'.join(dict.fromkeys(names))}/{owner}"
    made["StringEquals"] = {**condition.get("StringEquals", {}), key: "fits"}
    return {"Condition": made}


def _literal(value: Any) -> Any:
    """Text of a policy whose variables are not filled in, for a statement in which they are."""
    if isinstance(value, str):
        return value.replace("${", "${$}{")
    return [_literal(each) for each in value] if isinstance(value, list) else value


def _shown_all(value: Any) -> Any:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, list):
        return [_shown_all(each) for each in value]
    return {shown(key): _shown_all(each) for key, each in value.items()} if isinstance(value, dict) else value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _any_unknown(value: Any) -> bool:
    if isinstance(value, str):
        return has_unknown(value)
    if isinstance(value, list):
        return any(_any_unknown(each) for each in value)
    return isinstance(value, dict) and any(has_unknown(key) or _any_unknown(each) for key, each in value.items())


def _names_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return unknowns_in(value)
    if isinstance(value, list):
        return [name for each in value for name in _names_in(each)]
    if isinstance(value, dict):
        return [name for key, each in value.items() for name in (*unknowns_in(key), *_names_in(each))]
    return []


def _named(value: Any) -> str:
    return shown(value) if isinstance(value, str) and is_unknown(value) else ", ".join(_names_in(value))
