"""The work of `newsletter serve`."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from typing import Final

from newsletter.bootstrap import (
    Controls,
    Newsroom,
    make_intakes,
    open_newsroom,
    open_relay,
    receiving,
)
from newsletter.cli.delivering import be_quick_to_answer
from newsletter.cli.logs import set_up_logging
from newsletter.cli.rounds import rounds
from newsletter.cli.session import Session
from newsletter.cli.stopping import set_from_handler
from newsletter.cli.workplaces import Workplace, workplace
from newsletter.mailboxes import write_pages
from newsletter.model import WorkerKind
from newsletter.scheduler import Rounds, Scheduler
from newsletter.transports import MailDns
from newsletter.web import WebServer, make_app, site_of
from newsletter.workers import Badge
from newsletter.workflows import Delivered, ReceivePorts

LOG: Final = logging.getLogger("newsletter.serve")

_LISTEN_EVERY_S: Final = 0.5


def run_serve(session: Session, port: int | None, *, has_pages: bool) -> None:
    """Keep running until SIGTERM or Ctrl-C."""
    be_quick_to_answer()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: set_from_handler(stopped))
    # One thread makes vectors: letters that leave meanwhile have the other cores to themselves.
    with open_newsroom(session.config_path, embedding_threads=1) as room:
        set_up_logging(room.config.log, is_verbose=session.is_verbose, is_quiet=session.is_quiet)
        badge = Badge(WorkerKind.SERVE)
        ports, controls = receiving(room), Controls()
        with (
            workplace(session, room, badge, stopped) as here,
            open_relay(room, MailDns()) as transport,
            _pages(room, ports, controls, port) if has_pages else nullcontext() as url,
            _ways_in(room) as places,
        ):
            work = rounds(room, transport, ports, stopped.is_set)
            scheduler = Scheduler(_noted(work, here), partial(_show_received, room))
            scheduler.start()
            controls.pull_soon = scheduler.control.pull_soon
            controls.is_alive = scheduler.control.is_alive
            if url:
                session.say(f"Pages: {url}")
            for place in places:
                session.say(f"Mail comes in: {place}")
            if room.received:
                where = f"{url}/received/" if url else f"{room.received}/index.html"
                session.say(f"Letters go to the server inside the program: {where}")
            session.say("Stop with Ctrl-C.")
            # Not without an end: a signal that the system gave to another thread is heard at the next step.
            while not stopped.wait(_LISTEN_EVERY_S):
                pass
            session.say("Stopping …")
            scheduler.stop()


def _noted(work: Rounds, place: Workplace) -> Rounds:
    """Return the rounds with each delivery as a span, and its letters counted on the board."""

    async def deliver(tell: Callable[[Delivered], None], is_stopping: Callable[[], bool]) -> object:
        def note(outcome: Delivered) -> None:
            place.board.count_letter(str(outcome.event or "none"))
            tell(outcome)

        with place.span("delivery round"):
            return await work.deliver(note, is_stopping)

    return replace(work, deliver=deliver)


@contextmanager
def _ways_in(room: Newsroom) -> Iterator[list[str]]:
    """Take mail by every way that the config names, and say where."""
    with ExitStack() as stack:
        places = []
        for intake in make_intakes(room):
            places.append(intake.start())
            stack.callback(intake.stop)
        yield places


@contextmanager
def _pages(
    room: Newsroom, ports: ReceivePorts, controls: Controls, port: int | None
) -> Iterator[str]:
    settings = room.config.web
    if room.received:
        _show_received(room)
    server = WebServer(
        make_app(site_of(room, ports, controls)),
        settings.host,
        settings.port if port is None else port,
    )
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def _show_received(room: Newsroom) -> None:
    if room.received:
        write_pages(room.received)
