"""The latest of all last slots is asked for each minute, and nearly never lies ahead."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from newsletter.model import OutboxState
from newsletter.storage import Database, SlotLedger, open_database
from newsletter.storage.columns import write_moment
from newsletter.storage.standings import latest_beginning
from newsletter.testing.plans import FIRST_SLOT_AT, make_silence, make_slot

STANDING = "INSERT INTO standings VALUES ('ada', 1, '2026-11-25', :at, 'UTC', NULL)"
MESSAGE = """INSERT INTO outbox VALUES (1, 'edition', 'ada', 'ada@example.org', :state, :at, :at, :at,
    'e1', 'd1', 1, 0, 0, 0, NULL, NULL, NULL, '', NULL, :at)"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(f"sqlite:///{tmp_path}/news.db")) as opened:
        opened.migrate()
        yield opened


def test_whether_any_slot_lies_ahead_is_found_along_two_indexes(database: Database) -> None:
    SlotLedger(database).plan([make_silence("bob")])
    asked: list[tuple[str, Any]] = []
    with database.reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        assert latest_beginning(connection, FIRST_SLOT_AT) is None
        plans = [
            str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values).all())
            for query, values in list(asked)
        ]
    messages, silences = plans
    assert "SEARCH outbox USING COVERING INDEX outbox_by_turn (state=? AND begins_at>?)" in messages
    assert "SEARCH slots USING INDEX slots_in_silence (begins_at>?)" in silences


@pytest.mark.parametrize("state", OutboxState)
def test_a_letter_that_lies_ahead_is_seen_whatever_became_of_it(
    database: Database, state: OutboxState
) -> None:
    ahead = make_slot(day=2)
    with database.writing() as connection:
        connection.execute(text(STANDING), {"at": write_moment(ahead.begins_at)})
        connection.execute(text(MESSAGE), {"at": write_moment(ahead.begins_at), "state": state})
    assert SlotLedger(database).latest_beginning(after=FIRST_SLOT_AT) == ahead.begins_at


def test_all_standings_are_read_where_one_does(database: Database) -> None:
    ledger = SlotLedger(database)
    ledger.plan([make_silence("ada", slot=make_slot(day=2)), make_silence("bob")])
    ledger.plan([make_silence("eve", slot=make_slot(day=1))])
    assert ledger.latest_beginning(after=FIRST_SLOT_AT) == make_slot(day=2).begins_at
