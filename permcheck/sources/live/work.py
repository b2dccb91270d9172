"""Tasks that make more tasks, done by a few threads."""

import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

Task = Callable[[], object]
GRACE = 3.0  # seconds that calls in flight get to end, when the scan is to stop


class Work:
    """A queue of tasks. A task may add tasks; run returns when none is left, or when told to stop."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._tasks: deque[Task] = deque()
        self._busy = 0
        self._stopped = False
        self._failed: BaseException | None = None
        self._turn = threading.Condition()

    def later(self, task: Callable[..., object], *arguments: Any, **named: Any) -> None:
        """Do this some time."""
        with self._turn:
            if self._stopped:
                return
            self._tasks.append(partial(task, *arguments, **named))
            self._turn.notify()

    def stop(self) -> None:
        """Begin nothing more."""
        with self._turn:
            self._stopped = True
            self._tasks.clear()
            self._turn.notify_all()

    def run(self) -> None:
        """Do everything. Raises what a task raised; on Ctrl-C it stops, waits a moment for calls in flight, raises."""
        threads = [threading.Thread(target=self._worker, daemon=True) for _ in range(self._workers)]
        for thread in threads:
            thread.start()
        try:
            with self._turn:
                while (self._tasks or self._busy) and not self._stopped:
                    self._turn.wait(0.2)
        finally:
            self.stop()
            for thread in threads:
                thread.join(GRACE / len(threads))
        if self._failed is not None:
            raise self._failed

    def _worker(self) -> None:
        while True:
            with self._turn:
                while not self._tasks and not self._stopped:
                    if not self._busy:
                        self._turn.notify_all()
                        return
                    self._turn.wait()
                if self._stopped:
                    return
                task = self._tasks.popleft()
                self._busy += 1
            try:
                task()
            except BaseException as error:  # handed to whoever waits for the work
                self._failed = self._failed or error
                self.stop()
            finally:
                with self._turn:
                    self._busy -= 1
                    self._turn.notify_all()


class InOrder(Work):
    """The same in this thread, one after the other: for what does not wait for anything."""

    def __init__(self) -> None:
        super().__init__(1)

    def run(self) -> None:
        """Do everything."""
        while self._tasks and not self._stopped:
            self._tasks.popleft()()
