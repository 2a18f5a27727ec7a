"""The lanes by which letters leave: how fast, and whether at all. All workers share them."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, delete, select

from newsletter.model import Lane, LaneName, Refusal, Throttle
from newsletter.ports import DecideLanes, Lanes
from newsletter.rules.throttle import configured_lanes, forget_idle
from newsletter.storage.again import repeated
from newsletter.storage.bulk import insert_missing, put_rows
from newsletter.storage.columns import storable, table_of
from newsletter.storage.database import Database
from newsletter.storage.rows import pieces
from newsletter.storage.tables import LaneRow

_LANES: Final = table_of(LaneRow)
_BY_NAME: Final = select(_LANES).order_by(_LANES.c.name)
_EMPTY: Final = Lane()


class LaneStore:
    """The Throttles port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lanes(self) -> Lanes:
        """Return every lane that is kept."""
        with self._database.reading() as connection:
            return _read(connection.execute(_BY_NAME).mappings())

    @repeated
    def change(self, names: Collection[LaneName], decide: DecideLanes) -> Lanes:
        """Change lanes while nobody else can; return them as they are now."""
        with self._database.writing() as connection:
            wanted = _BY_NAME.where(_LANES.c.name.in_(names))
            before = _lock(connection, wanted, names)
            after = {**before, **decide(before)}
            write_lanes(connection, after)
        return after


def lock_lanes(connection: Connection, throttle: Throttle) -> Lanes:
    """Return all lanes, which nobody else can change until the transaction ends.

    Those that hold nothing any more are forgotten.
    """
    lanes = _lock(connection, _BY_NAME, configured_lanes(throttle.limits))
    idle = forget_idle(lanes, throttle)
    write_lanes(connection, idle)
    return {name: lane for name, lane in lanes.items() if name not in idle}


def _lock(
    connection: Connection, query: Select[Any], needed: Collection[LaneName]
) -> dict[LaneName, Lane]:
    """Return the lanes that `query` finds and those `needed`, locked.

    First what is there, then what is missing, each in the order of names: so two who lock lanes
    never wait for each other.
    """
    locking = query.with_for_update()
    lanes = _read(connection.execute(locking).mappings())
    missing = sorted(name for name in needed if name not in lanes)
    if missing:
        insert_missing(connection, _LANES, [_row(name, _EMPTY) for name in missing])
        lanes = _read(connection.execute(locking).mappings())
    return lanes


def write_lanes(connection: Connection, lanes: Mapping[LaneName, Lane]) -> None:
    """Write lanes as they are now; an empty one is removed."""
    kept = [_row(name, lane) for name, lane in lanes.items() if lane != _EMPTY]
    put_rows(connection, _LANES, kept)
    for piece in pieces(name for name, lane in lanes.items() if lane == _EMPTY):
        connection.execute(delete(_LANES).where(_LANES.c.name.in_(piece)))


def _row(name: LaneName, lane: Lane) -> dict[str, object]:
    return {
        "name": name,
        "free_at": lane.free_at,
        "day": lane.day,
        "used": lane.used,
        "halvings": lane.halvings,
        "slowed_at": lane.slowed_at,
        "refusals": json.dumps([[one.who, one.at.isoformat()] for one in lane.refusals]),
        "opened_at": lane.opened_at,
        "probe_at": lane.probe_at,
        "probes": lane.probes,
        "reason": storable(lane.reason),
        "told_at": lane.told_at,
    }


def _read(rows: Iterable[RowMapping]) -> dict[LaneName, Lane]:
    return {LaneName(row["name"]): _lane_of(row) for row in rows}


def _lane_of(row: RowMapping) -> Lane:
    refusals = json.loads(row["refusals"])
    return Lane(
        free_at=row["free_at"],
        day=row["day"],
        used=row["used"],
        halvings=row["halvings"],
        slowed_at=row["slowed_at"],
        refusals=tuple(Refusal(who, datetime.fromisoformat(at)) for who, at in refusals),
        opened_at=row["opened_at"],
        probe_at=row["probe_at"],
        probes=row["probes"],
        reason=row["reason"],
        told_at=row["told_at"],
    )
