"""Why there was no slot on a day: what the rules say from what was written down."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from newsletter.model import (
    AddressKey,
    Cadence,
    ConsentRecord,
    EmailAddress,
    Every,
    Preferences,
    ReleaseNo,
    RevisionId,
    Silence,
    SilenceReason,
    Slot,
    SlotPlan,
    SourceName,
    SourceReport,
    SourceState,
    Standing,
    Subscriber,
    SubscriberId,
    SubscriptionEvent,
    SubscriptionState,
    Suppression,
    SuppressionCause,
)
from newsletter.rules.cadence import slot_on
from newsletter.rules.planning import (
    Desk,
    Occasion,
    Past,
    decide,
    explain_ahead,
    explain_past,
    explain_silence,
    local_day,
    overdue,
    unplanned_days,
)
from newsletter.rules.planning.sentences import since_by_hand

ADA = SubscriberId("ada")
EMAIL = EmailAddress("ada@example.org")
DAILY = Cadence(Every.DAY, time(8), "Europe/Paris")
DAY = timedelta(days=1)
FIRST = datetime(2026, 11, 1, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
GONE = Silence(SilenceReason.NO_DOCUMENT, "It was gone.")


def ada(cadence: Cadence = DAILY, **others: object) -> Subscriber:
    person = Subscriber(
        ADA,
        EMAIL,
        SubscriptionState.CONFIRMED,
        since_at=FIRST + DAY,
        confirmed_at=FIRST + DAY,
        preferences=Preferences(EMAIL, cadence=cadence),
        cadence_since_at=FIRST,
    )
    return replace(person, **others)  # type: ignore[arg-type]


def event(kind: SubscriptionEvent, at: datetime) -> ConsentRecord:
    return ConsentRecord(ADA, EMAIL, kind, at, "a test")


CONSENTS = (
    event(SubscriptionEvent.SUBSCRIBE, FIRST),
    event(SubscriptionEvent.CONFIRM, FIRST + DAY),
)


def slot(day: int) -> Slot:
    found = slot_on(DAILY, date(2026, 11, day))
    assert found
    return found


def past(day: int, known: Past, person: Subscriber | None = None) -> tuple[SilenceReason, str]:
    silence = explain_past(person or ada(), date(2026, 11, day), known, now=NOW)
    return silence.reason, silence.detail


def test_consent_is_that_of_the_end_of_the_day() -> None:
    known = Past(CONSENTS)
    before = (datetime(2026, 10, 31, tzinfo=UTC)).date()
    unknown = explain_past(ada(), before, known, now=NOW)
    assert unknown.reason is SilenceReason.UNCONFIRMED
    assert unknown.detail.endswith("then: it is known since 2026-11-01.")
    assert past(1, known)[1] == "The subscription was not confirmed yet then."
    left = (*CONSENTS, event(SubscriptionEvent.UNSUBSCRIBE, FIRST + 5 * DAY))
    assert past(6, Past(left))[0] is SilenceReason.UNSUBSCRIBED
    nobody = explain_past(ada(), before, Past(()), now=NOW)
    assert nobody.detail == "Nobody had subscribed with this address then."


def test_what_was_noted_for_a_day_is_the_answer() -> None:
    assert past(10, Past(CONSENTS, noted=GONE)) == (SilenceReason.NO_DOCUMENT, "It was gone.")
    nothing = past(10, Past(CONSENTS), ada(preferences=None))
    assert nothing[0] is SilenceReason.NO_DOCUMENT


def test_a_day_before_a_change_of_schedule_is_not_judged_by_the_new_one() -> None:
    changed = ada(cadence_since_at=FIRST + 20 * DAY)
    reason, sentence = past(10, Past(CONSENTS), changed)
    assert reason is SilenceReason.NOT_DUE
    assert sentence.endswith("it changed on 2026-11-21.")


def test_a_day_between_two_slots_has_none() -> None:
    monthly = Cadence(Every.MONTH, time(8), "Europe/Paris", month_day=1)
    reason, sentence = past(10, Past(CONSENTS), ada(monthly))
    assert reason is SilenceReason.NOT_DUE
    assert sentence == "The schedule has no letter on that day."


def test_a_slot_that_began_before_the_confirmation_does_not_count() -> None:
    reason, sentence = past(2, Past(CONSENTS))
    assert reason is SilenceReason.NOT_DUE
    assert "on 2026-11-02 at 12:00 UTC" in sentence


def test_a_slot_too_near_to_the_one_before_was_left_out() -> None:
    late = Slot(date(2026, 11, 9), datetime(2026, 11, 9, 22, tzinfo=UTC), "Europe/Paris")
    reason, sentence = past(10, Past(CONSENTS, earlier=late))
    assert reason is SilenceReason.NOT_DUE
    assert "less than 12 hours after that of 2026-11-09" in sentence


def test_a_slot_that_nobody_planned_says_with_which_one_its_entries_went() -> None:
    reason, sentence = past(10, Past(CONSENTS, earlier=slot(9), later=slot(13)))
    assert reason is SilenceReason.TROUBLE
    assert sentence.endswith("What was new went with the slot of 2026-11-13.")
    assert past(10, Past(CONSENTS))[1].endswith("What was new went with the next one.")


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (ada(), SilenceReason.NOT_DUE),
        (ada(state=SubscriptionState.PENDING), SilenceReason.UNCONFIRMED),
        (ada(state=SubscriptionState.UNSUBSCRIBED), SilenceReason.UNSUBSCRIBED),
        (ada(preferences=None), SilenceReason.NO_DOCUMENT),
        (
            ada(suppression=Suppression(AddressKey("a"), SuppressionCause.BOUNCE, "550", FIRST)),
            SilenceReason.SUPPRESSED,
        ),
        (
            ada(preferences=Preferences(EMAIL, pause_until=date(2027, 1, 1))),
            SilenceReason.PAUSED,
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, SilenceReason) else "",
)
def test_a_day_to_come_is_told_from_what_holds_now(
    person: Subscriber, reason: SilenceReason
) -> None:
    assert explain_ahead(person, date(2026, 12, 24)).reason is reason


def test_a_day_to_come_says_whether_a_letter_is_due_on_it() -> None:
    due = explain_ahead(ada(), date(2026, 12, 24)).detail
    assert due.endswith("a letter is due on Thursday 2026-12-24 at 08:00 (Europe/Paris).")
    monthly = ada(Cadence(Every.MONTH, month_day=1))
    assert explain_ahead(monthly, date(2026, 12, 24)).detail.endswith("no letter is due on it.")


def test_a_local_day_is_that_of_the_subscriber_and_else_of_utc() -> None:
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert local_day(ada(), late) == date(2026, 12, 1)
    assert local_day(ada(preferences=None), late) == date(2026, 11, 30)
    assert local_day(ada(Cadence(timezone="Mars/Base")), late) == date(2026, 11, 30)


def test_only_what_no_slot_and_no_log_tells_is_noted() -> None:
    other = replace(ada(), id=SubscriberId("bob"))
    trouble = Silence(SilenceReason.TROUBLE, "It cannot be decided.")
    plan = SlotPlan(other.id, slot(30), ReleaseNo(1), 0, NOW, NOW, NOW, silence=trouble)
    silences = [
        (ada(), GONE),
        (other, trouble),
        (ada(), Silence(SilenceReason.NOT_DUE, "Not due.")),
    ]
    (noted,) = unplanned_days(silences, [plan], now=NOW)
    assert (noted.subscriber, noted.local_date, noted.silence) == (ADA, date(2026, 11, 30), GONE)


def test_nothing_new_after_a_letter_by_hand_is_already_sent() -> None:
    nothing = Silence(SilenceReason.NOTHING_NEW, "No new entry has come.")
    by_hand = Standing(ADA, last_slot=slot(28), last_edition_on=date(2026, 11, 29))
    silence = since_by_hand(nothing, slot(30), by_hand)
    assert silence.reason is SilenceReason.ALREADY_SENT
    assert "by hand on 2026-11-29" in silence.detail
    scheduled = replace(by_hand, last_edition_on=date(2026, 11, 28))
    assert since_by_hand(nothing, slot(30), scheduled) == nothing
    muted = Silence(SilenceReason.ALL_MUTED, "All muted.")
    assert since_by_hand(muted, slot(30), by_hand) == muted


def test_a_slot_that_trouble_silences_passes_no_entry_by() -> None:
    trouble = Silence(SilenceReason.TROUBLE, "The clock was wrong.")
    desk = Desk(now=NOW, release=ReleaseNo(9), dressing=RevisionId("d"), entries={})
    preferences = Preferences(EMAIL, cadence=DAILY)
    for silence, watermark in ((trouble, 4), (Silence(SilenceReason.PAUSED, "Paused."), 9)):
        occasion = Occasion(ada(), preferences, slot(30), silence)
        standing = Standing(ADA, watermark=ReleaseNo(4))
        plan = decide(occasion, standing, None, (), desk, new_count=3)
        assert (plan.silence, plan.watermark) == (silence, watermark)


def test_a_source_with_a_holiday_is_no_error() -> None:
    nothing = Silence(SilenceReason.NOTHING_NEW, "No new entry has come.")
    states = (SourceState.EMPTY, SourceState.UNCHANGED, SourceState.DEGRADED)
    reports = [SourceReport(SourceName("wire"), "feed", state) for state in states]
    assert explain_silence(nothing, reports) == nothing


def test_a_slot_that_is_late_says_since_when() -> None:
    assert "due since Monday 2026-11-30 at 08:00 (Europe/Paris)" in overdue(slot(30)).detail
