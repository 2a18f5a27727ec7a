"""The last report of every source, and what each remembers."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from newsletter.model import Memory, SourceName, SourceReport
from newsletter.rules.collecting import stored_at
from newsletter.storage.bulk import put_rows
from newsletter.storage.codec import dump, read_mapping, read_report, write_report
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.tables import SourceMemoryRow, SourceReportRow


class SourceReports:
    """The SourceLog port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, report: SourceReport) -> None:
        """Keep `report` as the last one of its source."""
        with self._database.writing() as connection:
            row = {
                "name": report.name,
                "report": write_report(report),
                "stored_at": stored_at(report, _last_stored(connection, report.name)),
            }
            put_rows(connection, table_of(SourceReportRow), [row])

    def last(self) -> Mapping[SourceName, SourceReport]:
        """Return the last report of every source that was ever pulled."""
        table = table_of(SourceReportRow)
        with self._database.reading() as connection:
            rows = connection.execute(select(table.c.report).order_by(table.c.name)).scalars()
            reports = [read_report(text) for text in rows]
        return {report.name: report for report in reports}

    def last_stored(self, source: SourceName) -> datetime | None:
        """Return when a source was last pulled with success, None before its first entries."""
        with self._database.reading() as connection:
            return _last_stored(connection, source)

    def memory(self, source: SourceName) -> Memory:
        """Return what the last stored pull of a source left; empty before the first."""
        table = table_of(SourceMemoryRow)
        with self._database.reading() as connection:
            text = connection.execute(select(table.c.memory).where(table.c.name == source)).scalar()
        return read_mapping(text, "source memory") if text else {}

    def remember(self, source: SourceName, memory: Memory) -> None:
        """Keep `memory` in place of what was kept of a source."""
        row = {"name": source, "memory": dump(dict(memory))}
        with self._database.writing() as connection:
            put_rows(connection, table_of(SourceMemoryRow), [row])


def _last_stored(connection: Connection, source: SourceName) -> datetime | None:
    table = table_of(SourceReportRow)
    query = select(table.c.stored_at).where(table.c.name == source)
    moment: datetime | None = connection.execute(query).scalar()
    return moment
