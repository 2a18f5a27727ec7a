"""What a file is, by its bytes."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from newsletter.embedding.known import ModelFile
from newsletter.errors import MeaningError

_LARGEST_BYTES: Final = 2_000_000_000
"""Of a model in a folder of the operator's: far above what a machine for letters can run."""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the file at `path`, hexadecimal.

    A file is read once per process; one that changes is read again. Raises MeaningError when it
    cannot be read, or is no model by its size.
    """
    try:
        status = path.stat()
        if not 0 < status.st_size <= _LARGEST_BYTES:
            message = f"{path}: has {status.st_size:,} bytes, so it is no file of a model"
            raise MeaningError(message)
        return _read(path, status.st_size, status.st_mtime_ns, status.st_ino)
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}); let the program's user read it"
        raise MeaningError(message) from error


@cache
def _read(path: Path, *_: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(path: Path, file: ModelFile, remedy: str) -> None:
    """Raise MeaningError unless the file at `path` has exactly the bytes of `file`."""
    found = sha256_of(path)
    if found != file.sha256:
        message = (
            f"{path}: is not {file.name} of {file.wanted}: its SHA-256 begins with {found[:12]} "
            f"instead of {file.sha256[:12]}; it is not used. {remedy}"
        )
        raise MeaningError(message)
