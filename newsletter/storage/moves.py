"""What a database remembers of a move from SQLite to PostgreSQL, so that no letter leaves from both.

A table `moves` with one row, in a database that takes part in a move and in no other; so it is no
part of the schema. A file that is left is also closed: triggers refuse every write, also of programs
that had it open before.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, inspect, text

from newsletter.storage.leases import Holder

MOVES: Final = "moves"

_TABLE: Final = (
    f"CREATE TABLE {MOVES} (token VARCHAR NOT NULL PRIMARY KEY, state VARCHAR NOT NULL,"
    " place VARCHAR NOT NULL, begun_at VARCHAR NOT NULL, holder VARCHAR)"
)
_READ: Final = f"SELECT token, state, place, begun_at, holder FROM {MOVES}"  # noqa: S608 - our own name
_WRITE: Final = text(f"INSERT INTO {MOVES} VALUES (:token, :state, :place, :begun_at, :holder)")  # noqa: S608 - our own name
_TRIGGERS: Final = text(
    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 6) = 'moves_'"
)
_WRITES: Final = ("INSERT", "UPDATE", "DELETE")


class MoveState(StrEnum):
    """How far a move has come, seen from one of the two databases."""

    LEAVING = "leaving"
    """A file that is being copied; nothing is written there."""
    LEFT = "left"
    """A file whose newsletter lives elsewhere now."""
    ARRIVING = "arriving"
    """A database on a server that does not hold everything yet."""
    ARRIVED = "arrived"
    """A database on a server that got everything, and may be used as any other."""


@dataclass(frozen=True, slots=True)
class Move:
    """One move. Both databases know it by its `token`; `place` is the other one, without password.

    `holder` is who fills a database on a server, None for a file.
    """

    token: str
    state: MoveState
    place: str
    begun_at: datetime
    holder: Holder | None = None


def read_move(connection: Connection, *, locks: bool = False) -> Move | None:
    """Return the move that this database took part in last, None without any.

    With `locks` nobody else changes it on PostgreSQL before the transaction ends.
    """
    if MOVES not in inspect(connection).get_table_names():
        return None
    is_locked = locks and connection.dialect.name == "postgresql"
    row = connection.exec_driver_sql(_READ + " FOR UPDATE" * is_locked).first()
    if row is None:
        return None
    holder = None if row.holder is None else Holder(row.holder)
    begun_at = datetime.fromisoformat(row.begun_at)
    return Move(row.token, MoveState(row.state), row.place, begun_at, holder)


def write_move(connection: Connection, move: Move) -> None:
    """Write a move in the place of the last one."""
    if MOVES not in inspect(connection).get_table_names():
        connection.exec_driver_sql(_TABLE)
    connection.exec_driver_sql(f"DELETE FROM {MOVES}")  # noqa: S608 - our own name
    values = {
        "token": move.token,
        "state": str(move.state),
        "place": move.place,
        "begun_at": move.begun_at.isoformat(),
        "holder": move.holder,
    }
    connection.execute(_WRITE, values)


def forget_move(connection: Connection) -> None:
    """Open a file again that was left, or was to be."""
    for name in connection.execute(_TRIGGERS).scalars().all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    connection.exec_driver_sql(f"DROP TABLE {MOVES}")


def close_file(connection: Connection, place: str) -> None:
    """Refuse every write into the tables of a SQLite file from now on, whoever tries it."""
    why = (
        f"the newsletter moves to {place}, or is there already: nothing is written here any more;"
        " see `newsletter migrate`"
    ).replace("'", "''")
    for table in inspect(connection).get_table_names():
        for write in _WRITES if table != MOVES else ():
            connection.exec_driver_sql(
                f'CREATE TRIGGER "moves_{table}_{write.lower()}" BEFORE {write} ON "{table}"'
                f" BEGIN SELECT RAISE(ABORT, '{why}'); END"
            )


def refusal(name: str, move: Move) -> str:
    """Return why the database `name` must not be used now and what to do; empty where it may be."""
    day, place = f"{move.begun_at:%Y-%m-%d %H:%M} UTC", move.place
    match move.state:
        case MoveState.LEFT:
            return (
                f"{name}: the newsletter was moved from here to {place} ({day}); write that into"
                " config.yaml as `database`. What is sent from both places comes twice. To stay"
                " with this file after all, and never use the other: newsletter migrate --stay"
            )
        case MoveState.LEAVING:
            return (
                f"{name}: the newsletter is being moved from here to {place} (begun {day});"
                " finish that with the same newsletter migrate --to URL,"
                " or give it up: newsletter migrate --stay"
            )
        case MoveState.ARRIVING:
            return (
                f"{name}: does not hold everything yet: the newsletter is being moved here from"
                f" {place} (begun {day}); with `database` in config.yaml as it was, finish that"
                " with the same newsletter migrate --to URL; to give that up, empty this database"
                " (dropdb, createdb)"
            )
        case MoveState.ARRIVED:
            return ""
