"""What a run has read so far, for one batch after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from newsletter.model import NO_RELEASE, Entry, EntryId, ReleaseNo, Standing, WhenEmpty
from newsletter.ports import BuildIndex, EntryStore
from newsletter.rules.matching import Ranker
from newsletter.rules.planning import CARRY_WINDOW, UPVOTES_WINDOW, Desk, Occasion, first_look
from newsletter.workflows.circumstances import ids_of
from newsletter.workflows.workbench import Workbench

if TYPE_CHECKING:
    from newsletter.rules.choosing import Exchange

BACKGROUND_WINDOW: Final = timedelta(days=90)
BACKGROUND_ENTRIES: Final = 3_000
"""The newest of these days, and at most so many of them, tell what is usual: an older background fails, since
what people write about changes, and a larger one costs more than it tells."""

_POPULAR_WINDOW: Final = timedelta(days=14)

_WATERMARK: Final = attrgetter("watermark")
_GIVEN_BACK: Final = attrgetter("given_back")


class Stock:
    """The entries that a run has read so far; batches that need no more share one index.

    `desk` is what all decisions have in common; what was released after its release waits for the
    next run, so that all batches see the same entries. What is rare, long, usual or popular is told by
    the newest entries, whoever else is due: a letter does not depend on the letters of others, and
    a preview is the letter that is sent.
    """

    def __init__(
        self,
        desk: Desk,
        entries: EntryStore,
        build_index: BuildIndex,
        exchange: "Exchange | None" = None,
    ) -> None:
        self._exchange = exchange
        self._desk = desk
        self._entries = entries
        self._build_index = build_index
        midnight = desk.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        self._background_since = midnight - BACKGROUND_WINDOW
        self._background_above = ReleaseNo(max(desk.release - BACKGROUND_ENTRIES, NO_RELEASE))
        self._popular_since = midnight - _POPULAR_WINDOW
        self._above: ReleaseNo | None = None
        self._since: datetime | None = None
        self._by_id: dict[EntryId, Entry] = {}
        self._bench: Workbench | None = None

    def workbench(
        self,
        occasions: Sequence[Occasion],
        standings: Sequence[Standing],
        extra: Sequence[Entry] = (),
    ) -> Workbench:
        """Return a bench with the entries that any of `occasions` may need, and `extra`."""
        wanted = chain(self._missing(occasions, standings), extra)
        found = {entry.id: entry for entry in wanted if entry.release_no <= self._desk.release}
        if self._bench is None or not found.keys() <= self._by_id.keys():
            self._by_id |= found
            pool = tuple(sorted(self._by_id.values(), key=lambda entry: entry.release_no))
            desk = replace(self._desk, entries=dict(self._by_id))
            index = self._build_index(pool, ids_of(filter(self._is_typical, pool)))
            popular = (one for one in pool if one.first_seen_at >= self._popular_since)
            most = max((entry.content.upvotes or 0 for entry in popular), default=0)
            ranker = Ranker(pool, most, desk.topicality)
            self._bench = Workbench(pool, index, desk, ranker, self._exchange)
        return self._bench

    def _is_typical(self, entry: Entry) -> bool:
        is_new = entry.release_no > self._background_above
        return is_new and entry.first_seen_at >= self._background_since

    def _missing(
        self, occasions: Sequence[Occasion], standings: Sequence[Standing]
    ) -> Iterator[Entry]:
        marks = set(map(_WATERMARK, standings)) - {None}  # few: most have theirs in common
        above = min((*marks, self._background_above))
        if self._above is None or above < self._above:
            yield from self._entries.released(above=above)
            self._above = above  # once they are read
        since = min((*_windows(occasions, standings, self._desk.now), self._popular_since))
        if self._since is None or since < self._since:
            yield from self._entries.find(since=since, up_to=self._above)  # later ones are there
            self._since = since
        given_back = frozenset[EntryId]().union(*map(_GIVEN_BACK, standings))
        yield from self._entries.get(given_back - self._by_id.keys()).values()


def _windows(
    occasions: Sequence[Occasion], standings: Sequence[Standing], now: datetime
) -> Iterator[datetime]:
    """Yield from when on each occasion needs entries whatever its watermark is."""
    for occasion, standing in zip(occasions, standings, strict=True):
        preferences = occasion.preferences
        if standing.watermark is None:
            yield first_look(occasion)
        if preferences.minimum_upvotes:
            yield min(now, occasion.slot.begins_at) - UPVOTES_WINDOW
    if any(occasion.preferences.when_empty is WhenEmpty.CARRY for occasion in occasions):
        yield now - CARRY_WINDOW
