"""Finds out ahead, beside the delivery, which domains share a provider; no letter waits for it."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Final

from newsletter.bootstrap.clocks import SystemClock
from newsletter.bootstrap.newsroom import Newsroom
from newsletter.errors import StorageError
from newsletter.ports import AskForMailHosts
from newsletter.workflows import LaneGroups, MailHostPorts, learn_mail_hosts

LOG: Final = logging.getLogger("newsletter.lanes")

_LOOK_EVERY: Final = timedelta(minutes=1)
_ASK_EVERY_LOOKS: Final = 10
_LAST_WAIT_S: Final = 2.0


@contextmanager
def finding_mail_hosts(room: Newsroom, ask: AskForMailHosts | None) -> Iterator[None]:
    """Keep the groups of `room` as they are known, once a minute, and every ten ask for what is due.

    With no `ask` others do that. Nothing is done where the settings want no groups. What the
    database does not give or take is logged, and tried again.
    """
    if room.groups is None:
        yield
        return
    ports = MailHostPorts(room.groups.book, ask, SystemClock()) if ask else None
    _look(room.groups)  # what is known holds from the first letter on
    errand = _Errand(room.groups, ports)
    thread = threading.Thread(target=errand.run, name="mail hosts", daemon=True)
    thread.start()
    try:
        yield
    finally:
        errand.stop()
        thread.join(_LAST_WAIT_S)  # one that the database holds up ends with the process


class _Errand:
    """Looks and asks, in a thread and a loop of its own, until it is stopped: that takes no time."""

    def __init__(self, groups: LaneGroups, ports: MailHostPorts | None) -> None:
        self._groups = groups
        self._ports = ports
        self._loop = asyncio.new_event_loop()
        self._work = self._loop.create_task(self._go_on())

    def run(self) -> None:
        """Work until it is stopped."""
        try:
            with suppress(asyncio.CancelledError):
                self._loop.run_until_complete(self._work)
        finally:
            self._loop.close()

    def stop(self) -> None:
        """Let it end; what was asked is forgotten, and asked again another time."""
        with suppress(RuntimeError):  # it ended by itself
            self._loop.call_soon_threadsafe(self._work.cancel)

    async def _go_on(self) -> None:
        looks = 0
        while True:
            if self._ports is not None and looks % _ASK_EVERY_LOOKS == 0:
                await self._learn(self._ports)
            looks += 1
            await asyncio.sleep(_LOOK_EVERY.total_seconds())
            _look(self._groups)

    async def _learn(self, ports: MailHostPorts) -> None:
        try:
            asked = await learn_mail_hosts(ports, self._groups.look)
        except StorageError as error:
            LOG.warning("mail_hosts=unknown reason=%s", error)
        else:
            if asked:
                LOG.info("mail_hosts=known asked=%d", asked)


def _look(groups: LaneGroups) -> None:
    try:
        groups.look()
    except StorageError as error:
        LOG.warning("mail_hosts=unknown reason=%s", error)
