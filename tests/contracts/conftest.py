from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.ports import Outbox
from newsletter.storage import Holder, MessageOutbox, SlotLedger, open_database
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.office import Office
from newsletter.testing.outbox import MemoryOutbox


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


@pytest.fixture(params=["memory", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    if request.param == "memory":
        yield memory_office()
        return
    database = open_database(f"sqlite:///{tmp_path}/news.db")
    database.migrate()
    dead: set[str] = set()

    def open_worker(name: str, resend_limit: int) -> Outbox:
        return MessageOutbox(
            database,
            resend_limit=resend_limit,
            holder=Holder(name),
            is_holder_alive=lambda holder: holder not in dead,
        )

    yield Office(SlotLedger(database), open_worker, dead)
    database.close()


@pytest.fixture
def outbox(office: Office) -> Outbox:
    return office.worker()
