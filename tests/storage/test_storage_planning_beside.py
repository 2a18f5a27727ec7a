"""Who plans waits for nobody who plans for others."""

from sqlalchemy import text

from newsletter.storage import Database, MessageOutbox, SlotLedger
from newsletter.storage.planning import put_together, take_plan_numbers, write_plans
from newsletter.testing.plans import make_plan
from tests.conftest import Admit, OpenStored


def test_a_plan_is_written_while_another_one_is_not_yet(
    open_stored: OpenStored, admit: Admit
) -> None:
    database: Database = open_stored("postgresql")
    admit(database, ["ada", "bob"])
    for_ada, for_bob = [make_plan("ada", ["e1"])], [make_plan("bob", ["e1"])]
    with database.noting() as connection:
        numbers = take_plan_numbers(connection, for_ada)
    with database.writing() as connection:
        written = write_plans(connection, put_together(for_ada), numbers)
        with database.noting() as beside:
            beside.execute(text("SET LOCAL lock_timeout TO '5s'"))
            take_plan_numbers(beside, for_bob)
        written_beside = SlotLedger(database).plan(for_bob)

        assert [one.recipient for one in MessageOutbox(database).find()] == ["bob@example.org"]
    assert (written, written_beside) == (for_ada, for_bob)
    found = {one.recipient: one.id for one in MessageOutbox(database).find()}
    assert found == {"ada@example.org": numbers.messages[0], "bob@example.org": 3}


def test_only_notes_do_not_wait_for_the_disk(open_stored: OpenStored) -> None:
    database = open_stored("postgresql")
    asked = text("SHOW synchronous_commit")
    with database.noting() as connection:
        assert connection.execute(asked).scalar_one() == "off"
    with database.writing() as connection:
        assert connection.execute(asked).scalar_one() != "off"
