"""A log that strangers cannot fill: what they can cause is one line a minute for each kind, and a count."""

import copy
import logging
import threading
import time
from collections.abc import Callable
from typing import Final, TextIO

_STRANGERS: Final = ("newsletter.web", "uvicorn")
"""Whose lines a request can cause, valid or not."""
_WINDOW_S: Final = 60.0
_MOST_KINDS: Final = 200

Kind = tuple[str, int, str]
Later = Callable[[float, Callable[[], None]], None]


def _later(seconds: float, do: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, do)
    timer.daemon = True
    timer.start()


class SparseHandler(logging.StreamHandler[TextIO]):
    """Writes the first line of each kind; of the others in the same minute their number when it ends.

    A kind is what a line is made from, without what is filled in. Lines of other parts of the program
    are written as they come. `clock` gives seconds that never go back, `later` calls after some.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        clock: Callable[[], float] = time.monotonic,
        later: Later = _later,
    ) -> None:
        super().__init__(stream)
        self._clock, self._call_later = clock, later
        self._ends: dict[Kind, float] = {}
        """When the minute of each kind is over."""
        self._more: dict[Kind, int] = {}
        """How many lines of a kind were left out in its minute."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, or count it. Called by one thread at a time, as all handlers are."""
        if not record.name.startswith(_STRANGERS) or self._is_first(record):
            super().emit(record)

    def _is_first(self, record: logging.LogRecord) -> bool:
        kind, now = (record.name, record.levelno, str(record.msg)), self._clock()
        if now >= self._ends.get(kind, now):
            self._ends = {one: end for one, end in self._ends.items() if end > now}
            if len(self._ends) < _MOST_KINDS:
                self._ends[kind] = now + _WINDOW_S
            return True
        if kind not in self._more:
            self._more[kind] = 0
            self._call_later(self._ends[kind] - now, lambda: self._tell(kind, record))
        self._more[kind] += 1
        return False

    def _tell(self, kind: Kind, record: logging.LogRecord) -> None:
        line = copy.copy(record)
        line.exc_info = line.exc_text = None
        with self.lock or threading.RLock():
            count = self._more.pop(kind, 0)
            # The words themselves may hold a token of one among many: the kind says enough.
            line.msg, line.args = "%s (%d more within a minute)", (record.msg, count)
            super().emit(line)
