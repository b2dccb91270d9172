"""JSON value → Document, for every form the grammar allows (IAM User Guide, "Grammar of the IAM JSON policy language").

Every list may be a scalar, Statement may be one object, Version may be missing. What AWS would refuse to save is an
error with the pointer of the offending value: a policy read half would give a verdict that nobody can rely on.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from marshal import dumps as _digest
from typing import Any

from permcheck.errors import PermcheckError
from permcheck.model.policy import Condition, Document, Effect, PolicyKind, Principals, Statement
from permcheck.policy.operators import TAKES_VARIABLES, operator_named

ELEMENTS = frozenset("Sid Effect Action NotAction Resource NotResource Principal NotPrincipal Condition".split())
NEGATIVE = frozenset(("NotAction", "NotResource", "NotPrincipal"))
PRINCIPAL_KEYS = frozenset(("AWS", "Service", "Federated", "CanonicalUser"))
VERSIONS = ("2012-10-17", "2008-10-17")
_PAIRS = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))
_KEYS = ("AWS", "Service", "Federated", "CanonicalUser")


class Repeated(dict[str, Any]):
    """A JSON object in which a key stood twice; ``repeated`` names it. JSON readers make these."""

    repeated: str = ""


class PolicySyntaxError(PermcheckError):
    """A policy that AWS would refuse. pointer is relative to the document."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer


_cache: dict[bytes, Document] = {}


def parse_document(value: object, *, repeated: bool = False) -> Document:
    """Parse one policy document; equal documents give the same object.

    repeated: the reader saw repeated keys somewhere in its input, so look for them here.
    Raises PolicySyntaxError with the pointer of the first wrong value.
    """
    if repeated:
        for pointer, key in repeated_keys(value):
            raise PolicySyntaxError(pointer, f"the key {_show(key)} stands twice in one object")
    try:
        digest = _digest(value, 2)  # type: ignore[arg-type]  # what it cannot take, it refuses
    except (ValueError, RecursionError):
        digest = None
    if digest is not None and (known := _cache.get(digest)) is not None:
        return known
    document = _document(value)
    if digest is not None:
        _cache[digest] = document
    return document


def check_place(document: Document, kind: PolicyKind) -> None:
    """What AWS asks of a policy beyond its grammar, by where it hangs: only resource policies name principals, and all
    others name resources (IAM, "MissingResource", "policy document should not specify a principal").

    Raises PolicySyntaxError.
    """
    if kind is PolicyKind.RESOURCE:
        return
    for statement in document.statements:
        if statement.resources is None and statement.not_resources is None:
            raise PolicySyntaxError(statement.pointer, "the statement has neither Resource nor NotResource")
        named = statement.principals is not None or statement.not_principals is not None
        if named and kind is not PolicyKind.RCP:
            element = "Principal" if statement.principals is not None else "NotPrincipal"
            raise PolicySyntaxError(f"{statement.pointer}/{element}", f"only a resource policy has {element}")


