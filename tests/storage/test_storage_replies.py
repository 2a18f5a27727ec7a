from datetime import timedelta

import pytest
from sqlalchemy import insert

from newsletter.model import Beginning, OutboxEvent, OutboxKind, OutboxState, Settlement
from newsletter.storage import Database, MessageOutbox
from newsletter.storage.message_rows import OUTBOX
from newsletter.testing.plans import FIRST_SLOT_AT

NOW = FIRST_SLOT_AT
DAY = timedelta(days=1)


@pytest.fixture
def database(any_database: Database) -> Database:
    reply = {
        "id": 1,
        "kind": OutboxKind.REPLY,
        "subscriber": "ada",
        "recipient": "ada@example.org",
        "state": OutboxState.QUEUED,
        "begins_at": NOW,
        "begin_by": NOW,
        "retry_until": NOW + DAY,
        "attempts": 0,
        "crashes": 0,
        "resends": 0,
        "maybe_sent": False,
        "last_reply": "",
        "updated_at": NOW,
    }
    with any_database.writing() as connection:
        connection.execute(insert(OUTBOX), [reply])
    return any_database


def test_a_reply_goes_the_way_of_every_message(database: Database) -> None:
    outbox = MessageOutbox(database)
    (item,) = outbox.claim(now=NOW, limit=5)
    assert (item.kind, item.slot, item.edition) == (OutboxKind.REPLY, None, None)
    assert outbox.record(begun=[Beginning(item.id, "<1@x>", "ab")], now=NOW)
    outbox.record(
        ended=[Settlement(item.id, OutboxEvent.REJECT, "550 no \ud800\0" + "x" * 5000)], now=NOW
    )
    (failed,) = outbox.find()
    assert failed.last_reply.startswith("550 no ?\N{REPLACEMENT CHARACTER}xxx")
    assert len(failed.last_reply) == 1000


def test_a_reply_is_not_merged_and_fails_when_its_time_is_over(database: Database) -> None:
    outbox = MessageOutbox(database)
    assert outbox.expire(now=NOW + DAY / 2) == 0
    assert outbox.expire(now=NOW + DAY) == 1
    (item,) = outbox.find()
    assert (item.state, item.last_reply) == (OutboxState.FAILED, "its time is over")
