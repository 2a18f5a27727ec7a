"""Writing plans, many at a time: slots, standings, editions, appearances and outbox rows."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from newsletter.model import (
    Edition,
    EntryId,
    OutboxKind,
    OutboxState,
    SlotPlan,
    SubscriberId,
    Work,
)
from newsletter.rules.short_matches import entries_of, lowest_release, possible_entries
from newsletter.storage.announcing import announce
from newsletter.storage.appearances import appearance_rows, read_live, write_appearances
from newsletter.storage.bulk_columns import Columns, NewRows, Same, insert_columns
from newsletter.storage.columns import table_of
from newsletter.storage.ledger_rows import slot_name
from newsletter.storage.packs import EditionRows, count_packs, edition_rows, write_editions
from newsletter.storage.rows import PIECE, take_numbers, tuples_in
from newsletter.storage.standings import (
    MarkRows,
    meet_standings,
    move_standings,
    read_mark_rows,
    watermark_of,
)
from newsletter.storage.subscriber_rows import lock_people
from newsletter.storage.tables import OutboxRow, SlotRow

_SLOTS: Final = table_of(SlotRow)


class PlanNumbers(NamedTuple):
    """What packs and messages of some plans are called."""

    packs: Sequence[int]
    messages: Sequence[int]


def take_plan_numbers(connection: Connection, plans: Sequence[SlotPlan]) -> PlanNumbers:
    """Return numbers for these plans; those that are not needed in the end are not given again.

    Where several write at once, in a transaction of their own: until it ends, others who plan wait.
    """
    letters = [plan.edition for plan in plans if plan.edition]
    if not letters:
        return PlanNumbers((), ())
    packs = take_numbers(connection, "pack", count_packs(letters))
    return PlanNumbers(packs, take_numbers(connection, "outbox", len(letters)))


class PlanRows(NamedTuple):
    """Plans with the rows that they become, but for the numbers: put together before anybody has to wait."""

    plans: Sequence[SlotPlan]
    slots: NewRows
    editions: EditionRows
    appearances: NewRows
    messages: NewRows


def put_together(plans: Sequence[SlotPlan]) -> PlanRows:
    """Return plans with their rows."""
    letters = [(plan, plan.edition) for plan in plans if plan.edition]
    return PlanRows(
        plans,
        _slots_of(plans),
        edition_rows([edition for _, edition in letters]),
        appearance_rows(letters),
        _messages_of(letters),
    )


def write_plans(connection: Connection, rows: PlanRows, numbers: PlanNumbers) -> Sequence[SlotPlan]:
    """Write the plans that nothing speaks against, and return these.

    Their slot is not planned, the entries they show are still to be had, and who is to get an
    edition is a subscriber who wants it: not one who left or was erased meanwhile.
    """
    plans = rows.plans
    # Nobody else plans for these people, nor takes their consent away, until all is written.
    welcome = lock_people(connection, (plan.subscriber for plan in plans))
    marks = read_mark_rows(connection, (plan.subscriber for plan in plans))
    free = _free(connection, plans, welcome, marks)
    if len(free) < len(plans):
        written = {plan.subscriber for plan in free}
        left = [plan for plan in plans if plan.subscriber not in written]
        meet_standings(connection, _planned_before(connection, left))
        rows = put_together(free)
    if free:
        _write(connection, rows, marks, numbers)
    return free


def _free(
    connection: Connection, plans: Sequence[SlotPlan], welcome: AbstractSet[str], marks: MarkRows
) -> list[SlotPlan]:
    """Return the plans that may be written."""
    before = [plan for plan in plans if plan.subscriber in marks]
    planned = _planned_slots(connection, before) if before else set()
    taken = _taken_entries(connection, before, marks)
    if not (planned or taken) and len(welcome) == len(plans):
        return list(plans)  # nearly always
    free = []
    for plan in plans:
        person, slot = plan.subscriber, (plan.subscriber, slot_name(plan.slot))
        is_unwanted = plan.edition is not None and person not in welcome
        shown = _shown(plan)
        if slot not in planned and not is_unwanted and shown.isdisjoint(taken.get(person, ())):
            planned.add(slot)
            taken[person] = shown.union(taken.get(person, ()))
            free.append(plan)
    return free


def _planned_before(connection: Connection, plans: Sequence[SlotPlan]) -> list[SlotPlan]:
    """Return those of `plans` whose slot is planned already."""
    planned = _planned_slots(connection, plans)
    return [plan for plan in plans if (plan.subscriber, slot_name(plan.slot)) in planned]


def _write(connection: Connection, rows: PlanRows, marks: MarkRows, numbers: PlanNumbers) -> None:
    plans = rows.plans
    move_standings(connection, plans, marks)
    write_editions(connection, rows.editions, numbers.packs)
    insert_columns(connection, _SLOTS, *rows.slots)
    write_appearances(connection, rows.appearances)
    letters, columns = rows.messages
    if letters:
        numbered = {"id": numbers.messages[:letters], **columns}
        insert_columns(connection, table_of(OutboxRow), letters, numbered)
        announce(connection, Work.DELIVER)


def _planned_slots(connection: Connection, plans: Sequence[SlotPlan]) -> set[tuple[str, str]]:
    names = set(_slot_names(plans))  # few: the same days for everybody
    query = select(_SLOTS.c.subscriber, _SLOTS.c.name)
    if len(names) <= PIECE:
        query = query.where(_SLOTS.c.name.in_(names))
    rows = tuples_in(connection, query, _SLOTS.c.subscriber, (plan.subscriber for plan in plans))
    return {(person, name) for person, name in rows}


def _slot_names(plans: Sequence[SlotPlan]) -> list[str]:
    """Return the name of each plan's slot; it is written once for all who have the slot in common."""
    slots = {id(plan.slot): plan.slot for plan in plans}
    names = {key: slot_name(slot) for key, slot in slots.items()}
    return [names[id(plan.slot)] for plan in plans]


