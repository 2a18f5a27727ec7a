"""The lanes by which letters leave: how fast, and whether at all. All workers share them."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, select

from newsletter.model import Lane, LaneName, Refusal, Throttle
from newsletter.ports import DecideLanes, Lanes
from newsletter.rules.throttle import configured_lanes, forget_idle
from newsletter.storage.again import repeated
from newsletter.storage.bulk import insert_missing, is_listed, listed, put_rows
from newsletter.storage.columns import storable, table_of
from newsletter.storage.database import Database
from newsletter.storage.driver import driver_of
from newsletter.storage.rows import pieces
from newsletter.storage.tables import LaneRow

_LANES: Final = table_of(LaneRow)
_BY_NAME: Final = select(_LANES).order_by(_LANES.c.name)
_ALL_LOCKED: Final = _BY_NAME.with_for_update()
_SOME_LOCKED: Final = {
    dialect: _ALL_LOCKED.where(is_listed(_LANES.c.name, dialect))
    for dialect in ("sqlite", "postgresql")
}
_COLUMNS: Final = tuple(_LANES.c.keys())
_NO_VALUES: Final[Mapping[str, object]] = MappingProxyType({})
_EMPTY: Final = Lane()


class LaneStore:
    """The Throttles port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lanes(self) -> Lanes:
        """Return every lane that is kept."""
        with self._database.reading() as connection:
            return _read(connection, _BY_NAME)

    @repeated
    def change(self, names: Collection[LaneName], decide: DecideLanes) -> Lanes:
        """Change lanes while nobody else can; return them as they are now."""
        with self._database.writing() as connection:
            before = _lock(connection, names)
            after = {**before, **decide(before)}
            write_lanes(connection, after)
        return after


def lock_lanes(connection: Connection, throttle: Throttle) -> Lanes:
    """Return all lanes, which nobody else can change until the transaction ends.

    Those that hold nothing any more are forgotten.
    """
    lanes = _lock(connection, configured_lanes(throttle.limits), everything=True)
    idle = forget_idle(lanes, throttle)
    write_lanes(connection, idle)
    return {name: lane for name, lane in lanes.items() if name not in idle}


def _lock(
    connection: Connection, needed: Collection[LaneName], *, everything: bool = False
) -> dict[LaneName, Lane]:
    """Return the lanes `needed`, or `everything` there is and those, locked.

    First what is there, then what is missing, each in the order of names: so two who lock lanes
    never wait for each other.
    """

    def read() -> dict[LaneName, Lane]:
        if everything:
            return _read(connection, _ALL_LOCKED)
        return _read(connection, _SOME_LOCKED[connection.dialect.name], listed(connection, needed))

    lanes = read()
    missing = sorted(name for name in needed if name not in lanes)
    if missing:
        insert_missing(connection, _LANES, [_row(name, _EMPTY) for name in missing])
        lanes = read()
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


def _read(
    connection: Connection, query: Select[Any], values: Mapping[str, object] = _NO_VALUES
) -> dict[LaneName, Lane]:
    rows = driver_of(connection).fetch(query, values)
    named = (dict(zip(_COLUMNS, row, strict=True)) for row in rows)
    return {LaneName(row["name"]): _lane_of(row) for row in named}


def _lane_of(row: Mapping[str, Any]) -> Lane:
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
