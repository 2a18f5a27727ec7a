"""Jobs for what was just written: there with it, or neither is."""

from collections.abc import Callable
from contextlib import closing, suppress

import pytest
from procrastinate import sql
from sqlalchemy import event

from newsletter.errors import SchemaError
from newsletter.model import PRIORITY_OF, QUEUE_OF, Work
from newsletter.storage import Database, Inbound, announcing, open_database
from newsletter.testing.plans import FIRST_SLOT_AT
from newsletter.workers import prepare_jobs
from tests.conftest import NewDatabase

OpenStored = Callable[[str], Database]
NOW = FIRST_SLOT_AT
MOST = 64


@pytest.fixture
def server(open_stored: OpenStored) -> Database:
    database = open_stored("postgresql")
    prepare_jobs(database)
    return database


def jobs(database: Database) -> list[tuple[object, ...]]:
    query = "SELECT task_name, queue_name, priority, status::text FROM procrastinate_jobs"
    with database.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def store_one(database: Database) -> None:
    Inbound(database).store(b"x", "ada@example.org", "news@example.org", now=NOW)


def test_mail_that_came_in_asks_for_somebody_who_reads_it(server: Database) -> None:
    store_one(server)

    work = Work.RECEIVE
    assert jobs(server) == [(work, QUEUE_OF[work], PRIORITY_OF[work], "todo")]


def test_what_is_rolled_back_asks_for_nothing(server: Database) -> None:
    with suppress(ZeroDivisionError), server.writing() as connection:
        announcing.announce(connection, Work.DELIVER)
        raise ZeroDivisionError

    assert jobs(server) == []


def test_where_nobody_comes_they_do_not_pile_up(server: Database) -> None:
    for _ in range(MOST + 5):
        store_one(server)

    assert len(jobs(server)) == MOST


def test_without_workers_nothing_is_asked_for(new_database: NewDatabase) -> None:
    for kind in ("sqlite", "postgresql"):
        with closing(open_database(new_database(kind))) as database:
            database.migrate()
            store_one(database)


def test_whether_there_are_jobs_is_asked_once(server: Database) -> None:
    asked: list[str] = []
    for _ in range(3):
        with server.writing() as connection:
            event.listen(connection, "before_cursor_execute", lambda *one: asked.append(one[2]))
            announcing.announce(connection, Work.DELIVER)
            announcing.announce(connection, Work.RECEIVE)

    assert sum("to_regclass" in statement for statement in asked) == 1
    assert sum("defer_jobs" in statement for statement in asked) == len(jobs(server)) == 6


def test_tables_of_jobs_that_come_later_are_noticed(new_database: NewDatabase) -> None:
    with closing(open_database(new_database("postgresql"))) as database:
        database.migrate()
        store_one(database)
        prepare_jobs(database)
        store_one(database)

        assert len(jobs(database)) == 1


def test_it_is_the_function_that_the_library_calls() -> None:
    assert "procrastinate_defer_jobs_v1(" in sql.queries["defer_jobs"]
    assert "procrastinate_job_to_defer_v1[]" in sql.queries["defer_jobs"]


def test_the_tables_of_jobs_are_made_once(new_database: NewDatabase) -> None:
    with closing(open_database(new_database("postgresql"))) as database:
        database.migrate()
        assert prepare_jobs(database)
        assert prepare_jobs(database) == ()


def test_jobs_of_another_program_are_left_alone(new_database: NewDatabase) -> None:
    with closing(open_database(new_database("postgresql"))) as database:
        database.migrate()
        with database.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE procrastinate_jobs (id integer)")

        with pytest.raises(SchemaError, match="a database of its own"):
            prepare_jobs(database)
