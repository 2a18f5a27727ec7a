"""The work of `newsletter worker`: deliver what waits, and on PostgreSQL every job there is."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer

from newsletter.bootstrap import Newsroom, open_newsroom, open_relay
from newsletter.cli.delivering import be_quick_to_answer, deliver_all, keep_delivering
from newsletter.cli.logs import set_up_logging
from newsletter.cli.planning import plan_share, read_share
from newsletter.cli.session import Session, read_moment
from newsletter.cli.stopping import politely_stopped
from newsletter.config import EMBEDDED
from newsletter.errors import ConfigError, ExitCode
from newsletter.model import Queue, WorkerKind
from newsletter.transports import run
from newsletter.workers import Badge, Board, write_line
from newsletter.workflows import Delivered, DeliverOrder

_STANDARD_INPUT: Final = 0


@dataclass(frozen=True, slots=True)
class Hiring:
    """What a worker is to do. `queues` are names as written on the command line; None: all.

    `metrics` is where its numbers are shown, as written there; None: nowhere. With `share`, as written
    for one of a crew, it plans for these people and does nothing else; `exchange` is the folder of that crew.
    """

    until_empty: bool = False
    queues: str | None = None
    concurrency: int = 2
    metrics: str | None = None
    share: str | None = None
    exchange: Path | None = None

    def chosen(self) -> frozenset[Queue]:
        """Return the queues; raises ConfigError for a name that none has."""
        if self.queues is None:
            return frozenset(Queue)
        names = {name.strip() for name in self.queues.split(",") if name.strip()}
        offered = {str(one): one for one in Queue if one is not Queue.CLOCK}
        unknown = sorted(names - offered.keys())
        if unknown or not names:
            what = unknown[0] if unknown else self.queues
            message = f"--queues: there is no queue {what!r}; there are: {', '.join(offered)}"
            raise ConfigError(message)
        return frozenset(offered[name] for name in names)


def run_worker(session: Session, now: str | None, hiring: Hiring) -> None:
    """Work until nothing is left, or until SIGTERM, Ctrl-C or the end of standard input."""
    be_quick_to_answer()
    queues = hiring.chosen()
    if hiring.until_empty and hiring.metrics is not None:
        message = "--metrics: a worker that ends by itself shows none; leave one of the two out"
        raise ConfigError(message)
    if hiring.exchange is not None and hiring.share is None:
        message = "--exchange: planners alone tell each other what they learned; add --plan, or leave it out"
        raise ConfigError(message)
    with (
        politely_stopped() as stopped,
        open_newsroom(session.config_path, now=read_moment(now), embedding_threads=1) as room,
    ):
        has_jobs = not hiring.until_empty and room.database.path is None
        # Whatever it was told, a worker that takes jobs looks for what is due.
        badge = Badge(WorkerKind.WORKER, queues | {Queue.CLOCK} if has_jobs else {Queue.LETTERS})
        set_up_logging(
            room.config.log,
            is_verbose=session.is_verbose,
            is_quiet=session.is_quiet,
            fields={} if hiring.until_empty else {"worker": badge.name},
        )
        if hiring.share is not None:
            _stop_with_parent(stopped)
            if not plan_share(room, read_share(hiring.share), stopped, hiring.exchange):
                raise typer.Exit(ExitCode.TEMPORARY)
            return
        if room.config.delivery.relays == EMBEDDED:
            message = "a worker cannot use the server inside the program: name a relay under delivery.relays"
            raise ConfigError(message)
        if hiring.queues is not None and not has_jobs:
            message = "--queues: jobs are shared on PostgreSQL alone; see docs/scaling.md"
            raise ConfigError(message)
        if hiring.until_empty:
            _deliver(session, room, stopped, None)
            return
        from newsletter.cli.workplaces import workplace  # one of a crew has no use for it

        with workplace(session, room, badge, stopped, hiring.metrics) as place:
            if has_jobs:
                from newsletter.cli.jobbing import run_jobs  # procrastinate takes a while to load

                run_jobs(session, room, stopped, queues, hiring.concurrency, place)
            else:
                _deliver(session, room, stopped, place.board)


def _deliver(
    session: Session, room: Newsroom, stopped: threading.Event, board: Board | None
) -> None:
    """Deliver until nothing is left, or, where there is a board to note it on, until the end."""
    if board is None:
        _stop_with_parent(stopped)
    with open_relay(room) as transport:
        ports = room.delivering(transport)
        order = DeliverOrder(
            at_once=room.config.delivery.letters_at_once,
            on_delivered=_teller(session, board),
            is_stopping=stopped.is_set,
        )
        if board is None:
            run(deliver_all(ports, order))
        else:
            keep_delivering(ports, order, stopped)


def _teller(session: Session, board: Board | None) -> Callable[[Delivered], None]:
    """Return how to tell of one try: those of one page of the ledger go out together."""
    untold: list[str] = []

    def flush() -> None:
        sys.stdout.write("".join(untold))
        untold.clear()
        sys.stdout.flush()

    def tell(outcome: Delivered) -> None:
        if board is not None:
            board.count_letter(str(outcome.event or "none"))
        if session.wants_json:
            if not untold:
                asyncio.get_running_loop().call_soon(flush)
            untold.append(write_line(outcome) + "\n")
        elif outcome.event is not None:
            session.say(f"{outcome.event}: {outcome.reply}")

    return tell


def _stop_with_parent(stopped: threading.Event) -> None:
    """Stop when whoever started this process is gone: then its end of the pipe is closed."""

    def wait() -> None:
        # Not through sys.stdin: its lock, held at the end of the program, would break that off.
        with suppress(OSError):
            while os.read(_STANDARD_INPUT, 1024):
                pass
        stopped.set()

    threading.Thread(target=wait, name="parent", daemon=True).start()
