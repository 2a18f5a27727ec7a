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

_COPY: Final = "PRAGMA wal_checkpoint(PASSIVE)"


class LogCopier:
    """Copies the log of one file whenever it is woken. Any thread may use it.

    What it cannot copy stays in the log, and whoever writes next tries again and says what is wrong.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._is_wanted = threading.Event()
        self._is_over = False
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Have the log copied, in a moment; nobody waits for it."""
        with self._guard:
            if self._thread is None:
                self._is_over = False
                # A process that ends may leave it in the middle: the log is there until all of it is copied.
                self._thread = threading.Thread(target=self._work, name="log-copier", daemon=True)
                self._thread.start()
            self._is_wanted.set()

    def close(self) -> None:
        """Copy what is there, and end. It can be woken again."""
        with self._guard:
            if self._thread is None:
                return
            self._is_over = True
            self._is_wanted.set()
            self._thread.join()
            self._thread = None
            self._is_wanted.clear()

    def _work(self) -> None:
        with suppress(sqlite3.Error), closing(self._connect()) as connection:
            while self._is_wanted.wait():
                self._is_wanted.clear()
                with suppress(sqlite3.Error):
                    connection.execute(_COPY).fetchall()
                if self._is_over:
                    return

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None)
        # Only what is on the disk in the log goes into the file.
        connection.execute("PRAGMA synchronous = FULL")
        return connection
