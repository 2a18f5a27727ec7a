"""What a person decides about single messages, through the command line and a real SMTP server."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.bootstrap import open_newsroom
from newsletter.model import Beginning, OutboxEvent, OutboxId, OutboxState, Settlement
from newsletter.testing import Manners, ScriptedSmtpServer
from tests.end_to_end.house import MONDAY, House

TUESDAY = "2026-11-24T12:00+00:00"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def lose_all_replies(house: House) -> list[int]:
    """Plan the letters of Monday and lose the answer to each; return their ids."""
    house.edit_config("delivery:", "delivery:\n  on_uncertain: hold")
    plan = house.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert plan.json["sent"] == 3
    house.run("send", "--ignore-schedule", "--now", TUESDAY)
    return make_uncertain(house)


def make_uncertain(house: House) -> list[int]:
    with open_newsroom(house.folder / "config.yaml", now=NOW) as room:
        sent = room.outbox.find(states=frozenset({OutboxState.SENT}))
    return [int(item.id) for item in sent]


@pytest.fixture
def uncertain(ready: House) -> tuple[House, list[int]]:
    """A house with three letters of which nobody knows whether they arrived."""
    ready.edit_config("delivery:", "delivery:\n  on_uncertain: hold")
    with unreachable_relay(ready):
        planned = ready.run("send", "--ignore-schedule", "--now", MONDAY, "--json")
    assert planned.json["waiting"] == 3, planned
    with open_newsroom(ready.folder / "config.yaml", now=NOW) as room:
        found = room.outbox.find()
        room.outbox.retry([item.id for item in found], now=NOW)
        for item in room.outbox.claim(now=NOW, limit=10):
            room.outbox.record(begun=[Beginning(item.id, "<1@x>", "ab")], now=NOW)
            end = Settlement(item.id, OutboxEvent.LOSE_REPLY, "connection lost (at end-of-data)")
            room.outbox.record(ended=[end], now=NOW)
        ids = [int(item.id) for item in room.outbox.find()]
    return ready, ids


@contextmanager
def unreachable_relay(house: House) -> Iterator[None]:
    text = (house.folder / "config.yaml").read_text(encoding="utf-8")
    port = text.partition("port: ")[2].partition(",")[0]
    house.edit_config(f"port: {port},", "port: 1,")
    yield
    house.edit_config("port: 1,", f"port: {port},")
