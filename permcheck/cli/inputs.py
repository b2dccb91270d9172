"""Paths from the command line → facts."""

import atexit
import gc
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import IO, Protocol, TypeVar

from permcheck.cli.options import Deploy
from permcheck.errors import NothingToCheck, UsageError
from permcheck.frozen import dataclass
from permcheck.model import Facts, NotRead

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Input:
    """What was read. worlds: facts that have nothing to do with one another, at least one.

    stdin: the text of standard input, where ``-`` was one of the paths.
    """

    worlds: tuple[Facts, ...]
    stdin: str | None

    @property
    def facts(self) -> Facts:
        """The facts of the first world, which is mostly the only one."""
        return self.worlds[0]

    def ask(self, question: Callable[[Facts], T]) -> tuple[Facts, T]:
        """The answer of the first world that knows the names asked about, with that world. Raises UsageError."""
        first: UsageError | None = None
        for facts in self.worlds:
            try:
                return facts, question(facts)
            except UsageError as error:
                first = first or error
        raise first if first is not None else UsageError("there is nothing to ask")


def load(paths: Sequence[str], deploy: Deploy | None = None) -> Input:
    """Read every path: captures, and with ``deploy`` templates too, each a world of its own.

    Raises UsageError for a path that does not exist, NothingToCheck where nothing was of use.
    """
    from permcheck.sources import files

    # Kept, because a report shows lines of it.
    content = sys.stdin.buffer.read() if "-" in paths else b""
    takers = _takers(deploy) if deploy is not None else ()
    named = tuple(dict.fromkeys(paths))
    facts = files.load(
        named, stdin=BytesIO(content), taken=lambda source, text: any(t.takes(source, text) for t in takers)
    )
    worlds = [world for taker in takers for world in taker.worlds()]
    gaps = [gap for taker in takers for gap in taker.gaps]
    if _something(facts) or not worlds:
        worlds.append(facts)
    if gaps:
        worlds[0] = replace(worlds[0], not_read=(*worlds[0].not_read, *gaps))
    return _input(worlds, content, paths, "permcheck reads IAM policies and what the AWS CLI prints, as JSON")


def declared(paths: Sequence[str], deploy: Deploy) -> Input:
    """Read every path for what is to be deployed. Of folders, files that are nothing of the kind are passed over.

    Raises UsageError, NothingToCheck.
    """
    from permcheck.sources.files import walking

    content = sys.stdin.buffer.read() if "-" in paths else b""
    takers = _takers(deploy)
    gaps: list[NotRead] = []
    unread = "nothing in it is used"

    def miss(source: str, error: str) -> None:
        gaps.append(NotRead(source, error, unread))

    for source, text in _contents(paths, miss, BytesIO(content)):
        if not any(taker.takes(source, text) for taker in takers) and source in paths and source != walking.STDIN:
            miss(source, "neither a template nor a plan")
    worlds = [world for taker in takers for world in taker.worlds()]
    gaps.extend(gap for taker in takers for gap in taker.gaps)
    if gaps and worlds:
        worlds[0] = replace(worlds[0], not_read=(*worlds[0].not_read, *gaps))
    elif any(taker.gaps for taker in takers):
        worlds.append(Facts(not_read=tuple(gaps), inputs=tuple(paths)))
    return _input(worlds, content, paths, "permcheck check reads templates, cdk.out folders and plans")


def _contents(paths: Sequence[str], miss: Callable[[str, str], None], stdin: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    from permcheck.sources.files import walking

    for source in walking.find(tuple(dict.fromkeys(paths)), miss):
        try:
            yield source, walking.content(source, stdin)
        except OSError as error:
            miss(source, f"it cannot be read: {error.strerror}")


def _takers(deploy: Deploy) -> tuple["Taker", ...]:
    """The sources of what is declared; the first that takes a file reads it."""
    from permcheck.sources.cloudformation import Options, Templates, load_parameters
    from permcheck.sources.terraform.taking import Plans

    given = {key: value for path in deploy.parameters for key, value in load_parameters(path).items()}
    return (
        Templates(Options(deploy.account, deploy.region, given)),
        Plans(deploy.account, deploy.region),
    )


class Taker(Protocol):
    """A source that takes what it knows, file by file."""

    gaps: list[NotRead]

    def takes(self, source: str, content: bytes | str) -> bool:
        """Whether the file is one of its own; it is then part of the worlds."""
        ...

    def worlds(self) -> list[Facts]:
        """The facts, once every file was taken."""
        ...


def _input(worlds: Sequence[Facts], stdin: bytes, paths: Sequence[str], hint: str) -> Input:
    # The facts live as long as the program does, and nothing made from them is freed before: looking for cycles would
    # take more time than the audit. Python looks once more as it ends, disabled or not, but not at what is frozen.
    gc.disable()
    atexit.register(gc.freeze)
    if not any(_something(facts) for facts in worlds):
        raise NothingToCheck(f"there is nothing to check in {', '.join(paths)}", hint)
    return Input(tuple(worlds), _text(stdin))


def taken(facts: Facts, name: str) -> Input:
    """The facts of a live account. Raises NothingToCheck where it holds nothing."""
    return _input([facts], b"", [name], "it holds no functions, and nothing else that permcheck reads")


def _something(facts: Facts) -> bool:
    identities = (facts.roles, facts.users, facts.groups, facts.pools, facts.user_pools)
    found = (*identities, facts.functions, facts.mappings, facts.apis, facts.resources, facts.policies)
    return any(found) or bool(facts.not_read)


def _text(content: bytes) -> str | None:
    try:
        return content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except ValueError:
        return None
