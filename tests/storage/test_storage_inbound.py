"""What holds for received messages and purges on a database alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import event

from newsletter.model import EmailAddress, SubscriptionEvent
from newsletter.ports import Deadlines
from newsletter.storage import Database, Inbound, RecordArchive, SlotLedger, Subscribers
from newsletter.storage.purging import Steps
from newsletter.testing.plans import FIRST_SLOT_AT, make_silence, make_slot

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PATIENCE = timedelta(minutes=1)

OpenStored = Callable[[str], Database]


def test_workers_that_ask_at_once_never_take_the_same_message(any_database: Database) -> None:
    store = Inbound(any_database)
    stored = {store.store(b"Subject: help\r\n", None, None, now=NOW) for _ in range(30)}

    def take(_: int) -> list[int]:
        one = Inbound(any_database)
        found = one.claim(5, now=NOW, patience_until=NOW + PATIENCE)
        return [message.id for message in found]

    taken: list[int] = []
    with ThreadPoolExecutor(4) as pool:
        while found := [number for some in pool.map(take, range(4)) for number in some]:
            taken += found
    assert sorted(taken) == sorted(stored)


def test_one_place_brought_by_two_at_once_is_kept_once(any_database: Database) -> None:
    def bring(_: int) -> int:
        return Inbound(any_database).store(b"x", None, None, now=NOW, origin="imap 7")

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(bring, range(8)))) == 1


def test_a_purge_takes_many_small_steps(any_database: Database) -> None:
    people = Subscribers(any_database)
    ada = EmailAddress("ada@example.org")
    person = people.apply(ada, SubscriptionEvent.VOUCH, now=NOW, statement="They asked.")
    assert person
    ledger = SlotLedger(any_database)
    ledger.plan([make_silence(person.id, slot=make_slot(day=day)) for day in range(7)])
    later = FIRST_SLOT_AT + timedelta(days=99)
    commits: list[object] = []
    event.listen(any_database._backend.engine, "commit", commits.append)

    archive = RecordArchive(any_database, Steps(rows=3, pause_s=0))
    done = archive.purge(Deadlines(later, later, later, later, later))

    assert done.days == 7
    assert len(commits) >= 3


def test_old_answers_are_found_without_a_look_at_all_letters(open_stored: OpenStored) -> None:
    database = open_stored("sqlite")
    asked: list[str] = []
    event.listen(
        database._backend.engine, "before_cursor_execute", lambda *said: asked.append(said[2])
    )
    RecordArchive(database).purge(Deadlines(NOW, NOW, NOW, NOW, NOW))
    looks = [one for one in asked if one.startswith("SELECT replies.outbox")]
    assert len(looks) == 2
    with database.reading() as connection:
        for look in looks:
            values = tuple("2026" for _ in range(look.count("?") - 1))
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {look}", (*values, 5)).all()
            assert any("replies" in step[3] for step in plan), plan
            assert not any("outbox_by" in step[3] for step in plan)
