"""How much waits, without counting what does not."""

from newsletter.model import WAITING, Beginning, OutboxEvent, OutboxState, Settlement, SubscriberId
from newsletter.storage import Database, MessageOutbox, SlotLedger, count_open, count_waiting
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan
from tests.conftest import Admit

NOW = FIRST_SLOT_AT


def test_what_waits_is_counted_up_to_a_bound(any_database: Database, admit: Admit) -> None:
    names = ["a", "b", "c", "d"]
    admit(any_database, names)
    assert count_waiting(any_database, 9) == 0
    SlotLedger(any_database).plan([make_plan(name, []) for name in names])
    outbox = MessageOutbox(any_database)
    outbox.cancel(SubscriberId("a"), reason="a test", now=NOW)
    outbox.claim(now=NOW, limit=1)

    assert count_waiting(any_database, 9) == outbox.accounting().waiting == 3
    assert count_waiting(any_database, 2) == 2
    assert count_waiting(any_database, 0) == 0


def test_what_is_open_is_counted_by_state(any_database: Database, admit: Admit) -> None:
    names = ["a", "b", "c", "d"]
    admit(any_database, names)
    assert count_open(any_database) == dict.fromkeys(WAITING | {OutboxState.UNCERTAIN}, 0)
    SlotLedger(any_database).plan([make_plan(name, []) for name in names])
    outbox = MessageOutbox(any_database)
    outbox.cancel(SubscriberId("a"), reason="a test", now=NOW)
    first, _ = outbox.claim(now=NOW, limit=2)
    outbox.record(begun=[Beginning(first.id, "<1@x>", "ab")], now=NOW)
    outbox.record(ended=[Settlement(first.id, OutboxEvent.LOSE_REPLY, "lost")], now=NOW)

    counts = count_open(any_database)
    assert {state: count for state, count in counts.items() if count} == {
        OutboxState.QUEUED: 1,
        OutboxState.CLAIMED: 1,
        OutboxState.UNCERTAIN: 1,
    }
