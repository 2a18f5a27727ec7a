"""The work of `newsletter serve`."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from typing import Final

from newsletter.bootstrap import (
    Controls,
    Newsroom,
    answer_enquiries,
    build_archive,
    forget_enquiries,
    make_intakes,
    open_newsroom,
    open_relay,
    receiving,
    watch_documents,
)
from newsletter.cli.delivering import Delivery, be_quick_to_answer
from newsletter.cli.embedding import QuietReader
from newsletter.cli.logs import set_up_logging
from newsletter.cli.session import Session
from newsletter.mailboxes import write_pages
from newsletter.model import InboundKind, InboundMessage, SourceReport
from newsletter.ports import Source, Transport
from newsletter.rules.planning import Schedule
from newsletter.scheduler import Rounds, Scheduler
from newsletter.transports import MailDns
from newsletter.web import WebServer, make_app, site_of
from newsletter.workflows import (
    Published,
    Purged,
    Received,
    ReceivePorts,
    adopt_documents,
    collect,
    get_ready,
    publish_by_batches,
    purge,
    tell_who_left,
    work_off,
)

LOG: Final = logging.getLogger("newsletter.serve")


def run_serve(session: Session, port: int | None, *, has_pages: bool) -> None:
    """Keep running until SIGTERM or Ctrl-C."""
    be_quick_to_answer()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    # One thread makes vectors: letters that leave meanwhile have the other cores to themselves.
    with open_newsroom(session.config_path, embedding_threads=1) as room:
        set_up_logging(room.config.log, is_verbose=session.is_verbose, is_quiet=session.is_quiet)
        ports, controls = receiving(room), Controls()
        with (
            open_relay(room, MailDns()) as transport,
            _pages(room, ports, controls, port) if has_pages else nullcontext() as url,
            _ways_in(room) as places,
        ):
            work = rounds(room, transport, ports, stopped.is_set)
            scheduler = Scheduler(work, partial(_show_received, room))
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
            stopped.wait()
            session.say("Stopping …")
            scheduler.stop()


def rounds(
    room: Newsroom,
    transport: Transport,
    ports: ReceivePorts,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Rounds:
    """Return the work of each round on the ports of `room`. What takes long asks `is_stopping`."""
    reader = QuietReader(room, is_stopping)

    def collect_one(source: Source) -> SourceReport:
        report = collect([source], room.collecting())[0]
        if report.new:
            reader.read()
        return report

    def publish_all() -> Iterator[Published]:
        everybody = room.subscribers.by_id()
        return publish_by_batches(everybody, room.order(Schedule.KEEP), room.publishing())

    def tell(message: InboundMessage, received: Received) -> None:
        LOG.info("received id=%d kind=%s applied=%s", message.id, received.kind, received.applied)
        if received.kind is InboundKind.REFUSED:
            LOG.warning("inbound id=%d is set aside: %s", message.id, received.note)

    def warm_up() -> None:
        order = room.order(Schedule.KEEP)
        get_ready(order, room.publishing())
        room.press.renderer(room.press.dressing(order.dressing))  # templates take long to compile

    def receive_all(is_stopping: Callable[[], bool]) -> int:
        handled = work_off(room.inbound, ports, tell=tell, is_stopping=is_stopping)
        handled += tell_who_left(ports, is_stopping)
        handled += answer_enquiries(room, ports, is_stopping)
        if handled:
            room.correspondence.wipe_sent()
        return handled

    def purge_all() -> Purged:
        forget_enquiries(room)
        return purge(room.privacy())

    return Rounds(
        receive=receive_all,
        sources=room.sources,
        intervals=room.intervals,
        last_pulls=room.log.last,
        collect=collect_one,
        changes=partial(watch_documents, room.preferences, room.config),
        adopt=lambda: adopt_documents(room.subscribing()),
        publish=publish_all,
        get_ready=warm_up,
        deliver=Delivery(room, transport).run,
        purge=purge_all,
        archive=partial(_archive, room),
    )


def _archive(room: Newsroom, is_stopping: Callable[[], bool]) -> int:
    return sum(len(new) for _, new in build_archive(room, is_stopping=is_stopping))


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
