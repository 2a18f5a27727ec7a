"""Lists that stand in a statement as one value hold what was put into them, in both databases."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, delete, select

from newsletter.storage import Database
from newsletter.storage.bulk import MOMENTS, TEXTS, write_array
from newsletter.storage.bulk_columns import Columns, Same, insert_columns
from newsletter.storage.columns import table_of
from newsletter.storage.rows import fetch_listed, rows_in, tuples_in
from newsletter.storage.tables import EditionRow, PackRow

EDITIONS = table_of(EditionRow)
PACKS = table_of(PackRow)

# All that PostgreSQL stores: no NUL, no half of a pair.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
nasty = st.sampled_from(['"', "\\", '\\"', ",", "{}", "NULL", "null", "", " ", "\n", "é", "\x1f"])
ids = st.lists(texts | nasty, unique=True, max_size=9)
on_a_server = pytest.mark.parametrize("any_database", ["postgresql"], indirect=True)
manners = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(database: Database, ids: list[str]) -> None:
    columns: Columns = {"id": ids, "subscriber": Same("ada"), "decision": Same("{}")}
    with database.writing() as connection:
        connection.execute(delete(EDITIONS))  # those of the example before
        insert_columns(connection, EDITIONS, len(ids), columns)


@manners
@given(ids, ids)
def test_just_what_is_listed_is_found(
    any_database: Database, stored: list[str], wanted: list[str]
) -> None:
    write(any_database, stored)
    query, place = select(EDITIONS.c.id), EDITIONS.c.id
    found = set(stored) & set(wanted)
    with any_database.reading() as connection:
        assert {one for (one,) in fetch_listed(connection, query, place, wanted)} == found
        assert {one for (one,) in tuples_in(connection, query, place, wanted)} == found
        assert {one["id"] for one in rows_in(connection, query, place, wanted)} == found


def test_numbers_are_found(any_database: Database) -> None:
    with any_database.writing() as connection:
        insert_columns(connection, PACKS, 3, {"id": [1, -2, 2**40], "matches": Same("")})
    with any_database.reading() as connection:
        found = fetch_listed(connection, select(PACKS.c.id), PACKS.c.id, [2**40, 3, -2])
    assert {number for (number,) in found} == {-2, 2**40}


@on_a_server
@manners
@given(values=st.lists(st.none() | texts | nasty, max_size=9))
def test_an_array_says_also_where_nothing_is(
    any_database: Database, values: list[str | None]
) -> None:
    with any_database.reading() as connection:
        query = select(bindparam("array", type_=TEXTS))
        told = connection.execute(query, {"array": write_array(values)}).scalar_one()
    assert told == values


@on_a_server
@pytest.mark.parametrize("moments", [[], [None], ["2026-11-23 07:00:00.000001Z", None]])
def test_moments_are_in_an_array_as_they_are_written(
    any_database: Database, moments: list[str | None]
) -> None:
    with any_database.reading() as connection:
        query = select(bindparam("array", type_=MOMENTS))
        told = connection.execute(query, {"array": write_array(moments)}).scalar_one()
    assert [one and f"{one:%Y-%m-%d %H:%M:%S.%fZ}" for one in told] == moments
