"""Entries that were stored before there was anything but released ones."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from newsletter.model import (
    Admission,
    EntryContent,
    EntryId,
    NewEntry,
    SourceName,
)
from newsletter.storage import Entries, SourceReports, open_database
from newsletter.storage.codec import content_hash, write_content
from newsletter.storage.migrations import MIGRATIONS

NewDatabase = Callable[[str], str]
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
FEED = SourceName("feed")
BEFORE = tuple(step for step in MIGRATIONS if step.version < 12)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_stored_stays_released_and_numbers_go_on(
    new_database: NewDatabase, kind: str
) -> None:
    database = open_database(new_database(kind))
    database.migrate(steps=BEFORE)
    content = write_content(EntryContent("Old"))
    row = {"revision": content_hash(content), "content": content, "now": NOW.replace(tzinfo=None)}
    with database.writing() as connection:
        for statement in (
            "INSERT INTO revisions (id, content) VALUES (:revision, :content)",
            "INSERT INTO entries VALUES ('old', :revision, 7, :now, '[]')",
            "INSERT INTO entry_sources (entry, source, position) VALUES ('old', 'feed', 0)",
            "UPDATE counters SET value = 7 WHERE name = 'release'",
            "INSERT INTO source_reports (name, report) VALUES ('feed', '{}')",
        ):
            connection.execute(text(statement), row)

    database.migrate()
    store = Entries(database)
    changes = [
        NewEntry(EntryId(name), EntryContent(name), FEED, frozenset(), (), admission)
        for name, admission in (("held", Admission.HELD), ("new", Admission.RELEASED))
    ]
    store.change([], lambda _: changes, now=NOW)

    assert [(one.id, one.release_no) for one in store.find()] == [("old", 7), ("new", 8)]
    assert SourceReports(database).last_stored(FEED) is None
    assert dict(SourceReports(database).memory(FEED)) == {}
    database.close()
