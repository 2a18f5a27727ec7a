"""What the clock of `newsletter serve` sets going."""

import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from newsletter.model import SourceName, SourceReport
from newsletter.ports import Source
from newsletter.workflows import Adoption, Delivered, Published, Purged


@dataclass(frozen=True, slots=True)
class Rounds:
    """The work of each round, as functions without arguments but what the clock decides."""

    sources: Sequence[Source]
    intervals: Mapping[SourceName, timedelta]
    last_pulls: Callable[[], Mapping[SourceName, SourceReport]]
    collect: Callable[[Source], SourceReport]
    changes: Callable[[threading.Event], Iterator[object]]
    """Yields whenever a document may have changed, until the event is set."""
    adopt: Callable[[], Adoption]
    publish: Callable[[], Iterable[Published]]
    """Yields each batch once it is written."""
    get_ready: Callable[[], None]
    """Makes what the next letters need; called when something new has come, and each day."""
    receive: Callable[[Callable[[], bool]], int]
    """Works off the mail that came in, and tells who left, until it hears to stop; returns how many."""
    deliver: Callable[
        [Callable[[Delivered], None], Callable[[], bool]], Coroutine[None, None, object]
    ]
    purge: Callable[[], Purged | None] = lambda: None
    """Forgets what is over and old; called once a day."""
    archive: Callable[[Callable[[], bool]], int] = lambda _: 0
    """Plans the public editions of days that are over, until it hears to stop; returns how many."""
