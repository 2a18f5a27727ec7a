"""Where a walk along the queue may begin, so that what nobody may have is not looked at each time.

A hundred thousand letters to a domain that is full stand before those to others: to pass them over
takes a tenth of a second, and a claim is made several times a second.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, String, and_, bindparam, select

from newsletter.model import OutboxState
from newsletter.storage.columns import Moment
from newsletter.storage.driver import Driver
from newsletter.storage.message_rows import OUTBOX

_LIFE: Final = timedelta(seconds=5)
"""For so long may a message before the head that can be tried again meanwhile be missed."""
_MOST: Final = 16


class Place(NamedTuple):
    """A place in the queue of one state."""

    begins_at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class _Head:
    """Before `place` nothing could be claimed at `at` outside of the domains of `full`."""

    full: frozenset[str]
    place: Place
    at: datetime
    made_s: float


class Heads:
    """What one worker remembers of its last walks, for a few seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._heads: dict[OutboxState, list[_Head]] = {}

    def known(self, state: OutboxState, full: Collection[str], now: datetime) -> Place | None:
        """Return where to begin while all of `full` are passed over; None: at the very beginning."""
        places = [
            one.place
            for one in self._heads.get(state, ())
            if one.full <= set(full) and self._lives(one, now)
        ]
        return max(places, default=None)

    def learn(
        self,
        driver: Driver,
        state: OutboxState,
        full: Collection[str],
        now: datetime,
        found: Place | None,
    ) -> None:
        """Remember what a walk from the very beginning found first; None: to the end of the queue."""
        place = found or _end(driver, state)
        if place is not None:
            self.remember(state, full, now, place)

    def remember(
        self, state: OutboxState, full: Collection[str], now: datetime, place: Place
    ) -> None:
        """Remember that before `place` nothing can be claimed outside of the domains of `full`."""
        kept = [one for one in self._heads.get(state, []) if self._lives(one, now)]
        head = _Head(frozenset(full), place, now, self._clock())
        self._heads[state] = [*kept[-(_MOST - 1) :], head]

    def forget(self) -> None:
        """Look at everything again with the next walk."""
        self._heads.clear()

    def _lives(self, head: _Head, now: datetime) -> bool:
        is_fresh = self._clock() - head.made_s < _LIFE.total_seconds()
        return is_fresh and timedelta() <= now - head.at < _LIFE


_SLOT: Final = bindparam("begins_at", type_=Moment())
_FROM: Final = bindparam("number", type_=BigInteger)

PARTS: Final = (
    and_(OUTBOX.c.begins_at == _SLOT, OUTBOX.c.id >= _FROM),
    OUTBOX.c.begins_at > _SLOT,
)
"""The conditions of the parts of the queue from a `Place` on, in their order; its fields are the values.

Of one slot there are many, so its rest is a part of its own: each part is read along the index.
"""

_LAST: Final = (
    select(OUTBOX.c.begins_at, OUTBOX.c.id)
    .where(OUTBOX.c.state == bindparam("state", type_=String))
    .order_by(OUTBOX.c.begins_at.desc(), OUTBOX.c.id.desc())
    .limit(1)
)


def _end(driver: Driver, state: OutboxState) -> Place | None:
    """Return the last place: what comes later stands behind it, or is found when this is forgotten."""
    found = driver.fetch(_LAST, {"state": str(state)})
    return Place(*found[0]) if found else None
