"""The log of a SQLite file is copied into it beside whoever writes, once there was much."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from newsletter.storage import Database, SlotLedger, open_database
from newsletter.storage.log_copies import LogCopier
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


@pytest.mark.parametrize(("count", "is_much"), [(1_000, True), (100, False)])
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
            copier.close()
            first = file.stat().st_size
            assert first > len(MUCH)
        copier.wake()
        copier.close()
    assert file.stat().st_size > first


def test_what_cannot_be_copied_is_left_to_who_writes_next(tmp_path: Path) -> None:
    copier = LogCopier(tmp_path / "missing" / "news.db")
    copier.wake()
    copier.close()
    assert list(tmp_path.iterdir()) == []
