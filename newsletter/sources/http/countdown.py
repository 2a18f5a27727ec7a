"""The time that is left for a visit, and work that ends with it."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import TypeVar

_Result = TypeVar("_Result")


class Countdown:
    """Counts down from `limit`, whatever happens to the clock on the wall."""

    def __init__(self, limit: timedelta, monotonic: Callable[[], float]) -> None:
        self.limit = limit
        self._monotonic = monotonic
        self._ends_at_s = monotonic() + limit.total_seconds()

    @property
    def left_s(self) -> float:
        """Seconds; 0 at the end and after it."""
        return max(0.0, self._ends_at_s - self._monotonic())

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return self.left_s <= 0

    def timeout_s(self, longest_s: float | None = None) -> float:
        """Return how long one operation may take; raises TimeoutError when no time is left."""
        left_s = self.left_s
        if left_s <= 0:
            raise TimeoutError
        return left_s if longest_s is None else min(left_s, longest_s)


def within(timeout_s: float, work: Callable[[], _Result]) -> _Result:
    """Return what `work` returns, or raise what it raises; TimeoutError when it takes too long.

    For what cannot be told to stop, such as a look-up of the system's: it goes on in a thread of
    its own that holds up nobody, and what it finds is thrown away.
    """
    future: Future[_Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            future.set_exception(error)

    threading.Thread(target=run, daemon=True, name="newsletter-look-up").start()
    return future.result(timeout_s)
