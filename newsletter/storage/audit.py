"""What operators did, line by line; nothing here changes a line or takes one out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select

from newsletter.ports import AuditId, AuditLine, Deed
from newsletter.storage.bulk import insert_rows
from newsletter.storage.columns import remark, table_of
from newsletter.storage.database import Database
from newsletter.storage.page_tables import AuditRow
from newsletter.storage.rows import take_numbers

_AUDIT: Final = table_of(AuditRow)
_LATEST_FIRST: Final = select(_AUDIT).order_by(_AUDIT.c.id.desc())
_PAGE: Final = 500
_LARGEST: Final = 2**31 - 1
"""Of the type of the column on PostgreSQL."""


class Audit:
    """The AuditBook port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, deed: Deed, *, now: datetime) -> AuditId:
        """Write a line and return its number."""
        with self._database.writing() as connection:
            (number,) = take_numbers(connection, "audit", 1)
            row = {
                "id": number,
                "at": now,
                "actor": remark(deed.actor),
                "action": remark(deed.action),
                "subject": remark(deed.subject),
                "detail": remark(deed.detail),
            }
            insert_rows(connection, _AUDIT, [row])
        return AuditId(number)

    def get(self, number: AuditId) -> AuditLine | None:
        """Return one line; None: there is none with that number."""
        if not 0 < number <= _LARGEST:
            return None
        with self._database.reading() as connection:
            row = connection.execute(select(_AUDIT).where(_AUDIT.c.id == number)).first()
        return _line(row) if row else None

    def latest(self, *, limit: int, below: AuditId | None = None) -> Sequence[AuditLine]:
        """Return lines, the latest first."""
        query = _LATEST_FIRST.limit(limit)
        if below is not None:
            query = query.where(_AUDIT.c.id < min(below, _LARGEST))
        with self._database.reading() as connection:
            return [_line(row) for row in connection.execute(query)]

    def has(self, action: str, subject: str, *, since: datetime) -> bool:
        """Whether that was done to that since then: walks back from the end, which is short."""
        below: AuditId | None = None
        while page := self.latest(limit=_PAGE, below=below):
            for line in page:
                if line.at < since:
                    return False
                if (line.deed.action, line.deed.subject) == (action, subject):
                    return True
            below = page[-1].id
        return False


def _line(row: Row[Any]) -> AuditLine:
    deed = Deed(row.actor, row.action, row.subject, row.detail)
    return AuditLine(AuditId(row.id), row.at, deed)
