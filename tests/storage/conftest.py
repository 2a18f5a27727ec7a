from collections.abc import Callable, Iterable

import pytest
from sqlalchemy import insert

from newsletter.model import SubscriptionState
from newsletter.storage import Database
from newsletter.storage.columns import table_of
from newsletter.storage.tables import SubscriberRow
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
