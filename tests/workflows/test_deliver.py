"""DELIVER, with everything in memory: what happens when the ledger or the time fails."""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from newsletter.errors import RecordError, StorageError
from newsletter.model import (
    Beginning,
    Dressing,
    Edition,
    EditionId,
    Envelope,
    OutboxEvent,
    OutboxId,
    OutboxItem,
    OutboxState,
    Receipt,
    ReceiptKind,
    RevisionId,
    Settlement,
    SmtpPhase,
)
from newsletter.ports import BeginData
from newsletter.rules.addresses import Secrets
from newsletter.testing import FakeClock, FakeRenderer, FakeTransport, messages
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.plans import FIRST_SLOT_AT, LETTERHEAD, make_plan
from newsletter.testing.stores import OneContentStore
from newsletter.workflows import DeliverOrder, DeliverPorts, Press, deliver


class LockedOutbox(MemoryOutbox):
    """Cannot write ends for a while."""

    is_locked = False

    def record(
        self,
        *,
        ended: Sequence[Settlement] = (),
        begun: Sequence[Beginning] = (),
        now: datetime,
    ) -> frozenset[OutboxId]:
        if self.is_locked and ended:
            message = "database is locked"
            raise StorageError(message)
        return super().record(ended=ended, begun=begun, now=now)


class DamagedLedger(MemoryLedger):
    """Cannot read one edition."""

    damaged: EditionId | None = None

    def damage(self, edition: EditionId | None) -> None:
        self.damaged = edition

    def editions(self, ids: Iterable[EditionId]) -> Mapping[EditionId, Edition]:
        wanted = list(ids)
        if self.damaged in wanted:
            message = "stored edition: lacks id; the database is damaged"
            raise RecordError(message)
        return super().editions(wanted)


class Ports:
    """A ledger with `count` letters waiting, and all that delivers them."""

    def __init__(self, count: int, transport: FakeTransport | None = None) -> None:
        self.ledger = DamagedLedger()
        dressing = self.ledger.keep_dressing(Dressing(LETTERHEAD, {}))
        for number in range(count):
            plan = make_plan(f"reader{number}", ["a"])
            assert plan.edition
            edition = replace(plan.edition, dressing=dressing)
            self.ledger.plan([replace(plan, edition=edition)])
        self.outbox = LockedOutbox(self.ledger)
        self.transport = transport or FakeTransport()
        self.clock = FakeClock(FIRST_SLOT_AT)
        press = Press(
            OneContentStore(), self.ledger, lambda _: FakeRenderer(), Secrets((b"k" * 16,))
        )
        self.ports = DeliverPorts(
            self.outbox, self.ledger, self.transport, press, self.clock, lambda: 0.5
        )

    def run(
        self,
        is_stopping: Callable[[], bool] = lambda: False,
        at_once: int = 20,
        is_enough: Callable[[], bool] = lambda: False,
    ) -> int:
        order = DeliverOrder(at_once=at_once, is_stopping=is_stopping, is_enough=is_enough)
        return asyncio.run(deliver(self.ports, order))

    def states(self) -> list[OutboxState]:
        return sorted(item.state for item in self.outbox.find())


def test_every_letter_is_handed_over_once() -> None:
    given = Ports(30)
    assert given.run() == 30
    assert given.run() == 0
    assert len(given.transport.delivered) == 30
    assert set(given.states()) == {OutboxState.SENT}


def test_an_answer_that_could_not_be_written_is_written_in_the_next_round() -> None:
    given = Ports(30)
    given.outbox.is_locked = True
    with pytest.raises(StorageError):
        given.run(at_once=4)
    begun = len(given.transport.delivered)
    assert begun <= 4, "nothing more is sent once the ledger cannot be written"
    given.outbox.is_locked = False
    given.clock.move(timedelta(hours=1))
    given.run()
    assert len(given.transport.delivered) == 30, "nobody is mailed twice"
    assert set(given.states()) == {OutboxState.SENT}


