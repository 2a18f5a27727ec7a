"""Databases for every suite that stores something: a SQLite file, or one on a PostgreSQL server."""

import gc
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from newsletter.storage import Database, open_database
from newsletter.testing.postgresql import PostgresqlServer, run_postgresql
from tests.admitting import admit_all
from tests.web.stages import Stages

Admit = Callable[[Database, Iterable[str]], None]
NewDatabase = Callable[[str], str]
OpenStored = Callable[[str], Database]

_TEMPLATE: Final = "migrated"
_CLEAR: Final = """DO $$
DECLARE name text;
BEGIN
    PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
        AND tablename NOT IN ('schema_version', 'schema_additions', 'counters', 'job_steps')
    LOOP
        EXECUTE 'DELETE FROM ' || name;
    END LOOP;
    UPDATE counters SET value = 0;
END $$"""
_SERIES: Final = "INSERT INTO counters SELECT unnest(%s::text[]), 0 ON CONFLICT DO NOTHING"


# What is dear to try says itself how often; NEWSLETTER_THOROUGH asks fifteen times as much of the others.
# Machines are busy at times: how long an example takes says nothing of what is tested.
settings.register_profile(
    "usual", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", settings.get_profile("usual"), max_examples=600)
settings.load_profile("thorough" if os.environ.get("NEWSLETTER_THOROUGH") else "usual")


def pytest_collection_finish() -> None:
    """Let the search for garbage pass over what thousands of tests are made of: it lives to the end.

    It counts as old from here on, and what is old is hardly ever looked through. Nothing is frozen: to
    ask whether anything is, as the program does, would mean to count half a million objects.
    """
    gc.collect()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture
def admit() -> Admit:
    """Give the means to make confirmed subscribers under ids of one's own choice."""
    return admit_all


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """Give the one server of this run of tests. Its databases outlive its being killed."""
    with run_postgresql() as server:
        _command(server, "postgres", f"CREATE DATABASE {_TEMPLATE}")
        template = open_database(server.url(_TEMPLATE))
        template.migrate()
        template.close()
        yield server


class _Emptied:
    """Databases that have the tables of today, emptied for each test: faster than a copy.

    Over one connection to each, which stays open: the first words of a new one cost the server most.
    """

    def __init__(self, server: PostgresqlServer) -> None:
        self._server = server
        self._connections: dict[str, psycopg.Connection[Any]] = {}
        self._series: list[str] = []

    def url(self, number: int) -> str:
        """Return the address of one of them, with nothing in it and nobody connected."""
        name = f"{_TEMPLATE}_{number}"
        try:
            self._connections[name].execute(_CLEAR)
        except KeyError:
            _command(self._server, "postgres", f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
            self._connect(name)
        except psycopg.OperationalError:  # a test ended the server, or all who were connected
            self._connect(name)
        # A move that a test broke off may have left none of them.
        self._connections[name].execute(_SERIES, (self._series,))
        return self._server.url(name)

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()

    def _connect(self, name: str) -> None:
        connection = psycopg.connect(self._server.url(name), autocommit=True)
        self._connections[name] = connection
        if not self._series:
            self._series = [one for (one,) in connection.execute("SELECT name FROM counters")]
        connection.execute(_CLEAR)


@pytest.fixture(scope="session")
def _emptied(postgresql: PostgresqlServer) -> Iterator[_Emptied]:
    with closing(_Emptied(postgresql)) as emptied:
        yield emptied


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file that has the tables of today, and nobody open."""
    path = tmp_path_factory.mktemp("migrated") / "news.db"
    template = open_database(f"sqlite:///{path}")
    template.migrate()
    template.close()
    return path


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return count()


@pytest.fixture
def new_database(
    request: pytest.FixtureRequest, tmp_path: Path, _numbers: Iterator[int]
) -> Iterator[NewDatabase]:
    """Give the means to get the URL of a new database: `sqlite` or `postgresql`, with no tables.

    `sqlite migrated` and `postgresql migrated` have those of today already: had much faster.
    """
    handed_out = count()
    with ExitStack() as stack:

        def make(kind: str) -> str:
            if kind.startswith("sqlite"):
                path = tmp_path / f"news-{next(handed_out)}.db"
                if kind.endswith("migrated"):
                    shutil.copyfile(request.getfixturevalue("_migrated_file"), path)
                return f"sqlite:///{path}"
            if kind.endswith("migrated"):
                emptied: _Emptied = request.getfixturevalue("_emptied")
                return emptied.url(next(handed_out))
            server: PostgresqlServer = request.getfixturevalue("postgresql")
            name = f"test_{next(_numbers)}"
            _command(server, "postgres", f"CREATE DATABASE {name} STRATEGY file_copy")
            stack.callback(_command, server, "postgres", f"DROP DATABASE {name} WITH (FORCE)")
            return server.url(name)

        yield make


@pytest.fixture
def open_stored(new_database: NewDatabase) -> Iterator[OpenStored]:
    """Give the means to open a new, migrated database, which is closed after the test."""
    with ExitStack() as stack:

        def open_new(kind: str) -> Database:
            database = open_database(new_database(f"{kind} migrated"))
            stack.callback(database.close)
            return database

        yield open_new


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest, open_stored: OpenStored) -> Database:
    """Give a new, migrated database of each kind in turn."""
    return open_stored(request.param)


@pytest.fixture(scope="session")
def stages() -> Iterator[Stages]:
    """Give servers for the web apps of this run of tests."""
    with closing(Stages()) as stages:
        yield stages


def _command(server: PostgresqlServer, database: str, statement: str) -> None:
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        connection.execute(statement.encode())
