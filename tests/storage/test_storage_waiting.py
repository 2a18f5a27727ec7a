"""How much waits, without counting what does not."""

from newsletter.model import SubscriberId
from newsletter.storage import Database, MessageOutbox, SlotLedger, count_waiting
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
