"""Write a file whole or not at all, while nobody else of ours writes in its folder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from newsletter.errors import PreferencesError

_LOCK_NAME: Final = ".newsletter-lock"
_LONGEST_WAIT_S: Final = 10.0
_PAUSE_S: Final = 0.02
_NEW_FILE_MODE: Final = 0o666
"""Less what the umask takes away, as for every file that a program makes."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; other programs of ours wait for it, editors do not know it.

    The lock ends with the process, however that ends. Raises PreferencesError when another
    program holds it for ten seconds, or when the folder cannot be written.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        handle = os.open(folder / _LOCK_NAME, flags, _NEW_FILE_MODE)
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        _wait_for(handle, folder)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int, folder: Path) -> None:
    give_up_at = time.monotonic() + _LONGEST_WAIT_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > give_up_at:
                message = f"{folder}: another program is writing there; try again"
                raise PreferencesError(message) from error
            time.sleep(_PAUSE_S)
        else:
            return


def write_whole(path: Path, octets: bytes, *, expected: bytes | None) -> None:
    """Put `octets` in the place of the file at `path`, which holds `expected`; None: there is none.

    Whatever happens, the old or the new file stands there, whole: the new one is written beside it,
    forced to disk and renamed. It keeps mode and, where that is allowed, owner. Call it under the
    lock of the folder. Raises PreferencesError when something else stands there by now, and when
    it cannot be written; then nothing is changed.
    """
    beside = path.with_name(f".{path.name}.unfinished")
    try:
        _write_beside(beside, octets, path)
        if _present(path) != expected:
            message = f"{path}: was changed meanwhile; look at it again, nothing was written"
            raise PreferencesError(message)
        os.replace(beside, path)  # noqa: PTH105 - one of three system calls in a row
        _force_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def delete_whole(path: Path, *, expected: bytes) -> None:
    """Delete the file at `path`, which holds `expected`. Call it under the lock of the folder.

    Raises PreferencesError when something else stands there by now, and when it cannot be deleted.
    """
    try:
        if _present(path) != expected:
            message = f"{path}: was changed meanwhile; look at it again, nothing was removed"
            raise PreferencesError(message)
        path.unlink()
        _force_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error


def _write_beside(beside: Path, octets: bytes, path: Path) -> None:
    beside.unlink(missing_ok=True)  # what a killed process left
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    with open(os.open(beside, flags, _NEW_FILE_MODE), "wb") as file:  # noqa: PTH123 (a handle)
        with suppress(FileNotFoundError):
            before = path.stat()
            with suppress(PermissionError):
                os.fchown(file.fileno(), before.st_uid, before.st_gid)
            os.fchmod(file.fileno(), before.st_mode & 0o7777)
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())


def _present(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _force_folder(folder: Path) -> None:
    """Force the new name to disk as well."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def cannot_write(path: Path, error: OSError) -> PreferencesError:
    """Say that a file or folder cannot be written, and what to do."""
    message = f"{path}: cannot be written ({error.strerror}); let the program's user write there"
    return PreferencesError(message)
