"""Rounds that may take long and can break off anywhere: in a thread of its own, none holds up the end."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from newsletter.workflows import Purged

LOG: Final = logging.getLogger("newsletter.scheduler")


class QuietRound:
    """Does `work`, once at a time, and not again within `rest_s` seconds.

    These are counted by the steady clock: one that is set ahead by years must not begin it anew.
    """

    def __init__(self, name: str, work: Callable[[], None], *, rest_s: float = 0.0) -> None:
        self._name = name
        self._work = work
        self._rest_s = rest_s
        self._again_s = 0.0
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin the work, unless it goes on or has just been done."""
        if time.monotonic() < self._again_s or (self._thread and self._thread.is_alive()):
            return
        self._again_s = time.monotonic() + self._rest_s
        self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
        self._thread.start()


def purge_and_tell(purge: Callable[[], Purged | None]) -> None:
    """Forget what is over and old, and log how much it was."""
    purged = purge()
    if purged:
        LOG.info(
            "purged expired=%d received=%d replies=%d deliveries=%d",
            purged.expired,
            purged.received,
            purged.forgotten.replies,
            purged.forgotten.deliveries,
        )


def archive_and_tell(archive: Callable[[], int]) -> None:
    """Plan the public editions of days that are over, and log how many they are."""
    editions = archive()
    if editions:
        LOG.info("archived editions=%d", editions)
