"""What anybody's preferences would have brought in the last week, from one index for all who ask.

As `trying`, but for many who ask and do not wait: the index is built once, of what is stored now, and
what is rare and usual is told by these entries for every slot of the week. Nothing is written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from newsletter.model import (
    NO_RELEASE,
    CatalogueTopic,
    Entry,
    EntryId,
    Preferences,
    ReleaseNo,
    RevisionId,
    Slot,
    SlotPlan,
    Standing,
    Subscriber,
    SubscriptionState,
    Topic,
)
from newsletter.rules.cadence import manual_slot, next_slots
from newsletter.rules.matching import in_daily_letters
from newsletter.rules.planning import Desk, Occasion, choose_topics
from newsletter.workflows.stock import BACKGROUND_ENTRIES, Stock
from newsletter.workflows.trying import (
    SOMEBODY,
    PastEntries,
    TrialPorts,
    as_first_seen,
    standing_after,
)
from newsletter.workflows.workbench import Workbench

SHOWN_WEEK: Final = timedelta(days=7)
"""Whose letters come weekly has one slot in it, whose letters come daily seven."""
_LOOK_BACK: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Shown:
    """What came of each slot of the last week, in order, and the entries that may be named."""

    plans: tuple[SlotPlan, ...]
    entries: Mapping[EntryId, Entry] = field(repr=False)

    @property
    def entries_a_week(self) -> float:
        """How many entries the letters would have shown."""
        return float(sum(len(one.edition.matches) for one in self.plans if one.edition))

    @property
    def last_letter(self) -> SlotPlan | None:
        """The last slot that brought entries; None where none did."""
        return next((one for one in reversed(self.plans) if _brought_entries(one)), None)


class Showcase:
    """The entries of the last weeks with their index. Made once, it answers any number of people.

    One of them at a time: what was worked out is kept for the next. `questions` counts the distinct
    topics that were asked so far, each of which takes memory until the showcase is thrown away.
    """

    def __init__(self, ports: TrialPorts) -> None:
        self.until = ports.clock.now()
        self.release = ports.entries.last_release()
        """The last release that is in it."""
        oldest_typical = ReleaseNo(max(self.release - BACKGROUND_ENTRIES, NO_RELEASE))
        found = chain(
            ports.entries.released(above=oldest_typical),
            ports.entries.find(since=self.until - SHOWN_WEEK - _LOOK_BACK),
        )
        self._past = PastEntries(as_first_seen({one.id: one for one in found}.values()))
        self._bench = _bench(self._past, ports, self.until)
        self._asked: set[tuple[str | None, str | None]] = set()

    @property
    def questions(self) -> int:
        """How many distinct questions were asked: each is kept with its answer."""
        return len(self._asked)

    def show(
        self, preferences: Preferences, default_topics: tuple[Topic, ...], *, now: datetime
    ) -> Shown:
        """Return what `preferences` would have brought in the week before `now`.

        As if the person had confirmed when it began and had no letter before. Where no slot of the
        week brings entries, or none falls into it, as with letters once a month, one follows that
        begins now: who looks on the first day of a newsletter sees a letter too. Raises QueryError
        for a topic that cannot be read.
        """
        slots = tuple(_slots(preferences, now))
        asked = choose_topics(preferences, default_topics)
        self._asked.update((topic.query, topic.about) for topic in asked)
        plans = tuple(self._plans(preferences, default_topics, slots)) if slots else ()
        if not any(map(_brought_entries, plans)):
            slots = (*slots, manual_slot(preferences.cadence.timezone, now))
            and_now = tuple(self._plans(preferences, default_topics, slots))
            # The silence of a slot says more than that nothing came since.
            plans = and_now if _brought_entries(and_now[-1]) or not plans else plans
        return Shown(plans, self._bench.desk.entries)

    def week_counts(self, offered: Mapping[str, CatalogueTopic]) -> Mapping[str, int]:
        """Return how many entries of the last seven days each topic would have brought."""
        entries = self._past.find(since=self.until - SHOWN_WEEK)
        ids = frozenset(entry.id for entry in entries)
        counts = {}
        for name, one in offered.items():
            hits = self._bench.hits([one.topic])[one.topic.name]
            of_week = {id_: hits[id_] for id_ in hits if id_ in ids}
            counts[name] = len(in_daily_letters(one.topic, of_week, entries))
        return counts

    def _plans(
        self, preferences: Preferences, default_topics: tuple[Topic, ...], slots: Sequence[Slot]
    ) -> Iterator[SlotPlan]:
        since = slots[0].begins_at - SHOWN_WEEK
        person = Subscriber(
            SOMEBODY,
            preferences.email,
            SubscriptionState.CONFIRMED,
            since_at=since,
            confirmed_at=since,
            preferences=preferences,
        )
        standing = Standing(SOMEBODY)
        for slot in slots:
            bench = self._as_of(slot.begins_at)
            plan = bench.decide(Occasion(person, preferences, slot), standing, default_topics)
            standing = standing_after(plan, standing)
            yield plan

    def _as_of(self, moment: datetime) -> Workbench:
        """Return the bench as it stood when nothing was stored after `moment`."""
        pool = tuple(one for one in self._bench.pool if one.first_seen_at <= moment)
        release = max((one.release_no for one in pool), default=NO_RELEASE)
        return self._bench.with_pool(pool, replace(self._bench.desk, now=moment, release=release))


def _bench(past: PastEntries, ports: TrialPorts, now: datetime) -> Workbench:
    """Return a bench with all entries that slots of the last week may need."""
    release = past.last_release()
    desk = Desk(now, release, RevisionId(""), entries={}, topicality=ports.topicality)
    return Stock(desk, past, ports.build_index).workbench([], [], past.find())


def _slots(preferences: Preferences, until: datetime) -> Iterator[Slot]:
    moment = until - SHOWN_WEEK
    while True:
        (slot,) = next_slots(preferences.cadence, after=moment, count=1)
        if slot.begins_at > until:
            return
        yield slot
        moment = slot.begins_at


def _brought_entries(plan: SlotPlan) -> bool:
    return plan.edition is not None and bool(plan.edition.matches)
