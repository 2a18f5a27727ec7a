"""The database and the memory tell the same story, whatever happens."""

import random
from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest

from newsletter.errors import IllegalTransitionError
from newsletter.model import (
    Beginning,
    OutboxEvent,
    OutboxId,
    OutboxItem,
    OutboxState,
    Settlement,
    SlotKind,
    SubscriberId,
)
from newsletter.ports import Ledger, Outbox
from newsletter.storage import Database, Holder, MessageOutbox, SlotLedger
from newsletter.testing.ledger import MemoryLedger
from newsletter.testing.office import Office
from newsletter.testing.outbox import MemoryOutbox
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan, make_silence, make_slot

PEOPLE = ("ada", "bob", "eve")
WORKERS = ("one", "two")
ENDS = (
    OutboxEvent.ACCEPT,
    OutboxEvent.ACCEPT,
    OutboxEvent.DEFER,
    OutboxEvent.REJECT,
    OutboxEvent.LOSE_REPLY,
)
REPLIES = ("250 ok", "451 later", "550 5.1.1 no such user", "554 no")
STEPS = 150

Admit = Callable[[Database, Iterable[str]], None]


class Story:
    """One office; every step draws from its own dice, which are the same for both offices."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office = office
        self.dice = random.Random(seed)  # noqa: S311 - dice of a test
        self.now = FIRST_SLOT_AT
        self.workers = {name: office.worker(name) for name in WORKERS}
        self.held: list[tuple[str, OutboxItem]] = []

    def step(self) -> object:
        """Do one thing and return what can be seen of it."""
        self.now += timedelta(minutes=self.dice.choice((0, 5, 120)))
        deeds: tuple[Callable[[], object], ...] = (
            self.plan, self.plan, self.claim, self.claim, self.begin, self.end, self.end,
            self.end, self.die, self.expire, self.cancel, self.retry,
        )  # fmt: skip
        return self.dice.choice(deeds)()

    def plan(self) -> object:
        person, day = self.dice.choice(PEOPLE), self.dice.randrange(8)
        kind = self.dice.choice((SlotKind.SCHEDULED, SlotKind.SCHEDULED, SlotKind.MANUAL))
        slot, mark = make_slot(day=day, kind=kind), self.dice.randrange(50)
        standing = self.office.standing(person)
        pool = sorted({f"e{self.dice.randrange(30)}" for _ in range(6)} | standing.given_back)
        chosen = [entry for entry in pool if entry not in standing.appeared or not mark % 7]
        if mark % 5:
            plan = make_plan(person, chosen[:3], also=chosen[3:], slot=slot, watermark=mark)
        else:
            plan = make_silence(person, slot=slot, watermark=mark)
        return self.office.ledger.plan([plan])

    def claim(self) -> object:
        name = self.dice.choice(WORKERS)
        items = self.workers[name].claim(now=self.now, limit=self.dice.randrange(1, 4))
        self.held.extend((name, item) for item in items)
        return items

    def begin(self) -> object:
        if not self.held:
            return None
        name, item = self.dice.choice(self.held)
        begun = Beginning(item.id, "<1@x>", "ab")
        return self.workers[name].record(begun=[begun], now=self.now)

    def end(self) -> object:
        if not self.held:
            return None
        name, item = self.dice.choice(self.held)
        later = self.dice.choice((None, self.now + timedelta(minutes=30)))
        end = Settlement(
            item.id,
            self.dice.choice(ENDS),
            self.dice.choice(REPLIES),
            not_before=later,
            is_crash=self.dice.random() < 0.2,
        )
        try:
            self.workers[name].record(ended=[end], now=self.now)
        except IllegalTransitionError as error:
            return str(error)
        self.held.remove((name, item))
        return None

    def die(self) -> object:
        dead, heir = self.dice.sample(WORKERS, 2)
        self.office.dead.add(dead)
        freed = self.workers[heir].recover(now=self.now)
        self.office.dead.clear()
        return freed

    def expire(self) -> object:
        return self.workers["one"].expire(now=self.now)

    def cancel(self) -> object:
        person = SubscriberId(self.dice.choice(PEOPLE))
        return self.workers["two"].cancel(person, reason="left", now=self.now)

    def retry(self) -> object:
        ids = [OutboxId(self.dice.randrange(1, 20)) for _ in range(4)]
        return list(self.workers["one"].retry(ids, now=self.now))

    def seen(self) -> object:
        """Return everything that the ports show."""
        people = [SubscriberId(person) for person in PEOPLE]
        slots = [sorted(map(str, self.office.ledger.slots(person))) for person in people]
        return self.outbox.find(), self.office.ledger.standings(people), slots

    @property
    def outbox(self) -> Outbox:
        return self.workers["one"]


def memory_office(answer_may_come: timedelta | None = None) -> Office:
    ledger, dead = MemoryLedger(), set[str]()

    def open_worker(name: str, limit: int) -> Outbox:
        return MemoryOutbox(
            ledger,
            resend_limit=limit,
            holder=name,
            is_holder_alive=lambda one: one not in dead,
            answer_may_come=answer_may_come,
        )

    return Office(ledger, open_worker, dead)


@pytest.fixture
def stored_office(any_database: Database, admit: Admit) -> Office:
    database = any_database
    admit(database, PEOPLE)
    ledger: Ledger = SlotLedger(database)
    dead = set[str]()

    def open_worker(name: str, limit: int) -> Outbox:
        return MessageOutbox(
            database,
            resend_limit=limit,
            holder=Holder(name),
            is_holder_alive=lambda one: one not in dead,
        )

    return Office(ledger, open_worker, dead)


@pytest.mark.parametrize("seed", range(4))
def test_both_tell_the_same_story_and_every_message_is_accounted_for(
    stored_office: Office, any_database: Database, seed: int
) -> None:
    on_a_server = timedelta(minutes=10) if any_database.path is None else None
    stored, remembered = Story(stored_office, seed), Story(memory_office(on_a_server), seed)
    for _ in range(STEPS):
        assert stored.step() == remembered.step()
        accounting = stored.outbox.accounting()
        assert accounting == remembered.outbox.accounting()
        assert accounting.planned == len(stored.outbox.find())
    assert stored.seen() == remembered.seen()


@pytest.mark.parametrize("seed", range(100, 140))
def test_no_entry_is_live_in_two_letters_of_one_person(seed: int) -> None:
    story = Story(memory_office(), seed)
    for _ in range(STEPS):
        story.step()
    alive = set(OutboxState) - {OutboxState.FAILED, OutboxState.CANCELLED}
    items = story.outbox.find(states=frozenset(alive))
    editions = story.office.ledger.editions(item.edition for item in items if item.edition)
    places = [
        (edition.reader.subscriber, match.entry)
        for edition in editions.values()
        for match in edition.matches
    ]
    assert len(places) == len(set(places))