def test_when_told_to_stop_no_further_try_begins_and_the_rest_is_given_up() -> None:
    given = Ports(30)
    given.run(is_stopping=lambda: len(given.transport.delivered) >= 5, at_once=2)
    assert 5 <= len(given.transport.delivered) <= 7
    waiting = set(given.states()) - {OutboxState.SENT}
    assert waiting == {OutboxState.DEFERRED}, "others may take them at once"
    given.run()
    assert len(given.transport.delivered) == 30


class TakesItsTime(FakeTransport):
    """Answers each final dot late."""

    async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        receipt = await super().deliver(envelope, begin_data)
        await asyncio.wait([asyncio.ensure_future(asyncio.Event().wait())], timeout=0.4)
        return receipt


def test_a_turn_that_is_over_waits_for_what_is_in_data(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules[DeliverOrder.__module__]
    monkeypatch.setattr(module, "GRACE", timedelta(0))
    given = Ports(9, TakesItsTime())
    # The third is of the second claim, which then holds all that is left.
    given.run(is_enough=lambda: len(given.transport.delivered) >= 3, at_once=2)
    assert set(given.states()) == {OutboxState.SENT, OutboxState.DEFERRED}, "nothing is in doubt"
    given.run()
    assert given.states() == [OutboxState.SENT] * 9
    assert len(given.transport.delivered) == 9


def test_the_outbox_in_memory_is_written_by_one_thread_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Pages of the ledger and claims have a thread each: a claim must not see half an end."""
    given = Ports(1)
    (item,) = given.outbox.claim(now=FIRST_SLOT_AT, limit=1)
    is_writing, claimed = threading.Event(), list[OutboxItem]()

    def claim() -> None:
        is_writing.wait()
        claimed.extend(given.outbox.claim(now=FIRST_SLOT_AT, limit=1))

    def replace_slowly(one: OutboxItem, **values: Any) -> OutboxItem:
        if "not_before" in values:  # it is open again, and nothing says yet until when it waits
            is_writing.set()
            claimer.join(0.2)
        return replace(one, **values)

    claimer = threading.Thread(target=claim)
    claimer.start()
    monkeypatch.setattr(messages, "replace", replace_slowly)
    later = FIRST_SLOT_AT + timedelta(hours=1)
    end = Settlement(item.id, OutboxEvent.DEFER, "421 later", not_before=later)
    given.outbox.record(ended=[end], now=FIRST_SLOT_AT)
    claimer.join()
    assert not claimed, "its time has not come"


def test_a_damaged_edition_and_a_lost_dressing_stop_no_other_letter() -> None:
    given = Ports(6)
    lost = make_plan("lost", ["a"])
    assert lost.edition
    gone = replace(lost.edition, dressing=RevisionId("gone"))
    given.ledger.plan([replace(lost, edition=gone)])
    damaged = next(item for item in given.outbox.find() if item.subscriber == "reader3")
    given.ledger.damage(damaged.edition)
    given.run()
    assert given.states() == sorted([OutboxState.SENT] * 5 + [OutboxState.FAILED] * 2)


class LosesOneReply(FakeTransport):
    """Takes every message; the answer to the first is lost."""

    async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:
        receipt = await super().deliver(envelope, begin_data)
        if len(self.delivered) == 1:
            return Receipt(ReceiptKind.UNCERTAIN, SmtpPhase.END_OF_DATA, text="lost")
        return receipt


def test_what_may_have_arrived_is_not_sent_again_in_the_same_breath() -> None:
    given = Ports(1, LosesOneReply())
    given.run()
    assert given.states() == [OutboxState.UNCERTAIN]
    given.run()
    assert len(given.transport.delivered) == 1
    given.clock.move(timedelta(hours=1))
    given.run()
    assert given.states() == [OutboxState.SENT]
    first, second = given.transport.delivered
    assert first == second, "a resend has the same bytes"


class Fails(FakeTransport):
    """Breaks in a way that nobody foresaw."""

    async def deliver(self, envelope: Envelope, begin_data: BeginData) -> Receipt:  # noqa: ARG002
        raise MemoryError


def test_a_fault_of_the_program_waits_before_it_is_tried_again() -> None:
    given = Ports(3, Fails())
    assert given.run() == 3
    assert {item.crashes for item in given.outbox.find()} == {1}
    assert given.run() == 0, "not at once"
