"""Rows of every kind of column are the same on the server as they were in the file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Connection, delete, insert, select

from newsletter.storage import Database
from newsletter.storage.columns import table_of
from newsletter.storage.mail_tables import ReplyRow
from newsletter.storage.moving.shapes import Kind, Shape, read_shapes
from newsletter.storage.moving.streams import last_key, read_file, read_server, write_server
from newsletter.storage.moving.tallies import tally
from newsletter.storage.tables import LaneRow

OpenStored = Callable[[str], Database]
Values = dict[str, Any]

SLOW: Final = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TEXTS: Final = some.text(some.characters(codec="utf-8", exclude_characters="\0"))
NUMBERS: Final = some.integers(-(2**63), 2**63 - 1)
MOMENTS: Final = some.datetimes(timezones=some.just(UTC))

REPLIES: Final = some.fixed_dictionaries(
    {
        "outbox": NUMBERS,
        **dict.fromkeys(("kind", "to_key", "sender", "message_id"), TEXTS),
        "message": some.none() | some.binary(),
        "answers": some.none(),
        "holds_token": some.booleans(),
        "posted_at": MOMENTS,
    }
)
LANES: Final = some.fixed_dictionaries(
    {
        **dict.fromkeys(("name", "refusals", "reason"), TEXTS),
        **dict.fromkeys(("used", "halvings", "probes"), NUMBERS),
        **{
            name: some.none() | MOMENTS
            for name in ("free_at", "slowed_at", "opened_at", "probe_at", "told_at")
        },
        "day": some.none() | some.dates(),
    }
)


@pytest.fixture
def databases(open_stored: OpenStored) -> tuple[Database, Database]:
    return open_stored("sqlite"), open_stored("postgresql")


def shape_of(database: Database, name: str) -> Shape:
    with database.reading() as connection:
        return next(one for one in read_shapes(connection) if one.name == name)


@contextmanager
def emptied(database: Database, row: Any) -> Iterator[Connection]:
    """Give a connection in whose transaction the table of `row` is empty at the beginning."""
    with database.writing() as connection:
        connection.execute(delete(table_of(row)))
        yield connection


@given(some.lists(REPLIES, unique_by=lambda one: one["outbox"], max_size=6))
@SLOW
def test_replies_arrive_as_they_were(
    databases: tuple[Database, Database], rows: list[Values]
) -> None:
    arrive_as_they_were(databases, ReplyRow, rows)


@given(some.lists(LANES, unique_by=lambda one: one["name"], max_size=6))
@SLOW
def test_lanes_arrive_as_they_were(
    databases: tuple[Database, Database], rows: list[Values]
) -> None:
    arrive_as_they_were(databases, LaneRow, rows)


def arrive_as_they_were(
    databases: tuple[Database, Database], kind: Any, rows: list[Values]
) -> None:
    table = table_of(kind)
    shape = shape_of(databases[0], table.name)
    with emptied(databases[0], kind) as file, emptied(databases[1], kind) as server:
        if rows:
            file.execute(insert(table), rows)
        write_server(server, shape, read_file(file, shape))

        there = list(read_server(server, shape))
        assert there == list(read_file(file, shape)), "by the same keys, in the same order"
        assert tally(there) == tally(read_file(file, shape))
        in_order = select(table).order_by(*table.primary_key)
        stored = [dict(row) for row in server.execute(in_order).mappings()]
        assert stored == [dict(row) for row in file.execute(in_order).mappings()]
        key = last_key(server, shape)
        assert list(read_file(file, shape, key)) == []
        assert (key is None) == (not rows)


def test_every_column_of_today_is_of_a_kind_that_is_moved(
    databases: tuple[Database, Database],
) -> None:
    file, server = databases
    with file.reading() as here, server.reading() as there:
        shapes = read_shapes(here)
        assert {kind for one in shapes for _, kind in one.columns} == set(Kind)
        for shape in shapes:
            assert shape.key, shape.name
            assert list(read_server(there, shape)) == list(read_file(here, shape)), shape.name


def test_tables_come_after_those_that_they_refer_to(databases: tuple[Database, Database]) -> None:
    with databases[0].reading() as connection:
        names = [shape.name for shape in read_shapes(connection)]
    for later, earlier in [("entries", "revisions"), ("slots", "editions"), ("outbox", "editions")]:
        assert names.index(later) > names.index(earlier)


def test_rows_that_differ_in_anything_have_another_checksum() -> None:
    rows: list[tuple[int | str | bytes | None, ...]] = [
        ("1", 1, b"1", None),
        ("1", 1, b"1", ""),
        ("1", 1, "1", None),
        (1, 1, b"1", None),
        ("11", 1, b"", None),
    ]
    assert len({tally([row]).checksum for row in rows}) == len(rows)
    assert tally(rows) != tally(rows[::-1])
    assert tally([]).rows == 0
