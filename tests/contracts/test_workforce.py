"""What every book of workers does."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from newsletter.model import Doing, LeftBehind, WorkerKind, WorkerReport, WorkFigures
from newsletter.ports import Workforce
from newsletter.storage import Database, StoredWorkforce
from newsletter.testing import FakeClock
from newsletter.testing.workforce import MemoryWorkforce

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
WORKER = WorkerReport(
    "one-12-ab",
    "one",
    12,
    WorkerKind.WORKER,
    "1.2",
    frozenset({"letters", "clock"}),
    NOW - timedelta(hours=1),
    NOW,
    (Doing("deliver-batch", "", NOW - timedelta(seconds=7), 31),),
    WorkFigures({"look": 3}, {"collect-source": 1}, {"accept": 40}),
)
SERVE = WorkerReport("two-9-cd", "two", 9, WorkerKind.SERVE, "1.3", frozenset(), NOW, NOW)
HELD_LETTER = text(
    "INSERT INTO outbox (id, kind, subscriber, recipient, state, begins_at, begin_by, retry_until,"
    " attempts, crashes, resends, maybe_sent, last_reply, lease, updated_at)"
    " VALUES (:id, 'reply', 'x', 'x@example.org', 'claimed', :at, :at, :at,"
    " 1, 0, 0, FALSE, '', :lease, :at)"
)

OpenStored = Callable[[str], Database]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def workforce(
    request: pytest.FixtureRequest, open_stored: OpenStored, clock: FakeClock
) -> Workforce:
    if request.param == "memory":
        return MemoryWorkforce(clock.now)
    return StoredWorkforce(open_stored(request.param), clock.now)


def test_what_a_worker_said_last_is_kept(workforce: Workforce, clock: FakeClock) -> None:
    workforce.report(SERVE)
    workforce.report(WORKER)
    assert list(workforce.workers()) == [WORKER, SERVE]
    clock.move(timedelta(seconds=5))
    later = replace(WORKER, seen_at=clock.now(), doing=(), figures=WorkFigures({"look": 4}))
    workforce.report(later)
    assert list(workforce.workers()) == [later, SERVE]


def test_who_leaves_is_forgotten(workforce: Workforce) -> None:
    workforce.report(WORKER)
    workforce.report(SERVE)
    workforce.leave(WORKER.name)
    workforce.leave("nobody")
    assert list(workforce.workers()) == [SERVE]


def test_who_was_silent_for_a_day_is_forgotten(workforce: Workforce, clock: FakeClock) -> None:
    workforce.report(WORKER)
    clock.move(timedelta(days=1, seconds=1))
    today = replace(SERVE, started_at=clock.now(), seen_at=clock.now())
    workforce.report(today)
    assert list(workforce.workers()) == [today]


def test_what_a_wrong_clock_wrote_is_forgotten(workforce: Workforce, clock: FakeClock) -> None:
    clock.move(timedelta(days=400))
    workforce.report(WORKER)
    clock.move(timedelta(days=-400))
    workforce.report(SERVE)
    assert list(workforce.workers()) == [SERVE]


def test_the_clock_of_a_machine_may_be_wrong(workforce: Workforce) -> None:
    ahead = timedelta(minutes=9)
    (doing,) = WORKER.doing
    workforce.report(
        replace(
            WORKER,
            started_at=WORKER.started_at + ahead,
            seen_at=NOW + ahead,
            doing=(replace(doing, since_at=doing.since_at + ahead),),
        )
    )
    assert list(workforce.workers()) == [WORKER]


def test_nobody_left_anything_behind(workforce: Workforce) -> None:
    assert workforce.left_behind() == LeftBehind()


def test_letters_of_a_worker_that_is_gone_are_counted(
    any_database: Database, clock: FakeClock
) -> None:
    mine = any_database.leases.hold()
    at = NOW if any_database.path is None else "2026-11-23 07:00:00.000000"
    with any_database.writing() as connection:
        for number, lease in enumerate((mine, "somebody else", "somebody else"), start=1):
            connection.execute(HELD_LETTER, {"id": number, "lease": lease, "at": at})
    assert StoredWorkforce(any_database, clock.now).left_behind() == LeftBehind(2, NOW)


def test_the_time_is_that_of_the_database(any_database: Database) -> None:
    assert abs(StoredWorkforce(any_database).now() - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("written", ["", "[1]", '{"done": 3}', json.dumps([{"work": "look"}])])
def test_what_another_release_wrote_is_no_obstacle(
    any_database: Database, clock: FakeClock, written: str
) -> None:
    workforce = StoredWorkforce(any_database, clock.now)
    workforce.report(WORKER)
    with any_database.writing() as connection:
        connection.execute(
            text("UPDATE workers SET program = 'robot', doing = :it, figures = :it"),
            {"it": written},
        )
    (worker,) = workforce.workers()
    assert (worker.name, worker.doing, worker.figures) == (WORKER.name, (), WorkFigures())
    assert worker.kind is WorkerKind.WORKER
