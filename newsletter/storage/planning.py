"""Writing plans, many at a time: slots, standings, editions, appearances and outbox rows."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, bindparam, select, update

from newsletter.model import OutboxKind, OutboxState, SlotPlan
from newsletter.storage.columns import table_of
from newsletter.storage.ledger_rows import edition_rows, slot_name, slot_row
from newsletter.storage.rows import insert_rows, rows_in, take_numbers
from newsletter.storage.standings import move_standings
from newsletter.storage.tables import (
    AppearanceRow,
    AppearanceState,
    EditionRow,
    OutboxRow,
    SlotRow,
)


def keep_free(connection: Connection, plans: Sequence[SlotPlan]) -> list[SlotPlan]:
    """Return the plans whose slot is not planned and whose entries are still to be had."""
    planned = _planned_slots(connection, plans)
    taken = _taken_entries(connection, plans)
    free = []
    for plan in plans:
        slot, wanted = (plan.subscriber, slot_name(plan.slot)), set(_revisions(plan))
        if slot not in planned and not wanted & taken:
            planned.add(slot)
            taken |= wanted
            free.append(plan)
    return free


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
    _name(connection, plans)


def _planned_slots(connection: Connection, plans: Sequence[SlotPlan]) -> set[tuple[str, str]]:
    table = table_of(SlotRow)
    names = {slot_name(plan.slot) for plan in plans}  # few: the same days for everybody
    query = select(table.c.subscriber, table.c.name)
    rows = rows_in(connection, query, table.c.subscriber, (plan.subscriber for plan in plans))
    return {(row["subscriber"], row["name"]) for row in rows if row["name"] in names}


def _revisions(plan: SlotPlan) -> Iterator[tuple[str, str, str]]:
    if plan.edition:
        for match in plan.edition.matches:
            yield plan.subscriber, match.entry, match.revision


def _taken_entries(connection: Connection, plans: Sequence[SlotPlan]) -> set[tuple[str, str, str]]:
    table = table_of(AppearanceRow)
    query = select(table.c.subscriber, table.c.entry, table.c.revision).where(
        table.c.state == AppearanceState.LIVE
    )
    people = (plan.subscriber for plan in plans if plan.edition)
    rows = rows_in(connection, query, table.c.subscriber, people)
    return {(row["subscriber"], row["entry"], row["revision"]) for row in rows}


def _appearance_rows(plans: Sequence[SlotPlan]) -> Iterator[dict[str, object]]:
    for plan in plans:
        if plan.edition:
            for match in {match.entry: match for match in plan.edition.matches}.values():
                yield {
                    "subscriber": plan.subscriber,
                    "entry": match.entry,
                    "edition": plan.edition.id,
                    "revision": match.revision,
                    "state": AppearanceState.LIVE,
                }


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


def _name(connection: Connection, plans: Sequence[SlotPlan]) -> None:
    """Mark what was given back and is now named by title alone: that was its offer."""
    table = table_of(AppearanceRow)
    statement = (
        update(table)
        .where(
            table.c.subscriber == bindparam("person"),
            table.c.entry == bindparam("named"),
            table.c.state == AppearanceState.GIVEN_BACK,
        )
        .values(state=AppearanceState.NAMED)
    )
    named = [
        {"person": plan.subscriber, "named": match.entry}
        for plan in plans
        if plan.edition
        for match in plan.edition.also_matched
    ]
    if named:
        connection.execute(statement, named)
