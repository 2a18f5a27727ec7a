"""The log of a SQLite file is copied into it beside whoever writes, once there was much."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from queue import Queue

import pytest
from sqlalchemy import text

from newsletter.storage import Database, SlotLedger, open_database
from newsletter.storage.log_copies import LOG_PAGES, LogCopier
from newsletter.testing.plans import make_silence

MUCH = "x" * 1_000_000


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """Give a new database that somebody else has open, who would copy the log at the end otherwise."""
    path = tmp_path / "news.db"
    with closing(open_database(f"sqlite:///{path}")) as database:
        database.migrate()
    with closing(sqlite3.connect(path)) as somebody:
        assert somebody.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        yield path


def write(database: Database, value: str, *, is_much: bool) -> None:
    with (database.writing_much if is_much else database.writing)() as connection:
        connection.execute(
            text("INSERT INTO packs (id, matches) VALUES (1, :value)"), {"value": value}
        )


@pytest.mark.parametrize("is_much", [True, False])
def test_what_was_much_is_copied_at_once(file: Path, *, is_much: bool) -> None:
    with closing(open_database(f"sqlite:///{file}")) as database:
        write(database, MUCH, is_much=is_much)
    assert (file.stat().st_size > len(MUCH)) is is_much
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT matches FROM packs").fetchone() == (MUCH,)


@pytest.mark.parametrize(("count", "is_much"), [(1_000, True), (999, False)])
def test_a_thousand_plans_are_much(file: Path, *, count: int, is_much: bool) -> None:
    before = file.stat().st_size
    with closing(open_database(f"sqlite:///{file}")) as database:
        SlotLedger(database).plan([make_silence(f"reader-{number}") for number in range(count)])
    assert (file.stat().st_size > before) is is_much


def test_it_copies_beside_one_who_writes_and_again_after_it_was_closed(file: Path) -> None:
    copier = LogCopier(file)
    with closing(open_database(f"sqlite:///{file}")) as database:
        write(database, MUCH, is_much=False)
        with database.writing() as connection:
            connection.execute(text("UPDATE packs SET matches = matches || matches"))
            copier.wake()
            copier.wake()
            copier.close()
            first = file.stat().st_size
            assert first > len(MUCH)
        copier.close()
        assert file.stat().st_size == first
        copier.wake()
        copier.close()
    assert file.stat().st_size > first


def test_what_cannot_be_copied_is_left_to_who_writes_next(tmp_path: Path) -> None:
    copier = LogCopier(tmp_path / "news.db")
    for _ in range(2):
        copier.wake()
    copier.close()
    assert list(tmp_path.iterdir()) == []


def test_it_begins_again_once_the_file_can_be_opened(file: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.db"
    copier = LogCopier(later)
    copier.wake()
    for thread in threading.enumerate():
        if thread.name == "log-copier":
            thread.join()
    later.symlink_to(file)
    with closing(open_database(f"sqlite:///{file}")) as database:
        write(database, MUCH, is_much=False)
        copier.wake()
        copier.close()
        assert file.stat().st_size > len(MUCH)


def test_a_system_without_threads_to_give_hinders_nobody(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: threading.Thread) -> None:
        message = "can't start new thread"
        raise RuntimeError(message)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with closing(open_database(f"sqlite:///{file}")) as database:
        write(database, MUCH, is_much=True)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT matches FROM packs").fetchone() == (MUCH,)


class Line:
    """A connection to a log that is so long, and of which somebody wants a copy while it is copied."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.copier: LogCopier | None = None
        self.heard: Queue[str] = Queue()

    def execute(self, statement: str) -> "Line":
        if "checkpoint" in statement:
            copier, self.copier = self.copier, None
            if copier:
                copier.wake()
            self.heard.put(statement.partition("_checkpoint")[2])
        return self

    def fetchone(self) -> tuple[int, int, int]:
        return 0, self.pages, self.pages

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("pages", "heard"),
    [
        (4 * LOG_PAGES - 1, ["(PASSIVE)"] * 3),
        (4 * LOG_PAGES, ["(PASSIVE)", "(RESTART)"] * 3),
    ],
)
def test_all_of_a_very_long_log_is_copied_and_writers_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: int, heard: list[str]
) -> None:
    line = Line(pages)
    monkeypatch.setattr(sqlite3, "connect", lambda *_, **__: line)
    line.copier = copier = LogCopier(tmp_path / "news.db")
    copier.wake()
    first = [line.heard.get(timeout=20) for _ in range(len(heard) * 2 // 3)]
    copier.close()
    assert first + list(line.heard.queue) == heard
