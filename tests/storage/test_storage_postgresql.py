"""What can go wrong with a server: each error says what to do, and what is left is whole."""

import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from sqlalchemy import text

from newsletter.errors import ConfigError, StorageError
from newsletter.model import SourceName, SourceReport, SourceState
from newsletter.storage import Database, SourceReports, open_database
from newsletter.testing.postgresql import PostgresqlServer

REPORT = SourceReport(SourceName("pages"), "saved-page", SourceState.FRESH)
OTHER = SourceReport(SourceName("feed"), "feed", SourceState.FRESH)
TOUCH = text("UPDATE source_reports SET report = report WHERE name = :name")

NewDatabase = Callable[[str], str]


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    return new_database("postgresql migrated")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url, patience=timedelta(milliseconds=50))
    SourceReports(opened).record(REPORT)
    SourceReports(opened).record(OTHER)
    yield opened
    opened.close()


def refusal(url: str) -> str:
    """Return what is said when the database is used."""
    database = open_database(url)
    with pytest.raises(StorageError) as error:
        database.schema_version()
    database.close()
    return str(error.value)


@pytest.mark.parametrize(
    "url", ["postgresql://", "postgresql://news:secret@host", "postgresql://news:secret@host:x/db"]
)
def test_a_url_that_names_no_database_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError, match="write postgresql://user@host/name") as error:
        open_database(url)
    assert "secret" not in str(error.value)


def test_without_the_driver_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match=r"newsletter\[postgresql\]"):
        open_database("postgresql://host/news")


def test_a_server_that_is_not_there_is_tried_again_later(tmp_path: Path) -> None:
    said = refusal(f"postgresql://news:secret@/news?host={tmp_path}")
    assert said.startswith(f"postgresql://{tmp_path}/news: ")
    assert said.endswith("the server cannot be reached: it is tried again with the next call")
    assert "secret" not in said


def test_a_database_that_is_not_there_must_be_made(postgresql: PostgresqlServer) -> None:
    assert refusal(postgresql.url("nowhere")).endswith("make the database first, with createdb")


def test_a_server_has_backups_of_its_own(database: Database, tmp_path: Path) -> None:
    assert database.path is None
    with pytest.raises(StorageError, match="pg_dump"):
        database.backup(tmp_path / "news.db")
    assert list(tmp_path.iterdir()) == []


def test_commits_are_durable_whatever_the_server_says(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
    database = open_database(url)
    with database.writing() as connection_of_ours:
        settings = [
            connection_of_ours.execute(text(f"SHOW {name}")).scalar()
            for name in ("synchronous_commit", "TimeZone", "transaction_isolation")
        ]
    database.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} RESET synchronous_commit".encode())
    assert settings == ["on", "UTC", "read committed"]


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StorageError, match="read-only"), database.reading() as connection:
        connection.execute(TOUCH, {"name": "pages"})


def test_a_row_that_another_program_holds_is_waited_for_a_while(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(TOUCH, {"name": "pages"})
        with pytest.raises(StorageError, match="another program is writing"):
            SourceReports(database).record(REPORT)
    SourceReports(database).record(REPORT)


def test_two_who_wait_for_each_other_do_not_wait_for_ever(url: str, database: Database) -> None:
    patient = open_database(url)
    failed: list[StorageError] = []

    def hold_feed_and_want_pages() -> None:
        try:
            with patient.writing() as connection:
                # It looks once, so late that the other one waits by then on any machine.
                connection.execute(text("SET LOCAL deadlock_timeout = '1500ms'"))
                connection.execute(TOUCH, {"name": "feed"})
                connection.execute(TOUCH, {"name": "pages"})
        except StorageError as error:
            failed.append(error)

    with database.writing() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '60s'"))
        connection.execute(text("SET LOCAL deadlock_timeout = '60s'"))
        connection.execute(TOUCH, {"name": "pages"})
        other = Thread(target=hold_feed_and_want_pages)
        other.start()
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        while not connection.execute(waiting).scalar():
            connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        connection.execute(TOUCH, {"name": "feed"})
    other.join()
    patient.close()
    assert [str(error).partition("; ")[2] for error in failed] == [
        "another program wrote the same meanwhile: try again"
    ]


def test_a_server_started_again_is_met_again(
    database: Database, postgresql: PostgresqlServer
) -> None:
    def write_meanwhile() -> None:
        with database.writing() as connection:
            connection.execute(text("DELETE FROM source_reports"))
            postgresql.restart()
            connection.execute(text("DELETE FROM counters"))

    with pytest.raises(StorageError, match="cannot be reached"):
        write_meanwhile()

    assert SourceReports(database).last() == {REPORT.name: REPORT, OTHER.name: OTHER}


def test_while_the_server_is_down_nothing_is_written_and_then_all_goes_on(
    database: Database, postgresql: PostgresqlServer
) -> None:
    postgresql.stop()
    try:
        with pytest.raises(StorageError, match="cannot be reached"):
            SourceReports(database).record(REPORT)
        with pytest.raises(StorageError, match="cannot be reached"):
            database.leases.hold()
    finally:
        postgresql.start()
    SourceReports(database).record(REPORT)
    assert database.leases.hold()
