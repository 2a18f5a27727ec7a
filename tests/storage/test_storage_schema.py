"""The schema, its versions, and what is not ours: the same on every kind of database."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, inspect, text
from sqlmodel import SQLModel

from newsletter.errors import SchemaError, StorageError
from newsletter.model import SourceName, SourceReport, SourceState
from newsletter.storage import Database, SourceReports, open_database
from newsletter.storage.migrations import MIGRATIONS, Migration
from newsletter.storage.tables import OutboxRow

REPORT = SourceReport(SourceName("pages"), "saved-page", SourceState.FRESH)
LATEST = MIGRATIONS[-1].version
NEXT = Migration(LATEST + 1, ("ALTER TABLE entries ADD COLUMN colour VARCHAR",))

NewDatabase = Callable[[str], str]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, new_database: NewDatabase) -> Iterator[Database]:
    """Give an empty database of each kind."""
    opened = open_database(new_database(request.param))
    yield opened
    opened.close()


def columns(connection: Connection, table: str) -> set[str]:
    return {column["name"] for column in inspect(connection).get_columns(table)}


def raw(database: Database, *statements: str) -> None:
    with database.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_new_database_gets_its_tables(database: Database) -> None:
    migrated = database.migrate()
    assert (migrated.before, migrated.after, migrated.copy) == (0, LATEST, None)
    assert database.schema_version() == LATEST


def test_migrating_again_does_nothing(database: Database) -> None:
    database.migrate()
    migrated = database.migrate()
    assert (migrated.before, migrated.after, migrated.copy) == (LATEST, LATEST, None)


def test_the_steps_lead_to_the_tables_of_the_program(database: Database) -> None:
    database.migrate()
    with database.reading() as connection:
        found, dialect = inspect(connection), connection.dialect
        for name, table in SQLModel.metadata.tables.items():
            stored = {one["name"]: one for one in found.get_columns(name)}
            assert list(stored) == list(table.columns.keys()), name
            for column in table.columns:
                wanted = database._backend.in_dialect(str(column.type))
                assert stored[column.name]["nullable"] == column.nullable, (name, column.name)
                assert stored[column.name]["type"].compile(dialect) == wanted, (name, column.name)
            keys = found.get_pk_constraint(name)["constrained_columns"]
            assert keys == [column.name for column in table.primary_key], name
    assert OutboxRow.__tablename__ == "outbox"


def test_a_step_more_is_taken_and_what_is_stored_stays(database: Database) -> None:
    database.migrate()
    SourceReports(database).record(REPORT)

    migrated = database.migrate(steps=(*MIGRATIONS, NEXT))

    assert (migrated.before, migrated.after) == (LATEST, LATEST + 1)
    assert SourceReports(database).last() == {REPORT.name: REPORT}
    with database.reading() as connection:
        assert "colour" in columns(connection, "entries")


def test_a_step_that_fails_leaves_the_database_as_it_was(database: Database) -> None:
    database.migrate()
    broken = Migration(LATEST + 1, (*NEXT.statements, "CREATE TABLE entries (id VARCHAR)"))

    with pytest.raises(StorageError, match="already exists"):
        database.migrate(steps=(*MIGRATIONS, broken))

    assert database.schema_version() == LATEST
    with database.reading() as connection:
        assert "colour" not in columns(connection, "entries")


def test_an_older_program_refuses_a_newer_database(database: Database) -> None:
    database.migrate(steps=(*MIGRATIONS, NEXT))
    raw(database, "UPDATE schema_version SET program = '9.1.0'")
    with pytest.raises(SchemaError, match=r"use newsletter 9\.1\.0 or later"):
        database.migrate()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE songs (id INTEGER)",
        "CREATE TABLE schema_version (hash VARCHAR)",
        "CREATE TABLE schema_version (version INTEGER, program VARCHAR)",
    ],
    ids=["other tables", "another log of versions", "no version"],
)
def test_the_database_of_another_program_is_left_alone(database: Database, statement: str) -> None:
    raw(database, statement)

    with pytest.raises(SchemaError, match="another program"):
        database.migrate()

    with database.reading() as connection:
        assert len(inspect(connection).get_table_names()) == 1


def test_stores_over_an_empty_database_say_what_is_missing(database: Database) -> None:
    with pytest.raises(StorageError, match="migrations"):
        SourceReports(database).last()


def test_a_reader_sees_one_moment_while_another_writes(database: Database) -> None:
    database.migrate()
    count = text("SELECT count(*) FROM source_reports")
    with database.reading() as reader:
        assert reader.execute(count).scalar() == 0
        SourceReports(database).record(REPORT)
        assert reader.execute(count).scalar() == 0
    assert SourceReports(database).last() == {REPORT.name: REPORT}
