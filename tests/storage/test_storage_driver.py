"""The short way to the driver gives what the long way gives: the same rows, the same errors."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import String, bindparam, select, update
from sqlalchemy.exc import IntegrityError

from newsletter.errors import StorageError
from newsletter.storage import Database, Holder, MessageOutbox, SlotLedger, open_database
from newsletter.storage.driver import Driver, driver_of
from newsletter.storage.message_rows import MESSAGES, OUTBOX
from newsletter.storage.queues import TIERS, narrowed
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan
from newsletter.testing.postgresql import PostgresqlServer

Admit = Callable[[Database, Iterable[str]], None]
NewDatabase = Callable[[str], str]

PEOPLE = ("ada", "bob", "eve")
CALL = update(OUTBOX).values(last_reply=bindparam("reply", type_=String))
CALL_ONE = CALL.where(OUTBOX.c.subscriber == bindparam("whose", type_=String))
DOUBLE = "INSERT INTO counters (name, value) VALUES ('outbox', 0)"


@pytest.fixture
def database(any_database: Database, admit: Admit) -> Database:
    admit(any_database, PEOPLE)
    SlotLedger(any_database).plan([make_plan(one, [f"of-{one}"]) for one in PEOPLE])
    outbox = MessageOutbox(any_database, holder=Holder("me"), is_holder_alive=lambda _: True)
    outbox.claim(now=FIRST_SLOT_AT, limit=2)
    return any_database


@pytest.fixture
def server(postgresql: PostgresqlServer) -> Iterator[PostgresqlServer]:
    yield postgresql
    postgresql.restart()


def replies(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(connection.execute(select(OUTBOX.c.last_reply)).scalars())


def test_the_same_rows_are_found(database: Database) -> None:
    query = MESSAGES.where(OUTBOX.c.state.in_(["claimed", "queued"])).order_by(OUTBOX.c.id)
    with database.reading() as connection:
        long = [tuple(row) for row in connection.execute(query)]
        short = [tuple(row) for row in driver_of(connection).fetch(query)]
    assert short == long
    assert len(short) == len(PEOPLE)


def test_what_is_written_is_there_when_the_transaction_has_ended(database: Database) -> None:
    with database.writing_plainly() as driver:
        assert driver.change(CALL, {"reply": "all"}) == len(PEOPLE)
        rows = [{"whose": "ada", "reply": "a"}, {"whose": "bob", "reply": "b"}]
        assert driver.change_each(CALL_ONE, [*rows, {"whose": "nobody", "reply": "n"}]) == 2
    assert replies(database) == {"a", "b", "all"}


def test_nothing_is_written_where_the_transaction_breaks_off(database: Database) -> None:
    def break_off() -> None:
        with database.writing_plainly() as driver:
            driver.change(CALL, {"reply": "all"})
            raise LookupError

    with pytest.raises(LookupError):
        break_off()
    assert replies(database) == {""}
    with database.writing_plainly() as driver:
        driver.change(CALL, {"reply": "again"})
    assert replies(database) == {"again"}


def fail(driver: Driver) -> None:
    driver.run(DOUBLE)


def test_an_error_is_the_one_that_sqlalchemy_raises(database: Database) -> None:
    with pytest.raises(StorageError) as short, database.writing_plainly() as driver:
        fail(driver)
    with pytest.raises(StorageError) as long, database.writing() as connection:
        connection.exec_driver_sql(DOUBLE)
    assert str(short.value) == str(long.value)
    cause = short.value.__cause__
    assert isinstance(cause, IntegrityError)
    assert not cause.connection_invalidated


def test_an_error_in_a_transaction_of_sqlalchemy_leaves_it_usable(database: Database) -> None:
    with pytest.raises(StorageError), database.writing() as connection:
        fail(driver_of(connection))
    assert replies(database) == {""}


def test_a_locked_file_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/news.db", patience=timedelta(0))
    database.migrate()

    def write() -> None:
        with database.writing_plainly() as driver:
            driver.change(CALL, {"reply": "x"})

    with database.writing(), pytest.raises(StorageError, match="is locked; another program"):
        write()
    write()
    database.close()


def test_a_server_started_again_is_met_again(
    server: PostgresqlServer, new_database: NewDatabase
) -> None:
    database = open_database(new_database("postgresql migrated"))
    database.migrate()

    def write(meanwhile: Callable[[], object]) -> None:
        with database.writing_plainly() as driver:
            driver.change(CALL, {"reply": "x"})
            meanwhile()
            driver.change(CALL, {"reply": "y"})

    with pytest.raises(StorageError, match="cannot be reached"):
        write(server.restart)
    write(lambda: None)
    server.stop()
    try:
        with pytest.raises(StorageError, match="cannot be reached"):
            write(lambda: None)
    finally:
        server.start()
    write(lambda: None)
    database.close()


def test_what_waits_is_found_along_its_index(open_stored: Callable[[str], Database]) -> None:
    """A million letters that wait must not be looked at for one answer, nor sorted for a claim."""
    database = open_stored("sqlite")
    values = {"now": FIRST_SLOT_AT, "too_far": FIRST_SLOT_AT, "too_late": FIRST_SLOT_AT}
    with database.reading() as connection:
        for tier, index in (
            (TIERS[0].answers, "outbox_answers"),
            (TIERS[0].walks, "outbox_by_turn"),
        ):
            for walk in tier:
                text = narrowed(walk, "sqlite", frozenset(values)).compile(connection)
                marks = [None] * len(text.positiontup or ())
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", tuple(marks)).all()
                assert f"SEARCH outbox USING INDEX {index} (state=?)" in str(plan)
                assert "TEMP B-TREE" not in str(plan)
