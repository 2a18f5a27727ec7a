"""Delivery for `send`, `serve` and `worker`: in this process, or by a crew of them where much waits."""

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from newsletter.bootstrap import Newsroom
from newsletter.config import EMBEDDED
from newsletter.errors import StorageError
from newsletter.model import SubscriberId
from newsletter.ports import Lanes, Transport
from newsletter.transports import run
from newsletter.workers import Crew, read_line
from newsletter.workflows import Delivered, DeliverOrder, DeliverPorts, deliver, lane_alarms

LOG: Final = logging.getLogger("newsletter.alarms")
_WORK: Final = logging.getLogger("newsletter.worker")

_LOOK_EVERY_S: Final = 1.0
_PATIENCE: Final = timedelta(minutes=10)
"""So long a database may fail before a command that is to end by itself gives up."""

_TURN_S: Final = 0.001

WORTH_A_WORKER: Final = 500
"""Letters: with fewer, starting another process takes longer than sending them."""


def be_quick_to_answer() -> None:
    """Let threads take turns more often than Python has them by default, which is 5 ms.

    Whoever talks to the database or to a relay gives up his turn at each step, and waits so long for
    the next while another thread plans or prints: with ten steps a letter that is what takes longest.
    """
    sys.setswitchinterval(_TURN_S)


def keep_delivering(
    ports: DeliverPorts,
    order: DeliverOrder,
    stopped: threading.Event,
    look_every_s: float = _LOOK_EVERY_S,
) -> None:
    """Deliver round after round; a database that fails for a while is waited for, and loses nothing."""
    while not stopped.is_set():
        try:
            run(deliver(ports, order))
        except StorageError as error:
            _WORK.error("%s", error)
        stopped.wait(look_every_s)


async def deliver_all(
    ports: DeliverPorts, order: DeliverOrder, patience: timedelta = _PATIENCE
) -> None:
    """Deliver until nothing is left; a database that fails for a while is waited for.

    How the last letters ended is known to this process alone until it is written: to end now would
    make them uncertain, and send them again. Raises StorageError when the database failed for
    `patience` on end, or the program is to stop.
    """
    failing_since_s: float | None = None

    def note(outcome: Delivered) -> None:
        nonlocal failing_since_s
        failing_since_s = None
        order.on_delivered(outcome)

    while True:
        try:
            await deliver(ports, replace(order, on_delivered=note))
        except StorageError as error:
            now_s = time.monotonic()
            failing_since_s = now_s if failing_since_s is None else failing_since_s
            if order.is_stopping() or now_s - failing_since_s >= patience.total_seconds():
                raise
            _WORK.error("%s", error)
            await asyncio.sleep(_LOOK_EVERY_S)
        else:
            return


def worker_command(room: Newsroom, now: datetime | None, *options: str) -> list[str]:
    """Return what starts a worker of a crew. `now` is where the clock stands, None for real time."""
    config = ["--config", str(room.config_path.absolute()), "--json"]
    moment = ["--now", now.isoformat()] if now else []
    return [sys.executable, "-m", "newsletter", *config, "worker", *options, *moment]


def workers_allowed(room: Newsroom) -> int:
    """Return how many processes may work side by side."""
    workers = room.config.delivery.workers
    return (os.cpu_count() or 1) if workers == "auto" else workers


class _Growth:
    """Whether more waits now than one process should send; looked at each second."""

    def __init__(self, workers: Callable[[], int]) -> None:
        self._workers = workers
        self._looked_at_s = time.monotonic()
        self._is_seen = False

    def is_seen(self) -> bool:
        """Return whether it was seen once."""
        now_s = time.monotonic()
        if not self._is_seen and now_s - self._looked_at_s >= _LOOK_EVERY_S:
            self._looked_at_s = now_s
            self._is_seen = self._workers() > 1
        return self._is_seen


class Delivery:
    """The way out of one command. `now` is the moment at which its clock stands, None for real time.

    `subscriber` is whose letters leave; None: everybody's.
    """

    def __init__(
        self,
        room: Newsroom,
        transport: Transport,
        *,
        now: datetime | None = None,
        subscriber: SubscriberId | None = None,
    ) -> None:
        self._room = room
        self._ports: DeliverPorts = room.delivering(transport)
        self._now = now
        self._subscriber = subscriber

    async def run(
        self, on_delivered: Callable[[Delivered], None], is_stopping: Callable[[], bool]
    ) -> None:
        """Try all that waits, with as many processes as that is worth and the config allows.

        The first letters leave from this process at once: a crew needs a moment to come. Where more
        comes to wait meanwhile than one process should send, the crew is called then.
        """
        while not is_stopping():
            count = self._workers()
            if count > 1:
                await self._with_crew(count, on_delivered, is_stopping)
                return
            growth = _Growth(self._workers)
            await self._alone(on_delivered, lambda: is_stopping() or growth.is_seen())  # noqa: B023 - ends before the next
            if not growth.is_seen():
                return

    async def _alone(
        self, on_delivered: Callable[[Delivered], None], is_stopping: Callable[[], bool]
    ) -> None:
        order = DeliverOrder(
            at_once=self._room.config.delivery.letters_at_once,
            on_delivered=on_delivered,
            is_stopping=is_stopping,
            subscriber=self._subscriber,
        )
        await deliver_all(self._ports, order)

    async def _with_crew(
        self,
        count: int,
        on_delivered: Callable[[Delivered], None],
        is_stopping: Callable[[], bool],
    ) -> None:
        before = self._room.throttles.lanes()
        is_crew_at_work = False

        def hear(line: bytes) -> None:
            nonlocal is_crew_at_work
            outcome = read_line(line)
            if outcome:
                is_crew_at_work = True
                on_delivered(outcome)

        await asyncio.gather(
            Crew([self._command()] * count).work(hear, is_stopping),
            self._alone(on_delivered, lambda: is_stopping() or is_crew_at_work),
        )
        self._tell_of_breakers(before)

    def _workers(self) -> int:
        delivery = self._room.config.delivery
        if delivery.relays == EMBEDDED or self._subscriber:  # that server is inside this process
            return 1
        allowed = workers_allowed(self._room)
        waiting = self._room.count_waiting((allowed - 1) * WORTH_A_WORKER)
        return min(allowed, 1 + waiting // WORTH_A_WORKER)

    def _tell_of_breakers(self, before: Lanes) -> None:
        """Log what the workers could only write down: their own log is heard by nobody."""
        now = datetime.now(UTC)
        new = {
            name: lane
            for name, lane in self._room.throttles.lanes().items()
            if name not in before or lane.opened_at != before[name].opened_at
        }
        for alarm in lane_alarms(new, now):
            LOG.error("%s", alarm)

    def _command(self) -> list[str]:
        return worker_command(self._room, self._now, "--until-empty")
