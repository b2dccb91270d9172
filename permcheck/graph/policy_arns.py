"""ARNs that the policies of the view speak of, so that a question can be asked about what they name.

A bucket is written to object by object and a route called stage by stage. To ask about one made-up object would miss
whoever may write below ``uploads/`` alone; so the objects, stages and topics that policies name are asked about too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from permcheck.model.facts import Facts
from permcheck.model.policy import Document, Policy
from permcheck.policy.arn import Arn, split
from permcheck.policy.residue import instance
from permcheck.policy.wildcard import glob, has_wildcard

MADE_UP = "permcheck"
_VARIABLE = re.compile(r"\$\{[^{}]*\}")


class PolicyArns:
    """Resource patterns of every Allow in view, by service; each service is looked for when it is first asked for."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[str, Sequence[Arn]] = {}
        self._all: Sequence[str] | None = None

    def of(self, service: str) -> Sequence[Arn]:
        """Every pattern whose service segment could be this one, each once, sorted; ``*`` alone names nothing."""
        found = self._known.get(service)
        if found is None:
            arns = (split(text) for text in self._texts() if service in text or "*:" in text)
            found = self._known[service] = tuple(a for a in arns if a is not None and glob(a.service)(service))
        return found

    def _texts(self) -> Sequence[str]:
        if self._all is None:
            texts: set[str] = set()
            documents: set[Document] = {p.document for p in self._policies() if p.document is not None}
            for statement in chain.from_iterable(document.statements for document in documents):
                if statement.is_allow:
                    texts.update(statement.resources or ())
            self._all = sorted(texts)
        return self._all

    def _policies(self) -> Iterator[Policy]:
        facts = self._facts
        yield from chain.from_iterable(role.policies for role in facts.roles)
        yield from chain.from_iterable(user.policies for user in facts.users)
        yield from (resource.policy for resource in facts.resources if resource.policy is not None)
        yield from (api.policy for api in facts.apis if api.policy is not None)


def below(
    owner: str, patterns: Iterable[Arn], first: str = MADE_UP, apart: str = "/", ending: str = ""
) -> Iterator[str]:
    """Resource parts that stand for what the patterns name below a thing, ``owner`` followed by ``apart`` and more.

    owner: resource part of the thing's ARN. first: a made-up rest to begin with. ending: tried behind those that leave
    their end open.
    """
    rests = {first: None}
    for rest in rests_named(owner, patterns, apart):
        rests[filled(rest)] = None
        if ending and rest.endswith("*"):
            rests[filled(rest) + ending] = None
    return (f"{owner}{apart}{rest}" for rest in rests)


def rests_named(owner: str, patterns: Iterable[Arn], apart: str = "/") -> Iterator[str]:
    """What the patterns say behind ``owner`` and ``apart``, variables as stars."""
    depth = owner.count(apart) + 1
    for arn in patterns:
        parts = plain(arn.resource).split(apart)
        head, rest = apart.join(parts[:depth]), apart.join(parts[depth:])
        if rest and (head == owner or (has_wildcard(head) and glob(head)(owner))):
            yield rest


def plain(pattern: str) -> str:
    """A pattern with its variables as stars: what they stand for differs from caller to caller."""
    return _VARIABLE.sub("*", pattern) if "$" in pattern else pattern


def filled(pattern: str) -> str:
    """A text that the pattern names, made up where it leaves room."""
    return instance(pattern.replace("**", "*").replace("*", MADE_UP))
