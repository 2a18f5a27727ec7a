"""Everything that holds for PostgreSQL alone: its connections, settings, words and errors."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NoReturn

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from newsletter.errors import ConfigError, StorageError
from newsletter.storage.backend import Failure, fact_of
from newsletter.storage.driver import Driver
from newsletter.storage.session_leases import SessionLeases

SCHEME: Final = "postgresql://"

_CONNECTING: Final[Mapping[str, object]] = {
    "application_name": "newsletter",
    "connect_timeout": 10,
    # A server that does not answer any more is noticed after these seconds.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 12_000,
}
"""How libpq connects, as far as the URL says nothing else."""

_KEPT: Final = 3
_MORE: Final = 9
"""Connections of one process that stay open, and that are opened beside them while it has much to do."""

_SETTINGS: Final[Mapping[str, str]] = {
    "TimeZone": "UTC",
    # A worker that is gone with its whole machine is noticed by the server after these seconds.
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    # One that was stopped in the middle of a transaction must not hold up all others for ever.
    "idle_in_transaction_session_timeout": "60s",
}
_SET: Final = "SELECT set_config(name, value, false) FROM (VALUES {}) AS wanted (name, value)"
# What is committed survives a power cut, which the promise "never twice" needs; a server that
# waits for its standby too goes on to do so.
_DURABLE: Final = (
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off'"
)
_SCHEMA_LOCK: Final = text("SELECT pg_advisory_xact_lock(7310868735422522227)")

_WORDS: Final = (
    (re.compile(r"\bDATETIME\b"), "TIMESTAMP WITH TIME ZONE"),
    (re.compile(r"\bVARCHAR\b"), 'VARCHAR COLLATE "C"'),  # the order of SQLite, in every country
    (re.compile(r"\bINTEGER\b"), "BIGINT"),
    (re.compile(r"\b(BOOLEAN NOT NULL DEFAULT) 0\b"), r"\1 FALSE"),
    (re.compile(r"\) WITHOUT ROWID\b"), ")"),
    (re.compile(r"\bBLOB\b"), "BYTEA"),
)

_MEANWHILE: Final = "; another program wrote the same meanwhile: try again"
_UNREACHABLE: Final = "; the server cannot be reached: it is tried again with the next call"
_REMEDIES: Final = (
    # Error codes of PostgreSQL, appendix A of its manual, by their beginnings.
    ("40", _MEANWHILE),
    ("23", _MEANWHILE),
    ("55P03", "; another program is writing: wait for it, or end it"),
    ("53100", "; make room on the disk of the server"),
    ("53300", "; let the server take more connections (max_connections)"),
    ("28", "; check user and password in `database`"),
    ("3D000", "; make the database first, with createdb"),
    ("42P01", "; run the migrations first"),
    ("42501", "; let this user make and change tables in the database"),
    ("25006", "; this server is a standby: name the one that may be written"),
    ("57P", _UNREACHABLE),
    ("08", _UNREACHABLE),
)


_REFUSALS: Final = (
    # A connection that is refused has no code, only the words of the server.
    ("authentication failed", "28"),
    ("no pg_hba.conf entry", "28"),
    ("role ", "28"),
    ("does not exist", "3D000"),
    ("too many", "53300"),
    ("connection", "08"),
)


class PostgresqlDatabase:
    """A database on a PostgreSQL server, as a `Backend`."""

    reading: Mapping[str, object] = {
        "isolation_level": "REPEATABLE READ",  # one moment for all statements
        "postgresql_readonly": True,
    }
    writing: Mapping[str, object] = {}
    is_one_writer: bool = False
    do_not_wait: str | None = "SET LOCAL synchronous_commit TO off"
    path: Path | None = None

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name
        self.leases = SessionLeases(engine, self.translate)

    def wrote_much(self) -> None:
        """Do nothing: the server does what is to be done."""

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def translate(self, error: Failure) -> StorageError:
        """Return the error with the database, the fact and the remedy."""
        return StorageError(f"{self.name}: {fact_of(error)}{_remedy(error)}")

    def begin_writing(self, _driver: Driver) -> None:
        """Do nothing: the driver begins with the first statement."""

    def prepare(self) -> None:
        """Do nothing: a server is ready for tables."""

    def lock_schema(self, connection: Connection) -> None:
        """Let no other program change the schema until the transaction of `connection` ends."""
        connection.execute(_SCHEMA_LOCK)

    def in_dialect(self, statement: str) -> str:
        """Return a statement that makes or changes tables with the types of PostgreSQL."""
        for word, replacement in _WORDS:
            statement = word.sub(replacement, statement)
        return statement

    def keep(self, version: int) -> Path | None:  # noqa: ARG002 - a server has backups of its own
        """Make no copy: a migration is one transaction, and backups are the server's task."""
        return None

    def copy(self, to: Path) -> NoReturn:
        """Refuse: a server's tool does it better. Raises StorageError."""
        message = (
            f"{self.name}: a database on a server is not copied to {to}; "
            "back it up with pg_dump, beside this backup or by its own schedule"
        )
        raise StorageError(message)


