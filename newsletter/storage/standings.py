"""What the next plan starts from: read, and moved by each plan."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, RowMapping, delete, select

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
from newsletter.storage.rows import insert_rows, pieces, rows_in
from newsletter.storage.tables import AppearanceRow, AppearanceState, StandingRow


def read_standings(
    connection: Connection, subscribers: Sequence[SubscriberId]
) -> dict[SubscriberId, Standing]:
    """Return the standing of each, with what appeared in its editions and what was given back."""
    marks = _read_marks(connection, subscribers)
    live, given_back = _read_appearances(connection, subscribers)
    standings = {}
    for subscriber in subscribers:
        mark = marks.get(subscriber, Standing(subscriber))
        appeared = frozenset(live[subscriber])
        standings[subscriber] = Standing(
            subscriber=subscriber,
            watermark=mark.watermark,
            last_slot=mark.last_slot,
            last_edition_on=mark.last_edition_on,
            appeared=appeared,
            given_back=frozenset(given_back[subscriber]) - appeared,
        )
    return standings


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


def _read_appearances(
    connection: Connection, subscribers: Sequence[SubscriberId]
) -> tuple[Mapping[str, list[EntryId]], Mapping[str, list[EntryId]]]:
    table = table_of(AppearanceRow)
    query = select(table.c.subscriber, table.c.entry, table.c.state)
    found: dict[str, defaultdict[str, list[EntryId]]] = {
        state: defaultdict(list) for state in AppearanceState
    }
    names: dict[str, EntryId] = {}  # thousands of people were sent the same entries: one text each
    for piece in pieces(subscribers):
        for person, entry, state in connection.execute(query.where(table.c.subscriber.in_(piece))):
            found[state][person].append(names.setdefault(entry, EntryId(entry)))
    return found[AppearanceState.LIVE], found[AppearanceState.GIVEN_BACK]
