"""Work shared with a copy of this process, for when there is enough of it to be worth the trouble.

Python runs one thing at a time in a process, so a second core is of use to a second process alone. A copy made by fork
has everything that was read in front of it, and has to tell no more than what it found.
"""

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NoReturn, TypeVar

T = TypeVar("T")
Piece = Callable[[], T]


def second_core() -> bool:
    """Whether a copy of this process would have a core of its own, and can be made safely.

    Only Linux: elsewhere libraries of the system do not survive a fork, or there is none. A thread would not be copied,
    but a lock that it holds would.
    """
    return sys.platform == "linux" and threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


def in_order(pieces: Sequence[Piece[T]]) -> Iterator[T]:
    """What the pieces come to, in their order. A copy of this process takes some of them, where there is a core for it.

    A piece may be worked out on either side, so it must give the same on both and leave nothing behind that counts.
    Neighbours share more of what is worked out on the way: this process begins at the first piece, the copy at the
    last. What a copy does not get done, because the system ended it or the piece failed, is done here.
    """
    done = _with_a_copy(pieces) if second_core() else {}
    for number, piece in enumerate(pieces):
        yield done[number] if number in done else piece()


def _with_a_copy(pieces: Sequence[Piece[T]]) -> dict[int, T]:
    """What both sides came to, by the number of the piece. Each takes one of as many tokens before it takes a piece."""
    tokens, fill = os.pipe()
    answers, told = os.pipe()
    os.set_blocking(fill, False)
    sent = os.write(fill, bytes(len(pieces)))
    os.close(fill)  # so that whoever finds no token is at the end
    try:
        copy = os.fork() if sent == len(pieces) else -1
    except OSError:
        copy = -1
    if not copy:
        _work_and_end(pieces, tokens, told)
    os.close(told)
    done: dict[int, T] = {}
    try:
        if copy > 0:
            done.update((n, pieces[n]()) for n in _taken(range(len(pieces)), tokens))
            done.update(_answers(answers))
    finally:
        os.close(tokens)
        os.close(answers)
        if copy > 0:
            os.kill(copy, signal.SIGKILL)  # it has said all it had to, or nobody waits for it any more
            os.waitpid(copy, 0)
    return done


def _work_and_end(pieces: Sequence[Piece[T]], tokens: int, told: int) -> NoReturn:
    try:
        found = {n: pieces[n]() for n in _taken(reversed(range(len(pieces))), tokens)}
        with os.fdopen(told, "wb") as file:
            pickle.dump(found, file, pickle.HIGHEST_PROTOCOL)
    finally:
        # What went wrong here goes wrong again in the process that was copied, which tells of it. Nothing that one has
        # not written yet may be written twice.
        os._exit(0)  # noqa: TID251 - it ends a copy, not the program


def _taken(numbers: Iterable[int], tokens: int) -> Iterator[int]:
    return (number for number in numbers if os.read(tokens, 1))


def _answers(answers: int) -> dict[int, T]:
    with os.fdopen(os.dup(answers), "rb") as file:
        try:
            found: dict[int, T] = pickle.load(file)
        except (EOFError, pickle.UnpicklingError):
            return {}
    return found
