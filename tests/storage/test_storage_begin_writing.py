"""Who wants to write to a file waits for who does, and looks often."""

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from newsletter.errors import StorageError
from newsletter.storage import open_database
from newsletter.storage.driver import Driver
from newsletter.storage.sqlite import open_file

PATIENCE = timedelta(seconds=20)


class Line:
    """A connection on which it is known which statements came, and that refuses some with an error."""

    def __init__(self, errors: list[int]) -> None:
        self.errors = errors
        self.heard: list[str] = []

    def run(self, statement: str) -> None:
        self.heard.append(statement)
        if statement.startswith("BEGIN") and self.errors:
            cause = sqlite3.OperationalError("it says no")
            cause.sqlite_errorcode = self.errors.pop(0)
            raise DBAPIError(statement, None, cause)


def begin(tmp_path: Path, errors: list[int], patience: timedelta = PATIENCE) -> Line:
    line = Line(errors)
    open_file(tmp_path / "news.db", patience).begin_writing(line)  # type: ignore[arg-type]
    return line


def test_whatever_keeps_the_file_busy_is_waited_for(tmp_path: Path) -> None:
    busy = [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY, sqlite3.SQLITE_BUSY_SNAPSHOT]

    line = begin(tmp_path, busy)

    assert line.heard == [
        "PRAGMA busy_timeout = 0",
        *["BEGIN IMMEDIATE"] * 4,
        "PRAGMA busy_timeout = 20000",
    ]


def test_another_error_is_told_at_once_and_the_patience_is_there_again(tmp_path: Path) -> None:
    line = Line([sqlite3.SQLITE_FULL])

    with pytest.raises(DBAPIError):
        open_file(tmp_path / "news.db", PATIENCE).begin_writing(line)  # type: ignore[arg-type]

    assert line.heard.count("BEGIN IMMEDIATE") == 1
    assert line.heard[-1] == "PRAGMA busy_timeout = 20000"


def test_patience_ends(tmp_path: Path) -> None:
    with pytest.raises(DBAPIError):
        begin(tmp_path, [sqlite3.SQLITE_BUSY], timedelta(0))


@pytest.mark.parametrize("is_plain", [False, True])
def test_a_writer_begins_when_the_other_has_ended(tmp_path: Path, *, is_plain: bool) -> None:
    url = f"sqlite:///{tmp_path / 'news.db'}"
    heard: list[str] = []
    with closing(open_database(url)) as first, closing(open_database(url)) as second:
        first.migrate()
        with first.writing() as connection:
            connection.execute(text("CREATE TABLE marks (said VARCHAR)"))
        waits = threading.Event()

        def write() -> None:
            waits.set()
            if is_plain:
                with second.writing_plainly() as driver:
                    _note(driver, heard)
            else:
                with second.writing():
                    heard.append("second")

        with first.writing():
            other = threading.Thread(target=write)
            other.start()
            assert waits.wait(10)
            heard.append("first")
        other.join(10)

    assert heard == ["first", "second"]


def _note(driver: Driver, heard: list[str]) -> None:
    driver.run("INSERT INTO marks VALUES ('second')")
    heard.append("second")


def test_who_waited_in_vain_is_told_and_may_write_later(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'news.db'}"
    with (
        closing(open_database(url)) as first,
        closing(open_database(url, patience=timedelta(milliseconds=5))) as second,
    ):
        first.migrate()
        with first.writing(), pytest.raises(StorageError, match="locked"), second.writing():
            pytest.fail("two wrote at once")
        with second.writing() as connection:
            assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 5
