"""The processes that work on this database, as they report themselves."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, func, or_, select, text

from newsletter.model import Doing, LeftBehind, WorkerKind, WorkerReport, WorkFigures
from newsletter.storage.bulk import put_rows
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.leases import Holder
from newsletter.storage.machine_tables import WorkerRow
from newsletter.storage.message_rows import OUTBOX
from newsletter.storage.messages import HELD

FORGOTTEN_AFTER: Final = timedelta(days=1)
_WORKERS: Final = table_of(WorkerRow)
_CLOCK: Final = text("SELECT clock_timestamp()")
_UNKNOWN: Final = "unknown"
_KINDS: Final = frozenset(WorkerKind)
_Now = Callable[[], datetime]


class StoredWorkforce:
    """The Workforce port over a database. `now` is its time; None: the time of the server or machine."""

    def __init__(self, database: Database, now: _Now | None = None) -> None:
        self._database = database
        self._now = now

    def now(self) -> datetime:
        """Return the time of the database."""
        if self._now:
            return self._now()
        if self._database.path is not None:
            return datetime.now(UTC)
        with self._database.reading() as connection:
            at: datetime = connection.execute(_CLOCK).scalar_one()
            return at.astimezone(UTC)

    def report(self, worker: WorkerReport) -> None:
        """Write down how a process stands, and forget those that were silent for a day."""
        now = self.now()
        ahead = now - worker.seen_at
        row = {
            "name": worker.name,
            "host": worker.host,
            "pid": worker.pid,
            "program": f"{worker.kind} {worker.version}",
            "queues": " ".join(sorted(worker.queues)),
            "started_at": worker.started_at + ahead,
            "seen_at": now,
            "doing": json.dumps([_written(one, ahead) for one in worker.doing]),
            "figures": json.dumps(
                {
                    "done": dict(worker.figures.done),
                    "failed": dict(worker.figures.failed),
                    "letters": dict(worker.figures.letters),
                }
            ),
        }
        seen_at = _WORKERS.c.seen_at
        # What lies ahead was written down while the clock was wrong.
        silent = or_(seen_at < now - FORGOTTEN_AFTER, seen_at > now + FORGOTTEN_AFTER)
        with self._database.writing() as connection:
            put_rows(connection, _WORKERS, [row])
            connection.execute(delete(_WORKERS).where(silent))

    def leave(self, name: str) -> None:
        """Forget a process that ends."""
        with self._database.writing() as connection:
            connection.execute(delete(_WORKERS).where(_WORKERS.c.name == name))

    def workers(self) -> Sequence[WorkerReport]:
        """Return what each said last, by machine and number of the process."""
        order = (_WORKERS.c.host, _WORKERS.c.pid, _WORKERS.c.name)
        with self._database.reading() as connection:
            return [_read(row) for row in connection.execute(select(_WORKERS).order_by(*order))]

    def left_behind(self) -> LeftBehind:
        """Count the letters that processes hold that are gone."""
        held = (
            select(OUTBOX.c.lease, func.count().label("count"), func.min(OUTBOX.c.updated_at))
            .where(OUTBOX.c.state.in_([str(state) for state in HELD]))
            .group_by(OUTBOX.c.lease)
        )
        with self._database.reading() as connection:
            rows = connection.execute(held).all()
        is_alive = self._database.leases.is_alive
        gone = [row for row in rows if row[0] is None or not is_alive(Holder(row[0]))]
        return LeftBehind(
            sum(count for _, count, _ in gone), min((since for _, _, since in gone), default=None)
        )


def _written(one: Doing, ahead: timedelta) -> dict[str, object]:
    since_at = (one.since_at + ahead).astimezone(UTC).isoformat()
    return {"work": one.work, "detail": one.detail, "since_at": since_at, "job": one.job}


def _read(row: Row[Any]) -> WorkerReport:
    kind, _, version = row.program.partition(" ")
    return WorkerReport(
        row.name,
        row.host,
        row.pid,
        WorkerKind(kind) if kind in _KINDS else WorkerKind.WORKER,
        version or _UNKNOWN,
        frozenset(row.queues.split()),
        row.started_at,
        row.seen_at,
        tuple(_doing(row.doing)),
        _figures(row.figures),
    )


def _doing(written: str) -> Sequence[Doing]:
    """Return what a process does; a later release may say more of it, or other things."""
    try:
        return [
            Doing(
                str(one["work"]),
                str(one["detail"]),
                datetime.fromisoformat(one["since_at"]),
                int(one["job"]),
            )
            for one in json.loads(written)
        ]
    except (ValueError, TypeError, KeyError):
        return ()


def _figures(written: str) -> WorkFigures:
    try:
        parts = json.loads(written)
        return WorkFigures(*(_counts(parts[name]) for name in ("done", "failed", "letters")))
    except (ValueError, TypeError, KeyError, AttributeError):
        return WorkFigures()


def _counts(written: dict[str, int]) -> dict[str, int]:
    return {str(name): int(count) for name, count in written.items()}
