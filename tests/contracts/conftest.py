from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from newsletter.model import SubscriptionState
from newsletter.ports import Outbox
from newsletter.storage import Database, Holder, MessageOutbox, SlotLedger, open_database
from newsletter.storage.columns import table_of
from newsletter.storage.tables import SubscriberRow
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.office import Office
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.plans import FIRST_SLOT_AT

Admit = Callable[[Database, Iterable[str]], None]


@pytest.fixture
def admit() -> Admit:
    """Give the means to make confirmed subscribers under ids of one's own choice."""

    def insert_all(database: Database, names: Iterable[str]) -> None:
        rows = [
            {
                "id": name,
                "address_key": f"{name}@example.org",
                "address": f"{name}@example.org",
                "state": SubscriptionState.CONFIRMED,
                "since_at": FIRST_SLOT_AT,
            }
            for name in names
        ]
        with database.writing() as connection:
            connection.execute(insert(table_of(SubscriberRow)), rows)

    return insert_all


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
def office(request: pytest.FixtureRequest, tmp_path: Path, admit: Admit) -> Iterator[Office]:
    if request.param == "memory":
        yield memory_office()
        return
    database = open_database(f"sqlite:///{tmp_path}/news.db")
    database.migrate()
    admit(database, ("ada", "bob", "eve", "a", "b", "c", "new", "old", "mid"))
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
