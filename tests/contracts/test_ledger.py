from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from newsletter.errors import StorageError
from newsletter.model import (
    Beginning,
    Dressing,
    EditionId,
    EmailAddress,
    Letterhead,
    OutboxEvent,
    RevisionId,
    Settlement,
    Silence,
    SilenceReason,
    SlotKind,
    SlotPlan,
    Standing,
    SubscriberId,
)
from newsletter.ports import Ledger, Outbox
from newsletter.storage import Database, MessageOutbox, SlotLedger
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.plans import FIRST_SLOT_AT, make_match, make_plan, make_silence, make_slot

NOW = FIRST_SLOT_AT
ADA = SubscriberId("ada")
BOB = SubscriberId("bob")
BY_HAND = make_slot(kind=SlotKind.MANUAL)
MANY = [f"s{number}" for number in range(1200)]

Admit = Callable[[Database, Iterable[str]], None]
OpenStored = Callable[[str], Database]


@dataclass(frozen=True)
class Books:
    ledger: Ledger
    outbox: Outbox


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def books(request: pytest.FixtureRequest, open_stored: OpenStored, admit: Admit) -> Books:
    if request.param == "memory":
        memory = MemoryLedger()
        return Books(memory, MemoryOutbox(memory))
    database = open_stored(request.param)
    admit(database, ("ada", "bob", *MANY))
    return Books(SlotLedger(database), MessageOutbox(database))


def standing(books: Books, subscriber: SubscriberId = ADA) -> Standing:
    return books.ledger.standings([subscriber])[subscriber]


def shares(books: Books, subscriber: SubscriberId = ADA) -> tuple[set[str], set[str]]:
    """Return what appeared and what was given back."""
    after = standing(books, subscriber)
    return set(after.appeared), set(after.given_back)


def fail(books: Books) -> None:
    """Let everything that waits be refused."""
    items = books.outbox.claim(now=NOW, limit=100)
    refusals = [Settlement(item.id, OutboxEvent.REJECT, "554 no") for item in items]
    books.outbox.record(ended=refusals, now=NOW)


def test_one_never_planned_for_has_an_empty_standing(books: Books) -> None:
    assert books.ledger.standings([ADA]) == {ADA: Standing(ADA)}
    assert list(books.ledger.slots(ADA)) == []


def test_an_edition_is_kept_as_it_was_decided(books: Books) -> None:
    plan = make_plan("ada", ["a", "b"], also=["c"])
    assert list(books.ledger.plan([plan])) == [plan]

    assert plan.edition
    assert books.ledger.editions([plan.edition.id, EditionId("x")]) == {
        plan.edition.id: plan.edition
    }
    (record,) = books.ledger.slots(ADA)
    assert (record.slot, record.edition, record.silence) == (plan.slot, plan.edition.id, None)
    (item,) = books.outbox.find()
    assert (item.subscriber, item.recipient, item.slot) == (ADA, "ada@example.org", plan.slot)
    assert (item.begin_by, item.retry_until) == (plan.begin_by, plan.retry_until)


def test_an_edition_that_is_a_note_is_kept(books: Books) -> None:
    plan = make_plan("ada", [])
    assert plan.edition
    note = Silence(SilenceReason.NOTHING_NEW, "Nothing came.")
    edition = replace(plan.edition, note=note, since=None)
    books.ledger.plan([replace(plan, edition=edition)])
    assert books.ledger.editions([edition.id]) == {edition.id: edition}


def test_a_plan_moves_watermark_slot_and_appearances(books: Books) -> None:
    plan = make_plan("ada", ["a", "b"], also=["c"], watermark=42)
    books.ledger.plan([plan])

    after = standing(books)
    assert (after.watermark, after.last_slot) == (42, plan.slot)
    assert after.last_edition_on == plan.slot.local_date
    assert shares(books) == ({"a", "b"}, set())


def test_a_silence_moves_the_watermark_and_sends_nothing(books: Books) -> None:
    plan = make_silence("ada", watermark=42)
    books.ledger.plan([plan])

    after = standing(books)
    assert (after.watermark, after.last_slot, after.last_edition_on) == (42, plan.slot, None)
    assert books.ledger.slots(ADA)[0].silence == plan.silence
    assert list(books.outbox.find()) == []


def test_a_slot_is_planned_once(books: Books) -> None:
    plan, other = make_plan("ada", ["a"]), make_plan("bob", ["a"])
    same_day = make_plan(
        "ada", ["z"], slot=replace(make_slot(), begins_at=NOW + timedelta(hours=2))
    )

    assert list(books.ledger.plan([plan, plan])) == [plan]
    assert list(books.ledger.plan([same_day, other])) == [other]

    assert len(books.outbox.find()) == 2
    assert standing(books).appeared == {"a"}


def test_slots_by_hand_are_one_for_each_moment_and_leave_the_schedule(books: Books) -> None:
    by_hand = make_plan("ada", ["a"], slot=BY_HAND, watermark=11)
    later = replace(BY_HAND, begins_at=NOW + timedelta(minutes=1))

    planned = books.ledger.plan(
        [by_hand, make_plan("ada", ["b"], slot=BY_HAND), make_plan("ada", ["c"], slot=later)]
    )

    assert len(planned) == 2
    assert (standing(books).last_slot, standing(books).watermark) == (None, 11)
    scheduled = make_plan("ada", ["d"])
    assert list(books.ledger.plan([scheduled])) == [scheduled]
    assert standing(books).last_slot == scheduled.slot


