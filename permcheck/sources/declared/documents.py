"""Policy documents as declared → Documents, with the place of every part that stands elsewhere in the source."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from permcheck.model.policy import Condition, Document, Statement
from permcheck.policy.parse import PolicySyntaxError, escape, parse_document, repeated_keys
from permcheck.sources.declared.value import Value, has_unknown, value_of
from permcheck.sources.declared.widening import Split, Unknowable, statements
from permcheck.sources.files.reader import parse_embedded

Places = Mapping[str, tuple[str, str]]


def document(value: Value, owner: str, unsure: Sequence[str] = ()) -> tuple[Document, Places | None]:
    """A policy document and its places. owner, unsure: as of ``statements``.

    Raises PolicySyntaxError for what AWS would refuse, Unknowable for what cannot be told before deploy.
    """
    if value.unknown:
        raise Unknowable("", f"the policy is not known before deploy: {value.text()}")
    if isinstance(value.raw, str):
        value = _written_as_text(value)
    plain, places = value.plain(), dict(_elsewhere(value, value.source, value.pointer, ""))
    if not unsure and not value.has_unknown():
        return parse_document(plain), places or None
    if not isinstance(plain, dict) or "Statement" not in plain:
        return parse_document(plain), places or None  # which says what is wrong with it
    written, alone = plain["Statement"], isinstance(plain["Statement"], dict)
    if isinstance(written, str) and has_unknown(written):
        raise Unknowable("/Statement", "the statements of the policy are not known before deploy")
    if not alone and not isinstance(written, list):
        return parse_document(plain), places or None
    version = plain.get("Version")
    if isinstance(version, str) and has_unknown(version):
        raise Unknowable("/Version", "Version of the policy is not known before deploy")
    made = list(statements([written] if alone else written, owner, version == "2012-10-17", unsure))
    try:
        parsed = parse_document({**plain, "Statement": [each.statement for each in made]})
    except PolicySyntaxError as error:
        raise _at_its_own(error, made, alone) from None
    pairs = zip(parsed.statements, made, strict=True)
    return Document(tuple(_placed(s, m, alone) for s, m in pairs), parsed.version), places or None


def _written_as_text(value: Value) -> Value:
    """A document that stands in a string, as JSON; its pointers go on inside the string."""
    try:
        parsed, repeated = parse_embedded(str(value.raw))
    except ValueError as error:
        raise PolicySyntaxError("", f"the policy text cannot be read: {error}") from None
    if repeated:
        for pointer, key in repeated_keys(parsed):
            raise PolicySyntaxError(pointer, f"the key {key!r} stands twice in one object")
    return value_of(parsed, value.source, value.pointer)


def _at_its_own(error: PolicySyntaxError, made: list[Split], alone: bool) -> PolicySyntaxError:
    """The error with the pointer of the statement as it was written."""
    _, element, number, *rest = [*error.pointer.split("/"), "", ""]
    if element != "Statement" or not number.isdecimal():
        return error
    own = ["/Statement"] if alone else ["/Statement", str(made[int(number)].at)]
    return PolicySyntaxError("/".join([*own, *(token for token in rest if token)]), error.message)


def _placed(statement: Statement, made: Split, alone: bool) -> Statement:
    """A statement under the index and pointer of the one it was made of."""
    own = "/Statement" if alone else f"/Statement/{made.at}"
    conditions = tuple(
        Condition(c.operator, c.key, c.values, own + ("" if _opens(c) else c.pointer[len(statement.pointer) :]))
        for c in statement.conditions
    )
    return replace(
        statement,
        index=made.at,
        pointer=own,
        conditions=conditions,
        widened=made.widened,
        partial=made.partial,
        variables=made.variables,
    )


def _opens(condition: Condition) -> bool:
    """Whether it is the condition of a widened statement, which stands nowhere."""
    return condition.key.startswith("deploy:")


def _elsewhere(value: Value, source: str, pointer: str, below: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """The parts that do not stand where the place of what holds them would have them."""
    if (value.source, value.pointer) != (source, pointer):
        yield below, (value.source, value.pointer)
    for key, part in _parts(value):
        token = f"/{escape(str(key))}"
        yield from _elsewhere(part, value.source, value.pointer + token, below + token)


def _parts(value: Value) -> Iterator[tuple[Any, Value]]:
    if isinstance(value.raw, tuple):
        yield from enumerate(value.raw)
    elif isinstance(value.raw, Mapping):
        yield from value.raw.items()
