"""Requests a second: each call waits for its turn, by account, Region and rate."""

import threading
import time
from collections.abc import Callable

from permcheck.sources.live.call import Rate


class Limiter:
    """Lets calls through at the declared rates. now, sleep: the clock, in seconds."""

    def __init__(
        self, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._lock = threading.Lock()
        self._free: dict[tuple[str, str, str], float] = {}

    def wait(self, account: str, region: str, rate: Rate) -> None:
        """Return when the next call of this rate may be made."""
        key = (account, region, rate.name)
        with self._lock:
            now = self._now()
            gap = 1 / rate.per_second
            # After a rest a few calls may follow each other at once: the slots of the last burst are still free.
            turn = max(self._free.get(key, 0.0), now - (rate.burst - 1) * gap)
            self._free[key] = turn + gap
        if turn > now:
            self._sleep(turn - now)

    def spent(self) -> dict[tuple[str, str, str], float]:
        """When each rate is free again: what the rates alone make a scan last, with a clock that stands still."""
        return dict(self._free)
