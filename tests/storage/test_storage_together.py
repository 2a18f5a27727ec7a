"""Many at once on one database: whatever they do, it is as if they did it one after the other."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

import pytest

from newsletter.errors import IllegalTransitionError, StorageError
from newsletter.model import (
    Beginning,
    EmailAddress,
    EntryContent,
    EntryId,
    IdentityKey,
    NewEntry,
    OutboxEvent,
    OutboxState,
    Settlement,
    SlotKind,
    SourceName,
    SubscriberId,
    SubscriptionEvent,
)
from newsletter.storage import Database, Entries, Holder, MessageOutbox, SlotLedger, Subscribers
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan, make_slot

NOW: datetime = FIRST_SLOT_AT
HANDS = 4
PEOPLE = [f"s{number:02}" for number in range(24)]
ADA = EmailAddress("ada@example.org")

Admit = Callable[[Database, Iterable[str]], None]
_Result = TypeVar("_Result")


def together(*deeds: Callable[[], _Result]) -> list[_Result]:
    """Do all of it at once, each until it was done."""

    def insist(deed: Callable[[], _Result]) -> _Result:
        while True:
            try:
                return deed()
            except StorageError as error:  # two wrote the same: the remedy says so
                if "try again" not in str(error):
                    raise

    with ThreadPoolExecutor(max_workers=HANDS) as hands:
        return list(hands.map(insist, deeds))


@pytest.fixture
def database(any_database: Database, admit: Admit) -> Database:
    admit(any_database, PEOPLE)
    return any_database


def shown_twice(database: Database) -> set[tuple[str, str]]:
    """Return who gets which entry in two letters."""
    outbox, ledger = MessageOutbox(database), SlotLedger(database)
    over = {OutboxState.FAILED, OutboxState.CANCELLED}
    items = outbox.find(states=frozenset(set(OutboxState) - over))
    editions = ledger.editions(one.edition for one in items if one.edition)
    places = [
        (one.reader.subscriber, match.entry) for one in editions.values() for match in one.matches
    ]
    return {place for place in places if places.count(place) > 1}


def test_planners_give_nobody_an_entry_twice(database: Database) -> None:
    ledger = SlotLedger(database)
    slots = [make_slot(), make_slot(kind=SlotKind.MANUAL), make_slot(day=1), make_slot()]

    def plan(hand: int) -> int:
        people = PEOPLE if hand % 2 else PEOPLE[::-1]
        plans = [make_plan(name, ["a", f"only-{hand}"], slot=slots[hand]) for name in people]
        return len(ledger.plan(plans))

    planned = together(*(lambda hand=hand: plan(hand) for hand in range(HANDS)))

    assert sum(planned) == len(PEOPLE)
    assert shown_twice(database) == set()


def test_a_letter_tried_again_by_hand_and_a_new_plan_do_not_share_an_entry(
    database: Database,
) -> None:
    ledger, outbox = SlotLedger(database), MessageOutbox(database)
    ledger.plan([make_plan(name, ["a"]) for name in PEOPLE])
    failed = [item.id for item in outbox.claim(now=NOW, limit=len(PEOPLE))]
    outbox.record(ended=[Settlement(one, OutboxEvent.REJECT, "550 no") for one in failed], now=NOW)
    again = [make_plan(name, ["a"], slot=make_slot(day=1)) for name in PEOPLE]

    def one_by_one() -> int:
        return sum(len(ledger.plan([plan])) for plan in again)

    def by_hand() -> int:
        return sum(len(outbox.retry([item], now=NOW)) for item in reversed(failed))

    assert sum(together(one_by_one, by_hand)) == len(PEOPLE)
    assert shown_twice(database) == set()


def test_each_letter_is_claimed_and_begun_by_one_worker(database: Database) -> None:
    SlotLedger(database).plan([make_plan(name, ["a"]) for name in PEOPLE])
    gone: set[str] = set()

    def work(hand: int) -> Sequence[int]:
        holder = Holder(f"worker-{hand}")
        outbox = MessageOutbox(database, holder=holder, is_holder_alive=lambda one: one not in gone)
        begun: list[int] = []
        while items := outbox.claim(now=NOW, limit=3):
            beginnings = [Beginning(item.id, "<1@x>", "ab") for item in items]
            may = outbox.record(begun=beginnings, now=NOW)
            ends = [Settlement(item, OutboxEvent.ACCEPT, "250 ok") for item in may]
            outbox.record(ended=ends, now=NOW)
            begun.extend(may)
        return begun

    done = together(*(lambda hand=hand: work(hand) for hand in range(HANDS)))

    assert sorted(item for one in done for item in one) == list(range(1, len(PEOPLE) + 1))
    assert MessageOutbox(database).accounting().sent == len(PEOPLE)


def test_who_leaves_while_letters_are_planned_gets_none_or_one_that_is_cancelled(
    database: Database,
) -> None:
    subscribers, ledger, outbox = Subscribers(database), SlotLedger(database), None
    outbox = MessageOutbox(database)

    def leave() -> int:
        for name in PEOPLE[::-1]:
            address = EmailAddress(f"{name}@example.org")
            subscribers.apply(address, SubscriptionEvent.UNSUBSCRIBE, now=NOW, statement="Bye.")
            outbox.cancel(SubscriberId(name), reason="left", now=NOW)
        return 0

    def plan() -> int:
        return sum(len(ledger.plan([make_plan(name, ["a"])])) for name in PEOPLE)

    together(leave, plan)

    assert outbox.accounting().waiting == 0


def test_many_subscribe_the_same_address_and_it_is_one_person(database: Database) -> None:
    subscribers = Subscribers(database)

    def subscribe() -> str:
        person = subscribers.apply(ADA, SubscriptionEvent.SUBSCRIBE, now=NOW, statement="Me.")
        assert person
        return person.id

    ids = together(*[subscribe] * (2 * HANDS))

    assert len(set(ids)) == 1
    assert len(subscribers.consents(ADA)) == 2 * HANDS  # type: ignore[arg-type]


def test_collectors_number_what_is_new_once_and_without_a_gap(database: Database) -> None:
    entries = Entries(database)

    def collect(hand: int) -> int:
        for number in range(8):

            def decide(found: object, number: int = number) -> list[NewEntry]:
                if found:
                    return []
                key = frozenset({IdentityKey(f"doi:{number}")})
                content = EntryContent(title=f"Paper {number}")
                name = EntryId(f"e{number}-{hand}")
                return [NewEntry(name, content, SourceName("pages"), key, ())]

            entries.change([IdentityKey(f"doi:{number}")], decide, now=NOW)
        return hand

    together(*(lambda hand=hand: collect(hand) for hand in range(HANDS)))

    assert [entry.release_no for entry in entries.find()] == list(range(1, 9))


def test_erasing_one_person_while_others_are_planned_leaves_nothing_of_them(
    database: Database,
) -> None:
    subscribers, ledger = Subscribers(database), SlotLedger(database)
    outbox = MessageOutbox(database)

    def erase() -> int:
        for name in PEOPLE[:8]:
            address = EmailAddress(f"{name}@example.org")
            try:
                subscribers.apply(address, SubscriptionEvent.ERASE, now=NOW, statement="Bye.")
            except IllegalTransitionError:
                continue  # erased before, when this was tried again
        return 0

    def plan() -> int:
        for hand in range(0, len(PEOPLE), 6):
            ledger.plan([make_plan(name, ["a"]) for name in PEOPLE[hand : hand + 6]])
        return 0

    together(erase, plan)

    people = {item.subscriber for item in outbox.find()}
    assert not people & set(PEOPLE[:8])
    assert people == set(PEOPLE[8:])
