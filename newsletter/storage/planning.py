"""Writing plans, many at a time: slots, standings, editions, appearances and outbox rows."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from newsletter.model import (
    Edition,
    EntryId,
    OutboxKind,
    OutboxState,
    SlotPlan,
    SubscriptionState,
)
from newsletter.storage.bulk import insert_rows
from newsletter.storage.columns import table_of
from newsletter.storage.ledger_rows import edition_rows, slot_name, slot_row
from newsletter.storage.rows import PIECE, rows_in, take_numbers
from newsletter.storage.standings import move_standings, read_live
from newsletter.storage.subscriber_rows import lock_people
from newsletter.storage.tables import (
    AppearanceRow,
    AppearanceState,
    EditionRow,
    OutboxRow,
    Place,
    SlotRow,
)


def keep_free(connection: Connection, plans: Sequence[SlotPlan]) -> list[SlotPlan]:
    """Return the plans that may be written.

    Their slot is not planned, the entries they show are still to be had, and who is to get an
    edition is a subscriber who wants it: not one who left or was erased meanwhile.
    """
    welcome = _lock_people(connection, plans)
    planned = _planned_slots(connection, plans)
    taken = _taken_entries(connection, plans)
    free = []
    for plan in plans:
        slot, wanted = (plan.subscriber, slot_name(plan.slot)), set(_shown(plan))
        is_unwanted = plan.edition is not None and plan.subscriber not in welcome
        if slot not in planned and not wanted & taken and not is_unwanted:
            planned.add(slot)
            taken |= wanted
            free.append(plan)
    return free


def planned_before(connection: Connection, plans: Sequence[SlotPlan]) -> list[SlotPlan]:
    """Return those of `plans` whose slot is planned already."""
    planned = _planned_slots(connection, plans)
    return [plan for plan in plans if (plan.subscriber, slot_name(plan.slot)) in planned]


def write_plans(connection: Connection, plans: Sequence[SlotPlan]) -> None:
    """Write plans that nothing speaks against."""
    if not plans:
        return
    move_standings(connection, plans)
    editions = [row for plan in plans for row in edition_rows(plan)]
    insert_rows(connection, table_of(EditionRow), editions)
    insert_rows(connection, table_of(SlotRow), [slot_row(plan) for plan in plans])
    insert_rows(connection, table_of(AppearanceRow), list(_appearance_rows(plans)))
    insert_rows(connection, table_of(OutboxRow), _outbox_rows(connection, plans))


def _planned_slots(connection: Connection, plans: Sequence[SlotPlan]) -> set[tuple[str, str]]:
    table = table_of(SlotRow)
    names = {slot_name(plan.slot) for plan in plans}  # few: the same days for everybody
    query = select(table.c.subscriber, table.c.name)
    if len(names) <= PIECE:
        query = query.where(table.c.name.in_(names))
    rows = rows_in(connection, query, table.c.subscriber, (plan.subscriber for plan in plans))
    return {(row["subscriber"], row["name"]) for row in rows}


def _shown(plan: SlotPlan) -> Iterator[tuple[str, str]]:
    if plan.edition:
        for match in plan.edition.matches:
            yield plan.subscriber, match.entry


def _taken_entries(connection: Connection, plans: Sequence[SlotPlan]) -> set[tuple[str, str]]:
    editions = [plan.edition for plan in plans if plan.edition]
    people = dict.fromkeys(plan.subscriber for plan in plans if plan.edition)
    entries = frozenset(match.entry for edition in editions for match in edition.matches)
    live = read_live(connection, people, entries)
    return {(person, entry) for person, shown in live.shown.items() for entry in shown}


def _lock_people(connection: Connection, plans: Sequence[SlotPlan]) -> set[str]:
    """Let nobody else plan for these people, nor take their consent away, until all is written.

    Returns who wants letters.
    """
    states = lock_people(connection, (plan.subscriber for plan in plans))
    return {id_ for id_, state in states.items() if state == SubscriptionState.CONFIRMED}


def _appearance_rows(plans: Sequence[SlotPlan]) -> Iterator[dict[str, object]]:
    for plan in plans:
        if plan.edition:
            for entry, place in _places(plan.edition).items():
                yield {
                    "subscriber": plan.subscriber,
                    "entry": entry,
                    "edition": plan.edition.id,
                    "state": AppearanceState.LIVE,
                    "place": place,
                }


def _places(edition: Edition) -> dict[EntryId, Place]:
    named = {match.entry: Place.NAMED for match in edition.also_matched}
    return named | {match.entry: Place.SHOWN for match in edition.matches}


def _outbox_rows(connection: Connection, plans: Sequence[SlotPlan]) -> list[dict[str, object]]:
    letters = [(plan, plan.edition) for plan in plans if plan.edition]
    if not letters:
        return []
    numbers = take_numbers(connection, "outbox", len(letters))
    return [
        {
            "id": number,
            "kind": OutboxKind.EDITION,
            "subscriber": plan.subscriber,
            "recipient": edition.reader.address,
            "state": OutboxState.QUEUED,
            "begins_at": plan.slot.begins_at,
            "begin_by": plan.begin_by,
            "retry_until": plan.retry_until,
            "edition": edition.id,
            "slot": slot_name(plan.slot),
            "attempts": 0,
            "crashes": 0,
            "resends": 0,
            "maybe_sent": False,
            "last_reply": "",
            "updated_at": plan.planned_at,
        }
        for number, (plan, edition) in zip(numbers, letters, strict=True)
    ]
