"""Leases on PostgreSQL: a worker is alive while one session of its own holds an advisory lock.

The server lets the lock go when the session ends: at once when the process is killed, after
some seconds without an answer when its machine is gone or cut off (see the keepalives in
`postgresql`). No clock is compared and nothing has to be renewed in time, so a worker that was
stopped for an hour and goes on still holds what it held, or learns that it does not.

When the server itself is started again all sessions are gone, of living and dead workers alike.
Those from before the start count as alive for some seconds more, in which the living come back
under their old names; so a restart makes no letter uncertain.
"""

import re
import secrets
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Final, NamedTuple

from sqlalchemy import Connection, Engine, Integer, TextClause, func, select, text
from sqlalchemy.exc import DBAPIError

from newsletter.storage.backend import Translate, translated
from newsletter.storage.driver import driver_of
from newsletter.storage.leases import Holder

COMING_BACK_S: Final = 10
"""How long after a start of the server those who held before it count as alive."""

_RETAKING_MS: Final = 2000
_NAME: Final = re.compile(r"([0-9a-f]{16})-([0-9a-f]{1,16})")
_LOCK_NOT_AVAILABLE: Final = "55P03"

_SESSION: Final = select(func.pg_backend_pid(type_=Integer))
_START: Final = text(
    "SELECT (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint AS started,"
    " extract(epoch FROM clock_timestamp() - pg_postmaster_start_time()) AS age_s"
)
_PATIENCE: Final = text("SELECT set_config('lock_timeout', :patience, false)")
_TAKE: Final = text("SELECT pg_advisory_lock(:key)")
_LOOK: Final = text("SELECT pg_try_advisory_xact_lock_shared(:key)")
_BURY: Final = text("SELECT pg_try_advisory_xact_lock(:key)")


class _Session(NamedTuple):
    """A connection with the number that the server gave it: behind a pooler that can change."""

    connection: Connection
    number: int

    def answers(self) -> int:
        """Return the number that the server says now; raises DBAPIError. Asked for each page."""
        ((number,),) = driver_of(self.connection).fetch(_SESSION)
        return int(number)


class SessionLeases:
    """Leases as advisory locks of sessions; `engine` makes the sessions."""

    def __init__(self, engine: Engine, translate: Translate) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._translate = translate
        self._guard = threading.Lock()
        self._session: _Session | None = None
        self._holder: Holder | None = None
        self._lost: set[Holder] = set()

    @property
    def holder(self) -> Holder | None:
        """The name under which this worker holds messages; None before the first `hold`."""
        return self._holder

    def hold(self) -> Holder:
        """Return the name of this worker, whose session holds its lock at this moment.

        A session that broke is replaced, and takes the lock of the same name again where nobody
        buried it meanwhile. Raises StorageError when the server cannot be reached.
        """
        with self._guard, translated(self._translate):
            if self._holder and (self._is_standing() or self._take(self._holder)):
                return self._holder
            self._forget()
            holder = self._new_name()
            self._take(holder)
            self._holder = holder
            return holder

    def renew(self) -> Holder | None:
        """Make sure that the lock is held, and return its name; None when it was lost for good."""
        with self._guard, translated(self._translate):
            if self._holder and not self._is_standing() and not self._take(self._holder):
                self._forget()
            return self._holder

    def was_mine(self, holder: Holder) -> bool:
        """Say whether this worker holds, or held and lost, messages under that name."""
        return holder == self._holder or holder in self._lost

    def is_alive(self, holder: Holder) -> bool:
        """Say whether the worker `holder` lives, on whatever machine."""
        with translated(self._translate), self._engine.connect() as connection:
            return not _gone(connection, [holder], _LOOK)

    def bury(self, connection: Connection, holders: Iterable[Holder]) -> list[Holder]:
        """Return those of `holders` who are gone: none can come back before the transaction ends."""
        return _gone(connection, holders, _BURY)

    def sweep(self) -> None:
        """Do nothing: the server keeps no lock of the dead."""

    def close(self) -> None:
        """End this worker: what it still holds is anybody's. The next `hold` begins another."""
        with self._guard:
            self._hang_up()
            self._holder = None
            self._lost.clear()

    def _is_standing(self) -> bool:
        """Say whether the session answers, and is the one that took the lock."""
        if self._session is None:
            return False
        with suppress(DBAPIError):
            if self._session.answers() == self._session.number:
                return True
        self._hang_up()
        return False

    def _take(self, holder: Holder) -> bool:
        """Take the lock of `holder` in a new session; False where somebody else has it now."""
        connection = self._engine.connect()
        connection.detach()
        self._session = _Session(connection, connection.execute(_SESSION).scalar_one())
        try:
            connection.execute(_PATIENCE, {"patience": str(_RETAKING_MS)})
            connection.execute(_TAKE, {"key": _key(holder)})
        except DBAPIError as error:
            self._hang_up()
            if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
                return False
            raise
        return True

    def _new_name(self) -> Holder:
        with self._engine.connect() as connection:
            started = connection.execute(_START).one().started
        return Holder(f"{secrets.token_hex(8)}-{started:x}")

    def _forget(self) -> None:
        if self._holder:
            self._lost.add(self._holder)
        self._holder = None

    def _hang_up(self) -> None:
        session, self._session = self._session, None
        if session:
            with suppress(DBAPIError):
                session.connection.close()


def _gone(connection: Connection, holders: Iterable[Holder], look: TextClause) -> list[Holder]:
    start = connection.execute(_START).one()
    is_young = 0 <= start.age_s < COMING_BACK_S  # a clock that was set back must not hold up all
    gone = []
    for holder in holders:
        name = _NAME.fullmatch(holder)
        may_come_back = is_young and name and int(name[2], 16) != start.started
        if may_come_back:
            continue
        if name is None or connection.execute(look, {"key": _key(holder)}).scalar_one():
            gone.append(holder)
    return gone


def _key(holder: Holder) -> int:
    """Return the number of the lock: 64 bits by chance, which no other program meets."""
    return int.from_bytes(bytes.fromhex(holder[:16]), "big", signed=True)
