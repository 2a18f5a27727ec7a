"""How a process says every few seconds that it lives, and what it does."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Final

from newsletter import __version__
from newsletter.errors import NewsletterError
from newsletter.model import LOST_AFTER, Doing, WorkerKind, WorkerReport, WorkFigures
from newsletter.ports import Workforce

LOG: Final = logging.getLogger("newsletter.worker")

REPORT_EVERY_S: Final = 5.0
_LAST_WAIT_S: Final = 1.0


class Badge:
    """Who a process is. Its name is never given twice: the machine, the process, and some chance."""

    def __init__(self, kind: WorkerKind, queues: Iterable[str] = ()) -> None:
        self.kind = kind
        self.queues = frozenset(map(str, queues))
        self.host = socket.gethostname()
        self.pid = os.getpid()
        self.name = f"{self.host}-{self.pid}-{secrets.token_hex(2)}"
        self.started_at = datetime.now(UTC)


class Herald:
    """Reports one process from a thread of its own; a database that is away is tried again.

    `doing` and `figures` are asked each time. The thread keeps no program from its end.
    """

    def __init__(
        self,
        workforce: Workforce,
        badge: Badge,
        doing: Callable[[], tuple[Doing, ...]] = tuple,
        figures: Callable[[], WorkFigures] = WorkFigures,
        every_s: float = REPORT_EVERY_S,
    ) -> None:
        self._workforce = workforce
        self._badge = badge
        self._doing = doing
        self._figures = figures
        self._every_s = every_s
        self._heard_s: float | None = None
        self._is_silent = False

    def is_heard(self) -> bool:
        """Return whether the last report was written, and lately: the database is there."""
        heard_s = self._heard_s
        is_recent = heard_s is not None and time.monotonic() - heard_s < LOST_AFTER.total_seconds()
        return is_recent and not self._is_silent

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Report at once and every few seconds until the end; then leave, if that does not take long."""
        ended = threading.Event()
        thread = threading.Thread(target=self._run, args=(ended,), name="report", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(timeout=_LAST_WAIT_S)

    def _run(self, ended: threading.Event) -> None:
        self.report()
        while not ended.wait(self._every_s):
            self.report()
        with suppress(NewsletterError):
            self._workforce.leave(self._badge.name)

    def report(self) -> None:
        """Write down how this process stands; where the database is away, say so in the log, once."""
        badge = self._badge
        try:
            self._workforce.report(
                WorkerReport(
                    badge.name,
                    badge.host,
                    badge.pid,
                    badge.kind,
                    __version__,
                    badge.queues,
                    badge.started_at,
                    datetime.now(UTC),
                    self._doing(),
                    self._figures(),
                )
            )
        except NewsletterError as error:
            if not self._is_silent:
                LOG.warning("this process cannot report itself: %s", error)
            self._is_silent = True
        else:
            self._is_silent = False
            self._heard_s = time.monotonic()
