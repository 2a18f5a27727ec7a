"""Files that people put beside the program, read within limits."""

import gzip
import zlib
from codecs import BOM_UTF8
from pathlib import Path
from typing import Final

from newsletter.errors import SourceError

MOST_BYTES: Final = 64 * 1024 * 1024
"""Of one file, decompressed."""


def read_bytes(path: Path, *, most_bytes: int = MOST_BYTES) -> bytes:
    """Return the content of a file, decompressed when its name ends in `.gz`, without its BOM.

    Raises SourceError, which says what to do, when it cannot be read or is too large.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        message = f"{path}: is no whole gzip file ({error}); make it again with gzip"
        raise SourceError(message) from error
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"{path}: cannot be read ({reason}); correct `path` of this source in config.yaml"
        raise SourceError(message) from error
    if len(content) > most_bytes:
        message = f"{path}: is larger than {most_bytes // 1024 // 1024} MB; split it into several"
        raise SourceError(message)
    return content.removeprefix(BOM_UTF8)


def decode(content: bytes, path: Path) -> str:
    """Return UTF-8 as text; raises SourceError with the line of the first byte that is none."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{path}:{line}: is not UTF-8; save the file as UTF-8"
        raise SourceError(message) from error
