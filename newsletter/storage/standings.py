"""What the next plan starts from: read, and moved by each plan."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, exists, literal_column, select

from newsletter.model import (
    EntryId,
    ReleaseNo,
    Slot,
    SlotKind,
    SlotPlan,
    Standing,
    SubscriberId,
)
from newsletter.storage.columns import table_of
from newsletter.storage.rows import PIECE, insert_rows, pieces, rows_in
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
    return {
        person: replace(
            marks.get(person, Standing(person)), given_back=frozenset(given_back[person])
        )
        for person in subscribers
    }


def fill_standings(
    connection: Connection, standings: Iterable[Standing], entries: Collection[EntryId]
) -> dict[SubscriberId, Standing]:
    """Return `standings` with what appeared of `entries`."""
    bare = {standing.subscriber: standing for standing in standings}
    live = read_live(connection, bare, frozenset(entries))
    return {person: _filled(standing, live) for person, standing in bare.items()}


def move_standings(connection: Connection, plans: Sequence[SlotPlan]) -> None:
    """Move the watermark and the last slot of every subscriber planned for; neither goes back."""
    people = list(dict.fromkeys(plan.subscriber for plan in plans))
    marks = _read_marks(connection, people)
    for plan in plans:
        marks[plan.subscriber] = _moved(marks.get(plan.subscriber), plan)
    table = table_of(StandingRow)
    for piece in pieces(people):
        connection.execute(delete(table).where(table.c.subscriber.in_(piece)))
    insert_rows(connection, table, [_row(marks[person]) for person in people])


def _moved(mark: Standing | None, plan: SlotPlan) -> Standing:
    last = mark.last_slot if mark else None
    is_later = last is None or plan.slot.local_date > last.local_date
    dates = [mark.last_edition_on if mark else None, plan.edition and plan.slot.local_date]
    return Standing(
        subscriber=plan.subscriber,
        watermark=max(plan.watermark, mark.watermark or plan.watermark if mark else plan.watermark),
        last_slot=plan.slot if plan.slot.kind is SlotKind.SCHEDULED and is_later else last,
        last_edition_on=max((day for day in dates if day), default=None),
    )


def _read_marks(
    connection: Connection, subscribers: Iterable[SubscriberId]
) -> dict[SubscriberId, Standing]:
    table = table_of(StandingRow)
    rows = rows_in(connection, select(table), table.c.subscriber, subscribers)
    return {SubscriberId(row["subscriber"]): _mark(row) for row in rows}


def _mark(row: RowMapping) -> Standing:
    last = None
    if row["last_date"] is not None:
        last = Slot(row["last_date"], row["last_begins_at"], row["last_timezone"])
    return Standing(
        subscriber=SubscriberId(row["subscriber"]),
        watermark=ReleaseNo(row["watermark"]),
        last_slot=last,
        last_edition_on=row["last_edition_on"],
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
    for row in rows_in(connection, _GIVEN_BACK, _APPEARANCES.c.subscriber, subscribers):
        found[row["subscriber"]].append(EntryId(row["entry"]))
    return found


@dataclass(frozen=True, slots=True)
class Live:
    """Entries that were sent or are on their way, by subscriber."""

    shown: Mapping[str, list[EntryId]]
    named: Mapping[str, list[EntryId]]


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
    query = _LIVE
    if entries is not None and len(entries) <= PIECE:
        query = query.where(_APPEARANCES.c.entry.in_(entries))
    for piece in pieces(subscribers if entries is None or entries else ()):
        here = query.where(_APPEARANCES.c.subscriber.in_(piece))
        for person, entry, place in connection.execute(here):
            if entries is None or entry in entries:
                found[place][person].append(names.setdefault(entry, EntryId(entry)))
    return Live(found[Place.SHOWN], found[Place.NAMED])


def _filled(mark: Standing, live: Live) -> Standing:
    appeared = frozenset(live.shown[mark.subscriber])
    named = frozenset(live.named[mark.subscriber]) - appeared
    return replace(mark, appeared=appeared, named=named)
