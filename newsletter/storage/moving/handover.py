"""Who may write where while a newsletter moves: the file is closed, the server is nobody's but ours."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from newsletter.errors import ConfigError, SchemaError, StorageError
from newsletter.storage.database import Database
from newsletter.storage.leases import FileLeases
from newsletter.storage.migrations import NEWEST_SCHEMA
from newsletter.storage.moves import (
    Move,
    MoveState,
    close_file,
    forget_move,
    read_move,
    write_move,
)
from newsletter.storage.moving.shapes import Shape

_COUNTERS: Final = "counters"

_OTHERS: Final = text(
    # A worker has a session that holds an advisory lock (`session_leases`), and so have we by now.
    "SELECT count(DISTINCT pid) > 1 FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_ANOTHER: Final = (
    "; name an empty database for this newsletter (createdb makes one), nothing was changed there"
)


def refuse_other_schemas(file: Database, server: Database) -> None:
    """Make the tables on the server, and raise SchemaError where the two would not be alike."""
    version = file.schema_version()
    if not version:
        message = f"{file.name}: holds nothing that could be moved"
        raise SchemaError(message)
    if version > NEWEST_SCHEMA:
        message = (
            f"{file.name}: has schema {version}, and this program moves schema {NEWEST_SCHEMA};"
            " move it with the newer program that works on it"
        )
        raise SchemaError(message)
    if version != NEWEST_SCHEMA:
        message = (
            f"{file.name}: has schema {version}, and this program moves schema {NEWEST_SCHEMA};"
            " bring it up to date first: newsletter migrate"
        )
        raise SchemaError(message)
    with server.reading() as connection:
        move = read_move(connection)
    if move is None:
        server.migrate()
    present = server.schema_version()
    if present != version:
        message = (
            f"{server.name}: has schema {present} and {file.name} {version}: the program was changed"
            " in the middle of a move; give that up (newsletter migrate --stay), empty the database"
            " on the server (dropdb, createdb) and move again"
        )
        raise SchemaError(message)


def plan_move(file: Database, place: str, now: datetime) -> Move:
    """Return the move of the file to `place` that was begun, or a new one of which nobody knows yet.

    Raises StorageError while a worker runs on the file, and where it moves elsewhere.
    """
    with file.reading() as connection:
        move = read_move(connection)
    if move is None:
        _refuse_workers(file)
        return Move(secrets.token_hex(16), MoveState.LEAVING, place, now)
    if move.place != place:
        message = (
            f"{file.name}: moves to {move.place} already, since {move.begun_at:%Y-%m-%d %H:%M} UTC;"
            " finish that, or give it up with newsletter migrate --stay"
        )
        raise StorageError(message)
    return move


def leave(file: Database, move: Move) -> None:
    """Close the file, if it is not closed already. Raises StorageError where others were faster."""
    with file.writing() as connection:
        known = read_move(connection)
        if known is None:
            _refuse_workers(file)  # none begins any more from here on: it could not write
            write_move(connection, move)
            close_file(connection, move.place)
    if known is not None and known.token != move.token:
        message = f"{file.name}: another `newsletter migrate` began meanwhile; wait for it"
        raise StorageError(message)


def arrive(server: Database, move: Move, place: str, shapes: Sequence[Shape]) -> MoveState:
    """Take the database on the server for the move of the file at `place`; return how far it is.

    ARRIVED: it got everything before, and nothing may be written. What an earlier move that was
    given up left there is removed. Raises SchemaError for a database that holds something else, and
    StorageError while others use it.
    """
    holder = server.leases.hold()
    with server.writing() as connection:
        known = read_move(connection, locks=True)
        if known is None:
            _refuse_used(server, connection, shapes)
        elif known.state is MoveState.ARRIVED:
            if known.token == move.token:
                return MoveState.ARRIVED
            message = f"{server.name}: got another newsletter, or this one, before{_ANOTHER}"
            raise SchemaError(message)
        elif known.holder and known.holder != holder and server.leases.is_alive(known.holder):
            message = (
                f"{server.name}: another `newsletter migrate` is filling it; wait for it, or end it"
            )
            raise StorageError(message)
        if known is None or known.token != move.token:
            names = ", ".join(f'"{shape.name}"' for shape in shapes)
            connection.exec_driver_sql(f"TRUNCATE {names}")
        arriving = replace(move, state=MoveState.ARRIVING, place=place, holder=holder)
        write_move(connection, arriving)
    return MoveState.ARRIVING


def finish(file: Database, server: Database, move: Move) -> None:
    """Say on both sides that all is there. Raises StorageError where the file was opened meanwhile."""
    with file.writing() as connection:
        known = read_move(connection)
        if known is None or known.token != move.token:
            message = f"{file.name}: was opened again in the middle of the move; repeat the command"
            raise StorageError(message)
        write_move(connection, replace(known, state=MoveState.LEFT))
    with server.writing() as connection:
        arriving = read_move(connection, locks=True)
        if arriving and arriving.token == move.token:
            write_move(connection, replace(arriving, state=MoveState.ARRIVED, holder=None))


def give_up_move(file: Database, *, is_certain: bool) -> Move:
    """Open a file again that was left or was to be; return the move that is given up.

    Raises ConfigError where there is none, and where all has arrived elsewhere and nobody `is_certain`.
    """
    if file.path is None:
        message = f"{file.name}: only a SQLite file can be gone back to"
        raise ConfigError(message)
    with file.writing() as connection:
        move = read_move(connection)
        if move is None:
            message = f"{file.name}: was not moved anywhere, and is used as ever"
            raise ConfigError(message)
        if move.state is MoveState.LEFT and not is_certain:
            message = (
                f"{file.name}: everything has arrived at {move.place}. What was sent from there is not"
                " known here and would come twice. If nothing was, and nothing will be:"
                " newsletter migrate --stay --yes"
            )
            raise ConfigError(message)
        forget_move(connection)
    return move


def _refuse_workers(file: Database) -> None:
    leases = file.leases
    if isinstance(leases, FileLeases) and leases.living():
        message = (
            f"{file.name}: a `serve`, `send` or `worker` of this newsletter, or a server of its pages,"
            " is running; stop it and repeat the command"
        )
        raise StorageError(message)


def _refuse_used(server: Database, connection: Connection, shapes: Sequence[Shape]) -> None:
    for shape in shapes:
        condition = " WHERE value <> 0" * (shape.name == _COUNTERS)
        query = f'SELECT 1 FROM "{shape.name}"{condition} LIMIT 1'  # noqa: S608 - names of our tables
        if connection.exec_driver_sql(query).first():
            message = f"{server.name}: holds rows already, in table {shape.name}{_ANOTHER}"
            raise SchemaError(message)
    if connection.execute(_OTHERS).scalar_one():
        message = (
            f"{server.name}: a `serve`, `send` or `worker` is running on it;"
            " stop it and repeat the command"
        )
        raise StorageError(message)
