"""The work of each round of `serve`, on the ports of a newsroom; jobs of workers do the same."""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from newsletter.bootstrap import (
    Newsroom,
    answer_enquiries,
    build_archive,
    watch_documents,
)
from newsletter.cli.delivering import Delivery
from newsletter.cli.embedding import QuietReader
from newsletter.model import InboundKind, InboundMessage, SourceReport
from newsletter.ports import Source, Transport
from newsletter.rules.planning import Schedule
from newsletter.scheduler import Rounds
from newsletter.workflows import (
    Published,
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

    return Rounds(
        receive=receive_all,
        sources=room.sources,
        intervals=room.intervals,
        last_pulls=room.log.last,
        collect=collect_one,
        changes=partial(watch_documents, room.preferences, room.config),
        adopt=lambda: adopt_documents(room.subscribing()),
        publish=partial(publish_awake, room),
        get_ready=warm_up,
        deliver=Delivery(room, transport).run,
        purge=lambda: purge(room.privacy()),
        archive=partial(_archive, room),
    )


def publish_awake(
    room: Newsroom, *, above: str = "", below: str | None = None
) -> Iterator[Published]:
    """Plan for those whose slot may have come, with an id above one and below the other."""
    people = room.rests.awake(now=room.clock.now(), above=above, below=below)
    return publish_by_batches(people, room.order(Schedule.KEEP), room.publishing())


def _archive(room: Newsroom, is_stopping: Callable[[], bool]) -> int:
    return sum(len(new) for _, new in build_archive(room, is_stopping=is_stopping))
