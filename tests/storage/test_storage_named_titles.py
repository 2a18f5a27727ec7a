"""A database of schema 1, where titles named under "also matched" had no rows, goes on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from newsletter.model import OutboxState, SlotPlan, SubscriberId
from newsletter.storage import Database, SlotLedger, open_database
from newsletter.storage.codec import write_edition
from newsletter.storage.migrations import MIGRATIONS
from newsletter.storage.standings import read_marks
from newsletter.testing.plans import make_plan, make_slot

ADA = SubscriberId("ada")
NOW = "2026-11-23 07:00:00.000000"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path}/news.db")
    opened.migrate(steps=MIGRATIONS[:1])
    yield opened
    opened.close()


def store(
    database: Database, plan: SlotPlan, outcome: OutboxState, places: dict[str, str], *, no: int
) -> None:
    """Write an edition as the program of schema 1 did, entries with their state."""
    assert plan.edition
    values = {"no": no, "id": plan.edition.id, "at": NOW, "state": outcome}
    values["decision"] = write_edition(plan.edition)
    with database.writing() as connection:
        connection.execute(text("INSERT INTO editions VALUES (:id, 'ada', :decision)"), values)
        connection.execute(
            text(
                "INSERT INTO outbox VALUES (:no, 'edition', 'ada', 'ada@example.org', :state, :at,"
                " :at, :at, :id, NULL, 1, 0, 0, 0, NULL, NULL, NULL, '', NULL, :at)"
            ),
            values,
        )
        for entry, state in places.items():
            connection.execute(
                text("INSERT INTO appearances VALUES ('ada', :entry, :id, 'r', :place)"),
                values | {"entry": entry, "place": state},
            )


def test_titles_of_letters_before_the_change_are_known_after_it(database: Database) -> None:
    failed = make_plan("ada", ["a", "b"], also=["c", "d"])
    sent = make_plan("ada", ["a", "e"], also=["b", "c", "e"], slot=make_slot(day=1))
    store(database, failed, OutboxState.FAILED, {"a": "given-back", "b": "named"}, no=1)
    store(database, sent, OutboxState.SENT, {"a": "live", "e": "live"}, no=2)

    database.migrate()

    standing = SlotLedger(database).standings([ADA])[ADA]
    assert standing.appeared == {"a", "e"}
    assert standing.named == {"b", "c"}
    assert standing.given_back == {"d"}


def test_what_was_given_back_is_found_along_an_index(database: Database) -> None:
    failed = make_plan("ada", ["a"])
    store(database, failed, OutboxState.FAILED, {"a": "given-back"}, no=1)
    database.migrate()
    asked: list[tuple[str, Any]] = []
    with database.reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        read_marks(connection, [ADA])
        is_any, all_of_them = [one for one in asked if "'given-back'" in one[0]]
        for query, values in (is_any, all_of_them):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values).all()
            assert "appearances_given_back" in str(plan)
