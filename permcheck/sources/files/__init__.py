"""Facts from JSON files: AWS CLI captures, loose policy documents, an iam-collect store; files, folders or stdin."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO

from permcheck.model.facts import Facts
from permcheck.model.location import NotRead
from permcheck.sources.files import damage, snapshots, walking
from permcheck.sources.files.builder import build
from permcheck.sources.files.collect_store import Store
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.kinds import read_value
from permcheck.sources.files.reader import parse
from permcheck.sources.files.reading import Reading

__all__ = ["load", "load_texts"]

UNREAD = "nothing in it is used"
Taken = Callable[[str, bytes], bool]


def load(paths: Sequence[str], stdin: IO[bytes] | None = None, taken: Taken = lambda source, content: False) -> Facts:
    """Read files and folders (walked, in the order of their names) into Facts; ``-`` is standard input.

    stdin: what to read for ``-`` in place of the program's own. taken: whether somebody else reads a file, who is asked
    first. What cannot be read is in ``Facts.not_read``. Raises UsageError for a path that does not exist.
    """
    gathered = Gathered()

    def miss(source: str, error: str) -> None:
        gathered.not_read.append(NotRead(source, error, UNREAD))

    def contents() -> Iterator[tuple[str, bytes]]:
        for source in walking.find(paths, miss):
            try:
                content = walking.content(source, stdin)
                if not taken(source, content):
                    yield source, content
            except OSError as error:
                miss(source, f"it cannot be read: {error.strerror}")
            except MemoryError:
                miss(source, "it is larger than the memory of this machine")

    return _facts(gathered, contents(), paths)


def load_texts(texts: Mapping[str, bytes | str]) -> Facts:
    """Read texts held in memory, by the names their files would have. The same way as ``load`` reads files."""
    return _facts(Gathered(), ((source, texts[source]) for source in sorted(texts)), sorted(texts))


def _facts(gathered: Gathered, contents: Iterable[tuple[str, bytes | str]], inputs: Sequence[str]) -> Facts:
    # Reading makes millions of objects and no cycles: the collector would look through all of them again and again,
    # which takes longer than the reading itself.
    collecting = gc.isenabled()
    gc.disable()
    try:
        store = Store(gathered)
        rooted = None
        for source, content in contents:
            if isinstance(content, bytes) and snapshots.may_be(content):
                rooted = snapshots.read_into(gathered, source, content, rooted)
            else:
                _read(gathered, store, source, content)
        store.close()
        facts = build(gathered, inputs)
        return facts if rooted is None else rooted.placed(facts)
    finally:
        if collecting:
            gc.enable()


def _read(gathered: Gathered, store: Store, source: str, content: bytes | str) -> None:
    parsed = parse(content)
    reading = Reading(gathered, source, parsed.repeated)
    if not store.takes(reading, parsed):
        for pointer, value in parsed.values:
            read_value(reading, value, pointer)
        damage.note(reading, parsed)
        reading.leftover_repeated(parsed.values)
