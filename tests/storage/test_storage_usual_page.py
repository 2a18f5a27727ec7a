"""The short way into the outbox: it writes what the long way writes, or nothing."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from newsletter.model import (
    Beginning,
    OutboxEvent,
    OutboxItem,
    OutboxState,
    Settlement,
    Suppression,
    SuppressionCause,
)
from newsletter.rules.addresses import address_key
from newsletter.storage import Database, Holder, MessageOutbox, SlotLedger, Subscribers
from newsletter.storage.message_rows import OUTBOX
from newsletter.storage.usual_page import UnusualPageError, is_usual, write_usual_page
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan

Admit = Callable[[Database, Iterable[str]], None]

NOW = FIRST_SLOT_AT
ME = Holder("me")
PEOPLE = ("ada", "bob", "eve", "ida")


def accepted(item: OutboxItem) -> Settlement:
    return Settlement(item.id, OutboxEvent.ACCEPT, "250 2.0.0 ok \x00" + "x" * 2000)


def beginning(item: OutboxItem) -> Beginning:
    return Beginning(item.id, f"<{item.id}@example.org>", "ab")


@pytest.fixture
def database(any_database: Database, admit: Admit) -> Database:
    admit(any_database, PEOPLE)
    SlotLedger(any_database).plan([make_plan(one, [f"of-{one}"]) for one in PEOPLE])
    return any_database


@pytest.fixture
def outbox(database: Database) -> MessageOutbox:
    return MessageOutbox(database, holder=ME, is_holder_alive=lambda _: True)


def claim_all(outbox: MessageOutbox) -> list[OutboxItem]:
    return sorted(outbox.claim(now=NOW, limit=9), key=lambda item: item.subscriber)


def rows(database: Database) -> dict[str, dict[str, Any]]:
    with database.reading() as connection:
        found = connection.execute(select(OUTBOX)).mappings()
        return {row["subscriber"]: {**row, "id": None, "message_id": None} for row in found}


def write(
    database: Database, ended: Sequence[Settlement] = (), begun: Sequence[Beginning] = ()
) -> None:
    with database.writing_plainly() as driver:
        write_usual_page(driver, ended, begun, ME, NOW)


def test_both_ways_leave_the_same_rows(database: Database, outbox: MessageOutbox) -> None:
    ada, bob, eve, ida = claim_all(outbox)
    write(database, begun=[beginning(bob), beginning(ada)])
    write(database, ended=[accepted(ada)])
    lost = Settlement(ida.id, OutboxEvent.DEFER, "not now", is_try=False)  # makes it the long way
    assert not is_usual([lost])

    assert outbox.record(ended=[lost], begun=[beginning(eve)], now=NOW) == {eve.id}
    outbox.record(
        ended=[accepted(eve), Settlement(ida.id, OutboxEvent.DEFER, "not now", is_try=False)],
        now=NOW,
    )

    by_name = rows(database)
    same = {"subscriber", "recipient", "edition"}
    short, long = (
        {name: value for name, value in by_name[one].items() if name not in same}
        for one in ("ada", "eve")
    )
    assert short == long
    assert short["state"] == OutboxState.SENT
    assert by_name["bob"]["state"] == OutboxState.IN_DATA
    assert by_name["bob"]["lease"] == ME


def test_a_page_may_be_empty_or_hold_ends_alone_or_beginnings_alone(
    outbox: MessageOutbox,
) -> None:
    ada, *_ = claim_all(outbox)
    assert outbox.record(now=NOW) == frozenset()
    assert outbox.record(begun=[beginning(ada)], now=NOW) == {ada.id}
    assert outbox.record(ended=[accepted(ada)], now=NOW) == frozenset()
    assert outbox.get([ada.id])[0].state is OutboxState.SENT


@pytest.mark.parametrize("cause", ["left", "suppressed", "cancelled", "stolen", "sent before"])
def test_nothing_of_a_page_stays_written_where_one_message_is_not_as_usual(
    database: Database, outbox: MessageOutbox, cause: str
) -> None:
    ada, bob, eve, _ = claim_all(outbox)
    write(database, begun=[beginning(ada)])
    ended = [accepted(ada)]
    people = Subscribers(database)
    if cause == "left":
        with database.writing() as connection:
            connection.exec_driver_sql(
                "UPDATE subscribers SET state = 'unsubscribed' WHERE id = 'eve'"
            )
    if cause == "suppressed":
        person = people.get(eve.subscriber)
        assert person
        key = address_key(person.address)
        people.suppress(Suppression(key, SuppressionCause.BOUNCE, "hard", NOW))
    if cause == "cancelled":
        outbox.cancel(eve.subscriber, reason="unsubscribed", now=NOW)
    if cause == "stolen":
        with database.writing() as connection:
            connection.exec_driver_sql("UPDATE outbox SET lease = 'other' WHERE subscriber = 'eve'")
    if cause == "sent before":
        ended = [accepted(ada), accepted(ada)]
    before = rows(database)

    with pytest.raises(UnusualPageError):
        write(database, ended, [beginning(bob), beginning(eve)])
    assert rows(database) == before

    expected = {bob.id, eve.id} if cause == "sent before" else {bob.id}
    assert outbox.record(ended=ended, begun=[beginning(bob), beginning(eve)], now=NOW) == expected
    after = rows(database)
    assert after["ada"]["state"] == OutboxState.SENT
    assert after["bob"]["state"] == OutboxState.IN_DATA
