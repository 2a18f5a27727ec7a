"""Answers to people go before letters, and what a wrong clock put off goes once it is right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from newsletter.model import (
    AddressKey,
    EmailAddress,
    OutboxEvent,
    OutboxId,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Reply,
    ReplyKind,
    Settlement,
    SubscriberId,
)
from newsletter.ports import Ledger, Outbox
from newsletter.storage import Database, Holder, Letterbox, MessageOutbox, SlotLedger
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.ledger_messages import MemoryMessage
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan

Admit = Callable[[Database, Iterable[str]], None]
OpenStored = Callable[[str], Database]

NOW = FIRST_SLOT_AT
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where letters are planned and answers are posted, and the outbox through which both go."""

    ledger: Ledger
    outbox: Outbox
    post: Callable[[str, datetime, datetime | None], None]

    def plan(self, *subscribers: str) -> None:
        self.ledger.plan([make_plan(one, [f"of-{one}"]) for one in subscribers])

    def claim(self, now: datetime = NOW, limit: int = 9) -> list[str]:
        return [item.subscriber for item in self.outbox.claim(now=now, limit=limit)]


def memory_desk() -> Desk:
    ledger = MemoryLedger()

    def post(subscriber: str, now: datetime, not_before: datetime | None) -> None:
        item = OutboxItem(
            id=OutboxId(1_000 + len(ledger.messages)),
            kind=OutboxKind.REPLY,
            subscriber=SubscriberId(subscriber),
            recipient=EmailAddress(f"{subscriber}@example.org"),
            state=OutboxState.QUEUED,
            begin_by=now + 5 * DAY,
            retry_until=now + 5 * DAY,
            not_before=not_before,
            updated_at=now,
        )
        ledger.messages[item.id] = MemoryMessage(item, begins_at=now)

    return Desk(ledger, MemoryOutbox(ledger), post)


def stored_desk(database: Database) -> Desk:
    letterbox = Letterbox(database)

    def post(subscriber: str, now: datetime, not_before: datetime | None) -> None:
        address = f"{subscriber}@example.org"
        reply = Reply(
            kind=ReplyKind.ANSWER,
            subscriber=SubscriberId(subscriber),
            recipient=EmailAddress(address),
            to_key=AddressKey(address),
            sender="",
            message_id=f"<{subscriber}@news.example.org>",
            message=b"Hello\r\n",
            answers=None,
            holds_token=False,
        )
        assert letterbox.post(reply, now=now, not_before=not_before)

    outbox = MessageOutbox(database, holder=Holder("one"), is_holder_alive=lambda _: True)
    return Desk(SlotLedger(database), outbox, post)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, open_stored: OpenStored, admit: Admit) -> Desk:
    if request.param == "memory":
        return memory_desk()
    database = open_stored(request.param)
    admit(database, ("ada", "bob", "eve"))
    return stored_desk(database)


def test_an_answer_goes_before_the_letters_of_older_slots(desk: Desk) -> None:
    desk.plan("ada", "bob", "eve")
    desk.post("ida", NOW + HOUR, None)
    desk.post("joe", NOW + 2 * HOUR, None)

    assert desk.claim(now=NOW + 2 * HOUR, limit=3) == ["ida", "joe", "ada"]
    assert sorted(desk.claim(now=NOW + 2 * HOUR)) == ["bob", "eve"]


def test_an_answer_that_was_put_off_goes_before_letters_once_it_is_time(desk: Desk) -> None:
    desk.plan("ada")
    desk.post("ida", NOW, NOW + 20 * HOUR)
    assert desk.claim(limit=1) == ["ada"]
    assert desk.claim(now=NOW + 19 * HOUR) == []

    desk.plan("bob")
    assert desk.claim(now=NOW + 20 * HOUR, limit=1) == ["ida"]


def test_an_answer_that_may_have_arrived_comes_after_those_never_sent(desk: Desk) -> None:
    desk.post("ida", NOW, None)
    (first,) = desk.outbox.claim(now=NOW, limit=1)
    crash = Settlement(first.id, OutboxEvent.DEFER, "451 later", not_before=NOW)
    desk.outbox.record(ended=[crash], now=NOW)
    desk.post("joe", NOW - HOUR, None)
    desk.plan("ada")
    assert desk.claim() == ["joe", "ida", "ada"]


def test_answers_go_first_among_what_was_held_when_a_worker_ended(desk: Desk) -> None:
    desk.plan("ada")
    desk.post("ida", NOW + HOUR, None)
    for item in desk.outbox.claim(now=NOW + HOUR, limit=9):
        crash = Settlement(item.id, OutboxEvent.DEFER, "KeyError", is_crash=True)
        desk.outbox.record(ended=[crash], now=NOW + HOUR)
    assert desk.claim(now=NOW + HOUR) == ["ida", "ada"]


@pytest.mark.parametrize(
    ("ahead", "is_kept"), [(timedelta(), True), (HOUR, True), (HOUR + timedelta(seconds=1), False)]
)
def test_a_wait_that_was_written_down_in_the_future_is_no_wait(
    desk: Desk, ahead: timedelta, *, is_kept: bool
) -> None:
    desk.plan("ada")
    (item,) = desk.outbox.claim(now=NOW, limit=1)
    then = NOW + ahead
    end = Settlement(item.id, OutboxEvent.DEFER, "451 later", not_before=then + HOUR / 2)
    desk.outbox.record(ended=[end], now=then)

    assert desk.claim() == ([] if is_kept else ["ada"])
    assert desk.claim(now=then + HOUR / 2) == (["ada"] if is_kept else [])
