"""What the ledger keeps of days without a letter, and of a clock that was wrong."""

from dataclasses import replace
from datetime import datetime, timedelta

from newsletter.model import (
    OutboxEvent,
    Settlement,
    Silence,
    SilenceReason,
    SlotKind,
    SubscriberId,
    UnplannedDay,
)
from newsletter.ports import Outbox
from newsletter.testing.office import Office
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan, make_silence, make_slot

NOW = FIRST_SLOT_AT
TODAY = NOW.date()
ADA = SubscriberId("ada")
BOB = SubscriberId("bob")
DAY = timedelta(days=1)
GONE = Silence(SilenceReason.NO_DOCUMENT, "There is no document.")
BROKEN = Silence(SilenceReason.TROUBLE, "The letter cannot be decided.")
TEN_YEARS = 3653


def test_the_slots_of_one_day_are_found_however_many_came_after(office: Office) -> None:
    by_hand = make_slot(day=1, kind=SlotKind.MANUAL)
    office.ledger.plan([make_silence("ada", slot=make_slot(day=day)) for day in range(40)])
    office.ledger.plan([make_plan("ada", ["a"], slot=by_hand)])
    found = [record.slot.kind for record in office.ledger.slots_on(ADA, TODAY + DAY)]
    assert sorted(found) == [SlotKind.MANUAL, SlotKind.SCHEDULED]
    assert list(office.ledger.slots_on(ADA, TODAY - DAY)) == []
    assert list(office.ledger.slots_on(BOB, TODAY)) == []


def test_a_note_of_a_day_is_kept_and_a_later_one_takes_its_place(office: Office) -> None:
    office.ledger.note([])
    assert office.ledger.noted(ADA, TODAY) is None
    office.ledger.note([UnplannedDay(ADA, TODAY, GONE), UnplannedDay(BOB, TODAY + DAY, GONE)])
    office.ledger.note([UnplannedDay(ADA, TODAY, GONE)])
    assert office.ledger.noted(ADA, TODAY) == GONE
    office.ledger.note([UnplannedDay(ADA, TODAY, BROKEN)])
    assert office.ledger.noted(ADA, TODAY) == BROKEN
    assert office.ledger.noted(ADA, TODAY + DAY) is None
    assert office.ledger.noted(BOB, TODAY + DAY) == GONE


def test_silences_are_counted_by_reason_from_a_moment_on(office: Office) -> None:
    assert dict(office.ledger.silences(since=NOW - DAY)) == {}
    old, new = make_silence("ada"), make_silence("ada", slot=make_slot(day=1))
    paused = replace(new, subscriber=BOB, silence=Silence(SilenceReason.PAUSED, "Paused."))
    office.ledger.plan([old, new, paused, make_plan("eve", ["a"], slot=make_slot(day=1))])
    assert dict(office.ledger.silences(since=NOW)) == {
        SilenceReason.NOTHING_MATCHED: 1,
        SilenceReason.PAUSED: 1,
    }


def test_the_latest_of_all_last_slots_is_known(office: Office) -> None:
    def latest(after: datetime = NOW - DAY) -> datetime | None:
        return office.ledger.latest_beginning(after=after)

    assert latest() is None
    office.ledger.plan([make_plan("ada", ["a"], slot=make_slot(kind=SlotKind.MANUAL))])
    assert latest() is None
    office.ledger.plan([make_silence("ada", slot=make_slot(day=3)), make_silence("bob")])
    assert latest() == NOW + 3 * DAY
    assert latest(NOW + 3 * DAY) is None
    office.ledger.plan([make_plan("eve", ["a"], slot=make_slot(day=5))])
    assert latest(NOW + 3 * DAY) == NOW + 5 * DAY


def test_a_slot_that_is_the_last_no_more_does_not_count_as_the_latest(office: Office) -> None:
    office.ledger.plan([make_silence("ada", slot=make_slot(day=TEN_YEARS))])
    office.ledger.plan([make_silence("ada", slot=make_slot(day=1))])
    assert office.ledger.latest_beginning(after=NOW + DAY) is None


def test_a_last_slot_that_lies_ahead_of_the_clock_gives_way(office: Office) -> None:
    far = make_slot(day=TEN_YEARS)
    office.ledger.plan([make_plan("ada", ["a"], slot=far)])
    office.ledger.plan([make_silence("ada", slot=make_slot(day=1))])
    assert office.standing().last_slot == make_slot(day=1)


def test_a_slot_that_was_planned_too_early_counts_once_its_time_has_come(office: Office) -> None:
    early, present = make_slot(day=5), make_slot(day=1)
    office.ledger.plan([make_silence("ada", slot=early)])
    office.ledger.plan([make_silence("ada", slot=present)])
    assert office.standing().last_slot == present
    assert list(office.ledger.plan([make_plan("ada", ["a"], slot=early)])) == []
    assert office.standing().last_slot == early
    assert office.standing().appeared == frozenset()


def test_a_wait_that_no_rule_makes_is_not_kept(office: Office) -> None:
    outbox: Outbox = office.worker()
    office.ledger.plan([make_plan("ada", ["a"]), make_plan("bob", ["b"])])
    soon, never = outbox.claim(now=NOW, limit=2)
    ends = [
        Settlement(soon.id, OutboxEvent.DEFER, "450 later", not_before=NOW + DAY / 6),
        Settlement(never.id, OutboxEvent.DEFER, "450 later", not_before=NOW + TEN_YEARS * DAY),
    ]
    outbox.record(ended=ends, now=NOW)
    assert [item.id for item in outbox.claim(now=NOW, limit=2)] == [never.id]
