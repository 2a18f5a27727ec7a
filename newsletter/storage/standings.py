"""What the next plan starts from: read, and moved by each plan."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select, update

from newsletter.model import (
    EntryId,
    ReleaseNo,
    Slot,
    SlotKind,
    SlotPlan,
    Standing,
    SubscriberId,
)
from newsletter.rules.cadence import last_of
from newsletter.storage.appearances import Seen, read_given_back, read_live
from newsletter.storage.bulk import put_rows
from newsletter.storage.columns import table_of
from newsletter.storage.rows import tuples_in
from newsletter.storage.tables import StandingRow

_STANDINGS: Final = select(table_of(StandingRow))


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


def move_standings(connection: Connection, plans: Sequence[SlotPlan]) -> None:
    """Move the watermark and the last slot of every subscriber planned for.

    The watermark never goes back, the last slot only where it lay ahead of the clock.
    """
    people = list(dict.fromkeys(plan.subscriber for plan in plans))
    marks = _read_marks(connection, people)
    for plan in plans:
        marks[plan.subscriber] = _moved(marks.get(plan.subscriber), plan)
    put_rows(connection, table_of(StandingRow), [_row(marks[person]) for person in people])


def meet_standings(connection: Connection, plans: Sequence[SlotPlan]) -> None:
    """Let slots that were planned before, while the clock was wrong, count as the last ones now."""
    marks = _read_marks(connection, (plan.subscriber for plan in plans))
    for plan in plans:
        mark = marks.get(plan.subscriber)
        if mark and plan.slot.kind is SlotKind.SCHEDULED:
            last = last_of(mark.last_slot, plan.slot, planned_at=plan.planned_at)
            if last != mark.last_slot:
                table = table_of(StandingRow)
                here = table.c.subscriber == plan.subscriber
                row = _row(replace(mark, last_slot=last))
                connection.execute(update(table).where(here).values(**row))


def latest_beginning(connection: Connection) -> datetime | None:
    """Return when the latest of all last slots begins."""
    table = table_of(StandingRow)
    query = select(table.c.last_begins_at).where(table.c.last_begins_at.is_not(None))
    latest = query.order_by(table.c.last_begins_at.desc()).limit(1)
    moment: datetime | None = connection.execute(latest).scalar()
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
    rows = tuples_in(connection, _STANDINGS, table_of(StandingRow).c.subscriber, subscribers)
    return {mark.subscriber: mark for mark in map(_mark, rows)}


def _mark(row: Sequence[Any]) -> Standing:
    subscriber, watermark, last_date, last_begins_at, last_timezone, last_edition_on = row
    last = Slot(last_date, last_begins_at, last_timezone) if last_date is not None else None
    return Standing(
        subscriber=SubscriberId(subscriber),
        watermark=ReleaseNo(watermark),
        last_slot=last,
        last_edition_on=last_edition_on,
    )


def _row(mark: Standing) -> Mapping[str, object]:
    last = mark.last_slot
    return {
        "subscriber": mark.subscriber,
        "watermark": mark.watermark,
        "last_date": last and last.local_date,
        "last_begins_at": last and last.begins_at,
        "last_timezone": last and last.timezone,
        "last_edition_on": mark.last_edition_on,
    }


def _filled(mark: Standing, seen: Seen | None) -> Standing:
    if seen is None:
        return mark
    appeared = frozenset(seen.shown)
    return replace(mark, appeared=appeared, named=frozenset(seen.named) - appeared)
