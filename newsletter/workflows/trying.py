"""What a preferences document would have received, had it been in force in the last days.

Each slot that its cadence would have had is planned as a real run plans it, with the entries that were
stored by then; what one letter shows is not offered to the next. Nothing is written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from newsletter.errors import StorageError
from newsletter.model import (
    NO_RELEASE,
    Admission,
    Edition,
    Entry,
    EntryChange,
    EntryContent,
    EntryId,
    IdentityKey,
    Preferences,
    ReleaseNo,
    RevisionId,
    Silence,
    SlotPlan,
    SourceName,
    Standing,
    Subscriber,
    SubscriberId,
    SubscriptionState,
    Topic,
)
from newsletter.ports import BuildIndex, Clock, DecideChanges, EntryStore
from newsletter.rules.cadence import next_slots
from newsletter.rules.planning import CARRY_WINDOW, Desk, Occasion, Schedule, find_occasion
from newsletter.rules.topicality import Topicality
from newsletter.workflows.stock import BACKGROUND_WINDOW, Stock

SOMEBODY: Final = SubscriberId("somebody")
"""Who gets letters that are not sent: the id of no subscriber."""
_WEEK: Final = timedelta(days=7)
_LOOK_BACK: Final = max(CARRY_WINDOW, BACKGROUND_WINDOW) + timedelta(days=1)
"""What the first slot may need: a background is counted from the midnight before a slot."""


@dataclass(frozen=True, slots=True)
class TrialPorts:
    """What a trial needs of the world."""

    entries: EntryStore
    clock: Clock
    build_index: BuildIndex
    topicality: Topicality = field(default_factory=dict)
    """What sources make of the scores of their entries."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of each slot between `since` and `until`, in order; `entries` are those it names."""

    preferences: Preferences
    since: datetime
    until: datetime
    plans: tuple[SlotPlan, ...]
    entries: Mapping[EntryId, Entry]

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The letters."""
        return tuple(plan.edition for plan in self.plans if plan.edition)

    @property
    def entries_a_week(self) -> float:
        """How many entries the letters would have shown a week."""
        shown = sum(len(edition.matches) for edition in self.editions)
        return shown * (_WEEK / (self.until - self.since))


def try_out(
    preferences: Preferences,
    default_topics: tuple[Topic, ...],
    ports: TrialPorts,
    *,
    span: timedelta,
) -> Trial:
    """Return what `preferences` would have received in the `span` before now.

    As if the person had confirmed when it began and had no letter before. Entries are taken as
    they are now: up-votes that came later count. Raises QueryError for a topic that cannot be read.
    """
    until = ports.clock.now()
    since = until - span
    stored = as_first_seen(ports.entries.find(since=since - _LOOK_BACK))
    person = Subscriber(
        SOMEBODY,
        preferences.email,
        SubscriptionState.CONFIRMED,
        since_at=since,
        confirmed_at=since,
        preferences=preferences,
    )
    plans = tuple(_plans(person, default_topics, stored, ports, until=until))
    entries = {entry.id: entry for entry in stored}
    return Trial(
        preferences, since, until, plans, {name: entries[name] for name in entries_named(plans)}
    )


def silence_of(plan: SlotPlan) -> Silence | None:
    """Return why a slot brought no entries, also where the letter says so itself (`note`)."""
    return plan.silence or (plan.edition.note if plan.edition else None)


def _plans(
    person: Subscriber,
    default_topics: tuple[Topic, ...],
    stored: Sequence[Entry],
    ports: TrialPorts,
    *,
    until: datetime,
) -> Iterator[SlotPlan]:
    standing = Standing(person.id)
    for moment in _moments(person, until):
        found = find_occasion(person, standing, schedule=Schedule.KEEP, now=moment)
        if isinstance(found, Occasion):
            stock = _stock_at(moment, stored, ports)
            plan = stock.workbench([found], [standing]).decide(found, standing, default_topics)
            standing = standing_after(plan, standing)
            yield plan


def as_first_seen(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries as if each had been released when it was first seen.

    One that was held for some days has a number above those that came meanwhile: a watermark of the
    days before would hide these.
    """
    in_order = sorted(entries, key=lambda entry: (entry.first_seen_at, entry.release_no))
    return tuple(
        replace(entry, release_no=ReleaseNo(number)) for number, entry in enumerate(in_order, 1)
    )


