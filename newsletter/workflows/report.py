"""Answers for the operator: why nobody wrote, what a score is made of, how the ledger stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from newsletter.errors import UnknownEntryError, UnknownSubscriberError
from newsletter.model import (
    Entry,
    EntryId,
    Match,
    OutboxItem,
    OutboxState,
    Silence,
    SilenceReason,
    SlotRecord,
    Subscriber,
)
from newsletter.ports import Ledger, Outbox, SubscriberStore
from newsletter.rules.addresses import address_key, parse_address
from newsletter.rules.matching import match
from newsletter.rules.planning import Occasion, Schedule, choose_topics, find_occasion
from newsletter.workflows.publish import PublishOrder, PublishPorts, open_stock


@dataclass(frozen=True, slots=True)
class Why:
    """The answer to `why`: a silence, or what became of that day's letter.

    `silence` is None where a letter was handed over, and for a day for which nothing was planned.
    """

    address: str
    date: date
    silence: Silence | None
    detail: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every term of one entry's score for one subscriber.

    `match` is None where the entry answers nothing that was asked for; `was_sent` tells that the
    terms are those stored with a letter, not computed now.
    """

    entry: Entry
    match: Match | None
    was_sent: bool
    is_muted: bool = False


@dataclass(frozen=True, slots=True)
class ReportPorts:
    """What the operator's questions need of the world."""

    subscribers: SubscriberStore
    ledger: Ledger
    outbox: Outbox
    publishing: PublishPorts


def find_subscriber(address: str, subscribers: SubscriberStore) -> Subscriber:
    """Return the subscriber with that address; raises UnknownSubscriberError, AddressError."""
    found = subscribers.find(address_key(parse_address(address)))
    if found is None:
        message = (
            f"{address}: no subscriber has this address; `newsletter subscribers list` shows all"
        )
        raise UnknownSubscriberError(message)
    return found


def why(person: Subscriber, on: date | None, ports: ReportPorts) -> Why:
    """Say why nothing came on a local day (None: today where the subscriber lives)."""
    now = ports.publishing.clock.now()
    today = _local_day(person, now)
    day = on or today
    of_day = [
        record
        for record in ports.ledger.slots(person.id, limit=200)
        if record.slot.local_date == day
    ]
    if of_day:
        return _why_planned(person, of_day[0], day, ports)
    silence = _why_unplanned(person, ports, now)
    if day != today and silence.reason in _OF_TODAY:
        return Why(person.address, day, None, "No slot was planned for that day.")
    return Why(person.address, day, silence, silence.detail)


def _why_unplanned(person: Subscriber, ports: ReportPorts, now: datetime) -> Silence:
    standing = ports.ledger.marks([person.id])[person.id]
    found = find_occasion(person, standing, schedule=Schedule.KEEP, now=now)
    if isinstance(found, Silence):
        return found
    return found.silence or Silence(
        SilenceReason.NOT_DUE,
        "A letter is due and not planned yet: it goes with the next `newsletter send`, or at once "
        "under `newsletter serve`.",
    )


_OF_TODAY: Final = frozenset({SilenceReason.NOT_DUE, SilenceReason.PAUSED})


def explain(
    person: Subscriber, entry_id: str, order: PublishOrder, ports: ReportPorts
) -> Explanation:
    """Return the terms of a score: those of the letter it was sent in, else as they are now.

    Raises UnknownEntryError.
    """
    entry = ports.publishing.entries.get([EntryId(entry_id)]).get(EntryId(entry_id))
    if entry is None:
        message = f"{entry_id}: no entry has this id; `newsletter entries` shows all"
        raise UnknownEntryError(message)
    sent = _sent_match(person, entry.id, ports)
    if sent:
        return Explanation(entry, sent, was_sent=True)
    return _explain_now(person, entry, order, ports)


def _sent_match(person: Subscriber, entry: EntryId, ports: ReportPorts) -> Match | None:
    records = ports.ledger.slots(person.id, limit=200)
    editions = ports.ledger.editions([one.edition for one in records if one.edition])
    for edition in editions.values():
        for one in (*edition.matches, *edition.also_matched):
            if one.entry == entry:
                return one
    return None


def _explain_now(
    person: Subscriber, entry: Entry, order: PublishOrder, ports: ReportPorts
) -> Explanation:
    now = ports.publishing.clock.now()
    standings = ports.ledger.marks([person.id])
    found = find_occasion(person, standings[person.id], schedule=Schedule.AHEAD, now=now)
    if not isinstance(found, Occasion):
        return Explanation(entry, None, was_sent=False)
    stock = open_stock(order, ports.publishing, now=now)
    bench = stock.workbench([found], [standings[person.id]], extra=(entry,))
    topics = choose_topics(found.preferences, order.default_topics)
    muted = bench.muted(found.preferences.mute)
    matching = match(
        found.preferences,
        topics,
        (entry,),
        bench.hits(topics),
        muted=frozenset(),
        already=frozenset(),
    )
    best = matching.matches[0] if matching.matches else None
    return Explanation(entry, best, was_sent=False, is_muted=entry.id in muted)


def _why_planned(person: Subscriber, record: SlotRecord, day: date, ports: ReportPorts) -> Why:
    if record.silence:
        return Why(person.address, day, record.silence, record.silence.detail)
    items = ports.outbox.find(subscriber=person.id)
    item = next((one for one in items if one.edition == record.edition), None)
    if item is None:
        return Why(
            person.address, day, None, "A letter was planned; its delivery record is pruned."
        )
    detail = _state_of_letter(item)
    if item.state is OutboxState.SENT:
        return Why(person.address, day, None, detail)
    return Why(person.address, day, Silence(SilenceReason.TROUBLE, detail), detail)


def _state_of_letter(item: OutboxItem) -> str:
    when = f" at {item.updated_at:%Y-%m-%d %H:%M} UTC" if item.updated_at else ""
    match item.state:
        case OutboxState.SENT:
            return f"A letter was handed over{when}: {item.last_reply or 'accepted'}."
        case OutboxState.UNCERTAIN:
            return f"The letter may have arrived: the relay gave no answer after it{when}."
        case OutboxState.FAILED:
            return f"The letter failed{when}: {item.last_reply}."
        case OutboxState.CANCELLED:
            return f"The letter was cancelled{when}: {item.last_reply}."
        case _:
            tries = f" after {item.attempts} tries" if item.attempts else ""
            said = f"; the last answer was: {item.last_reply}" if item.last_reply else ""
            return f"The letter waits to be handed over{tries}{said}."


def _local_day(person: Subscriber, now: datetime) -> date:
    zone = person.preferences.cadence.timezone if person.preferences else "UTC"
    return now.astimezone(ZoneInfo(zone)).date()
