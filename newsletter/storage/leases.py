"""Which worker holds a message, and whether that worker still lives.

A lease is no wall time: clocks jump, and `--now` sets them. It is no process number either: those
mean nothing in the container beside. It is a lock that somebody else lets go when the worker ends,
however it ends: the server does for PostgreSQL (`session_leases`), the system for SQLite.

There a worker keeps an exclusive lock, flock(2), on a small file of its own beside the database.
That holds over containers that share the folder, not over machines: like the database itself, the
folder belongs on a local disk and not on NFS. It must not be cleared while a worker runs.
"""

import fcntl
import os
import re
import secrets
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, NewType, Protocol

from sqlalchemy import Connection

from newsletter.errors import StorageError

Holder = NewType("Holder", str)
"""The name of a worker, never given twice."""

IsAlive = Callable[[Holder], bool]

_SUFFIX: Final = ".lock"
_NAME: Final = re.compile(r"[0-9a-f]{32}")


class Leases(Protocol):
    """The workers of one database. May be used from any thread.

    One object is one worker from its first `hold` to `close`. A process that forks opens its own.
    """

    @property
    def holder(self) -> Holder | None:
        """The name under which this worker holds messages; None before the first `hold`."""
        ...

    def hold(self) -> Holder:
        """Return the name of this worker, who counts as alive from now until `close`.

        Another name than before where the lease was lost: what was held under that is anybody's.
        Raises StorageError when there is no lease to be had.
        """
        ...

    def renew(self) -> Holder | None:
        """Make sure that the lease stands, and return its name; None when there is none any more.

        To be asked before what cannot be taken back. Raises StorageError when nobody answers.
        """
        ...

    def was_mine(self, holder: Holder) -> bool:
        """Say whether this worker holds, or held and lost, messages under that name."""
        ...

    def is_alive(self, holder: Holder) -> bool:
        """Say whether the worker `holder` lives. A name that is none of ours belongs to nobody."""
        ...

    def bury(self, connection: Connection, holders: Iterable[Holder]) -> list[Holder]:
        """Return those of `holders` who are gone, and stay so until the transaction has ended."""
        ...

    def sweep(self) -> None:
        """Remove what workers that are gone left behind."""
        ...

    def close(self) -> None:
        """End this worker: what it still holds is anybody's. The next `hold` begins another."""
        ...


class FileLeases:
    """Leases as locked files in `folder`, one for each worker."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = threading.Lock()
        self._held: tuple[Holder, int] | None = None

    @property
    def holder(self) -> Holder | None:
        """The name under which this worker holds messages; None before the first `hold`."""
        held = self._held
        return held[0] if held else None

    def hold(self) -> Holder:
        """Return the name of this worker, who counts as alive from now until `close`.

        Raises StorageError when the file cannot be made.
        """
        with self._guard:
            if self._held is None:
                self._held = self._take()
            return self._held[0]

    def renew(self) -> Holder | None:
        """Return the name of this worker: the system does not take a lock away."""
        return self.holder

    def was_mine(self, holder: Holder) -> bool:
        """Say whether this worker holds messages under that name."""
        return holder == self.holder

    def bury(self, connection: Connection, holders: Iterable[Holder]) -> list[Holder]:  # noqa: ARG002 - names of files never come back
        """Return those of `holders` who are gone: none comes back under its name."""
        return [one for one in holders if not self.is_alive(one)]

    def is_alive(self, holder: Holder) -> bool:
        """Say whether the worker `holder` lives; the file of one that is gone is removed.

        A name that is none of ours belongs to nobody. A file that may not be looked into counts
        as held: a lease is kept rather too long than too short.
        """
        if not _NAME.fullmatch(holder):
            return False
        try:
            handle = os.open(self._file(holder), os.O_RDONLY)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        else:
            # Still locked here: a worker that makes this very file now sees that it lost it.
            with suppress(OSError):
                self._file(holder).unlink()
            return False
        finally:
            os.close(handle)

    def sweep(self) -> None:
        """Remove the files of workers that are gone."""
        with suppress(OSError):
            for file in list(self._folder.iterdir()):
                self.is_alive(Holder(file.name.removesuffix(_SUFFIX)))

    def living(self) -> list[Holder]:
        """Return all workers who live, but for this one. Raises StorageError for a closed folder."""
        try:
            names = [Holder(file.name.removesuffix(_SUFFIX)) for file in self._folder.iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            message = f"{self._folder}: cannot be read: {error.strerror}; check its permissions"
            raise StorageError(message) from error
        return [name for name in names if name != self.holder and self.is_alive(name)]

    def close(self) -> None:
        """End this worker: what it still holds is anybody's. The next `hold` begins another."""
        with self._guard:
            if self._held is None:
                return
            holder, handle = self._held
            self._held = None
            with suppress(OSError):
                self._file(holder).unlink()
            os.close(handle)

    def _take(self) -> tuple[Holder, int]:
        while True:
            holder = Holder(secrets.token_hex(16))
            handle = self._locked(self._file(holder))
            if os.fstat(handle).st_nlink:
                return holder, handle
            os.close(handle)  # swept away by another worker before it was locked

    def _locked(self, file: Path) -> int:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
            except OSError:
                os.close(handle)
                raise
        except OSError as error:
            message = (
                f"{file}: cannot be made or locked: {error.strerror}; a worker needs it to hold "
                "messages: check the folder, its permissions and that it is on a local disk"
            )
            raise StorageError(message) from error
        return handle

    def _file(self, holder: Holder) -> Path:
        return self._folder / f"{holder}{_SUFFIX}"
