"""What would be sent now, or at the next slot: the same decision and the same bytes, not stored."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from newsletter.model import (
    Edition,
    EditionId,
    EntryId,
    OutboxItem,
    OutboxState,
    PreferencesReading,
    Silence,
    Standing,
    Subscriber,
)
from newsletter.rules.addresses import address_key
from newsletter.rules.planning import Occasion, Schedule, find_occasion
from newsletter.workflows.press import Press, PrintedLetter, print_letter
from newsletter.workflows.publish import PublishOrder, PublishPorts, plan_batch

_OPEN: Final = frozenset({OutboxState.QUEUED, OutboxState.DEFERRED})


def preview(
    subscriber: Subscriber, order: PublishOrder, ports: PublishPorts, press: Press
) -> tuple[Edition, PrintedLetter] | Silence:
    """Return the letter of the slot that is due, else of the next one, or why there is none.

    The schedule of `order` is turned ahead.
    """
    ahead = replace(order, schedule=Schedule.AHEAD)
    now = ports.clock.now()
    lost = _lost_by_then(subscriber, ports, now=now)

    def adjust(standing: Standing) -> Standing:
        return replace(
            standing,
            appeared=standing.appeared - lost,
            given_back=standing.given_back | lost,
        )

    plans, silences = plan_batch([subscriber], ahead, ports, now=now, adjust=adjust)
    for plan in plans:
        if plan.edition:
            return plan.edition, print_letter(plan.edition, press)
    return silences[0][1]


def as_documented(person: Subscriber, reading: PreferencesReading, *, now: datetime) -> Subscriber:
    """Return the subscriber as the documents say now, before anybody adopted them.

    Without a valid document the one in force stays.
    """
    key = address_key(person.address)
    for document in reading.documents:
        if address_key(document.preferences.email) == key:
            old = person.preferences.cadence if person.preferences else None
            is_same = old == document.preferences.cadence
            since = person.cadence_since_at if is_same else now
            return replace(person, preferences=document.preferences, cadence_since_at=since)
    return person


def last_letter(
    subscriber: Subscriber, ports: PublishPorts, press: Press
) -> tuple[Edition, PrintedLetter] | None:
    """Return the subscriber's last planned letter, printed again, or None when there was none."""
    records = ports.ledger.slots(subscriber.id, limit=100)
    named = [record.edition for record in records if record.edition]
    if not named:
        return None
    edition = ports.ledger.editions(named[:1])[named[0]]
    return edition, print_letter(edition, press)


def _lost_by_then(
    subscriber: Subscriber, ports: PublishPorts, *, now: datetime
) -> frozenset[EntryId]:
    """Return the entries of letters that will be merged into the next because they came too late."""
    standing = ports.ledger.marks([subscriber.id])[subscriber.id]
    found = find_occasion(subscriber, standing, schedule=Schedule.AHEAD, now=now)
    if not isinstance(found, Occasion):
        return frozenset()
    at = max(now, found.slot.begins_at)
    waiting = ports.outbox.find(states=_OPEN, subscriber=subscriber.id)
    editions = ports.ledger.editions(_too_late(waiting, at))
    return frozenset(match.entry for edition in editions.values() for match in edition.matches)


def _too_late(items: Iterable[OutboxItem], at: datetime) -> list[EditionId]:
    return [
        item.edition
        for item in items
        if item.edition
        and item.message_sha256 is None
        and (item.begin_by <= at or item.retry_until <= at)
    ]
