"""A ledger with several workers over it, as a test tells the story of a message."""

from collections.abc import Callable
from dataclasses import dataclass

from newsletter.model import Beginning, OutboxEvent, OutboxItem, Settlement, Standing, SubscriberId
from newsletter.ports import Ledger, Outbox
from newsletter.testing.plans import FIRST_SLOT_AT


@dataclass(frozen=True, slots=True)
class Office:
    """`open_worker` takes a name and a limit of resends; `dead` names workers that are gone."""

    ledger: Ledger
    open_worker: Callable[[str, int], Outbox]
    dead: set[str]

    def worker(self, name: str = "one", *, resend_limit: int = 1) -> Outbox:
        """Return the outbox as the worker `name` sees it."""
        return self.open_worker(name, resend_limit)

    def standing(self, subscriber: str = "ada") -> Standing:
        """Return what the ledger knows of a subscriber."""
        person = SubscriberId(subscriber)
        return self.ledger.standings([person])[person]

    def given_back(self, subscriber: str = "ada") -> set[str]:
        """Return the entries that the next edition of a subscriber may have again."""
        return set(self.standing(subscriber).given_back)


def claim_one(outbox: Outbox) -> OutboxItem:
    """Claim the message that is next."""
    (item,) = outbox.claim(now=FIRST_SLOT_AT, limit=1)
    return item


def begin(outbox: Outbox, item: OutboxItem) -> bool:
    """Ask whether the final dot of a claimed message may be sent."""
    begun = Beginning(item.id, "<1@example.org>", "ab")
    return item.id in outbox.record(begun=[begun], now=FIRST_SLOT_AT)


def settle(outbox: Outbox, item: OutboxItem, event: OutboxEvent, reply: str = "") -> None:
    """Write the end of a try."""
    outbox.record(ended=[Settlement(item.id, event, reply)], now=FIRST_SLOT_AT)


def crash(outbox: Outbox, item: OutboxItem) -> None:
    """Write that a try ended in an error of the program."""
    end = Settlement(item.id, OutboxEvent.DEFER, "KeyError: 'x'", is_crash=True)
    outbox.record(ended=[end], now=FIRST_SLOT_AT)


def lose_reply(outbox: Outbox) -> OutboxItem:
    """Send the message that is next and lose the answer to its final dot."""
    item = claim_one(outbox)
    begin(outbox, item)
    settle(outbox, item, OutboxEvent.LOSE_REPLY, "connection lost")
    return item


def only_message(outbox: Outbox) -> OutboxItem:
    """Return the one message there is."""
    (item,) = outbox.find()
    return item