def test_neither_watermark_nor_last_slot_goes_back(books: Books) -> None:
    books.ledger.plan([make_plan("ada", ["a"], slot=make_slot(day=1), watermark=20)])
    books.ledger.plan([make_silence("ada", slot=make_slot(day=0), watermark=5)])
    assert (standing(books).watermark, standing(books).last_slot) == (20, make_slot(day=1))


def test_two_plans_that_want_the_same_entry_are_not_both_written(books: Books) -> None:
    scheduled, by_hand = make_plan("ada", ["a", "b"]), make_plan("ada", ["b"], slot=BY_HAND)

    assert list(books.ledger.plan([scheduled])) == [scheduled]
    assert list(books.ledger.plan([by_hand])) == []

    assert [record.slot for record in books.ledger.slots(ADA)] == [scheduled.slot]


def test_an_entry_revised_between_two_plans_goes_into_one_of_them(books: Books) -> None:
    scheduled = make_plan("ada", ["a"])
    by_hand = make_plan("ada", [make_match("a", revision=2)], slot=BY_HAND)
    together = (
        make_plan("bob", ["a"]),
        make_plan("bob", [make_match("a", revision=2)], slot=BY_HAND),
    )

    assert list(books.ledger.plan([scheduled])) == [scheduled]
    assert list(books.ledger.plan([by_hand])) == []
    assert list(books.ledger.plan(together)) == [together[0]]


def test_a_failed_edition_gives_back_until_another_takes(books: Books) -> None:
    books.ledger.plan(
        [make_plan("ada", ["a", "b"]), make_plan("bob", ["a"], slot=make_slot(day=1))]
    )
    fail(books)
    assert shares(books) == (set(), {"a", "b"})
    assert standing(books, BOB).given_back == {"a"}

    books.ledger.plan([make_plan("ada", ["a", "c"], slot=make_slot(day=1))])

    assert shares(books) == ({"a", "c"}, {"b"})


def test_what_was_given_back_is_not_offered_after_it_was_named(books: Books) -> None:
    books.ledger.plan([make_plan("ada", ["a", "b"])])
    fail(books)
    books.ledger.plan([make_plan("ada", ["a"], also=["b"], slot=make_slot(day=1))])
    assert standing(books).given_back == frozenset()
    assert standing(books).named == {"b"}


def test_slots_come_latest_first_and_not_more_than_asked(books: Books) -> None:
    days = [make_slot(day=day) for day in (1, 3, 0, 2)]
    books.ledger.plan([make_silence("ada", slot=slot) for slot in days])
    dates = [record.slot.local_date.day for record in books.ledger.slots(ADA, limit=3)]
    assert dates == [26, 25, 24]


def test_a_dressing_is_kept_under_its_content(books: Books) -> None:
    owner = EmailAddress("editor@example.org")
    head = Letterhead("Paper Round", None, "example.org", owner, "Paper Round", "1 Street", owner)
    dressing = Dressing(head, {"edition.txt.j2": "{{ x }}\n", "a": "ä"})

    revision = books.ledger.keep_dressing(dressing)

    assert books.ledger.keep_dressing(Dressing(head, dict(dressing.templates))) == revision
    assert books.ledger.keep_dressing(Dressing(head)) != revision
    assert books.ledger.dressing(revision) == dressing
    with pytest.raises(StorageError, match="not stored"):
        books.ledger.dressing(RevisionId("0"))


def test_many_slots_are_planned_and_read_at_once(books: Books) -> None:
    plans: list[SlotPlan] = [make_plan(name, ["a", "b"]) for name in MANY]
    assert len(books.ledger.plan(plans)) == 1200
    people = [plan.subscriber for plan in plans]
    standings = books.ledger.standings(people)
    assert list(standings) == people
    assert all(one.appeared == {"a", "b"} for one in standings.values())


def test_nothing_to_plan_is_no_work(books: Books) -> None:
    assert list(books.ledger.plan([])) == []


def test_an_edition_can_be_dressed_anew(books: Books) -> None:
    (plan,) = books.ledger.plan([make_plan("ada", ["a"])])
    assert plan.edition
    books.ledger.redress([plan.edition.id], RevisionId("mended"))
    after = books.ledger.editions([plan.edition.id])[plan.edition.id]
    assert after == replace(plan.edition, dressing=RevisionId("mended"))


def test_an_edition_that_is_held_or_may_have_been_seen_keeps_its_dressing(books: Books) -> None:
    (plan,) = books.ledger.plan([make_plan("ada", ["a"])])
    assert plan.edition
    (item,) = books.outbox.claim(now=NOW, limit=1)
    books.ledger.redress([plan.edition.id], RevisionId("while held"))
    books.outbox.record(begun=[Beginning(item.id, "<1@x>", "ab")], now=NOW)
    books.outbox.record(ended=[Settlement(item.id, OutboxEvent.DEFER, "451 later")], now=NOW)
    books.ledger.redress([plan.edition.id], RevisionId("once begun"))
    assert books.ledger.editions([plan.edition.id]) == {plan.edition.id: plan.edition}
