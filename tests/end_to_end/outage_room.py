"""What an outage of a disk or of a relay needs: letters that wait, and a worker that goes on."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from queue import Queue

from newsletter.cli.delivering import keep_delivering
from newsletter.model import Dressing
from newsletter.ports import Clock, Transport
from newsletter.rules.addresses import Secrets
from newsletter.storage import Database, MessageOutbox, SlotLedger
from newsletter.testing import FakeRenderer
from newsletter.testing.plans import LETTERHEAD, make_plan
from newsletter.testing.stores import OneContentStore
from newsletter.workflows import DeliverOrder, DeliverPorts, Press
from tests.admitting import admit_all

PATIENCE_S = 60.0
_LOOK_EVERY_S = 0.05


def let_wait(
    database: Database, names: Sequence[str], ends_after: timedelta = timedelta(hours=21)
) -> SlotLedger:
    """Plan a letter for each name, to NAME@example.org; after `ends_after` it would be too late."""
    admit_all(database, names)
    ledger = SlotLedger(database)
    dressing = ledger.keep_dressing(Dressing(LETTERHEAD, {}))
    plans = []
    for name in names:
        plan = make_plan(name, ["a"])
        assert plan.edition
        edition = replace(plan.edition, dressing=dressing)
        ends = plan.slot.begins_at + ends_after
        plans.append(replace(plan, edition=edition, begin_by=ends, retry_until=ends))
    ledger.plan(plans)
    return ledger


def delivering(database: Database, transport: Transport, clock: Clock) -> DeliverPorts:
    """Return the ports of a worker on this database."""
    ledger = SlotLedger(database)
    press = Press(OneContentStore(), ledger, lambda _: FakeRenderer(), Secrets((b"k" * 16,)))
    return DeliverPorts(MessageOutbox(database), ledger, transport, press, clock, lambda: 0.5)


class Complaints(logging.Handler):
    """Hears what a worker says of its database."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: Queue[str] = Queue()

    def emit(self, record: logging.LogRecord) -> None:
        """Remember it."""
        self._lines.put(record.getMessage())

    def next(self) -> str:
        """Wait for the next one."""
        return self._lines.get(timeout=PATIENCE_S)


@contextmanager
def working(ports: DeliverPorts, at_once: int) -> Iterator[Complaints]:
    """Deliver as `newsletter worker` does, in a thread, until the end of the block."""
    complaints, stopped = Complaints(), threading.Event()
    log = logging.getLogger("newsletter.worker")
    log.addHandler(complaints)
    order = DeliverOrder(at_once=at_once)
    worker = threading.Thread(target=keep_delivering, args=(ports, order, stopped, _LOOK_EVERY_S))
    worker.start()
    try:
        yield complaints
        assert worker.is_alive()
    finally:
        stopped.set()
        worker.join(PATIENCE_S)
        log.removeHandler(complaints)
