"""Silences: why people got nothing, by day and counted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, func, select

from newsletter.model import Silence, SilenceReason, SubscriberId, UnplannedDay
from newsletter.storage.bulk import put_rows
from newsletter.storage.columns import remark, table_of
from newsletter.storage.database import Database
from newsletter.storage.rows import rows_in
from newsletter.storage.tables import SlotRow, UnplannedDayRow

_DAYS: Final = table_of(UnplannedDayRow)
_SLOTS: Final = table_of(SlotRow)


def write_notes(database: Database, days: Sequence[UnplannedDay]) -> None:
    """Write down what differs from what stands there; most days it was written before."""
    for day in {one.local_date for one in days}:
        wanted = {one.subscriber: one.silence for one in days if one.local_date == day}
        with database.reading() as connection:
            known = _read_day(connection, wanted, day)
        changed = {
            person: silence for person, silence in wanted.items() if known.get(person) != silence
        }
        if changed:
            with database.writing() as connection:
                _write_day(connection, changed, day)


def read_note(connection: Connection, subscriber: SubscriberId, day: date) -> Silence | None:
    """Return what was written down for one day of one person."""
    return _read_day(connection, {subscriber: None}, day).get(subscriber)


def count_silences(connection: Connection, since: datetime) -> Mapping[SilenceReason, int]:
    """Count the slots that began after `since` and passed in silence, by reason."""
    query = (
        select(_SLOTS.c.silence, func.count())
        .where(_SLOTS.c.silence.is_not(None), _SLOTS.c.begins_at > since)
        .group_by(_SLOTS.c.silence)
    )
    return {SilenceReason(reason): count for reason, count in connection.execute(query)}


def _read_day(
    connection: Connection, people: Mapping[SubscriberId, object], day: date
) -> dict[SubscriberId, Silence]:
    query = select(_DAYS).where(_DAYS.c.local_date == day)
    return {
        SubscriberId(row["subscriber"]): Silence(SilenceReason(row["silence"]), row["detail"])
        for row in rows_in(connection, query, _DAYS.c.subscriber, people)
    }


def _write_day(connection: Connection, silences: Mapping[SubscriberId, Silence], day: date) -> None:
    rows: list[dict[str, object]] = [
        {
            "subscriber": person,
            "local_date": day,
            "silence": silence.reason,
            "detail": remark(silence.detail),
        }
        for person, silence in sorted(silences.items())
    ]
    put_rows(connection, _DAYS, rows)
