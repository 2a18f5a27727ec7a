from collections.abc import Callable, Iterable

import pytest

from newsletter.ports import Outbox
from newsletter.storage import Database, Holder, MessageOutbox, SlotLedger
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.office import Office
from newsletter.testing.outbox import MemoryOutbox

Admit = Callable[[Database, Iterable[str]], None]
OpenStored = Callable[[str], Database]


def memory_office() -> Office:
    ledger = MemoryLedger()
    dead: set[str] = set()

    def open_worker(name: str, resend_limit: int) -> Outbox:
        return MemoryOutbox(
            ledger,
            resend_limit=resend_limit,
            holder=name,
            is_holder_alive=lambda holder: holder not in dead,
        )

    return Office(ledger, open_worker, dead)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, open_stored: OpenStored, admit: Admit) -> Office:
    if request.param == "memory":
        return memory_office()
    database = open_stored(request.param)
    admit(database, ("ada", "bob", "eve", "a", "b", "c", "new", "old", "mid"))
    dead: set[str] = set()

    def open_worker(name: str, resend_limit: int) -> Outbox:
        return MessageOutbox(
            database,
            resend_limit=resend_limit,
            holder=Holder(name),
            is_holder_alive=lambda holder: holder not in dead,
        )

    return Office(SlotLedger(database), open_worker, dead)


@pytest.fixture
def outbox(office: Office) -> Outbox:
    return office.worker()
