"""A thread that looks at a mailbox until it is told to end."""

import logging
import threading
from collections.abc import Callable
from typing import Final

STOP_LIMIT_S: Final = 2
AFTER_MISTAKE_S: Final = 60

log = logging.getLogger(__name__)


class Rounds:
    """Calls `look` again and again from `start` to `stop`.

    `look` is given the event that ends it, and returns after how many seconds it wants to be
    called again. A thread that waits for the network beyond the two seconds of `stop` is left
    behind: it has acknowledged nothing, and ends by itself.
    """

    def __init__(self, look: Callable[[threading.Event], float], name: str) -> None:
        self._look = look
        self._name = name
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, unless it has."""
        if self._thread is None:
            self._stopped = threading.Event()
            self._thread = threading.Thread(
                target=self._work, args=(self._stopped,), name=self._name, daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """End within two seconds. Harmless when it does not run."""
        thread, self._thread = self._thread, None
        self._stopped.set()
        if thread is not None:
            thread.join(STOP_LIMIT_S)

    def _work(self, stopped: threading.Event) -> None:
        while not stopped.is_set():
            try:
                pause_s = self._look(stopped)
            except Exception:
                # A mistake of ours or of a library must not end all looking without a sound.
                log.exception("%s: a look failed", self._name)
                pause_s = AFTER_MISTAKE_S
            stopped.wait(pause_s)
