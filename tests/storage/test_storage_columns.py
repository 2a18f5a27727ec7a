"""What is written by columns is read back as it was, whatever it says, in both databases."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from newsletter.errors import StorageError
from newsletter.storage import Database
from newsletter.storage.bulk_columns import Columns, Same, insert_columns
from newsletter.storage.columns import table_of
from newsletter.storage.tables import EditionRow, SlotRow, StandingRow

EDITIONS = table_of(EditionRow)
SLOTS = table_of(SlotRow)
STANDINGS = table_of(StandingRow)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

# All that PostgreSQL stores: no NUL, no half of a pair.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
nasty = st.sampled_from(["\\", "\\N", "\\.", "\t", "\n", "\r", "\r\n", '"', "'", "\x1e", ""])


def editions(decisions: Sequence[str], own: Sequence[str | None]) -> Columns:
    return {
        "id": [f"e{place}" for place in range(len(decisions))],
        "subscriber": Same("ada"),
        "decision": decisions,
        "pack": Same(None),
        "own": own,
    }


def write(database: Database, decisions: Sequence[str], own: Sequence[str | None]) -> None:
    with database.writing() as connection:
        insert_columns(connection, EDITIONS, len(decisions), editions(decisions, own))


def read(database: Database) -> list[tuple[str, str | None]]:
    with database.reading() as connection:
        query = select(EDITIONS.c.decision, EDITIONS.c.own).order_by(EDITIONS.c.id)
        return [(decision, own) for decision, own in connection.execute(query)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(texts | nasty, st.none() | texts | nasty), max_size=9))
def test_any_text_comes_back(any_database: Database, pairs: list[tuple[str, str | None]]) -> None:
    with any_database.writing() as connection:
        connection.execute(delete(EDITIONS))  # those of the example before
    write(any_database, [one for one, _ in pairs], [own for _, own in pairs])
    assert read(any_database) == pairs


def test_every_kind_of_value_comes_back(any_database: Database) -> None:
    tokyo = timezone(timedelta(hours=9))
    day = date(2026, 11, 23)
    columns: Columns = {
        "subscriber": ["ada", "bob"],
        "name": Same("2026-11-23"),
        "local_date": [day, day],
        "begins_at": [NOON, NOON.astimezone(tokyo)],
        "timezone": Same("UTC"),
        "kind": Same("scheduled"),
        "planned_at": Same(NOON + timedelta(microseconds=1)),
        "new_count": [0, 12],
        "edition": Same(None),
        "silence": [None, "paused"],
        "detail": ["", None],
    }
    with any_database.writing() as connection:
        insert_columns(connection, SLOTS, 2, columns)
    with any_database.reading() as connection:
        rows: list[Mapping[str, object]] = [
            dict(row)
            for row in connection.execute(select(SLOTS).order_by(SLOTS.c.subscriber)).mappings()
        ]
    alike = {
        "name": "2026-11-23",
        "local_date": day,
        "begins_at": NOON,
        "timezone": "UTC",
        "kind": "scheduled",
        "planned_at": NOON + timedelta(microseconds=1),
        "edition": None,
    }
    assert rows == [
        {**alike, "subscriber": "ada", "new_count": 0, "silence": None, "detail": ""},
        {**alike, "subscriber": "bob", "new_count": 12, "silence": "paused", "detail": None},
    ]


@pytest.mark.parametrize("count", [1, 99, 100, 101, 250])
def test_however_many_they_are_each_row_is_written_once(any_database: Database, count: int) -> None:
    own = [f"o{place}" if place % 3 else None for place in range(count)]
    write(any_database, [f"d{place}" for place in range(count)], own)
    assert sorted(read(any_database)) == sorted((f"d{place}", one) for place, one in enumerate(own))


@pytest.mark.parametrize("count", [80, 81, 82, 170])
def test_rows_of_which_every_value_is_another_are_written_too(
    any_database: Database, count: int
) -> None:
    places = range(count)
    moments = [NOON + timedelta(hours=place) for place in places]
    columns: Columns = {
        "subscriber": [f"s{place:03}" for place in places],
        "name": [f"n{place}" for place in places],
        "local_date": [moment.date() for moment in moments],
        "begins_at": moments,
        "timezone": [f"Zone/{place}" for place in places],
        "kind": [f"k{place}" for place in places],
        "planned_at": moments,
        "new_count": list(places),
        "edition": [f"e{place}" if place % 2 else None for place in places],
        "silence": [None if place % 2 else f"because {place}" for place in places],
        "detail": ["" if place % 4 else None for place in places],
    }
    with any_database.writing() as connection:
        insert_columns(connection, SLOTS, count, columns)
    with any_database.reading() as connection:
        rows = connection.execute(select(SLOTS).order_by(SLOTS.c.subscriber)).mappings().all()
    assert {name: [row[name] for row in rows] for name in columns} == columns


def test_days_of_which_some_are_not_known_come_back(any_database: Database) -> None:
    days = [NOON.date(), None, NOON.date() + timedelta(days=1)]
    columns: Columns = {
        "subscriber": ["ada", "bob", "eve"],
        "watermark": [0, 1, 2],
        "last_edition_on": days,
    }
    with any_database.writing() as connection:
        insert_columns(connection, STANDINGS, 3, columns)
    with any_database.reading() as connection:
        found = connection.execute(select(STANDINGS).order_by(STANDINGS.c.subscriber)).all()
    assert [row.last_edition_on for row in found] == days


def test_columns_of_different_lengths_are_refused(any_database: Database) -> None:
    with pytest.raises((ValueError, StorageError)):
        write(any_database, ["one", "two"], ["own"])
    assert read(any_database) == []


@pytest.mark.parametrize(("count", "place"), [(2, 0), (151, 150), (250, 149), (250, 30)])
def test_nothing_is_written_of_rows_of_which_one_is_there_already(
    any_database: Database, count: int, place: int
) -> None:
    write(any_database, ["first"], [None])
    ids = [f"n{number}" for number in range(count)]
    ids[place] = "e0"
    columns = {**editions(["d"] * count, [None] * count), "id": ids}
    with pytest.raises((StorageError, IntegrityError)), any_database.writing() as connection:
        insert_columns(connection, EDITIONS, count, columns)
    assert read(any_database) == [("first", None)]


def test_a_moment_without_a_zone_is_refused(any_database: Database) -> None:
    columns = {**_slot(), "planned_at": Same(datetime(2026, 11, 23, 12))}  # noqa: DTZ001 - that is it
    with (
        pytest.raises(ValueError, match="no time zone"),
        any_database.writing() as connection,
    ):
        insert_columns(connection, SLOTS, 1, columns)


def test_no_rows_are_no_statement(any_database: Database) -> None:
    write(any_database, [], [])
    assert read(any_database) == []


def _slot() -> Columns:
    return {
        "subscriber": ["ada"],
        "name": ["2026-11-23"],
        "local_date": [date(2026, 11, 23)],
        "begins_at": [NOON],
        "timezone": ["UTC"],
        "kind": ["scheduled"],
        "planned_at": [NOON],
        "new_count": [0],
    }
