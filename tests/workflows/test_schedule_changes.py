"""Schedules that change at any moment, a relay that is often away, restarts: nothing twice, nothing lost."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from newsletter.model import (
    Cadence,
    EmailAddress,
    Every,
    OutboxState,
    Preferences,
    SlotKind,
    Weekday,
)
from tests.workflows.simulated_newsroom import TOPICS, WORDS, SimulatedNewsroom

START = datetime(2026, 9, 30, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
ZONES = (
    "Africa/Casablanca",
    "America/Havana",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Paris",
    "Pacific/Auckland",
    "Pacific/Pago_Pago",
)


def any_cadence(dice: Random) -> Cadence:
    every = dice.choice(list(Every))
    at, zone = time(dice.randrange(24), dice.choice([0, 30, 59])), dice.choice(ZONES)
    if every is Every.MONTH:
        return Cadence(every, at, zone, month_day=dice.randint(1, 31))
    if every in {Every.WEEK, Every.DAYS}:
        count = 1 if every is Every.WEEK else 3
        return Cadence(every, at, zone, frozenset(dice.sample(list(Weekday), k=count)))
    return Cadence(every, at, zone)


def people_of(dice: Random) -> list[Preferences]:
    return [
        Preferences(
            EmailAddress(f"reader{number}@example.org"),
            cadence=any_cadence(dice),
            topics=(TOPICS[dice.choice(WORDS)],),
            at_most=50,
        )
        for number in range(12)
    ]


@pytest.mark.parametrize("seed", range(2))
def test_however_schedules_change_no_slot_has_two_letters_and_no_entry_is_lost(
    tmp_path: Path, seed: int
) -> None:
    dice = Random(seed)  # noqa: S311 - a test's dice
    room = SimulatedNewsroom(tmp_path / "news.db", START)
    people = people_of(dice)
    room.subscribe(people)
    now = START
    for _ in range(80):
        now += HOUR * dice.choice([0.01, 0.5, 2, 5, 9, 9, 30])
        if dice.random() < 0.3:
            room.wire.announce(dice.choice(WORDS))
        room.clock.moment = now
        number = dice.randrange(len(people))
        people[number] = replace(people[number], cadence=any_cadence(dice))
        room.adopt([people[number]])
        room.transport.deferred = {one.email for one in people if dice.random() < 0.4}
        if dice.random() < 0.1:
            room.restart()
        room.tick(now)
    room.transport.deferred = set()
    for _ in range(20):
        now += 48 * HOUR
        room.tick(now)

    received: dict[str, Counter[int]] = defaultdict(Counter)
    for arrival in room.arrivals():
        received[arrival.address].update(arrival.numbers)
    for person in people:
        word = person.topics[0].name
        wanted = [
            number
            for number, entry in enumerate(room.wire.entries)
            if f"A {word} " in entry.content.title
        ]
        assert received[person.email] == Counter(wanted)
    for subscriber in room.subscribers.all():
        records = room.ledger.slots(subscriber.id, limit=1000)
        days = [one.slot.local_date for one in records if one.slot.kind is SlotKind.SCHEDULED]
        assert len(days) == len(set(days)) > 0
        begun = sorted(one.slot.begins_at for one in records)
        assert all(later - earlier >= 12 * HOUR for earlier, later in pairwise(begun))
        sent = room.outbox.find(
            states=frozenset({OutboxState.SENT}), subscriber=subscriber.id, limit=None
        )
        slots = [one.slot for one in sent]
        assert len(slots) == len(set(slots))
    room.close()
