"""How often one client may ask: a bucket of tokens for each, in this process."""

import math
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Final

_MOST_KEYS: Final = 20_000
"""Of more clients the one that was not seen for longest starts anew."""


class RateLimit:
    """Lets each key do something `burst` times at once, and `per_minute` times a minute after that.

    `clock` gives seconds that never go back. Safe in several threads.
    """

    def __init__(
        self, *, burst: int, per_minute: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._burst = float(burst)
        self._per_second = per_minute / 60
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """What each key has left, and when that was so."""
        self._lock = Lock()

    def take(self, key: str, count: float = 1) -> int | None:
        """Take one turn of `key`: None when it had one, else the seconds to wait, at least one."""
        with self._lock:
            now = self._clock()
            level = self._level(key, now)
            if level < count:
                self._keep(key, level, now)
                return max(1, math.ceil((count - level) / self._per_second))
            self._keep(key, level - count, now)
            return None

    def wait_s(self, key: str, count: float = 1) -> int | None:
        """Return what `take` would, and take nothing."""
        with self._lock:
            missing = count - self._level(key, self._clock())
            return max(1, math.ceil(missing / self._per_second)) if missing > 0 else None

    def _level(self, key: str, now: float) -> float:
        level, since = self._levels.get(key, (self._burst, now))
        return min(self._burst, level + (now - since) * self._per_second)

    def _keep(self, key: str, level: float, now: float) -> None:
        self._levels[key] = (level, now)
        self._levels.move_to_end(key)
        if len(self._levels) > _MOST_KEYS:
            self._levels.popitem(last=False)
