"""The last report of every source."""

from collections.abc import Mapping

from sqlalchemy import select

from newsletter.model import SourceName, SourceReport
from newsletter.storage.bulk import put_rows
from newsletter.storage.codec import read_report, write_report
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.tables import SourceReportRow


class SourceReports:
    """The SourceLog port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, report: SourceReport) -> None:
        """Keep `report` as the last one of its source."""
        table = table_of(SourceReportRow)
        with self._database.writing() as connection:
            put_rows(connection, table, [{"name": report.name, "report": write_report(report)}])

    def last(self) -> Mapping[SourceName, SourceReport]:
        """Return the last report of every source that was ever pulled."""
        table = table_of(SourceReportRow)
        with self._database.reading() as connection:
            rows = connection.execute(select(table.c.report).order_by(table.c.name)).scalars()
            reports = [read_report(text) for text in rows]
        return {report.name: report for report in reports}
