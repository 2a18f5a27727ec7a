"""Why nothing came to somebody on a day: from what was stored, also for days long over or to come."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from newsletter.model import (
    Edition,
    OutboxItem,
    OutboxState,
    Silence,
    SilenceReason,
    SlotKind,
    SlotRecord,
    Subscriber,
)
from newsletter.rules.addresses import address_key
from newsletter.rules.planning import (
    NEXT_STEPS,
    Occasion,
    Past,
    Schedule,
    explain_ahead,
    explain_past,
    find_occasion,
    local_day,
    overdue,
)
from newsletter.workflows.report import ReportPorts

_MOST_SLOTS: Final = 1_000
"""How far back the slots beside a day are looked for: nearly three years of daily letters."""
_PUNCTUAL: Final = timedelta(minutes=2)
"""A slot that began so lately is planned with the next look of `serve`."""


@dataclass(frozen=True, slots=True)
class Why:
    """The answer to `why`: a silence, or what became of that day's letter.

    `silence` is None where a letter with entries was handed over; `detail` always says what is
    known, and `next_step` what can be done, empty where there is nothing to do.
    """

    address: str
    date: date
    silence: Silence | None
    detail: str
    next_step: str = ""


def why(person: Subscriber, on: date | None, ports: ReportPorts) -> Why:
    """Say why nothing came on a local day (None: today where the subscriber lives)."""
    now = ports.publishing.clock.now()
    today = local_day(person, now)
    day = on or today
    planned = ports.ledger.slots_on(person.id, day)
    if planned:
        answers = [_why_planned(person, record, ports) for record in planned]
        return next((one for one in answers if one.silence is None), answers[0])
    silence = _unplanned(person, day, today, ports, now)
    return _answer(person, day, silence)


def _answer(person: Subscriber, day: date, silence: Silence) -> Why:
    step = NEXT_STEPS[silence.reason].replace("ADDRESS", person.address)
    return Why(person.address, day, silence, silence.detail, step)


def _unplanned(
    person: Subscriber, day: date, today: date, ports: ReportPorts, now: datetime
) -> Silence:
    if day > today:
        return explain_ahead(person, day)
    noted = ports.ledger.noted(person.id, day)
    if day < today:
        return explain_past(person, day, _past(person, day, noted, ports), now=now)
    return _today(person, noted, ports, now)


def _today(person: Subscriber, noted: Silence | None, ports: ReportPorts, now: datetime) -> Silence:
    standing = ports.ledger.marks([person.id])[person.id]
    found = find_occasion(person, standing, schedule=Schedule.KEEP, now=now)
    if not isinstance(found, Occasion):
        return found
    if found.silence:
        return found.silence
    if noted and noted.reason is SilenceReason.TROUBLE:
        return noted
    if now - found.slot.begins_at < _PUNCTUAL:
        return Silence(SilenceReason.NOT_DUE, "The letter is due this very minute.")
    return overdue(found.slot)


def _past(person: Subscriber, day: date, noted: Silence | None, ports: ReportPorts) -> Past:
    slots = [
        record.slot
        for record in ports.ledger.slots(person.id, limit=_MOST_SLOTS)
        if record.slot.kind is SlotKind.SCHEDULED
    ]
    return Past(
        consents=tuple(ports.subscribers.consents(address_key(person.address))),
        noted=noted,
        earlier=next((slot for slot in slots if slot.local_date < day), None),
        later=next((slot for slot in reversed(slots) if slot.local_date > day), None),
    )


def _why_planned(person: Subscriber, record: SlotRecord, ports: ReportPorts) -> Why:
    day = record.slot.local_date
    if record.silence:
        return _answer(person, day, record.silence)
    wanted = [record.edition] if record.edition else []
    item = next(iter(ports.outbox.find(editions=wanted)), None)
    if item is None:
        pruned = "A letter was planned; its delivery record is pruned."
        return Why(person.address, day, None, pruned)
    detail = _state_of_letter(item)
    if item.state is not OutboxState.SENT:
        return _answer(person, day, Silence(_reason_of(item), detail))
    edition = next(iter(ports.ledger.editions(wanted).values()), None)
    if edition and edition.note:
        return _answer(person, day, _of_note(edition, edition.note, detail))
    return Why(person.address, day, None, detail)


def _of_note(edition: Edition, note: Silence, detail: str) -> Silence:
    return Silence(note.reason, f"{note.detail} A note of {edition.slot} says so. {detail}")


def _reason_of(item: OutboxItem) -> SilenceReason:
    has_left = item.state is OutboxState.CANCELLED and item.last_reply == "unsubscribed"
    return SilenceReason.UNSUBSCRIBED if has_left else SilenceReason.TROUBLE


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
            tries = f" after {_counted(item.attempts, 'try', 'tries')}" if item.attempts else ""
            said = f"; the last answer was: {item.last_reply}" if item.last_reply else ""
            return f"The letter waits to be handed over{tries}{said}."


def _counted(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count} {many}"
