"""What surrounds a process that works: it reports itself, shows its numbers, and makes spans."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from newsletter.bootstrap import Newsroom, process_families
from newsletter.cli.session import Session
from newsletter.model import WorkerKind
from newsletter.storage import StoredWorkforce
from newsletter.workers import (
    Badge,
    Board,
    Herald,
    MakeSpan,
    read_place,
    tracing,
    watched,
    worker_families,
)


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where one process works. Whatever takes long is noted on the board."""

    badge: Badge
    board: Board
    span: MakeSpan


@contextmanager
def workplace(
    session: Session,
    room: Newsroom,
    badge: Badge,
    stopped: threading.Event,
    metrics: str | None = None,
) -> Iterator[Workplace]:
    """Give a place to work at, with numbers at `metrics`, written `[HOST:]PORT`; None: nowhere.

    Raises ConfigError where there can be none, StorageError without a folder for locks.
    """
    room.show_presence()
    board = Board()
    herald = Herald(StoredWorkforce(room.database), badge, board.doing, board.figures)

    def trouble() -> str:
        if stopped.is_set():
            return "the worker ends"
        if not herald.is_heard():
            return "the database is away"
        # Only where jobs are shared there are lanes.
        takes_jobs = room.database.path is None and badge.kind is WorkerKind.WORKER
        return "no jobs are taken now" if takes_jobs and not board.is_open() else ""

    with ExitStack() as stack:
        if metrics is not None:
            families = lambda: (*worker_families(board), *process_families())  # noqa: E731
            url = stack.enter_context(watched(read_place(metrics), families, trouble))
            session.say(f"Numbers: {url}/metrics")
        span = stack.enter_context(tracing(badge.name))
        stack.enter_context(herald.reporting())
        yield Workplace(badge, board, span)