def repeated_keys(value: object, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield (pointer of the object, key) for every repeated key below value. Iterative: input may be deep."""
    pending: list[tuple[object, str]] = [(value, pointer)]
    while pending:
        here, at = pending.pop()
        if isinstance(here, Repeated):
            yield at, here.repeated
        if isinstance(here, dict):
            pending.extend((v, f"{at}/{escape(k)}") for k, v in here.items())
        elif isinstance(here, list):
            pending.extend((v, f"{at}/{i}") for i, v in enumerate(here))


def operator_takes_variables(name: str) -> bool:
    """Whether values of a condition operator may hold policy variables; False for a name AWS does not know."""
    operator = operator_named(name)
    return operator is not None and operator.base in TAKES_VARIABLES


def escape(key: str) -> str:
    """A key as an RFC 6901 reference token."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def _document(value: object) -> Document:
    if not isinstance(value, dict):
        raise PolicySyntaxError("", f"a policy document is a JSON object, not {_kind(value)}")
    version = value.get("Version")
    if version is not None and version not in VERSIONS:
        raise PolicySyntaxError("/Version", f"Version is {_show(version)}; AWS knows {' and '.join(VERSIONS)}")
    if "Statement" not in value:
        raise PolicySyntaxError("", "the policy has no Statement")
    written = value["Statement"]
    # Without Version, or with the old one, ${…} is text (IAM: "Policy variables", "Version").
    variables = version == "2012-10-17"
    statements: tuple[Statement, ...]
    if isinstance(written, dict):
        statements = (_statement(written, "/Statement", 0, variables),)
    elif isinstance(written, list):
        statements = tuple([_statement(s, f"/Statement/{i}", i, variables) for i, s in enumerate(written)])
    else:
        raise PolicySyntaxError("/Statement", f"Statement is an object or a list, not {_kind(written)}")
    return Document(statements, version)


def _statement(value: object, at: str, index: int, variables: bool) -> Statement:
    if not isinstance(value, dict):
        raise PolicySyntaxError(at, f"a statement is an object, not {_kind(value)}")
    if not ELEMENTS.issuperset(value):
        key = next(key for key in value if key not in ELEMENTS)
        raise PolicySyntaxError(f"{at}/{escape(str(key))}", f"a statement has no element {_show(key)}")
    negative = not NEGATIVE.isdisjoint(value)
    for one, other in _PAIRS if negative else ():
        if one in value and other in value:
            raise PolicySyntaxError(f"{at}/{other}", f"a statement holds {one} or {other}, not both")
    if "Effect" not in value:
        raise PolicySyntaxError(at, "the statement has no Effect")
    effect = value["Effect"]
    if effect not in ("Allow", "Deny"):
        raise PolicySyntaxError(f"{at}/Effect", f"Effect is Allow or Deny, not {_show(effect)}")
    if "Action" not in value and "NotAction" not in value:
        raise PolicySyntaxError(at, "the statement has neither Action nor NotAction")
    sid = value.get("Sid")
    if sid is not None and not isinstance(sid, str):
        raise PolicySyntaxError(f"{at}/Sid", f"Sid is a string, not {_kind(sid)}")
    return Statement(
        Effect.ALLOW if effect == "Allow" else Effect.DENY,
        index,
        at,
        sid or None,
        _actions(value, "Action", at) if "Action" in value else None,
        _actions(value, "NotAction", at) if negative and "NotAction" in value else None,
        _strings(value, "Resource", at) if "Resource" in value else None,
        _strings(value, "NotResource", at) if negative and "NotResource" in value else None,
        _principals(value, "Principal", at) if "Principal" in value else None,
        _principals(value, "NotPrincipal", at) if negative and "NotPrincipal" in value else None,
        _conditions(value["Condition"], f"{at}/Condition") if "Condition" in value else (),
        variables,
    )


def _strings(value: Mapping[str, Any], element: str, at: str) -> tuple[str, ...]:
    written = value[element]
    if isinstance(written, str):
        return (written,)
    if not isinstance(written, list):
        raise PolicySyntaxError(f"{at}/{element}", f"{element} is a string or a list of strings, not {_kind(written)}")
    for i, item in enumerate(written):
        if not isinstance(item, str):
            raise PolicySyntaxError(f"{at}/{element}/{i}", f"{element} holds strings, not {_kind(item)}")
    return tuple(written)


def _actions(value: Mapping[str, Any], element: str, at: str) -> tuple[str, ...]:
    actions = _strings(value, element, at)
    for i, action in enumerate(actions):
        if not _is_action(action):
            where = f"{at}/{element}/{i}" if isinstance(value[element], list) else f"{at}/{element}"
            raise PolicySyntaxError(where, f"an action is service:Name or *, not {_show(action)}")
    return actions


@lru_cache(maxsize=1 << 12)
def _is_action(text: str) -> bool:
    return text == "*" or (":" in text and text.isprintable() and not text.startswith(":"))


def _principals(value: Mapping[str, Any], element: str, at: str) -> Principals:
    written = value[element]
    if written == "*":
        return Principals(True)
    if isinstance(written, (str, list)):
        bare = _strings(value, element, at)
        return Principals("*" in bare, bare, bare=bare)
    if not isinstance(written, dict):
        raise PolicySyntaxError(f"{at}/{element}", f'{element} is "*" or an object, not {_kind(written)}')
    if not PRINCIPAL_KEYS.issuperset(written):
        key = next(key for key in written if key not in PRINCIPAL_KEYS)
        known = ", ".join(sorted(PRINCIPAL_KEYS))
        raise PolicySyntaxError(f"{at}/{element}/{escape(str(key))}", f"{element} knows {known}, not {_show(key)}")
    here = f"{at}/{element}"
    aws, service, federated, canonical = [_strings(written, key, here) if key in written else () for key in _KEYS]
    return Principals("*" in aws, aws, service, federated, canonical)


def _conditions(value: object, at: str) -> tuple[Condition, ...]:
    if not isinstance(value, dict):
        raise PolicySyntaxError(at, f"Condition is an object, not {_kind(value)}")
    found: list[Condition] = []
    for operator, block in value.items():
        here = f"{at}/{escape(operator)}"
        if operator_named(operator) is None:
            raise PolicySyntaxError(here, f"there is no condition operator {_show(operator)}")
        if not isinstance(block, dict):
            raise PolicySyntaxError(here, f"{operator} holds an object of keys and values, not {_kind(block)}")
        for key, values in block.items():
            pointer = f"{here}/{escape(key)}"
            found.append(Condition(operator, key, _values(values, pointer), pointer))
    return tuple(found)


def _values(value: object, at: str) -> tuple[str, ...]:
    if type(value) is str:
        return (value,)
    written = value if isinstance(value, list) else [value]
    return tuple(_scalar(v, f"{at}/{i}" if value is written else at) for i, v in enumerate(written))


def _scalar(value: object, at: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    raise PolicySyntaxError(at, f"a condition value is a string, number or boolean, not {_kind(value)}")


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "an object" if isinstance(value, dict) else "a number")


def _show(value: object) -> str:
    if isinstance(value, (Mapping, list)):
        return _kind(value)  # it may be as deep or as long as it likes
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
