"""From an occasion and what matched to a letter, or to a silence with its reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from newsletter.model import (
    Cadence,
    Edition,
    Entry,
    EntryId,
    Preferences,
    Reader,
    ReleaseNo,
    RevisionId,
    Silence,
    SilenceReason,
    Slot,
    SlotKind,
    SlotPlan,
    SourceReport,
    SourceState,
    Standing,
    Subscriber,
    Topic,
    WhenEmpty,
)
from newsletter.rules.addresses import edition_id
from newsletter.rules.cadence import begin_by, look_back, next_slots, retry_until
from newsletter.rules.matching import Matching, silence
from newsletter.rules.planning.occasion import Occasion
from newsletter.rules.planning.sentences import since_by_hand
from newsletter.rules.ranking import Choice, choose
from newsletter.rules.topicality import Topicality

CARRY_WINDOW: Final = timedelta(days=14)
"""How far back an empty slot looks when the subscriber asked to `carry`."""

UPVOTES_WINDOW: Final = timedelta(days=7)
"""How long an entry may take to get the up-votes that a subscriber asks for."""

_PUNCTUAL: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every decision of one run has in common.

    `entries` holds every entry that may be named; `release` the highest release number seen.
    """

    now: datetime
    release: ReleaseNo
    dressing: RevisionId
    entries: Mapping[EntryId, Entry]
    reports: tuple[SourceReport, ...] = ()
    topicality: Topicality = field(default_factory=dict)
    """What sources make of the scores of their entries."""


