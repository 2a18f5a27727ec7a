import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from newsletter.errors import ConfigError, SchemaError, StorageError
from newsletter.model import SourceName, SourceReport, SourceState
from newsletter.storage import Database, SourceReports, open_database
from newsletter.storage.migrations import MIGRATIONS, Migration

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
REPORT = SourceReport(SourceName("pages"), "saved-page", SourceState.FRESH)
LATEST = MIGRATIONS[-1].version
NEXT = Migration(LATEST + 1, ("ALTER TABLE entries ADD COLUMN colour VARCHAR",))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path}/data/news.db", patience=timedelta(0))
    yield opened
    opened.close()


def raw(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def file_of(database: Database) -> Path:
    assert database.path
    return database.path


def columns(connection: Connection, table: str) -> set[str]:
    return {column["name"] for column in inspect(connection).get_columns(table)}


def test_a_new_database_gets_folder_tables_and_a_file_for_its_owner(database: Database) -> None:
    migrated = database.migrate(now=NOW)

    assert (migrated.before, migrated.after, migrated.copy) == (0, LATEST, None)
    assert database.schema_version() == LATEST
    assert stat.S_IMODE(file_of(database).stat().st_mode) == 0o600


def test_a_path_is_taken_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_database("sqlite:///news.db").close()
    assert (tmp_path / "news.db").exists()


@pytest.mark.parametrize("url", ["mysql://host/news", "sqlite://", "sqlite:///", "news.db"])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="sqlite:///"):
        open_database(url)


def test_a_place_that_cannot_be_a_file_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="permissions"):
        open_database(f"sqlite:///{tmp_path}")


def test_a_write_is_safe_against_a_power_cut(database: Database) -> None:
    database.migrate()
    with database.reading() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]


def test_a_database_in_use_is_copied_before_it_is_changed(database: Database) -> None:
    database.migrate()
    SourceReports(database).record(REPORT)

    migrated = database.migrate(now=NOW, steps=(*MIGRATIONS, NEXT))

    copy = file_of(database).with_name(f"news.db.schema-{LATEST}")
    assert (migrated.before, migrated.after, migrated.copy) == (LATEST, LATEST + 1, copy)
    with database.reading() as connection:
        assert "colour" in columns(connection, "entries")
    before = open_database(f"sqlite:///{copy}")
    assert before.schema_version() == LATEST
    assert SourceReports(before).last() == {REPORT.name: REPORT}
    before.close()


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE songs (id INTEGER)"],
        ["CREATE TABLE schema_version (hash TEXT)"],
        ["CREATE TABLE schema_version (version INTEGER, program TEXT)"],
    ],
    ids=["other tables", "another log of versions", "no version"],
)
def test_the_database_of_another_program_is_left_alone(
    tmp_path: Path, statements: list[str]
) -> None:
    path = tmp_path / "songs.db"
    raw(path, *statements)
    before = path.read_bytes()
    database = open_database(f"sqlite:///{path}")

    with pytest.raises(SchemaError, match="another program"):
        database.migrate()

    database.close()
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, " * 100, encoding="utf-8")
    database = open_database(f"sqlite:///{path}")
    with pytest.raises(SchemaError, match="no database of this program"):
        database.migrate()
    database.close()
    assert path.read_text(encoding="utf-8").startswith("Dear reader")


def test_a_backup_holds_what_was_written_last(database: Database, tmp_path: Path) -> None:
    database.migrate()
    SourceReports(database).record(REPORT)
    to = tmp_path / "backups" / "news.db"

    database.backup(to)
    database.backup(to)

    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert [path.name for path in to.parent.iterdir()] == ["news.db"]
    copy = open_database(f"sqlite:///{to}")
    assert SourceReports(copy).last() == {REPORT.name: REPORT}
    copy.close()


def test_a_backup_that_cannot_be_written_says_so(database: Database, tmp_path: Path) -> None:
    database.migrate()
    (tmp_path / "full").write_text("a file, no folder", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot be written"):
        database.backup(tmp_path / "full" / "news.db")


def test_a_database_that_another_program_writes_is_locked(database: Database) -> None:
    database.migrate()
    other = open_database(f"sqlite:///{database.path}", patience=timedelta(0))
    with other.writing(), pytest.raises(StorageError, match="another program is writing"):
        SourceReports(database).record(REPORT)
    other.close()
    SourceReports(database).record(REPORT)


def test_readers_go_on_while_one_writes(database: Database) -> None:
    database.migrate()
    with database.writing() as connection:
        connection.execute(text("INSERT INTO source_reports (name, report) VALUES ('x', '{}')"))
        assert SourceReports(database).last() == {}


def test_a_full_disk_is_an_error_with_a_remedy_and_writes_nothing(database: Database) -> None:
    database.migrate()

    def fill() -> None:
        with database.writing() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            insert = text("INSERT INTO source_reports (name, report) VALUES ('x', :filling)")
            connection.execute(insert, {"filling": "x" * 1_000_000})

    with pytest.raises(StorageError, match="make room"):
        fill()
    assert SourceReports(database).last() == {}
