"""Progress, told seldom enough to cost nothing."""

import time
from typing import Final

from newsletter.ports import TellProgress

_EVERY_S: Final = 0.25


class Teller:
    """Counts texts that are done, and tells it at most four times a second, and at the end."""

    def __init__(self, tell: TellProgress | None, total: int) -> None:
        self._tell = tell
        self._total = total
        self._done = 0
        self._told_s = time.monotonic()

    def add(self, count: int) -> None:
        """Count `count` more texts."""
        self._done += count
        now_s = time.monotonic()
        is_last = self._done == self._total
        if self._tell and count and (is_last or now_s - self._told_s >= _EVERY_S):
            self._told_s = now_s
            self._tell(self._done, self._total)
