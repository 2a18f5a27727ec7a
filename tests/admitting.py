"""Confirmed subscribers straight into the database, where how they became so is not what is tested."""

from collections.abc import Iterable

from sqlalchemy import insert

from newsletter.model import SubscriptionState
from newsletter.storage import Database
from newsletter.storage.columns import table_of
from newsletter.storage.tables import SubscriberRow
from newsletter.testing.plans import FIRST_SLOT_AT


def admit_all(database: Database, names: Iterable[str]) -> None:
    """Make confirmed subscribers under these ids; each has the address ID@example.org."""
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
