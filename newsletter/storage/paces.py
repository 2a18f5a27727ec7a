"""Whose turn it is at the services that sources ask: one row for each, short transactions."""

import secrets
import threading
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select, update

from newsletter.rules.turns import Turn, give_back, take
from newsletter.storage.again import repeated
from newsletter.storage.bulk import insert_missing
from newsletter.storage.columns import storable, table_of
from newsletter.storage.database import Database
from newsletter.storage.tables import PaceRow

_PACES: Final = table_of(PaceRow)


class PaceStore:
    """The Paces port over a database. A turn belongs to the thread that took it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._process = secrets.token_hex(8)

    @repeated
    def take(self, pace: str, *, now: datetime, until: datetime) -> datetime | None:
        """Take the turn at a service, or return when to ask again."""
        with self._database.writing() as connection:
            turn = take(_lock(connection, pace), self._holder(), now=now, until=until)
            if isinstance(turn, datetime):
                return turn
            _write(connection, pace, turn)
        return None

    @repeated
    def give_back(self, pace: str, *, free_at: datetime) -> None:
        """End the turn; the next begins at `free_at` at the earliest."""
        with self._database.writing() as connection:
            turn = give_back(_lock(connection, pace), self._holder(), free_at=free_at)
            _write(connection, pace, turn)

    def _holder(self) -> str:
        return f"{self._process}-{threading.get_ident():x}"


def _lock(connection: Connection, pace: str) -> Turn:
    """Return how things stand; nobody else changes it until the transaction ends."""
    name = storable(pace)
    query = select(_PACES).where(_PACES.c.name == name).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        insert_missing(connection, _PACES, [{"name": name}])
        row = connection.execute(query).one()
    return Turn(row.holder, row.taken_until, row.free_at)


def _write(connection: Connection, pace: str, turn: Turn) -> None:
    values = {"holder": turn.holder, "taken_until": turn.taken_until, "free_at": turn.free_at}
    here = _PACES.c.name == storable(pace)
    connection.execute(update(_PACES).where(here).values(values))