def open_server(url: str, patience: timedelta) -> PostgresqlDatabase:
    """Return the database that `url` names. Nothing is asked of the server yet.

    `patience` is how long a statement waits for a row that another program holds. Raises
    ConfigError for a URL that names no database, and where the driver is not installed.
    """
    place = _place(url)
    try:
        engine = create_engine(
            place.set(drivername="postgresql+psycopg"),
            connect_args=connection_options(url),
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,  # a server that was started again is met by a new connection
            pool_size=_KEPT,
            max_overflow=_MORE,
        )
    except ImportError as error:
        message = (
            "database: PostgreSQL needs a driver that is not installed; "
            'install it with pip install "newsletter[postgresql]"'
        )
        raise ConfigError(message) from error
    settings = {**_SETTINGS, "lock_timeout": f"{max(1, round(patience.total_seconds() * 1000))}ms"}

    def set_up(dbapi: Any, _record: object) -> None:
        dbapi.autocommit = True
        values = ", ".join(f"('{name}', '{value}')" for name, value in settings.items())
        dbapi.execute(_SET.format(values))
        dbapi.execute(_DURABLE)
        dbapi.autocommit = False

    event.listen(engine, "connect", set_up)
    host = place.host or place.query.get("host") or ""
    return PostgresqlDatabase(engine, f"{SCHEME}{host}/{place.database}")


def without_password(url: str) -> str:
    """Return an address as it may be shown. Raises ConfigError for one that cannot be read."""
    place = _place(url)
    secrets = [key for key in place.query if "password" in key]
    # `set` would leave a password where it is: for that, None says nothing.
    return place.difference_update_query(secrets)._replace(password=None).render_as_string()


def connection_options(url: str) -> dict[str, object]:
    """Return how libpq connects to the server that `url` names, as far as the URL says nothing else.

    Raises ConfigError for a URL that names no database.
    """
    query = _place(url).query
    return {key: value for key, value in _CONNECTING.items() if key not in query}


def _place(url: str) -> URL:
    try:
        place = make_url(url)
    except (ArgumentError, ValueError) as error:  # the text may hold a password
        message = "database: cannot be read; write postgresql://user@host/name"
        raise ConfigError(message) from error
    if not place.database:
        message = "database: names no database; write postgresql://user@host/name"
        raise ConfigError(message)
    return place


def _remedy(error: Failure) -> str:
    code = _code(error) if isinstance(error, DBAPIError) else ""
    return next((remedy for start, remedy in _REMEDIES if code.startswith(start)), "")


def _code(error: DBAPIError) -> str:
    known: str | None = getattr(error.orig, "sqlstate", None)
    if known or error.connection_invalidated:
        return known or "08"
    said = str(error.orig)
    return next((code for words, code in _REFUSALS if words in said), "")
