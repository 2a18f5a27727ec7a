"""Pulling sources side by side, none of which can hold up the others for ever."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Final

from newsletter.errors import NewsletterError
from newsletter.model import Pull, PullOrder
from newsletter.ports import Source

AT_ONCE: Final = 8
PATIENCE: Final = timedelta(minutes=15)
"""For one pull. Sources keep deadlines of their own, which are shorter: this is for one that hangs."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came of one pull: the pull, or the problem that kept it from coming."""

    pull: Pull | None
    problem: str
    duration: timedelta


def pull_one(source: Source, order: PullOrder) -> Pulled:
    """Pull a source; whatever it raises is a problem."""
    started = monotonic()
    pull, problem = None, ""
    try:
        pull = source.pull(order)
    except NewsletterError as error:
        problem = str(error)
    except Exception as error:  # noqa: BLE001 - one source's fault must not stop the others
        problem = f"the source failed in an unforeseen way: {type(error).__name__}: {error}"
    return Pulled(pull, problem, timedelta(seconds=monotonic() - started))


def pull_all(
    sources: Sequence[Source], order: Callable[[Source], PullOrder], patience: timedelta
) -> Iterator[tuple[Source, Pulled]]:
    """Pull `sources`, a few at a time; yield each as soon as it is done, or out of `patience`.

    What one gives after that is lost. Their threads keep nobody from ending the program.
    """
    waiting = deque(enumerate(sources))
    running: dict[int, float] = {}
    done: SimpleQueue[tuple[int, Pulled]] = SimpleQueue()
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            place, source = waiting.popleft()
            running[place] = monotonic()
            _begin(place, source, order(source), done)
        place, pulled = _next(running, done, patience)
        if running.pop(place, None) is not None:
            yield sources[place], pulled


def _begin(
    place: int, source: Source, order: PullOrder, done: SimpleQueue[tuple[int, Pulled]]
) -> None:
    def work() -> None:
        done.put((place, pull_one(source, order)))

    Thread(target=work, name=f"pull {source.name}", daemon=True).start()


def _next(
    running: dict[int, float], done: SimpleQueue[tuple[int, Pulled]], patience: timedelta
) -> tuple[int, Pulled]:
    """Return what comes next: a pull that is done, or the oldest one when its time is over."""
    oldest = min(running, key=lambda place: running[place])
    left_s = running[oldest] + patience.total_seconds() - monotonic()
    try:
        return done.get(timeout=max(0.0, left_s))
    except Empty:
        minutes = patience / timedelta(minutes=1)
        problem = f"it has not answered for {minutes:.0f} minutes; the others went on without it"
        return oldest, Pulled(None, problem, patience)
