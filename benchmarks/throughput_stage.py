"""A newsletter whose letters are planned, kept as it was before any left: so they leave again and again."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Final

import psycopg

from benchmarks.throughput_content import document, entry_lines
from newsletter.bootstrap import open_newsroom, read_documents
from newsletter.config import copy_starter
from newsletter.rules.planning import Schedule
from newsletter.testing.postgresql import PostgresqlServer
from newsletter.transports import KeyKind, make_key, write_key
from newsletter.workflows import collect, print_letter, publish, vouch

ENTRIES: Final = 400
SHOWN: Final = 10
CONNECTIONS: Final = 10
_DOMAIN: Final = "news.example.org"
_DATABASE: Final = "sqlite:///data/newsletter.db"
_MEASURED: Final = 50


@dataclass(frozen=True, slots=True)
class Planning:
    """What planning the letters took; `size` is the mean size of a message in bytes, unsigned."""

    letters: int
    elapsed_s: float
    computed_s: float
    size: float


class Stage:
    """One newsletter in `folder`. With a `server` its database is there, else a file of SQLite."""

    def __init__(
        self, folder: Path, letters: int, server: PostgresqlServer | None = None, shown: int = SHOWN
    ) -> None:
        self._folder = folder
        self._server = server
        self._plain = self._furnish(letters, shown)
        self.planning = self._plan(letters)
        self._keep()

    @contextmanager
    def set(
        self, port: int, keys: tuple[KeyKind, ...] = (), connections: int = CONNECTIONS
    ) -> Iterator[Path]:
        """Yield a config with all letters planned and none sent, that hands them over at `port`."""
        self._restore()
        listed = ", ".join(
            f"{{selector: s-{kind}, domain: {_DOMAIN}, key: {{file: {kind}.pem}}}}" for kind in keys
        )
        relay = (
            f"{{host: 127.0.0.1, port: {port}, tls: none, messages_per_connection: 100000,"
            f" connections: {connections}}}"
        )
        signing = f"\n  dkim: [{listed}]" if keys else ""
        config = self._folder / "config.yaml"
        config.write_text(
            self._plain.replace("relays: embedded", f"relays: [{relay}]{signing}", 1), "utf-8"
        )
        yield config

    @contextmanager
    def empty(self, port: int) -> Iterator[Path]:
        """Yield the config of a newsletter of which everything was sent: nothing is left to do."""
        with self.set(port) as config:
            with open_newsroom(config) as room:
                now = room.clock.now()
                for person in room.subscribers.all():
                    room.outbox.cancel(person.id, reason="a benchmark", now=now)
            yield config

    def write_letter(self, folder: Path) -> Path:
        """Write one letter as others would send it: its parts with a hole for a name; return it whole."""
        self._restore()
        with open_newsroom(self._folder / "config.yaml") as room:
            item = room.outbox.find(limit=1)[0]
            assert item.edition
            letter = print_letter(room.ledger.editions([item.edition])[item.edition], room.press)
        assert letter.rendered.html
        name = letter.letter.reader.name or "nobody"
        for file, part in (("text.txt", letter.rendered.text), ("html.html", letter.rendered.html)):
            personal = part if name in part else f"{name}\n{part}"
            (folder / file).write_text(personal.replace(name, "{{ name }}"), "utf-8")
        ready = folder / "ready.eml"
        ready.write_bytes(letter.envelope.message.replace(b"\r\n", b"\n"))
        return ready

    def _furnish(self, letters: int, shown: int) -> str:
        """Make the folder; return the text of its config."""
        copy_starter(self._folder, timezone="Europe/Paris")
        for path in (self._folder / "subscribers").glob("*.yaml"):
            path.unlink()
        everybody = "---\n".join(document(number, shown) for number in range(letters))
        (self._folder / "subscribers" / "everybody.yaml").write_text(everybody, "utf-8")
        (self._folder / "samples" / "made.jsonl").write_text(
            "\n".join(entry_lines(ENTRIES)), "utf-8"
        )
        for kind in KeyKind:
            write_key(make_key(f"s-{kind}", _DOMAIN, kind), self._folder / f"{kind}.pem")
        config = self._folder / "config.yaml"
        text = config.read_text("utf-8").replace("samples/entries.yaml", "samples/made.jsonl")
        text = text.replace("relays: embedded", f"relays: embedded\n  connections: {CONNECTIONS}")
        if self._server:
            text = text.replace(_DATABASE, self._server.url("news"), 1)
            _command(self._server, "CREATE DATABASE news")
        config.write_text(text, "utf-8")
        return text

    def _plan(self, letters: int) -> Planning:
        with open_newsroom(self._folder / "config.yaml") as room:
            collect(room.sources, room.collecting())
            documents = read_documents(room, [room.config.subscribers_path]).documents
            vouch(documents, room.subscribing(), statement="a benchmark")
            people = list(room.subscribers.all())
            order, ports = room.order(Schedule.IGNORE), room.publishing()
            begun, computed = time.perf_counter(), time.process_time()
            published = publish(people, order, ports)
            elapsed_s, computed_s = time.perf_counter() - begun, time.process_time() - computed
            editions = [plan.edition for plan in published.plans if plan.edition]
            assert len(editions) == letters
            assert all(len(edition.matches) == len(editions[0].matches) for edition in editions)
            some = editions[:: max(1, letters // _MEASURED)]
            size = fmean(len(print_letter(one, room.press).envelope.message) for one in some)
        return Planning(letters, elapsed_s, computed_s, size)

    def _keep(self) -> None:
        if self._server:
            _command(self._server, "ALTER DATABASE news RENAME TO planned")
            return
        with closing(sqlite3.connect(self._file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self._file, self._kept)

    def _restore(self) -> None:
        if self._server:
            _command(self._server, "DROP DATABASE IF EXISTS news")
            _command(self._server, "CREATE DATABASE news TEMPLATE planned")
            return
        for path in self._file.parent.glob(f"{self._file.name}-*"):
            path.unlink()
        shutil.copy(self._kept, self._file)

    @property
    def _file(self) -> Path:
        return self._folder / "data" / "newsletter.db"

    @property
    def _kept(self) -> Path:
        return self._folder / "planned.db"


def _command(server: PostgresqlServer, command: str) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(command.encode())
