"""What is planned for a subscriber now: a letter, or a silence with its reason."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from newsletter.model import (
    AddressKey,
    Cadence,
    Edition,
    EmailAddress,
    Entry,
    EntryContent,
    EntryId,
    Every,
    Follow,
    Match,
    Preferences,
    Reason,
    ReasonKind,
    ReleaseNo,
    RevisionId,
    Silence,
    SilenceReason,
    Slot,
    SlotKind,
    SlotPlan,
    SourceName,
    SourceReport,
    SourceState,
    Standing,
    Subscriber,
    SubscriberId,
    SubscriptionState,
    Suppression,
    SuppressionCause,
    Topic,
    Weekday,
    WhenEmpty,
)
from newsletter.rules.matching import Matching
from newsletter.rules.planning import (
    Desk,
    Occasion,
    Schedule,
    carried_entries,
    choose_topics,
    decide,
    explain_silence,
    find_occasion,
    new_entries,
    planned_at,
)

ADA = SubscriberId("ada")
MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAILY = Cadence(Every.DAY, time(8), "Europe/Paris")
SLOT = Slot(date(2026, 11, 23), datetime(2026, 11, 23, 7, tzinfo=UTC), "Europe/Paris")
SAMPLES = SourceName("samples")


def subscriber(
    state: SubscriptionState = SubscriptionState.CONFIRMED,
    cadence: Cadence = DAILY,
    pause_until: date | None = None,
    *,
    has_document: bool = True,
) -> Subscriber:
    address = EmailAddress("ada@example.org")
    preferences = Preferences(address, cadence=cadence, pause_until=pause_until)
    since = datetime(2026, 11, 1, tzinfo=UTC)
    return Subscriber(ADA, address, state, since, since, preferences if has_document else None)


def entry(number: int, first_seen_at: datetime = MONDAY_NOON) -> Entry:
    return Entry(
        EntryId(f"e{number}"),
        RevisionId(f"r{number}"),
        EntryContent(title=f"Entry {number}"),
        (SAMPLES,),
        first_seen_at,
        ReleaseNo(number),
    )


def match_of(number: int) -> Match:
    reason = Reason(ReasonKind.TOPIC, "Robots", ("robot",))
    name, revision = EntryId(f"e{number}"), RevisionId(f"r{number}")
    return Match(name, revision, 1.0 / number, (reason,), sources=(SAMPLES,))


def desk(*entries: Entry, reports: tuple[SourceReport, ...] = ()) -> Desk:
    by_id = {one.id: one for one in entries}
    return Desk(MONDAY_NOON, ReleaseNo(9), RevisionId("dress"), by_id, reports)


def occasion(person: Subscriber | None = None) -> Occasion:
    found = find_occasion(
        person or subscriber(), Standing(ADA), schedule=Schedule.KEEP, now=MONDAY_NOON
    )
    assert isinstance(found, Occasion)
    return found


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (SubscriptionState.PENDING, SilenceReason.UNCONFIRMED),
        (SubscriptionState.UNSUBSCRIBED, SilenceReason.UNSUBSCRIBED),
    ],
)
def test_nobody_is_written_to_without_consent(
    state: SubscriptionState, reason: SilenceReason
) -> None:
    for schedule in Schedule:
        found = find_occasion(subscriber(state), Standing(ADA), schedule=schedule, now=MONDAY_NOON)
        assert isinstance(found, Silence)
        assert found.reason is reason


def test_without_a_document_there_is_no_slot() -> None:
    person = subscriber(has_document=False)
    found = find_occasion(person, Standing(ADA), schedule=Schedule.KEEP, now=MONDAY_NOON)
    assert isinstance(found, Silence)
    assert found.reason is SilenceReason.NO_DOCUMENT


def test_a_slot_that_has_begun_is_an_occasion() -> None:
    assert occasion().slot == SLOT


def test_when_nothing_is_due_the_next_moment_is_named_in_local_time() -> None:
    standing = Standing(ADA, last_slot=SLOT)
    found = find_occasion(subscriber(), standing, schedule=Schedule.KEEP, now=MONDAY_NOON)
    assert isinstance(found, Silence)
    assert found.reason is SilenceReason.NOT_DUE
    assert "Tuesday 2026-11-24 at 08:00 (Europe/Paris)" in found.detail


def test_a_preview_looks_at_the_next_slot_when_none_is_due() -> None:
    standing = Standing(ADA, last_slot=SLOT)
    found = find_occasion(subscriber(), standing, schedule=Schedule.AHEAD, now=MONDAY_NOON)
    assert isinstance(found, Occasion)
    assert found.slot.local_date == date(2026, 11, 24)


def test_by_hand_the_slot_is_this_moment() -> None:
    standing = Standing(ADA, last_slot=SLOT)
    found = find_occasion(subscriber(), standing, schedule=Schedule.IGNORE, now=MONDAY_NOON)
    assert isinstance(found, Occasion)
    assert found.slot.kind is SlotKind.MANUAL
    assert found.slot.begins_at == MONDAY_NOON


def test_the_first_slot_begins_after_the_confirmation_and_after_a_change_of_cadence() -> None:
    later = SLOT.begins_at + timedelta(minutes=1)
    for person in (
        replace(subscriber(), confirmed_at=later),
        replace(subscriber(), cadence_since_at=later),
    ):
        found = find_occasion(person, Standing(ADA), schedule=Schedule.KEEP, now=MONDAY_NOON)
        assert isinstance(found, Silence)
        assert found.reason is SilenceReason.NOT_DUE


def test_a_pause_passes_its_slots_in_silence() -> None:
    person = subscriber(pause_until=date(2026, 11, 24))
    found = occasion(person)
    assert found.silence
    assert found.silence.reason is SilenceReason.PAUSED
    plan = decide(found, Standing(ADA), None, (), desk(), new_count=3)
    assert plan.silence == found.silence
    assert plan.edition is None
    assert plan.watermark == 9


def test_a_pause_ends_on_its_day() -> None:
    assert occasion(subscriber(pause_until=date(2026, 11, 23))).silence is None


def test_by_hand_a_paused_or_suppressed_subscriber_has_no_slot_at_all() -> None:
    suppression = Suppression(
        AddressKey("ada@example.org"), SuppressionCause.BOUNCE, "550 5.1.1", MONDAY_NOON
    )
    suppressed = replace(subscriber(), suppression=suppression)
    for person, reason in (
        (subscriber(pause_until=date(2027, 1, 1)), SilenceReason.PAUSED),
        (suppressed, SilenceReason.SUPPRESSED),
    ):
        found = find_occasion(person, Standing(ADA), schedule=Schedule.IGNORE, now=MONDAY_NOON)
        assert isinstance(found, Silence)
        assert found.reason is reason


def test_new_is_what_came_above_the_watermark() -> None:
    standing = Standing(ADA, watermark=ReleaseNo(2))
    found = new_entries(occasion(), standing, [entry(1), entry(2), entry(3)])
    assert [one.id for one in found] == ["e3"]


def test_what_a_lost_letter_gave_back_is_new_again() -> None:
    standing = Standing(ADA, watermark=ReleaseNo(2), given_back=frozenset({EntryId("e1")}))
    found = new_entries(occasion(), standing, [entry(1), entry(2), entry(3)])
    assert [one.id for one in found] == ["e1", "e3"]


def confirmed(at: datetime, cadence: Cadence = DAILY) -> Occasion:
    person = replace(subscriber(cadence=cadence), since_at=at, confirmed_at=at)
    return occasion(person)


def test_a_first_letter_looks_back_one_period_and_at_most_a_week() -> None:
    just_now = SLOT.begins_at - timedelta(hours=1)
    fresh = entry(2, SLOT.begins_at - timedelta(hours=23))
    stale = entry(1, SLOT.begins_at - timedelta(hours=25))
    assert new_entries(confirmed(just_now), Standing(ADA), [stale, fresh]) == (fresh,)
    weekly = Cadence(Every.WEEK, time(8), "Europe/Paris", frozenset({Weekday.MON}))
    found = new_entries(confirmed(just_now, weekly), Standing(ADA), [stale, fresh])
    assert found == (stale, fresh)


def test_a_first_letter_that_comes_late_has_all_since_the_confirmation() -> None:
    three_days_ago = SLOT.begins_at - timedelta(days=3)
    missed = entry(1, SLOT.begins_at - timedelta(days=2))
    older = entry(2, SLOT.begins_at - timedelta(days=4))
    assert new_entries(confirmed(three_days_ago), Standing(ADA), [missed, older]) == (missed,)


def test_a_missed_first_slot_takes_nothing_away_of_what_it_would_have_had() -> None:
    first_slot = SLOT.begins_at - timedelta(days=2)
    of_the_first = entry(1, first_slot - timedelta(hours=20))
    too_old = entry(2, first_slot - timedelta(hours=25))
    late = confirmed(first_slot - timedelta(hours=1))
    assert new_entries(late, Standing(ADA), [of_the_first, too_old]) == (of_the_first,)


def test_an_empty_slot_carries_what_never_appeared_in_two_weeks() -> None:
    old = entry(1, MONDAY_NOON - timedelta(days=15))
    shown, missed = entry(2), entry(3)
    standing = Standing(ADA, appeared=frozenset({shown.id}))
    assert carried_entries(standing, [old, shown, missed], now=MONDAY_NOON) == (missed,)


def test_default_topics_are_for_those_who_named_nothing() -> None:
    robots = Topic("robots", "Robots", query="robot*")
    speech = Topic("speech", "Speech", query="speech")
    plain = Preferences(EmailAddress("ada@example.org"))
    assert choose_topics(plain, (robots,)) == (robots,)
    assert choose_topics(replace(plain, topics=(speech,)), (robots,)) == (speech,)
    assert choose_topics(replace(plain, follow=Follow(authors=("A. Bee",))), (robots,)) == ()


def plan_with(matching: Matching, person: Subscriber | None = None) -> SlotPlan:
    entries = [entry(number) for number in range(1, 6)]
    return decide(
        occasion(person),
        Standing(ADA, last_edition_on=date(2026, 11, 20)),
        matching,
        (Topic("robots", "Robots", query="robot*"),),
        desk(*entries),
        new_count=5,
    )


def test_matches_become_an_edition_with_what_it_needs_to_be_rendered_again() -> None:
    plan = plan_with(Matching((match_of(1), match_of(2)), considered=5))
    edition = plan.edition
    assert isinstance(edition, Edition)
    assert plan.silence is None
    assert [one.entry for one in edition.matches] == ["e1", "e2"]
    assert edition.matches[0].sources == (SAMPLES,)
    assert edition.reader.topics == ("Robots",)
    assert (edition.new_count, edition.since) == (5, date(2026, 11, 20))
    assert edition.dressing == "dress"


def test_what_at_most_cuts_is_named_once() -> None:
    person = subscriber()
    assert person.preferences
    few = replace(person, preferences=replace(person.preferences, at_most=1))
    edition = plan_with(Matching((match_of(1), match_of(2)), considered=5), few).edition
    assert edition
    assert [one.entry for one in edition.also_matched] == ["e2"]


def test_without_a_match_the_slot_is_silent_and_says_why() -> None:
    plan = plan_with(Matching((), considered=5))
    assert plan.edition is None
    assert plan.silence
    assert plan.silence.reason is SilenceReason.NOTHING_MATCHED


def test_who_asked_for_a_note_gets_the_reason_as_a_letter() -> None:
    person = subscriber()
    assert person.preferences
    asked = replace(person, preferences=replace(person.preferences, when_empty=WhenEmpty.NOTE))
    plan = plan_with(Matching((), considered=5), asked)
    assert plan.silence is None
    assert plan.edition
    assert plan.edition.note
    assert plan.edition.note.reason is SilenceReason.NOTHING_MATCHED
    assert plan.edition.matches == ()


def test_nothing_new_is_blamed_on_the_source_that_failed_or_stood_still() -> None:
    nothing = Silence(SilenceReason.NOTHING_NEW, "Nothing new came.")
    failed = SourceReport(SourceName("arxiv"), "arxiv", SourceState.FAILED)
    stale = SourceReport(SourceName("hub"), "daily-papers", SourceState.STALE)
    assert explain_silence(nothing, ()) == nothing
    blamed = explain_silence(nothing, (stale, failed))
    assert blamed.reason is SilenceReason.SOURCE_FAILED
    assert "arxiv" in blamed.detail
    assert explain_silence(nothing, (stale,)).reason is SilenceReason.SOURCE_STALE
    other = Silence(SilenceReason.ALL_MUTED, "All were muted.")
    assert explain_silence(other, (failed,)) == other


def test_the_date_of_a_letter_is_its_slot_when_planned_on_time_else_now() -> None:
    assert planned_at(SLOT, SLOT.begins_at + timedelta(seconds=3)) == SLOT.begins_at
    assert planned_at(SLOT, SLOT.begins_at - timedelta(hours=3)) == SLOT.begins_at
    late = SLOT.begins_at + timedelta(hours=2, microseconds=7)
    assert planned_at(SLOT, late) == late.replace(microsecond=0)


def test_the_watermark_never_goes_back() -> None:
    plan = decide(
        occasion(),
        Standing(ADA, watermark=ReleaseNo(12)),
        Matching((), considered=0),
        (),
        desk(),
        new_count=0,
    )
    assert plan.watermark == 12
