"""What the next plan starts from: read, and moved by each plan."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Update, bindparam, func, select, update

from newsletter.model import (
    EntryId,
    OutboxState,
    ReleaseNo,
    Slot,
    SlotKind,
    SlotPlan,
    Standing,
    SubscriberId,
)
from newsletter.rules.cadence import last_of
from newsletter.storage.appearances import Seen, read_given_back, read_live
from newsletter.storage.bulk import is_listed, listed, put_rows
from newsletter.storage.bulk_columns import Columns, insert_columns
from newsletter.storage.columns import Moment, table_of
from newsletter.storage.driver import driver_of
from newsletter.storage.rows import fetch_listed
from newsletter.storage.tables import OutboxRow, SlotRow, StandingRow

_TABLE: Final = table_of(StandingRow)
_STANDINGS: Final = select(_TABLE)
_NAMES: Final = tuple(column.name for column in _TABLE.c)
_AFTER: Final = bindparam("after", type_=Moment())
_OUTBOX: Final = table_of(OutboxRow).c
_SLOTS: Final = table_of(SlotRow).c
_BEGINNING: Final = (
    select(_OUTBOX.id).where(_OUTBOX.state.in_(OutboxState), _OUTBOX.begins_at > _AFTER).limit(1),
    select(_SLOTS.name).where(_SLOTS.silence.is_not(None), _SLOTS.begins_at > _AFTER).limit(1),
)
"""Whether any slot begins after a moment, along `outbox_by_turn` and `slots_in_silence`."""
_MOST_GROUPS: Final = 50
"""For so many a statement of their own is less work than one row after the other."""

MarkRow = tuple[Any, ...]
"""What the table has beside the subscriber, column behind column."""
MarkRows = Mapping[SubscriberId, MarkRow]


def read_standings(
    connection: Connection, subscribers: Sequence[SubscriberId]
) -> dict[SubscriberId, Standing]:
    """Return the whole standing of each: its marks with all that ever appeared."""
    marks = read_marks(connection, subscribers)
    live = read_live(connection, subscribers)
    return {person: _filled(mark, live.get(person)) for person, mark in marks.items()}


def read_marks(
    connection: Connection, subscribers: Sequence[SubscriberId]
) -> dict[SubscriberId, Standing]:
    """Return the standing of each without what appeared; an empty one for who has none."""
    marks = _read_marks(connection, subscribers)
    read = {person: marks.get(person) or Standing(person) for person in subscribers}
    for person, entries in read_given_back(connection, subscribers).items():
        standing = read[SubscriberId(person)]
        read[standing.subscriber] = replace(standing, given_back=entries)
    return read


def fill_standings(
    connection: Connection, standings: Iterable[Standing], entries: Collection[EntryId]
) -> dict[SubscriberId, Standing]:
    """Return `standings` with what appeared of `entries`."""
    bare = {standing.subscriber: standing for standing in standings}
    live = read_live(connection, bare, frozenset(entries))
    return {person: _filled(standing, live.get(person)) for person, standing in bare.items()}


def read_mark_rows(connection: Connection, subscribers: Iterable[SubscriberId]) -> MarkRows:
    """Return what is stored for those for whom anything was ever planned."""
    rows = fetch_listed(connection, _STANDINGS, _TABLE.c.subscriber, subscribers)
    return {SubscriberId(person): tuple(row) for person, *row in rows}


def watermark_of(row: MarkRow) -> ReleaseNo:
    """Return the watermark that a row says."""
    return ReleaseNo(row[0])


def move_standings(connection: Connection, plans: Sequence[SlotPlan], known: MarkRows) -> None:
    """Move the watermark and the last slot of every subscriber planned for.

    `known` are their rows, which nobody changes meanwhile. The watermark never goes back, the last
    slot only where it lay ahead of the clock.
    """
    moved: dict[SubscriberId, MarkRow] = {}
    moves: dict[tuple[object, ...], MarkRow] = {}  # few: most begin and end where others do
    for plan in plans:
        person = plan.subscriber
        before = moved.get(person) or known.get(person)
        move = (before, id(plan.slot), plan.watermark, plan.planned_at, plan.edition is None)
        after = moves.get(move)
        if after is None:
            mark = _mark(person, before) if before else None
            after = moves[move] = _row(_moved(mark, plan))
        moved[person] = after
    _write_new(connection, {one: row for one, row in moved.items() if one not in known})
    _write_known(connection, {one: row for one, row in moved.items() if one in known})


def _write_new(connection: Connection, rows: Mapping[SubscriberId, MarkRow]) -> None:
    if rows:
        values = map(list, zip(*rows.values(), strict=True))
        columns: Columns = dict(zip(_NAMES, (list(rows), *values), strict=True))
        insert_columns(connection, _TABLE, len(rows), columns)


def _write_known(connection: Connection, rows: Mapping[SubscriberId, MarkRow]) -> None:
    """Write rows that are there already; those that become the same in one go."""
    groups: dict[MarkRow, list[SubscriberId]] = {}
    for person, row in rows.items():
        groups.setdefault(row, []).append(person)
    if len(groups) > _MOST_GROUPS:
        put_rows(connection, _TABLE, [_named(person, row) for person, row in rows.items()])
        return
    driver = driver_of(connection)
    for row, people in groups.items():
        values = {f"new_{name}": one for name, one in zip(_NAMES[1:], row, strict=True)}
        driver.change(_moving(driver.name), {**values, **listed(connection, people)})


@cache
def _moving(dialect: str) -> Update:
    values = {name: bindparam(f"new_{name}", type_=_TABLE.c[name].type) for name in _NAMES[1:]}
    return update(_TABLE).where(is_listed(_TABLE.c.subscriber, dialect)).values(values)


def meet_standings(connection: Connection, plans: Sequence[SlotPlan]) -> None:
    """Let slots that were planned before, while the clock was wrong, count as the last ones now."""
    marks = _read_marks(connection, (plan.subscriber for plan in plans))
    for plan in plans:
        mark = marks.get(plan.subscriber)
        if mark and plan.slot.kind is SlotKind.SCHEDULED:
            last = last_of(mark.last_slot, plan.slot, planned_at=plan.planned_at)
            if last != mark.last_slot:
                here = _TABLE.c.subscriber == plan.subscriber
                row = _named(plan.subscriber, _row(replace(mark, last_slot=last)))
                connection.execute(update(_TABLE).where(here).values(**row))


def latest_beginning(connection: Connection, after: datetime) -> datetime | None:
    """Return when the latest of all last slots begins, if one begins after then.

    Whether any slot does is soon known: it has a message, or passed in silence, and for both the moments
    stand in an index. Only then all standings are read, for a slot may be the last one no more: as long as
    anything is kept that a wrong clock had planned.
    """
    if all(connection.execute(slots, {"after": after}).first() is None for slots in _BEGINNING):
        return None
    begins_at = _TABLE.c.last_begins_at
    query = select(func.max(begins_at)).where(begins_at > after)
    moment: datetime | None = connection.execute(query).scalar()
    return moment


def _moved(mark: Standing | None, plan: SlotPlan) -> Standing:
    last = mark.last_slot if mark else None
    if plan.slot.kind is SlotKind.SCHEDULED:
        last = last_of(last, plan.slot, planned_at=plan.planned_at)
    dates = [mark.last_edition_on if mark else None, plan.edition and plan.slot.local_date]
    return Standing(
        subscriber=plan.subscriber,
        watermark=max(plan.watermark, mark.watermark or plan.watermark if mark else plan.watermark),
        last_slot=last,
        last_edition_on=max((day for day in dates if day), default=None),
    )


def _read_marks(
    connection: Connection, subscribers: Iterable[SubscriberId]
) -> dict[SubscriberId, Standing]:
    rows = read_mark_rows(connection, subscribers)
    return {person: _mark(person, row) for person, row in rows.items()}


def _mark(person: SubscriberId, row: MarkRow) -> Standing:
    watermark, last_date, last_begins_at, last_timezone, last_edition_on = row
    last = None if last_date is None else _slot(last_date, last_begins_at, last_timezone)
    return Standing(person, ReleaseNo(watermark), last, last_edition_on)


@lru_cache(maxsize=4_096)  # the same object for all who have it in common
def _slot(local_date: date, begins_at: datetime, timezone: str) -> Slot:
    return Slot(local_date, begins_at, timezone)


def _row(mark: Standing) -> MarkRow:
    last = mark.last_slot
    where = (last.local_date, last.begins_at, last.timezone) if last else (None, None, None)
    return (mark.watermark, *where, mark.last_edition_on)


def _named(person: SubscriberId, row: MarkRow) -> Mapping[str, object]:
    return dict(zip(_NAMES, (person, *row), strict=True))


def _filled(mark: Standing, seen: Seen | None) -> Standing:
    if seen is None:
        return mark
    appeared = frozenset(seen.shown)
    return replace(mark, appeared=appeared, named=frozenset(seen.named) - appeared)