def _moments(person: Subscriber, until: datetime) -> Iterator[datetime]:
    moment = person.since_at
    while person.preferences:
        moment = next_slots(person.preferences.cadence, after=moment, count=1)[0].begins_at
        if moment > until:
            return
        yield moment


def _stock_at(moment: datetime, stored: Sequence[Entry], ports: TrialPorts) -> Stock:
    past = PastEntries(tuple(one for one in stored if one.first_seen_at <= moment))
    desk = Desk(
        moment, past.last_release(), RevisionId(""), entries={}, topicality=ports.topicality
    )
    return Stock(desk, past, ports.build_index)


def standing_after(plan: SlotPlan, standing: Standing) -> Standing:
    """Return what the ledger would know once the letter of `plan` is sent."""
    shown, named = _ids(plan, shown=True), _ids(plan, shown=False)
    return replace(
        standing,
        watermark=plan.watermark,
        last_slot=plan.slot,
        last_edition_on=plan.slot.local_date if plan.edition else standing.last_edition_on,
        appeared=standing.appeared | shown,
        named=(standing.named | named) - shown,
    )


def _ids(plan: SlotPlan, *, shown: bool) -> frozenset[EntryId]:
    if plan.edition is None:
        return frozenset()
    matches = plan.edition.matches if shown else plan.edition.also_matched
    return frozenset(match.entry for match in matches)


def entries_named(plans: Iterable[SlotPlan]) -> frozenset[EntryId]:
    """Return the entries that the letters of `plans` show or name."""
    return frozenset[EntryId]().union(
        *(_ids(plan, shown=True) | _ids(plan, shown=False) for plan in plans)
    )


class PastEntries:
    """The entries that were stored at one moment: an EntryStore that is only read."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries

    def last_release(self) -> ReleaseNo:
        """Return the highest number that was given."""
        return max((entry.release_no for entry in self._entries), default=NO_RELEASE)

    def released(self, *, above: ReleaseNo) -> Sequence[Entry]:
        """Return the entries with higher numbers."""
        return tuple(entry for entry in self._entries if entry.release_no > above)

    def find(
        self,
        *,
        since: datetime | None = None,
        source: SourceName | None = None,
        admission: Admission | None = Admission.RELEASED,
        up_to: ReleaseNo | None = None,
    ) -> Sequence[Entry]:
        """Return the entries for which all of these hold."""
        return tuple(
            entry
            for entry in self._entries
            if (since is None or entry.first_seen_at >= since)
            and (source is None or source in entry.sources)
            and (admission is None or entry.admission is admission)
            and (up_to is None or entry.release_no <= up_to)
        )

    def get(self, ids: Iterable[EntryId]) -> Mapping[EntryId, Entry]:
        """Return those of `ids` that are there."""
        wanted = frozenset(ids)
        return {entry.id: entry for entry in self._entries if entry.id in wanted}

    def contents(self, revisions: Iterable[RevisionId]) -> Mapping[RevisionId, EntryContent]:
        """Return the texts of those of `revisions` that are there."""
        wanted = frozenset(revisions)
        return {one.revision: one.content for one in self._entries if one.revision in wanted}

    def change(
        self,
        keys: Iterable[IdentityKey],  # noqa: ARG002 - the port's signature
        decide: DecideChanges,  # noqa: ARG002
        *,
        now: datetime,
    ) -> Sequence[EntryChange]:
        """Raise StorageError: what is past does not change."""
        message = f"what was stored before {now:%Y-%m-%d} is only looked at"
        raise StorageError(message)
