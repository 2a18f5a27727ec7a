"""Copying SQLite's write-ahead log back into its file, beside whoever goes on to write.

SQLite does that at the end of whichever transaction makes the log long enough, and its writer waits twice for
the disk meanwhile. Readers and writers need not wait for it (https://www.sqlite.org/c3ref/wal_checkpoint_v2.html,
SQLITE_CHECKPOINT_PASSIVE): a thread can do it.
"""

import sqlite3
import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

LOG_PAGES: Final = 8_000
"""After how much of the log, in pages of 4 KiB, whoever writes copies it, if nobody does."""
_TOO_MANY_PAGES: Final = 4 * LOG_PAGES

_COPY: Final = "PRAGMA wal_checkpoint(PASSIVE)"
_COPY_ALL: Final = "PRAGMA wal_checkpoint(RESTART)"


class LogCopier:
    """Copies the log of one file whenever it is woken. Any thread may use it.

    A help and no more: what it cannot copy stays in the log, and whoever writes next tries again and says
    what is wrong. Nobody copies beside one who copies: where the disk takes as long as those who write, the
    log would grow without end. Once it is very long they wait until all of it is copied.
    """

    def __init__(self, path: Path) -> None:
        self._address = f"{path.resolve().as_uri()}?mode=rw"
        self._guard = threading.Lock()
        self._is_wanted = threading.Event()
        self._is_over = False
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Have the log copied, in a moment, without waiting for it."""
        with self._guard:
            self._is_wanted.set()
            if self._thread is None or not self._thread.is_alive():
                self._is_over = False
                # A process that ends may leave it in the middle: the log is there until all of it is copied.
                thread = threading.Thread(target=self._work, name="log-copier", daemon=True)
                with suppress(RuntimeError):  # the system has no thread to give
                    thread.start()
                    self._thread = thread

    def close(self) -> None:
        """Copy the log a last time, if it was woken ever, and end. It can be woken again."""
        with self._guard:
            thread, self._thread = self._thread, None
            if thread is not None:
                self._is_over = True
                self._is_wanted.set()
                thread.join()
            self._is_wanted.clear()

    def _work(self) -> None:
        with suppress(sqlite3.Error), closing(self._connect()) as connection:
            is_over = False
            while not is_over:
                self._is_wanted.wait()
                self._is_wanted.clear()
                is_over = self._is_over
                with suppress(sqlite3.Error):
                    self._copy(connection)

    def _copy(self, connection: sqlite3.Connection) -> None:
        _, pages, _ = connection.execute(_COPY).fetchone()
        if pages >= _TOO_MANY_PAGES:
            connection.execute(_COPY_ALL).fetchone()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._address, uri=True, isolation_level=None)
        # Only what is on the disk in the log goes into the file.
        connection.execute("PRAGMA synchronous = FULL")
        return connection
