"""The public editions: what each topic of the catalogue, and the newsletter as a whole, brought on a day.

They are decided as letters are, for a reader who follows that topic alone and is as the operator's
defaults say. A day is planned when it is over; what was planned never changes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from newsletter.model import (
    LIBRARY,
    WHOLE,
    Entry,
    EntryId,
    Follow,
    Match,
    Preferences,
    PublicDay,
    PublicEdition,
    ReleaseNo,
    RevisionId,
    Slot,
    SourceName,
    Standing,
    Subscriber,
    SubscriptionState,
    Topic,
    WhenEmpty,
)
from newsletter.ports import PublicEditions, TellProgress
from newsletter.rules.cadence import moment_of, zone_named
from newsletter.rules.planning import UPVOTES_WINDOW, Desk, Occasion
from newsletter.workflows.stock import BACKGROUND_ENTRIES, BACKGROUND_WINDOW, Stock
from newsletter.workflows.trying import SOMEBODY, PastEntries, TrialPorts
from newsletter.workflows.workbench import Workbench

CATCH_UP_DAYS: Final = 7
"""How many days are planned afterwards when the program was not running."""

_DAY: Final = timedelta(days=1)
_POPULAR_WINDOW: Final = timedelta(days=15)
"""What any decision of a day needs but for a background."""
_SEEN_BEFORE: Final = UPVOTES_WINDOW + _DAY
"""How far back an entry may have been shown that is a candidate again."""
_MIDNIGHT: Final = time(0)


@dataclass(frozen=True, slots=True)
class PublicOrder:
    """What public editions are asked for.

    `preferences` are the operator's defaults: how many entries, how strict, and in which zone a day
    begins. `hidden` are sources that nobody else need know of: an entry that came from them alone is
    left out.
    """

    preferences: Preferences
    topics: tuple[Topic, ...]
    default_topics: tuple[Topic, ...]
    hidden: frozenset[SourceName] = field(default=frozenset())


def missing_days(order: PublicOrder, editions: PublicEditions, *, now: datetime) -> list[date]:
    """Return the days that are over, not planned so far and no more than a week ago, in order."""
    days = past_days(order, CATCH_UP_DAYS, now=now)
    planned = editions.releases(since=days[0])
    return [day for day in days if day not in planned]


def past_days(order: PublicOrder, count: int, *, now: datetime) -> list[date]:
    """Return the last `count` local days that are over, in order."""
    today = now.astimezone(zone_named(order.preferences.cadence.timezone)).date()
    return [today - back * _DAY for back in range(count, 0, -1)]


def plan_public_editions(
    days: Sequence[date],
    order: PublicOrder,
    ports: TrialPorts,
    editions: PublicEditions,
    *,
    tell: TellProgress = lambda _done, _total: None,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[date, Sequence[PublicEdition]]]:
    """Plan `days`, which are over and in order; yield each, once it is written, with what is new.

    Whoever plans the same day at the same moment harms nothing, and a day can be planned again: what is
    there stays, and a topic that has no edition of it gets one. Raises QueryError for a topic that cannot
    be read.
    """
    if not days:
        return
    planner = _Planner(order, ports, editions, days)
    for done, day in enumerate(days):
        if is_stopping():
            return
        tell(done, len(days))
        yield day, planner.plan(day)
    tell(len(days), len(days))


class _Planner:
    """Plans days one after the other, from entries that were read once."""

    def __init__(
        self,
        order: PublicOrder,
        ports: TrialPorts,
        editions: PublicEditions,
        days: Sequence[date],
    ) -> None:
        self._order = order
        self._ports = ports
        self._editions = editions
        self._zone = zone_named(order.preferences.cadence.timezone)
        first = days[0] - _DAY
        self._releases = dict(editions.releases(since=first))
        self._release = ports.entries.last_release()
        self._stored = self._read(self._begins(days[0]), self._releases.get(first))

    def plan(self, day: date) -> Sequence[PublicEdition]:
        """Plan one day and return what was written."""
        slot = Slot(day, self._begins(day + _DAY), self._order.preferences.cadence.timezone)
        fresh = self._fresh(day, slot.begins_at)
        since = self._shown_since(day, fresh)
        shown = self._editions.shown(since=since)
        made = tuple(self._decide_all(slot, fresh, shown)) if fresh else ()
        if not any(one.topic == WHOLE for one in made):
            planned_at = self._ports.clock.now().replace(microsecond=0)
            made = (*made, PublicEdition(WHOLE, day, planned_at, len(fresh), ()))
        release = self._releases.setdefault(day, self._release)
        return self._editions.keep(PublicDay(day, release, made), since=since)

    def _begins(self, day: date) -> datetime:
        return moment_of(day, _MIDNIGHT, self._zone).astimezone(UTC)

    def _read(self, since: datetime, release: ReleaseNo | None) -> tuple[Entry, ...]:
        """Return what decisions from `since` on may need, without what is to be kept hidden."""
        entries = self._ports.entries
        found = entries.find(since=since - _POPULAR_WINDOW)
        if sum(entry.first_seen_at < since for entry in found) < BACKGROUND_ENTRIES:
            found = entries.find(since=since - BACKGROUND_WINDOW - _DAY)
        late = entries.released(above=release) if release is not None else ()
        hidden = self._order.hidden | {LIBRARY}
        every = {entry.id: entry for entry in (*found, *late)}.values()
        return tuple(entry for entry in every if not hidden.issuperset(entry.sources))

    def _fresh(self, day: date, end: datetime) -> frozenset[EntryId]:
        """Return the entries that were new on a day.

        Those first seen on it, and those seen earlier that were let go after the day before was planned.
        """
        begin, before = self._begins(day), self._releases.get(day - _DAY)
        return frozenset(
            entry.id
            for entry in self._stored
            if entry.first_seen_at < end
            and (entry.first_seen_at >= begin or (before is not None and entry.release_no > before))
        )

    def _shown_since(self, day: date, fresh: frozenset[EntryId]) -> date:
        """Return the first day on which an entry that may be shown now can have been shown."""
        seen = (entry.first_seen_at for entry in self._stored if entry.id in fresh)
        first = min(seen, default=None)
        usual = day - _SEEN_BEFORE
        return min(usual, first.astimezone(self._zone).date() - _DAY) if first else usual

    def _decide_all(
        self, slot: Slot, fresh: frozenset[EntryId], shown: Mapping[str, frozenset[EntryId]]
    ) -> Iterator[PublicEdition]:
        stored = _numbered(self._stored, fresh, slot.begins_at)
        watermark = ReleaseNo(len(stored) - len(fresh))
        past = PastEntries(stored)
        last, topicality = past.last_release(), self._ports.topicality
        desk = Desk(slot.begins_at, last, RevisionId(""), entries={}, topicality=topicality)
        stock = Stock(desk, past, self._ports.build_index)
        for name, topics in ((WHOLE, ()), *((one.name, (one,)) for one in self._order.topics)):
            occasion = self._occasion(topics, slot)
            seen = shown.get(name, frozenset())
            standing = Standing(SOMEBODY, watermark=watermark, appeared=seen)
            bench = stock.workbench([occasion], [standing])
            edition = self._decide(name, bench, occasion, standing)
            if edition.matches:
                yield edition

    def _decide(
        self, name: str, bench: Workbench, occasion: Occasion, standing: Standing
    ) -> PublicEdition:
        plan = bench.decide(occasion, standing, self._order.default_topics)
        letter = plan.edition
        return PublicEdition(
            topic=name,
            local_date=plan.slot.local_date,
            planned_at=self._ports.clock.now().replace(microsecond=0),
            new_count=plan.new_count,
            matches=self._told(letter.matches) if letter else (),
            also_matched=self._told(letter.also_matched) if letter else (),
        )

    def _told(self, matches: Iterable[Match]) -> tuple[Match, ...]:
        hidden = self._order.hidden | {LIBRARY}
        return tuple(
            replace(match, sources=tuple(name for name in match.sources if name not in hidden))
            for match in matches
        )

    def _occasion(self, topics: tuple[Topic, ...], slot: Slot) -> Occasion:
        preferences = replace(
            self._order.preferences,
            name=None,
            topics=topics,
            follow=Follow(),
            learns=False,
            when_empty=WhenEmpty.SKIP,
            pause_until=None,
        )
        reader = Subscriber(
            SOMEBODY,
            preferences.email,
            SubscriptionState.CONFIRMED,
            since_at=slot.begins_at,
            confirmed_at=slot.begins_at,
            preferences=preferences,
        )
        return Occasion(reader, preferences, slot)


def _numbered(
    stored: Iterable[Entry], fresh: frozenset[EntryId], end: datetime
) -> tuple[Entry, ...]:
    """Return what was stored by `end` as if released in this order: first the others, then `fresh`."""
    there = [entry for entry in stored if entry.first_seen_at < end]
    there.sort(key=lambda entry: (entry.id in fresh, entry.first_seen_at, entry.release_no))
    return tuple(
        replace(entry, release_no=ReleaseNo(number)) for number, entry in enumerate(there, 1)
    )
