"""What the next plan starts from: read, and moved by each plan."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, exists, literal_column, select, update

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
from newsletter.storage.bulk import is_listed, listed, put_rows
from newsletter.storage.columns import table_of
from newsletter.storage.rows import PIECE, tuples_in
from newsletter.storage.tables import AppearanceRow, AppearanceState, Place, StandingRow

_APPEARANCES: Final = table_of(AppearanceRow)
_OTHERS: Final = _APPEARANCES.alias("others")

_LIVE: Final = select(_APPEARANCES.c.subscriber, _APPEARANCES.c.entry, _APPEARANCES.c.place).where(
    _APPEARANCES.c.state == AppearanceState.LIVE
)

_GIVEN_BACK: Final = (
    select(_APPEARANCES.c.subscriber, _APPEARANCES.c.entry)
    # Written out, not bound: the partial index holds these rows alone.
    .where(_APPEARANCES.c.state == literal_column(f"'{AppearanceState.GIVEN_BACK}'"))
    .where(
        ~exists().where(
            _OTHERS.c.subscriber == _APPEARANCES.c.subscriber,
            _OTHERS.c.entry == _APPEARANCES.c.entry,
            _OTHERS.c.state == AppearanceState.LIVE,
        )
    )
)


def read_standings(
    connection: Connection, subscribers: Sequence[SubscriberId]
) -> dict[SubscriberId, Standing]:
    """Return the whole standing of each: its marks with all that ever appeared."""
    marks = read_marks(connection, subscribers)
    live = read_live(connection, subscribers)
    return {person: _filled(mark, live) for person, mark in marks.items()}


def read_marks(
    connection: Connection, subscribers: Sequence[SubscriberId]
) -> dict[SubscriberId, Standing]:
    """Return the standing of each without what appeared; an empty one for who has none."""
    marks = _read_marks(connection, subscribers)
    given_back = _read_given_back(connection, subscribers)
    read = {person: marks.get(person) or Standing(person) for person in subscribers}
    for person, entries in given_back.items():
        read[SubscriberId(person)] = replace(
            read[SubscriberId(person)], given_back=frozenset(entries)
        )
    return read


def fill_standings(
    connection: Connection, standings: Iterable[Standing], entries: Collection[EntryId]
) -> dict[SubscriberId, Standing]:
    """Return `standings` with what appeared of `entries`."""
    bare = {standing.subscriber: standing for standing in standings}
    live = read_live(connection, bare, frozenset(entries))
    return {person: _filled(standing, live) for person, standing in bare.items()}


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
    table = table_of(StandingRow)
    rows = tuples_in(connection, select(table), table.c.subscriber, subscribers)
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


def _read_given_back(
    connection: Connection, subscribers: Sequence[SubscriberId]
) -> Mapping[str, list[EntryId]]:
    """Return what editions gave back and no other edition shows or names."""
    found: defaultdict[str, list[EntryId]] = defaultdict(list)
    rows = tuples_in(connection, _GIVEN_BACK, _APPEARANCES.c.subscriber, subscribers)
    for subscriber, entry in rows:
        found[subscriber].append(EntryId(entry))
    return found


@dataclass(frozen=True, slots=True)
class Live:
    """Entries that were sent or are on their way, by subscriber."""

    shown: Mapping[str, list[EntryId]]
    named: Mapping[str, list[EntryId]]


@cache
def _live_of_entries(dialect: str) -> Select[Any]:
    return _LIVE.where(is_listed(_APPEARANCES.c.entry, dialect, "entries"))


def read_live(
    connection: Connection,
    subscribers: Iterable[SubscriberId],
    entries: frozenset[EntryId] | None = None,
) -> Live:
    """Return what these people were sent, or will be; of all entries where `entries` is None.

    Few entries are looked up one by one; beside many, reading all that a person got is faster.
    """
    found: dict[str, defaultdict[str, list[EntryId]]] = {
        place: defaultdict(list) for place in Place
    }
    names: dict[str, EntryId] = {}  # thousands of people were sent the same entries: one text each
    query, values = _LIVE, None
    if entries is not None and len(entries) <= PIECE:
        query = _live_of_entries(connection.dialect.name)
        values = listed(connection, entries, "entries")
    wanted = subscribers if entries is None or entries else ()
    rows = tuples_in(connection, query, _APPEARANCES.c.subscriber, wanted, values)
    for person, entry, place in rows:
        if entries is None or entry in entries:
            found[place][person].append(names.setdefault(entry, EntryId(entry)))
    return Live(found[Place.SHOWN], found[Place.NAMED])


def _filled(mark: Standing, live: Live) -> Standing:
    appeared = frozenset(live.shown.get(mark.subscriber, ()))
    named = frozenset(live.named.get(mark.subscriber, ())) - appeared
    if appeared == mark.appeared and named == mark.named:
        return mark
    return replace(mark, appeared=appeared, named=named)
