"""Looking at the outbox costs what is shown, however much lies beside it."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, event

from newsletter.model import EditionId, OutboxId, OutboxState
from newsletter.storage import Database
from newsletter.storage.looking import Question, find
from tests.storage.test_storage_figures import MORNING, put_messages

STATES = [state for state in OutboxState for _ in range(2)]
EVERYTHING = Question(states=None, subscriber=None, editions=None, limit=3)
TROUBLE = frozenset({OutboxState.FAILED, OutboxState.DEFERRED})


@pytest.fixture
def kept(any_database: Database) -> Database:
    """Two messages in each state; later numbers begin later, the last two at one moment."""
    moments = [MORNING + timedelta(minutes=place) for place in range(len(STATES) - 1)]
    put_messages(any_database, zip(STATES, [*moments, moments[-1]], strict=True))
    return any_database


def numbers(database: Database, asked: Question) -> list[OutboxId]:
    with database.reading() as connection:
        return [item.id for item in find(connection, asked)]


def test_the_latest_of_all_states_come_first(kept: Database) -> None:
    last = len(STATES)
    assert numbers(kept, EVERYTHING) == [last, last - 1, last - 2]


def test_the_latest_of_some_states_come_first(kept: Database) -> None:
    wanted = Question(TROUBLE, None, None, None)
    of_them = [place for place, state in enumerate(STATES, start=1) if state in TROUBLE]
    assert numbers(kept, wanted) == of_them[::-1]


def test_no_state_is_none(kept: Database) -> None:
    assert numbers(kept, Question(frozenset(), None, None, None)) == []


@pytest.mark.parametrize("states", [None, TROUBLE])
def test_they_are_read_along_the_index_of_turns(
    kept: Database, states: frozenset[OutboxState] | None
) -> None:
    with kept.reading() as connection:
        plans = _plans(connection, Question(states, None, None, 3))
    assert len(plans) == len(states or OutboxState)
    for plan in plans:
        assert "outbox_by_turn" in plan
        assert "Sort" not in plan
        assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("states", [None, TROUBLE])
def test_those_of_editions_are_found_by_their_readers(
    kept: Database, states: frozenset[OutboxState] | None
) -> None:
    """Only their own tree is sorted by the names of editions: a letter goes into another page each time."""
    with kept.reading() as connection:
        (plan,) = _plans(connection, Question(states, None, [EditionId("one")], 3))
    assert "editions" in plan
    assert "outbox_by_subscriber" in plan


def _plans(connection: Connection, asked: Question) -> list[str]:
    """Return how the database would answer each statement of `find`."""
    statements: list[tuple[str, object]] = []

    def note(*one: object) -> None:
        statements.append((str(one[2]), one[3]))

    event.listen(connection, "before_cursor_execute", note)
    find(connection, asked)
    event.remove(connection, "before_cursor_execute", note)
    word = "EXPLAIN QUERY PLAN"
    if connection.dialect.name == "postgresql":
        word = "EXPLAIN"
        # So few rows are read quickest as they lie; what matters is what can be done.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        connection.exec_driver_sql("SET LOCAL enable_sort = off")
    return [_plan(connection, f"{word} {text}", values) for text, values in statements]


def _plan(connection: Connection, text: str, values: object) -> str:
    rows = connection.exec_driver_sql(text, values)  # type: ignore[arg-type]  # as they were sent
    return "\n".join(str(row[-1]) for row in rows)