def _shown(plan: SlotPlan) -> set[EntryId]:
    return set(entries_of(plan.edition.matches)) if plan.edition else set()


def _taken_entries(
    connection: Connection, plans: Sequence[SlotPlan], marks: MarkRows
) -> dict[SubscriberId, set[EntryId]]:
    """Return what these people were shown of what the plans may show.

    What is above the watermark was in no letter, whoever planned it.
    """
    editions = [
        plan.edition
        for plan in plans
        if plan.edition
        and watermark_of(marks[plan.subscriber]) >= lowest_release(plan.edition.matches)
    ]
    people = dict.fromkeys(edition.reader.subscriber for edition in editions)
    live = read_live(connection, people, _may_be_shown(editions))
    return {SubscriberId(person): seen.shown for person, seen in live.items() if seen.shown}


def _may_be_shown(editions: Iterable[Edition]) -> frozenset[EntryId]:
    """Return what the editions show, and perhaps more that is as new."""
    sets = {id(known): known for one in editions for known in (possible_entries(one.matches),)}
    return frozenset[EntryId]().union(*sets.values())


def _slots_of(plans: Sequence[SlotPlan]) -> NewRows:
    slots = [plan.slot for plan in plans]
    editions = [plan.edition for plan in plans]
    silences = [plan.silence for plan in plans]
    columns: Columns = {
        "subscriber": [plan.subscriber for plan in plans],
        "name": _slot_names(plans),
        "local_date": [slot.local_date for slot in slots],
        "begins_at": [slot.begins_at for slot in slots],
        "timezone": [slot.timezone for slot in slots],
        "kind": [slot.kind for slot in slots],
        "planned_at": [plan.planned_at for plan in plans],
        "new_count": [plan.new_count for plan in plans],
        "edition": [edition and edition.id for edition in editions],
        # As a plain text: the driver of SQLite asks around what to do with any other class.
        "silence": [silence and silence.reason.value for silence in silences],
        "detail": [silence and silence.detail for silence in silences],
    }
    return NewRows(len(plans), columns)


def _messages_of(letters: Sequence[tuple[SlotPlan, Edition]]) -> NewRows:
    plans = [plan for plan, _ in letters]
    columns: Columns = {
        "kind": Same(OutboxKind.EDITION),
        "subscriber": [plan.subscriber for plan in plans],
        "recipient": [edition.reader.address for _, edition in letters],
        "state": Same(OutboxState.QUEUED),
        "begins_at": [plan.slot.begins_at for plan in plans],
        "begin_by": [plan.begin_by for plan in plans],
        "retry_until": [plan.retry_until for plan in plans],
        "edition": [edition.id for _, edition in letters],
        "slot": _slot_names(plans),
        "attempts": Same(0),
        "crashes": Same(0),
        "resends": Same(0),
        "maybe_sent": Same(value=False),
        "last_reply": Same(""),
        "updated_at": [plan.planned_at for plan in plans],
    }
    return NewRows(len(letters), columns)
