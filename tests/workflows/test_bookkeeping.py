"""Many connections, one commit: what may be sent, what is kept when the disk fails."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import datetime

import pytest

from newsletter.errors import StorageError
from newsletter.model import (
    Beginning,
    OutboxEvent,
    OutboxId,
    OutboxItem,
    OutboxState,
    Settlement,
)
from newsletter.testing import FakeClock
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan
from newsletter.workflows.bookkeeping import Bookkeeper

Commit = tuple[int, int]
"""How many ends and how many beginnings stood in it."""


class SlowDisk(MemoryOutbox):
    """Counts its commits; the first of them lasts until it is let go."""

    def __init__(self, ledger: MemoryLedger) -> None:
        super().__init__(ledger)
        self.commits: list[Commit] = []
        self.is_let_go = threading.Event()
        self.is_full = False

    def record(
        self,
        *,
        ended: Sequence[Settlement] = (),
        begun: Sequence[Beginning] = (),
        now: datetime,
    ) -> frozenset[OutboxId]:
        if self.is_full:
            message = "the disk is full"
            raise StorageError(message)
        self.is_let_go.wait(10)
        self.commits.append((len(ended), len(begun)))
        return super().record(ended=ended, begun=begun, now=now)


def waiting(count: int) -> tuple[SlowDisk, list[OutboxItem]]:
    ledger = MemoryLedger()
    ledger.plan([make_plan(f"reader{number}", ["a"]) for number in range(count)])
    outbox = SlowDisk(ledger)
    return outbox, list(outbox.claim(now=FIRST_SLOT_AT, limit=count))


def open_books(outbox: SlowDisk, unwritten: list[Settlement] | None = None) -> Bookkeeper:
    return Bookkeeper(outbox, FakeClock(FIRST_SLOT_AT), [] if unwritten is None else unwritten)


def beginning(item: OutboxItem) -> Beginning:
    return Beginning(item.id, f"<{item.id}@example.org>", "ab")


def accepted(item: OutboxItem) -> Settlement:
    return Settlement(item.id, OutboxEvent.ACCEPT, "250 ok")


def test_what_comes_while_a_commit_is_written_stands_in_the_next_one() -> None:
    outbox, items = waiting(20)

    async def send() -> list[bool]:
        books = open_books(outbox)
        begun = [asyncio.ensure_future(books.begin(beginning(item))) for item in items]
        await asyncio.sleep(0)
        outbox.is_let_go.set()
        may_send = await asyncio.gather(*begun)
        await books.close()
        return may_send

    assert all(asyncio.run(send()))
    assert len(outbox.commits) <= 2
    assert {item.state for item in outbox.find()} == {OutboxState.IN_DATA}


def test_the_end_of_one_message_and_the_beginning_of_the_next_are_one_commit() -> None:
    outbox, (first, second) = waiting(2)
    outbox.is_let_go.set()

    async def send() -> None:
        books = open_books(outbox)
        assert await books.begin(beginning(first))
        books.end(accepted(first))
        assert await books.begin(beginning(second))
        await books.close()

    asyncio.run(send())
    assert outbox.commits == [(0, 1), (1, 1)]


def test_no_dot_is_sent_for_a_message_that_was_cancelled_meanwhile() -> None:
    outbox, (first, second) = waiting(2)
    outbox.is_let_go.set()
    outbox.cancel(first.subscriber, reason="unsubscribed", now=FIRST_SLOT_AT)

    async def send() -> list[bool]:
        books = open_books(outbox)
        both = await asyncio.gather(*(books.begin(beginning(one)) for one in (first, second)))
        await books.close()
        return both

    assert asyncio.run(send()) == [False, True]


def test_on_a_full_disk_nothing_begins_and_what_ended_is_kept() -> None:
    outbox, (first, second) = waiting(2)
    outbox.is_let_go.set()
    unwritten: list[Settlement] = []

    async def send() -> None:
        books = open_books(outbox, unwritten)
        await books.begin(beginning(first))
        outbox.is_full = True
        books.end(accepted(first))
        with pytest.raises(StorageError, match="disk is full"):
            await books.begin(beginning(second))
        with pytest.raises(StorageError):
            await books.begin(beginning(second))
        await books.close()

    asyncio.run(send())
    outbox.is_full = False
    states = {item.id: item.state for item in outbox.find()}
    assert states[second.id] is OutboxState.CLAIMED, "it never began"
    assert unwritten == [accepted(first)], "it is written first when the next round begins"

    async def send_again() -> None:
        books = open_books(outbox, unwritten)
        books.end(Settlement(second.id, OutboxEvent.DEFER, "451 later"))
        await books.close()

    asyncio.run(send_again())
    assert unwritten == []
    assert {item.state for item in outbox.find()} == {OutboxState.SENT, OutboxState.DEFERRED}


def test_who_is_cancelled_while_waiting_does_not_take_the_writer_along() -> None:
    outbox, (first, second) = waiting(2)

    async def send() -> None:
        books = open_books(outbox)
        begun = asyncio.ensure_future(books.begin(beginning(first)))
        waits = asyncio.ensure_future(books.catch_up())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waits.cancel()
        outbox.is_let_go.set()
        assert await begun
        books.end(accepted(first))
        assert await books.begin(beginning(second))
        await books.close()

    asyncio.run(send())
    states = {item.id: item.state for item in outbox.find()}
    assert states == {first.id: OutboxState.SENT, second.id: OutboxState.IN_DATA}


def test_an_end_that_no_row_of_the_table_allows_keeps_no_other_from_being_written() -> None:
    outbox, (first, second) = waiting(2)
    outbox.is_let_go.set()
    unwritten: list[Settlement] = []

    async def send() -> StorageError | None:
        books = open_books(outbox, unwritten)
        await books.begin(beginning(first))
        books.end(accepted(first))
        books.end(accepted(second))  # it never began
        await books.close()
        return books.trouble

    assert "cannot take accept" in str(asyncio.run(send()))
    states = {item.id: item.state for item in outbox.find()}
    assert states == {first.id: OutboxState.SENT, second.id: OutboxState.CLAIMED}
    assert unwritten == [], "what can never be written does not come again for ever"


def test_connections_that_go_round_together_share_each_commit() -> None:
    connections, rounds = 10, 5
    outbox, items = waiting(connections * rounds)
    outbox.is_let_go.set()

    async def send() -> None:
        books = open_books(outbox)

        async def keep_sending(mine: list[OutboxItem]) -> None:
            for item in mine:
                assert await books.begin(beginning(item))
                books.end(accepted(item))

        await asyncio.gather(*(keep_sending(items[n::connections]) for n in range(connections)))
        await books.close()

    asyncio.run(send())
    assert {item.state for item in outbox.find()} == {OutboxState.SENT}
    assert len(outbox.commits) <= rounds + 2, "the first begins alone, the last ends come alone"


def test_a_page_waits_for_who_comes_in_a_moment_and_for_nobody_whom_the_other_side_keeps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("_LEAST_GATHERING_S", "_MOST_GATHERING_S"):
        monkeypatch.setattr(f"newsletter.workflows.bookkeeping.{name}", 60)
    outbox, (first, second, third, fourth, fifth) = waiting(5)
    outbox.is_let_go.set()

    async def send() -> None:
        books = open_books(outbox)

        async def begin(*items: OutboxItem) -> None:
            together = asyncio.gather(*(books.begin(beginning(one)) for one in items))
            assert all(await asyncio.wait_for(together, 10))

        await begin(first, second)
        books.end(accepted(first))
        await begin(third)  # the second is with the other side
        books.end(accepted(second))
        books.end(accepted(third))
        coming = asyncio.ensure_future(begin(fourth))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not coming.done()
        await begin(fifth)
        await coming
        await books.close()

    asyncio.run(send())
    assert outbox.commits == [(0, 2), (1, 1), (2, 2)]


def test_no_page_waits_for_what_else_is_asked_of_the_database() -> None:
    outbox, (first,) = waiting(1)
    outbox.is_let_go.set()
    is_read = threading.Event()

    async def send() -> None:
        books = open_books(outbox)
        reading = asyncio.ensure_future(books.do(lambda: is_read.wait(10)))
        assert await asyncio.wait_for(books.begin(beginning(first)), 5)
        assert not reading.done()
        is_read.set()
        assert await reading
        await books.close()

    asyncio.run(send())


def test_who_does_not_wait_for_an_answer_any_more_keeps_it_from_nobody() -> None:
    outbox, (first, second) = waiting(2)

    async def send() -> bool:
        books = open_books(outbox)
        gone, stays = (
            asyncio.ensure_future(books.begin(beginning(one))) for one in (first, second)
        )
        await asyncio.sleep(0)
        gone.cancel()
        outbox.is_let_go.set()
        answer = await stays
        await books.close()
        return answer

    assert asyncio.run(send())


def test_who_wanted_to_know_is_told_once_an_end_is_on_the_disk_and_only_then() -> None:
    outbox, (first, second) = waiting(2)
    outbox.is_let_go.set()
    told: list[str] = []

    def fail() -> None:
        raise ArithmeticError

    async def send() -> None:
        books = open_books(outbox)
        await asyncio.gather(*(books.begin(beginning(one)) for one in (first, second)))
        books.end(accepted(first), fail)
        books.end(accepted(second), lambda: told.append("second"))
        assert told == []
        await books.catch_up()
        assert told == ["second"], "one who fails keeps it from nobody"
        outbox.is_full = True
        books.end(accepted(second), lambda: told.append("never"))
        await books.catch_up()
        await books.close()

    asyncio.run(send())
    assert told == ["second"]
    assert {item.state for item in outbox.find()} == {OutboxState.SENT}