def new_entries(occasion: Occasion, standing: Standing, pool: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries of `pool` that are new to the subscriber, in release order.

    New is what was released after the watermark or was given back by a letter that never
    arrived; for a first letter see `first_look`.
    Who asks for a minimum of up-votes gets entries of the last seven days as candidates again,
    as long as they were neither shown nor named: they may have got their votes meanwhile.
    """
    mark = standing.watermark
    begins_at = occasion.slot.begins_at
    since = first_look(occasion)
    least = occasion.preferences.minimum_upvotes
    known = standing.appeared | standing.named

    def is_new(entry: Entry) -> bool:
        if entry.id in standing.given_back:
            return True
        if mark is None:
            return entry.first_seen_at >= since
        if entry.release_no > mark:
            return True
        is_late = least > 0 and (entry.content.upvotes or 0) >= least and entry.id not in known
        return is_late and entry.first_seen_at >= begins_at - UPVOTES_WINDOW

    return tuple(entry for entry in pool if is_new(entry))


def first_look(occasion: Occasion) -> datetime:
    """Return from when on entries are new for a first letter.

    One period, at most seven days, before the first slot after the confirmation, or the confirmation
    where that was earlier: a slot missed in a downtime takes nothing away.
    """
    confirmed_at = occasion.subscriber.confirmed_at
    return _first_look(occasion.preferences.cadence, confirmed_at, occasion.slot.begins_at)


@lru_cache(maxsize=4_096)  # thousands are vouched for at one moment
def _first_look(cadence: Cadence, confirmed_at: datetime | None, begins_at: datetime) -> datetime:
    back = begins_at - look_back(cadence)
    if confirmed_at is None or confirmed_at > begins_at:
        return back
    (first,) = next_slots(cadence, after=confirmed_at, count=1)
    return min(back, confirmed_at, first.begins_at - look_back(cadence))


def carried_entries(
    standing: Standing, pool: Iterable[Entry], *, now: datetime
) -> tuple[Entry, ...]:
    """Return what an empty slot may carry: entries of the last 14 days, never shown nor named."""
    known = standing.appeared | standing.named
    return tuple(
        entry
        for entry in pool
        if entry.first_seen_at >= now - CARRY_WINDOW and entry.id not in known
    )


def choose_topics(preferences: Preferences, default_topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
    """Return the topics that hold: the subscriber's own, else the catalogue's default ones."""
    if preferences.topics or preferences.follow.authors or preferences.follow.organizations:
        return preferences.topics
    return default_topics


def decide(
    occasion: Occasion,
    standing: Standing,
    found: Choice | Matching | None,
    topics: tuple[Topic, ...],
    desk: Desk,
    *,
    new_count: int,
) -> SlotPlan:
    """Return the plan of one slot. `found` is None where the occasion is silent anyway.

    It is a `Matching` where it has to be said why there is nothing to choose from, or where nothing
    was chosen yet.
    """
    if occasion.silence or found is None:
        plan = _plan(occasion, standing, desk, new_count, silence=occasion.silence)
        if plan.silence and plan.silence.reason is SilenceReason.TROUBLE:
            plan = replace(plan, watermark=standing.watermark or plan.watermark)  # all stays new
        return plan
    if isinstance(found, Matching):
        if not found.matches:
            return _without_match(occasion, standing, found, topics, desk, new_count)
        preferences = occasion.preferences
        found = choose(found.matches, preferences.at_most, preferences.order, desk.entries)
    edition = _edition(occasion, standing, found, topics, desk, new_count)
    return _plan(occasion, standing, desk, new_count, edition=edition)


def _without_match(
    occasion: Occasion,
    standing: Standing,
    matching: Matching,
    topics: tuple[Topic, ...],
    desk: Desk,
    new_count: int,
) -> SlotPlan:
    reason = since_by_hand(silence(matching), occasion.slot, standing)
    reason = explain_silence(reason, desk.reports)
    if (
        occasion.preferences.when_empty is WhenEmpty.NOTE
        and occasion.slot.kind is not SlotKind.MANUAL
    ):
        edition = _edition(occasion, standing, Choice(()), topics, desk, new_count)
        note = replace(edition, note=reason)
        return _plan(occasion, standing, desk, new_count, edition=note)
    return _plan(occasion, standing, desk, new_count, silence=reason)


def explain_silence(reason: Silence, reports: Iterable[SourceReport]) -> Silence:
    """Return `reason`, or the source's trouble where that is why nothing was new."""
    if reason.reason is not SilenceReason.NOTHING_NEW:
        return reason
    failed = [report.name for report in reports if report.state is SourceState.FAILED]
    if failed:
        names = ", ".join(failed)
        return Silence(
            SilenceReason.SOURCE_FAILED,
            f"Nothing new came, and these sources could not be read: {names}.",
        )
    stale = [report.name for report in reports if report.state is SourceState.STALE]
    if stale:
        names = ", ".join(stale)
        return Silence(SilenceReason.SOURCE_STALE, f"These sources repeat an old list: {names}.")
    return reason


def planned_at(slot: Slot, now: datetime) -> datetime:
    """Return the Date of a letter: the slot's own moment when planned on time, else now.

    A preview made before the slot thus has the bytes of the letter that is sent.
    """
    on_time = slot.begins_at if now - slot.begins_at < _PUNCTUAL else now
    return on_time.replace(microsecond=0)


def _plan(
    occasion: Occasion,
    standing: Standing,
    desk: Desk,
    new_count: int,
    *,
    edition: Edition | None = None,
    silence: Silence | None = None,
) -> SlotPlan:
    letter_date, begin, until = _times(occasion.preferences.cadence, occasion.slot, desk.now)
    watermark = standing.watermark
    release = desk.release if watermark is None else max(desk.release, watermark)
    return SlotPlan(
        occasion.subscriber.id,
        occasion.slot,
        release,
        new_count,
        letter_date,
        begin,
        until,
        edition,
        silence,
    )


@lru_cache(maxsize=4_096)  # most people of a run have a slot in common with others
def _times(cadence: Cadence, slot: Slot, now: datetime) -> tuple[datetime, datetime, datetime]:
    """Return the Date of a letter that is planned now, and when it must be begun and be over."""
    until = retry_until(cadence, slot, planned_at=now)
    return planned_at(slot, now), begin_by(cadence, slot), until


def _edition(
    occasion: Occasion,
    standing: Standing,
    choice: Choice,
    topics: tuple[Topic, ...],
    desk: Desk,
    new_count: int,
) -> Edition:
    # By their places, as everything of which there is one for each letter: names take twice as long.
    return Edition(
        edition_id(occasion.subscriber.id, occasion.slot),
        _reader(occasion.subscriber, occasion.preferences, topics),
        occasion.slot,
        _times(occasion.preferences.cadence, occasion.slot, desk.now)[0],
        choice.chosen,
        choice.also_matched,
        new_count,
        standing.last_edition_on,
        desk.dressing,
    )


def _reader(subscriber: Subscriber, preferences: Preferences, topics: tuple[Topic, ...]) -> Reader:
    titles = tuple([topic.title for topic in topics])
    return Reader(subscriber.id, subscriber.address, preferences.name, preferences.format, titles)
