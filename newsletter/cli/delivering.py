"""Delivery for `send` and `serve`: in this process, or by a crew of them where much waits."""

import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from newsletter.bootstrap import Newsroom
from newsletter.config import EMBEDDED
from newsletter.model import SubscriberId
from newsletter.ports import Lanes, Transport
from newsletter.workers import Crew
from newsletter.workflows import Delivered, DeliverOrder, DeliverPorts, deliver, lane_alarms

LOG: Final = logging.getLogger("newsletter.alarms")

_WORTH_A_WORKER: Final = 500
"""Letters: with fewer, starting another process takes longer than sending them."""


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
        """Try all that waits, with as many processes as that is worth and the config allows."""
        count = self._workers()
        if count > 1:
            before = self._room.throttles.lanes()
            await Crew(self._command(), count).deliver(on_delivered, is_stopping)
            self._tell_of_breakers(before)
        else:
            order = DeliverOrder(
                at_once=self._room.config.delivery.letters_at_once,
                on_delivered=on_delivered,
                is_stopping=is_stopping,
                subscriber=self._subscriber,
            )
            await deliver(self._ports, order)

    def _workers(self) -> int:
        delivery = self._room.config.delivery
        if delivery.relays == EMBEDDED or self._subscriber:  # that server is inside this process
            return 1
        allowed = os.cpu_count() or 1 if delivery.workers == "auto" else delivery.workers
        waiting = self._room.outbox.accounting().waiting
        return min(allowed, 1 + waiting // _WORTH_A_WORKER)

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
        config = ["--config", str(self._room.config_path.absolute()), "--json"]
        moment = ["--now", self._now.isoformat()] if self._now else []
        return [sys.executable, "-m", "newsletter", *config, "worker", "--until-empty", *moment]
