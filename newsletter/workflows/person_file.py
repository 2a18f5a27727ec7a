"""Everything an operator needs to know of one address, to answer "why do I get nothing?"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from newsletter.model import (
    AddressKey,
    ConsentRecord,
    OutboxItem,
    Slot,
    SlotRecord,
    Subscriber,
    Suppression,
)
from newsletter.ports import BounceBook, Votes
from newsletter.rules.addresses import address_key
from newsletter.rules.bounces import points_on
from newsletter.workflows.receive.bouncing import read_standing
from newsletter.workflows.report import ReportPorts
from newsletter.workflows.silent_days import Why, why

_SHOWN: Final = 50
_SHOWN_SLOTS: Final = 30


@dataclass(frozen=True, slots=True)
class PersonFile:
    """What is known of an address. `person` is None for one that is no subscriber (any more).

    `answer` says why nothing came on the day that was asked for; `bounce_points` are those of today,
    `coming` the slots in which letters come next.
    """

    address: AddressKey
    person: Subscriber | None
    suppression: Suppression | None
    consents: Sequence[ConsentRecord]
    messages: Sequence[OutboxItem] = ()
    slots: Sequence[SlotRecord] = ()
    likes: int = 0
    dislikes: int = 0
    bounce_points: float = 0.0
    last_bounce: date | None = None
    answer: Why | None = None
    coming: Sequence[Slot] = ()


def file_of(
    person: Subscriber, day: date | None, ports: ReportPorts, votes: Votes, bounces: BounceBook
) -> PersonFile:
    """Return what is known of a subscriber; `day` None: why nothing came today."""
    key = address_key(person.address)
    given = [one.vote for one in votes.votes(person.id)]
    kept = bounces.standing(key)
    standing = read_standing(kept) if kept else None
    today = ports.publishing.clock.now().date()
    return PersonFile(
        address=key,
        person=person,
        suppression=person.suppression,
        consents=ports.subscribers.consents(key),
        messages=ports.outbox.find(subscriber=person.id, limit=_SHOWN),
        slots=ports.ledger.slots(person.id, limit=_SHOWN_SLOTS),
        likes=sum(vote > 0 for vote in given),
        dislikes=sum(vote < 0 for vote in given),
        bounce_points=points_on(standing, today) if standing else 0.0,
        last_bounce=standing.last_day if standing else None,
        answer=why(person, day, ports),
    )


def file_of_stranger(address: AddressKey, ports: ReportPorts) -> PersonFile | None:
    """Return what is known of an address that is no subscriber; None: nothing."""
    suppression = ports.subscribers.suppression(address)
    consents = ports.subscribers.consents(address)
    if suppression is None and not consents:
        return None
    return PersonFile(address, None, suppression, consents)
