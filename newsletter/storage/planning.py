"""Writing plans, many at a time: slots, standings, editions, appearances and outbox rows."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from newsletter.model import (
    EntryId,
    OutboxKind,
    OutboxState,
    SlotPlan,
    SubscriberId,
    SubscriptionState,
    Work,
)
from newsletter.rules.short_matches import entries_of
from newsletter.storage.announcing import announce
from newsletter.storage.appearances import read_live, write_appearances
from newsletter.storage.bulk import insert_rows
from newsletter.storage.columns import table_of
from newsletter.storage.ledger_rows import slot_name, slot_row
from newsletter.storage.packs import write_editions
from newsletter.storage.rows import PIECE, take_numbers, tuples_in
from newsletter.storage.standings import move_standings
from newsletter.storage.subscriber_rows import lock_people
from newsletter.storage.tables import OutboxRow, SlotRow


def keep_free(connection: Connection, plans: Sequence[SlotPlan]) -> list[SlotPlan]:
    """Return the plans that may be written.

    Their slot is not planned, the entries they show are still to be had, and who is to get an
    edition is a subscriber who wants it: not one who left or was erased meanwhile.
    """
    welcome = _lock_people(connection, plans)
    planned = _planned_slots(connection, plans)
    shows = [_shown(plan) for plan in plans]
    taken = _taken_entries(connection, plans, frozenset[EntryId]().union(*shows))
    free = []
    for plan, shown in zip(plans, shows, strict=True):
        person, slot = plan.subscriber, (plan.subscriber, slot_name(plan.slot))
        is_unwanted = plan.edition is not None and person not in welcome
        if slot not in planned and not is_unwanted and shown.isdisjoint(taken.get(person, ())):
            planned.add(slot)
            taken[person] = shown.union(taken.get(person, ()))
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
    write_editions(connection, [plan.edition for plan in plans if plan.edition])
    insert_rows(connection, table_of(SlotRow), [slot_row(plan) for plan in plans])
    write_appearances(connection, plans)
    letters = _outbox_rows(connection, plans)
    insert_rows(connection, table_of(OutboxRow), letters)
    if letters:
        announce(connection, Work.DELIVER)


def _planned_slots(connection: Connection, plans: Sequence[SlotPlan]) -> set[tuple[str, str]]:
    table = table_of(SlotRow)
    names = {slot_name(plan.slot) for plan in plans}  # few: the same days for everybody
    query = select(table.c.subscriber, table.c.name)
    if len(names) <= PIECE:
        query = query.where(table.c.name.in_(names))
    rows = tuples_in(connection, query, table.c.subscriber, (plan.subscriber for plan in plans))
    return {(person, name) for person, name in rows}


def _shown(plan: SlotPlan) -> set[EntryId]:
    return set(entries_of(plan.edition.matches)) if plan.edition else set()


def _taken_entries(
    connection: Connection, plans: Sequence[SlotPlan], entries: frozenset[EntryId]
) -> dict[SubscriberId, set[EntryId]]:
    """Return what these people were shown of `entries`, which are those of the plans."""
    people = dict.fromkeys(plan.subscriber for plan in plans if plan.edition)
    live = read_live(connection, people, entries)
    return {SubscriberId(person): seen.shown for person, seen in live.items()}


def _lock_people(connection: Connection, plans: Sequence[SlotPlan]) -> set[str]:
    """Let nobody else plan for these people, nor take their consent away, until all is written.

    Returns who wants letters.
    """
    states = lock_people(connection, (plan.subscriber for plan in plans))
    return {id_ for id_, state in states.items() if state == SubscriptionState.CONFIRMED}


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
