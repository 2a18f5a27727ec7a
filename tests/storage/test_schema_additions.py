"""Steps that only add: programs that were made before them go on to work, beside newer ones."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Final

import pytest
from sqlalchemy import text

from newsletter.errors import SchemaError
from newsletter.model import SourceName, SourceReport, SourceState
from newsletter.storage import Database, SourceReports, move_database, open_database
from newsletter.storage.migrating_packs import PostgresqlOnly, Statement
from newsletter.storage.migrations import MIGRATIONS, Migration
from newsletter.testing.plans import FIRST_SLOT_AT

LATEST: Final = MIGRATIONS[-1].version
BEFORE_ADDITIONS: Final = 16
"""The last schema of programs that look into `schema_version` alone."""
ADDED: Final = Migration(
    LATEST + 1,
    ("ALTER TABLE entries ADD COLUMN colour VARCHAR", "CREATE TABLE songs (name VARCHAR)"),
    only_adds=True,
)
CHANGED: Final = Migration(LATEST + 2, ("ALTER TABLE entries RENAME COLUMN topics TO subjects",))
REPORT: Final = SourceReport(SourceName("pages"), "saved-page", SourceState.FRESH)
ADDING: Final = re.compile(
    r"CREATE (TABLE|INDEX|TRIGGER|OR REPLACE FUNCTION) "
    r"|INSERT INTO counters "
    r"|ALTER TABLE \w+ ADD COLUMN (?!.*NOT NULL(?! DEFAULT))"
    # What the server refused until then: no program tried it.
    r"|ALTER TABLE \w+ DROP CONSTRAINT IF EXISTS \w+_(fkey|key)"
    r"|DROP INDEX "
    # SQLite's way to give a table another tree, or no constraint; a test compares the columns.
    r"|INSERT INTO free_(?P<taken>\w+) SELECT \* FROM (?P=taken) "
    r"|DROP TABLE (slots|outbox|standings)$"
    r"|ALTER TABLE free_(?P<renamed>\w+) RENAME TO (?P=renamed)$"
)

NewDatabase = Callable[[str], str]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, new_database: NewDatabase) -> Iterator[Database]:
    """Give an empty database of each kind."""
    with closing(open_database(new_database(request.param))) as opened:
        yield opened


def logged(database: Database, table: str) -> list[int]:
    with database.reading() as connection:
        found = connection.execute(text(f"SELECT version FROM {table} ORDER BY version"))  # noqa: S608 - our own names
        return list(found.scalars())


def make_as_before(database: Database) -> None:
    """Make what a program made that knew no additions."""
    database.migrate(steps=MIGRATIONS[:BEFORE_ADDITIONS])
    with database.writing() as connection:
        connection.execute(text("DROP TABLE schema_additions"))


def test_a_program_of_before_finds_its_schema_in_a_new_database(database: Database) -> None:
    database.migrate()

    assert logged(database, "schema_version") == list(range(1, BEFORE_ADDITIONS + 1))
    assert logged(database, "schema_additions") == [
        one.version for one in MIGRATIONS if one.only_adds
    ]


def test_a_database_of_before_is_copied_and_says_its_new_version(database: Database) -> None:
    make_as_before(database)
    assert database.schema_version() == BEFORE_ADDITIONS

    migrated = database.migrate()

    assert (migrated.before, migrated.after) == (BEFORE_ADDITIONS, LATEST)
    assert (migrated.copy is None) == (database.path is None)
    if migrated.copy:
        assert migrated.copy.name.endswith(f".schema-{BEFORE_ADDITIONS}")
    assert database.schema_version() == LATEST
    assert logged(database, "schema_version")[-1] == BEFORE_ADDITIONS


def test_an_older_program_works_where_a_newer_one_only_added(database: Database) -> None:
    database.migrate(steps=(*MIGRATIONS, ADDED))

    migrated = database.migrate()

    assert (migrated.before, migrated.after, migrated.copy) == (LATEST + 1, LATEST + 1, None)
    SourceReports(database).record(REPORT)
    assert SourceReports(database).last() == {REPORT.name: REPORT}
    schema = database.schema()
    assert [schema.suits(known) for known in (LATEST, LATEST + 1, LATEST + 2)] == [
        True,
        True,
        False,
    ]


def test_an_older_program_is_refused_where_a_newer_one_changed_something(
    database: Database,
) -> None:
    database.migrate(steps=(*MIGRATIONS, ADDED, CHANGED))
    with database.writing() as connection:
        connection.execute(
            text("UPDATE schema_version SET program = '9.1.0' WHERE version > :old"),
            {"old": LATEST},
        )

    refused = rf"has schema {LATEST + 2}, made by newsletter 9\.1\.0; .* use newsletter 9\.1\.0"
    for known in (MIGRATIONS[:BEFORE_ADDITIONS], MIGRATIONS, (*MIGRATIONS, ADDED)):
        with pytest.raises(SchemaError, match=refused):
            database.migrate(steps=known)
    assert not database.schema().suits(LATEST)


def test_what_was_added_is_not_added_again_with_a_later_change(database: Database) -> None:
    database.migrate(steps=(*MIGRATIONS, ADDED))

    migrated = database.migrate(steps=(*MIGRATIONS, ADDED, CHANGED))

    assert (migrated.before, migrated.after) == (LATEST + 1, LATEST + 2)
    assert database.schema_version() == LATEST + 2


def test_an_older_program_moves_nothing_that_it_cannot_know(new_database: NewDatabase) -> None:
    with (
        closing(open_database(new_database("sqlite"))) as file,
        closing(open_database(new_database("postgresql"))) as server,
    ):
        file.migrate(steps=(*MIGRATIONS, ADDED))
        with pytest.raises(SchemaError, match="move it with the newer program"):
            move_database(file, server, now=FIRST_SLOT_AT, copying=print, comparing=print)
        assert server.schema_version() == 0


@pytest.mark.parametrize("step", [one for one in MIGRATIONS if one.only_adds], ids=str)
def test_a_step_that_says_it_only_adds_does(step: Migration) -> None:
    for statement in step.statements:
        assert ADDING.match(words(statement)), statement


@pytest.mark.parametrize(("table", "step"), [("slots", 19), ("outbox", 19), ("standings", 21)])
def test_a_table_that_took_the_place_of_another_has_its_rows_columns_and_indexes(
    new_database: NewDatabase, table: str, step: int
) -> None:
    def columns() -> list[tuple[object, ...]]:
        with file.reading() as connection:
            return [tuple(row) for row in connection.execute(text(f"PRAGMA table_info({table})"))]

    def rows() -> list[tuple[object, ...]]:
        query = text(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608 - our own names
        with file.reading() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def indexes() -> dict[str, str]:
        query = text(
            "SELECT name, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"
        )
        with file.reading() as connection:
            found = connection.execute(query, {"table": table}).all()
        return {name: " ".join(sql.split()) for name, sql in found if name != table}

    with closing(open_database(new_database("sqlite"))) as file:
        file.migrate(steps=MIGRATIONS[: step - 1])
        with file.writing() as connection:
            for key in (1, 2):
                others = ["NULL" if name == "edition" else f"'{name}'" for _, name, *_ in columns()]
                values = ", ".join([str(key), *others[1:]])
                connection.execute(text(f"INSERT INTO {table} VALUES ({values})"))  # noqa: S608 - our own words
        before = columns(), rows(), indexes()
        assert len(before[1]) == 2
        file.migrate(steps=MIGRATIONS[:step])
        assert (columns(), rows()) == before[:2]
        gone = before[2].items() - indexes().items()
        assert {name for name, _ in gone} <= {"slots_by_edition", "standings_by_beginning"}


@pytest.mark.parametrize(
    "statement",
    [
        *CHANGED.statements,
        "CREATE UNIQUE INDEX one ON entries (revision)",
        "ALTER TABLE entries ADD COLUMN colour VARCHAR NOT NULL",
        "UPDATE outbox SET state = 'held'",
        PostgresqlOnly("DROP TABLE votes"),
    ],
)
def test_what_an_older_program_would_stumble_over_does_not_only_add(statement: Statement) -> None:
    assert not ADDING.match(words(statement))


def words(statement: Statement) -> str:
    return statement if isinstance(statement, str) else statement.text
