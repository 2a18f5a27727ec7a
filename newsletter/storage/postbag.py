"""Mails that came in for sources, until they are pulled and for some time after."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_, delete, insert, or_, select, update

from newsletter.model import InboundMessage, SourceName, Submission
from newsletter.storage.columns import storable, table_of
from newsletter.storage.database import Database
from newsletter.storage.mail_tables import SubmissionRow
from newsletter.storage.rows import lock_series, take_numbers

_SERIES: Final = "submission"
_BATCH: Final = 100
"""Mails that go in one transaction: each can have a megabyte."""

_TABLE: Final = table_of(SubmissionRow)


class MailBag:
    """The Postbag port over a database.

    The series of numbers is held until a mail is committed, so that they come up in their order.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, source: SourceName, message: InboundMessage) -> None:
        """Keep a mail for a source; one that is kept already stays as it is."""
        known = select(_TABLE.c.number).where(_TABLE.c.inbound == message.id)
        row = {
            "inbound": message.id,
            "source": storable(source),
            "raw": message.raw,
            "received_at": message.received_at,
            "is_let_go": False,
        }
        with self._database.writing() as connection:
            lock_series(connection, _SERIES)
            if connection.execute(known).first() is None:
                (number,) = take_numbers(connection, _SERIES, 1)
                connection.execute(insert(_TABLE), [{"number": number, **row}])

    def since(self, source: SourceName, above: int, *, limit: int) -> Sequence[Submission]:
        """Return the first mails of a source with higher numbers, in the order of their numbers."""
        of_source = (_TABLE.c.source == storable(source), _TABLE.c.number > above)
        query = select(_TABLE.c.number, _TABLE.c.raw, _TABLE.c.received_at).where(*of_source)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_TABLE.c.number).limit(limit)).all()
        return [Submission(row.number, bytes(row.raw), row.received_at) for row in rows]

    def let_go(self, source: SourceName, through: int) -> None:
        """Say that the entries of all mails of a source up to this number are stored."""
        kept = (
            _TABLE.c.source == storable(source),
            _TABLE.c.number <= through,
            _TABLE.c.is_let_go.is_(False),
        )
        with (
            self._database.reading() as connection
        ):  # most pulls find nothing: nobody waits for them
            if connection.execute(select(_TABLE.c.number).where(*kept)).first() is None:
                return
        with self._database.writing() as connection:
            connection.execute(update(_TABLE).where(*kept).values(is_let_go=True))

    def purge(self, before: datetime, *, unread_before: datetime) -> int:
        """Forget mails received before then that were let go, and all before `unread_before`."""
        is_over = or_(
            and_(_TABLE.c.is_let_go.is_(True), _TABLE.c.received_at < before),
            _TABLE.c.received_at < unread_before,
        )
        some = select(_TABLE.c.number).where(is_over).limit(_BATCH)
        count = 0
        while True:
            with self._database.writing() as connection:
                numbers = list(connection.execute(some).scalars())
                connection.execute(delete(_TABLE).where(_TABLE.c.number.in_(numbers)))
            count += len(numbers)
            if len(numbers) < _BATCH:
                return count
