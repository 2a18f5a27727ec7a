"""Received messages, from before they are acknowledged until they are forgotten."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)

from newsletter.model import InboundId, InboundMessage, InboundState, Work
from newsletter.storage.announcing import announce
from newsletter.storage.columns import storable, table_of
from newsletter.storage.database import Database
from newsletter.storage.mail_tables import InboundRow
from newsletter.storage.rows import lock_series, take_numbers

MOST_TRIES: Final = 3
_SERIES: Final = "inbound"
_LONGEST_NOTE: Final = 500
_TOO_MANY: Final = f"put aside: {MOST_TRIES} looks at it did not come to an end"
_BATCH: Final = 500

_TABLE: Final = table_of(InboundRow)
_OLDEST_FIRST: Final[Select[Any]] = select(_TABLE).order_by(_TABLE.c.received_at, _TABLE.c.id)


class Inbound:
    """The InboundStore port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def store(
        self,
        raw: bytes,
        sender: str | None,
        recipient: str | None,
        *,
        now: datetime,
        origin: str | None = None,
        aside: str | None = None,
    ) -> InboundId:
        """Commit one message for one recipient; when this returns, it is safe.

        What is brought twice from one `origin` is kept once: the id of the first is returned,
        until that is purged. With `aside` nobody looks at it.
        """
        digest = None if origin is None else sha256(origin.encode("utf-8", "replace")).hexdigest()
        row = {
            "digest": digest,
            "raw": raw,
            "sender": None if sender is None else storable(sender),
            "recipient": None if recipient is None else storable(recipient),
            "received_at": now,
            "state": InboundState.RECEIVED if aside is None else InboundState.ASIDE,
            "tries": 0,
            "note": _note(aside or ""),
        }
        with self._database.writing() as connection:
            lock_series(connection, _SERIES)
            known = None if digest is None else _find(connection, digest)
            if known is not None:
                return known
            (number,) = take_numbers(connection, _SERIES, 1)
            connection.execute(insert(_TABLE), [{"id": number, **row}])
            announce(connection, Work.RECEIVE)
        return InboundId(number)

    def claim(
        self, limit: int, *, now: datetime, patience_until: datetime
    ) -> Sequence[InboundMessage]:
        """Take messages that are to be looked at, oldest first, each with its try counted.

        Nobody else gets them before `patience_until`. One of which three looks did not come to an
        end is put aside instead of being given out again: it may be what ends them.
        """
        waiting = _OLDEST_FIRST.where(_waits(now)).limit(limit)
        with self._database.reading() as connection:  # asked every second: nobody waits for it
            if connection.execute(waiting.with_only_columns(_TABLE.c.id)).first() is None:
                return ()
        with self._database.writing() as connection:
            _put_aside(connection, now)
            free = waiting.with_for_update(skip_locked=True)
            rows = list(connection.execute(free).mappings())
            taken = _TABLE.c.id.in_([row["id"] for row in rows])
            held = {"tries": _TABLE.c.tries + 1, "held_until": patience_until}
            connection.execute(update(_TABLE).where(taken).values(**held))
        return [_message_of(row, tries=row["tries"] + 1) for row in rows]

    def settle(self, message: InboundId, state: InboundState, note: str = "") -> None:
        """Say what became of a message; one that is unknown by now is passed over."""
        values = {"state": state, "note": _note(note), "held_until": None}
        with self._database.writing() as connection:
            connection.execute(update(_TABLE).where(_TABLE.c.id == message).values(**values))

    def find(self, state: InboundState, *, limit: int = 100) -> Sequence[InboundMessage]:
        """Return messages in that state, newest first."""
        newest_first = select(_TABLE).order_by(_TABLE.c.received_at.desc(), _TABLE.c.id.desc())
        query = newest_first.where(_TABLE.c.state == state).limit(limit)
        with self._database.reading() as connection:
            return [_message_of(row) for row in connection.execute(query).mappings()]

    def get(self, message: InboundId) -> InboundMessage | None:
        """Return one message; None when there is none, or none any more."""
        query = select(_TABLE).where(_TABLE.c.id == message)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        return _message_of(row) if row else None

    def replay(self, message: InboundId) -> bool:
        """Let a settled message be looked at again as if it were new; return whether it was settled."""
        settled = (_TABLE.c.id == message, _TABLE.c.state != InboundState.RECEIVED)
        anew = {"state": InboundState.RECEIVED, "tries": 0, "held_until": None, "note": ""}
        with self._database.writing() as connection:
            return connection.execute(update(_TABLE).where(*settled).values(**anew)).rowcount == 1

    def purge(self, before: datetime) -> int:
        """Forget settled messages received before then, in small steps; return how many."""
        settled = (_TABLE.c.state != InboundState.RECEIVED, _TABLE.c.received_at < before)
        some = select(_TABLE.c.id).where(*settled).limit(_BATCH)
        count = 0
        while True:
            with self._database.writing() as connection:
                ids = list(connection.execute(some).scalars())
                connection.execute(delete(_TABLE).where(_TABLE.c.id.in_(ids)))
            count += len(ids)
            if len(ids) < _BATCH:
                return count


def _waits(now: datetime) -> ColumnElement[bool]:
    is_free = or_(_TABLE.c.held_until.is_(None), _TABLE.c.held_until <= now)
    return and_(_TABLE.c.state == InboundState.RECEIVED, is_free)


def _put_aside(connection: Connection, now: datetime) -> None:
    spent = and_(_waits(now), _TABLE.c.tries >= MOST_TRIES)
    values = {"state": InboundState.ASIDE, "note": _TOO_MANY, "held_until": None}
    connection.execute(update(_TABLE).where(spent).values(**values))


def _find(connection: Connection, digest: str) -> InboundId | None:
    number = connection.execute(select(_TABLE.c.id).where(_TABLE.c.digest == digest)).scalar()
    return None if number is None else InboundId(number)


def _note(text: str) -> str:
    return storable(text[:_LONGEST_NOTE])


def _message_of(row: RowMapping, tries: int | None = None) -> InboundMessage:
    return InboundMessage(
        id=InboundId(row["id"]),
        raw=bytes(row["raw"]),
        sender=row["sender"],
        recipient=row["recipient"],
        received_at=row["received_at"],
        state=InboundState(row["state"]),
        tries=row["tries"] if tries is None else tries,
        note=row["note"],
    )
