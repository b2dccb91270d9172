"""A snapshot to show to others: stand-ins for account ids and names, the same one for the same name everywhere.

A name is replaced letter by letter, so that a pattern matches the stand-in exactly where it matched the name, and the
snapshot gives the same findings. Which letter stands for which depends on a key that is made for one snapshot and
thrown away, and, where no pattern makes that impossible, on all letters of the word before it.

Kept as they are: actions, condition keys, services, Regions, tag keys, addresses, dates, short numbers, and words that
are AWS's own.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from permcheck.data.layer_publishers import publisher
from permcheck.sources.live.keep import NAME, POLICY, TEXT, WORD, Leaf, Only, Spec
from permcheck.sources.live.services import CALLS
from permcheck.sources.snapshot.answer import Answer
from permcheck.sources.snapshot.snapshot import Snapshot
from permcheck.sources.snapshot.vocabulary import SQL, TOKEN, WHOLE, fixed

_PRINCIPAL_ID = re.compile(r"(A(?:ROA|IDA|KIA|SIA|GPA|NPA))([A-Z0-9]{8,})")
_AFTER_WILDCARD = re.compile(r"[*?][A-Za-z0-9]")
_ACTION = re.compile(r"[a-z0-9-]+:[\w*?]+")
# Of a statement: what is AWS's own language.
_LANGUAGE = frozenset(("Effect", "Action", "NotAction", "Version", "Service"))
_GROUPS = ("abcdef", "ghijklmnopqrstuvwxyz", "0123456789")  # a letter of hexadecimal stays one


def redacted(snapshot: Snapshot, key: bytes | None = None) -> Snapshot:
    """The snapshot with stand-ins. key: what they depend on; made at random, and not kept, where it is not given."""
    redactor = _Redactor(key or secrets.token_bytes(32), _plain(snapshot))
    answers = [redactor.answer(answer) for answer in snapshot.answers.values()]
    asked = snapshot.asked
    return replace(
        snapshot,
        redacted=True,
        asked=replace(
            asked,
            begun_as=redactor.name(asked.begun_as),
            accounts={redactor.name(own): redactor.name(role) for own, role in asked.accounts.items()},
            organization=redactor.name(asked.organization),
        ),
        answers={answer.key: answer for answer in answers},
    )


def _plain(snapshot: Snapshot) -> bool:
    """Whether some pattern names the end or the middle of a word: then a letter may not depend on those before it."""
    return any(
        _AFTER_WILDCARD.search(text) and not _ACTION.fullmatch(text)
        for answer in snapshot.answers.values()
        for page in answer.pages
        for text in _texts(page)
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        try:
            inner = json.loads(value) if value.startswith("{") else None
        except ValueError:
            inner = None
        if inner is None:
            yield value
        else:
            yield from _texts(inner)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


class _Redactor:
    def __init__(self, key: bytes, plain: bool) -> None:
        self._key = key
        self._plain = plain
        self._words: dict[str, str] = {}
        self._orders: dict[str, dict[str, str]] = {}

    def answer(self, answer: Answer) -> Answer:
        call = CALLS.get((answer.service, answer.operation))
        spec: Spec = call.keep if call is not None else {}
        return replace(
            answer,
            account=self.name(answer.account),
            parameters={name: self._value(each, NAME) for name, each in answer.parameters.items()},
            pages=tuple(self._value(page, spec) for page in answer.pages),
        )

    def _value(self, value: Any, spec: Spec) -> Any:
        """A value with stand-ins where the specification of what is kept has names."""
        if isinstance(spec, Only):
            spec = spec.spec
        if isinstance(value, list):
            return [self._value(each, spec) for each in value]
        if spec is POLICY:
            return self._policy(value)
        if isinstance(value, str):
            return value if spec is WORD else self._text(value) if spec is TEXT else self.name(value)
        if not isinstance(value, dict):
            return value
        if isinstance(spec, Leaf):
            return {name: self._value(each, spec) for name, each in value.items()}
        # Keys that are names; those of tags stay, since condition keys end in them.
        named = len(spec) == 1 and spec.get("*", WORD) is not WORD
        return {
            self.name(name) if named else name: self._value(each, spec.get(name, spec.get("*", NAME)))
            for name, each in value.items()
        }

    def _policy(self, value: Any) -> Any:
        if not isinstance(value, str):
            return self._document(value)
        try:
            return json.dumps(self._document(json.loads(value)))
        except ValueError:
            return self.name(value)

    def _document(self, value: Any) -> Any:
        """A policy document: its language stays, its names go."""
        if isinstance(value, list):
            return [self._document(each) for each in value]
        if isinstance(value, dict):
            return {key: each if key in _LANGUAGE else self._document(each) for key, each in value.items()}
        return self.name(value) if isinstance(value, str) else value

    def _text(self, value: str) -> str:
        """An event pattern, or the SQL of a rule."""
        try:
            return json.dumps(self._document(json.loads(value)))
        except ValueError:
            words = re.split(r"(\s+)", value)
            return "".join(word if word.lower() in SQL else self.name(word) for word in words)

    def name(self, text: str) -> str:
        """A text with stand-ins in place of the words that are not AWS's."""
        return text if WHOLE.fullmatch(text) else TOKEN.sub(lambda found: self._token(text, found), text)

    def _token(self, text: str, found: re.Match[str]) -> str:
        if found["head"] is None:
            return self._word(text, found[0], found.end()) if found[0].isalnum() else found[0]
        return found["head"] + self.name(found["account"]) + self._resource(found["resource"], fixed(found["service"]))

    def _resource(self, resource: str, kept: frozenset[str]) -> str:
        """The last part of an ARN: what says of which kind it is stays, whole or as far as a pattern names it."""
        first, *others = re.split(r"([:/])", resource)
        begun = first.endswith("*") and any(each.startswith(first[:-1]) for each in kept)
        parts = [first if first in kept or begun else self.name(first)]
        for each in others:
            parts.append(each if each in (":", "/") or each in kept else self.name(each))
        return "".join(parts)

    def _word(self, text: str, word: str, end: int) -> str:
        """The stand-in of a word; numbers stay, but for account ids and the beginnings of them in patterns."""
        if publisher(word) is not None:
            return word
        if word.isdigit() and len(word) != 12 and not (len(word) >= 3 and text[end : end + 1] == "*"):
            return word
        known = self._words.get(word)
        if known is None:
            told = _PRINCIPAL_ID.fullmatch(word)
            known = told[1] + self._mapped(told[2]) if told else self._mapped(word)
            self._words[word] = known
        return known

    def _mapped(self, word: str) -> str:
        made = []
        for i, letter in enumerate(word):
            before = "" if self._plain else word[:i].lower()
            stands = self._order(before)[letter.lower()]
            made.append(stands.upper() if letter.isupper() else stands)
        return "".join(made)

    def _order(self, before: str) -> dict[str, str]:
        """Which letter stands for which, after these."""
        known = self._orders.get(before)
        if known is None:
            known = self._orders[before] = {}
            for group in _GROUPS:
                ranked = sorted(group, key=lambda letter: self._digest(f"{before}/{letter}"))
                known.update(zip(group, ranked, strict=True))
        return known

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=8).digest()
