"""A newsletter moves from a file to a server: all of it, once, and only one of them sends."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import text

from newsletter.errors import SchemaError, StorageError
from newsletter.model import EmailAddress, OutboxState
from newsletter.ports import TellProgress
from newsletter.storage import (
    Database,
    MessageOutbox,
    SlotLedger,
    move_database,
    open_database,
)
from newsletter.storage.rows import last_number, take_numbers
from newsletter.testing.office import begin, claim_one, lose_reply
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan
from tests.contracts.filled_house import stored_house
from tests.storage.a_move import NOW, Unplugged, count, move, path_of, unplug_at

LATER: Final = FIRST_SLOT_AT + timedelta(minutes=11)
PEOPLE: Final = ("ada", "bob", "eve", "kim")


def test_everything_arrives_and_is_compared(file: Database, server: Database) -> None:
    moved = move(file, server)

    assert moved.different == ()
    tables = {one.name: one for one in moved.tables}
    assert {"outbox", "consents", "votes", "subscribers", "slots", "counters"} <= tables.keys()
    assert {"schema_version", "schema_additions", "moves", "workers", "job_steps"}.isdisjoint(
        tables
    )
    for one in moved.tables:
        assert one.copied == one.here.rows == one.there.rows == count(server, one.name), one.name
        assert one.here.checksum == one.there.checksum
    assert tables["consents"].copied == 2
    server.migrate()  # it may be used


def test_numbers_go_on_behind_those_given_before(file: Database, server: Database) -> None:
    with file.reading() as connection:
        before = last_number(connection, "outbox")
    move(file, server)
    with server.writing() as connection:
        assert take_numbers(connection, "outbox", 1) == range(before + 1, before + 2)


def test_a_second_move_copies_nothing_and_compares_again(file: Database, server: Database) -> None:
    first, again = move(file, server), move(file, server)
    assert (first.was_there, again.was_there) == (False, True)
    assert sum(one.copied for one in again.tables) == 0
    assert again.different == ()


def test_what_the_server_does_afterwards_is_told_and_left_alone(
    file: Database, server: Database
) -> None:
    move(file, server)
    with server.writing() as connection:
        connection.execute(text("DELETE FROM votes WHERE entry = 'ada1'"))
        connection.execute(text("UPDATE outbox SET last_reply = 'later' WHERE id = 1"))

    again = move(file, server)

    assert set(again.different) == {"outbox", "votes"}
    assert count(server, "votes") == 1, "not copied once more"


@pytest.mark.parametrize("rows", [1, 12, 25, 45])
def test_a_move_that_was_interrupted_goes_on_where_it_was(
    file: Database, server: Database, rows: int
) -> None:
    with pytest.raises(Unplugged):
        move(file, server, unplug_at(rows))
    there = sum(count(server, one) for one in ("counters", "consents", "outbox", "votes", "slots"))

    moved = move(file, server)

    assert moved.different == ()
    assert not moved.was_there
    copied = sum(one.copied for one in moved.tables)
    assert copied <= sum(one.here.rows for one in moved.tables) - there


def test_a_server_that_has_not_got_everything_is_not_used(file: Database, server: Database) -> None:
    with pytest.raises(Unplugged):
        move(file, server, unplug_at(20))
    with pytest.raises(SchemaError, match=r"does not hold everything yet.*migrate --to"):
        server.migrate()
    with pytest.raises(SchemaError, match=r"is being moved.*migrate --to URL.*--stay"):
        file.migrate()


def test_the_file_refuses_to_be_used_afterwards(file: Database, server: Database) -> None:
    move(file, server)
    with (
        closing(open_database(f"sqlite:///{file.path}")) as opened,
        pytest.raises(SchemaError, match=r"moved from here to postgresql://.*`database`.*--stay"),
    ):
        opened.migrate()


def test_who_had_the_file_open_before_cannot_write_there_any_more(
    file: Database, server: Database
) -> None:
    ledger, outbox = SlotLedger(file), MessageOutbox(file)
    eve = stored_house(file).admit(EmailAddress("eve@example.org"))
    with file.writing() as connection:
        connection.execute(text("UPDATE outbox SET state = 'queued', lease = NULL"))
    move(file, server)
    with pytest.raises(StorageError, match="nothing is written here any more"):
        outbox.claim(now=FIRST_SLOT_AT, limit=1)
    with pytest.raises(StorageError, match="nothing is written here any more"):
        ledger.plan([make_plan(eve, ["x"])])


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR IGNORE INTO votes VALUES ('x', 'y', 1, '2026-11-23 07:00:00.000000')",
        "INSERT INTO counters VALUES ('outbox', 9) ON CONFLICT DO NOTHING",
        "INSERT INTO counters VALUES ('outbox', 9) ON CONFLICT (name) DO UPDATE SET value = 9",
        "REPLACE INTO counters VALUES ('outbox', 9)",
        "UPDATE OR IGNORE outbox SET attempts = 9",
        "DELETE FROM votes",
    ],
)
def test_no_way_of_writing_leads_past_the_closed_file(
    file: Database, server: Database, statement: str
) -> None:
    move(file, server)
    with (
        closing(sqlite3.connect(path_of(file))) as connection,
        pytest.raises(sqlite3.IntegrityError, match="moves to postgresql://"),
    ):
        connection.execute(statement)


def test_both_bars_come_to_their_end(file: Database, server: Database) -> None:
    told: dict[str, list[tuple[int, int]]] = {"copying": [], "comparing": []}

    def hear(what: str) -> TellProgress:
        return lambda done, rows: told[what].append((done, rows))

    moved = move_database(
        file, server, now=NOW, copying=hear("copying"), comparing=hear("comparing")
    )

    rows = sum(one.here.rows for one in moved.tables)
    for heard in told.values():
        assert heard == sorted(heard)
        assert heard[-1] == (rows, rows)


def test_a_moment_without_fractions_is_the_same_moment(file: Database, server: Database) -> None:
    with file.writing() as connection:
        connection.execute(text("UPDATE votes SET voted_at = '2026-11-23 07:00:01'"))
    assert move(file, server).different == ()


def test_letters_that_a_dead_worker_held_are_recovered_on_the_server(
    file: Database, server: Database
) -> None:
    ledger = SlotLedger(file)
    house = stored_house(file)
    ids = [house.admit(EmailAddress(f"{name}@example.net")) for name in PEOPLE]
    ledger.plan([make_plan(str(one), [f"{one}-x"]) for one in ids])
    with closing(open_database(f"sqlite:///{file.path}")) as worker:
        outbox = MessageOutbox(worker)
        lost = lose_reply(outbox).id
        in_data = claim_one(outbox)
        assert begin(outbox, in_data)
        claimed = claim_one(outbox)  # and here it is killed

    moved = move(file, server)

    assert moved.different == ()
    mine = MessageOutbox(server)
    assert mine.recover(now=FIRST_SLOT_AT) == 2
    states = {one.id: one.state for one in mine.get([lost, in_data.id, claimed.id])}
    assert states == {
        lost: OutboxState.UNCERTAIN,
        in_data.id: OutboxState.UNCERTAIN,
        claimed.id: OutboxState.DEFERRED,
    }
    sent = [one.id for one in mine.claim(now=LATER, limit=10)]
    assert len(sent) == len(set(sent))
