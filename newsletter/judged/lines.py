"""Files read line by line within limits; what is wrong with them is collected, with its place."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from newsletter.errors import JudgedError

MOST_BYTES: Final = 500_000_000
"""Of one file. All its texts are in memory while rankings are made."""
LONGEST_LINE: Final = 8_000_000
"""Bytes. A whole book is shorter."""
_MOST_TOLD: Final = 10
"""Problems that are told; a wrong file may have one in each line."""


def numbered_lines(
    path: Path, *, most_bytes: int = MOST_BYTES, longest: int = LONGEST_LINE
) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their number from 1, without their ends and without a BOM.

    Raises JudgedError where the file cannot be read, is too large, or is not UTF-8.
    """
    read_bytes = 0
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(longest + 1):
                number += 1
                read_bytes += len(line)
                if len(line) > longest:
                    message = f"{path}:{number}: is longer than {longest:,} bytes; shorten its text"
                    raise JudgedError(message)
                if read_bytes > most_bytes:
                    message = f"{path}: is larger than {most_bytes:,} bytes; evaluate a part of it"
                    raise JudgedError(message)
                text = _decoded(line if number > 1 else line.removeprefix(BOM_UTF8), path, number)
                if text:
                    yield number, text
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"{path}: cannot be read ({reason}); docs/evaluating.md shows what belongs there"
        raise JudgedError(message) from error


def _decoded(line: bytes, path: Path, number: int) -> str:
    try:
        return line.decode().strip()
    except UnicodeDecodeError as error:
        message = f"{path}:{number}: is not UTF-8; save the file with that encoding"
        raise JudgedError(message) from error


class Troubles:
    """What is wrong with one file: all of it is told at once, as far as a person reads on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told: list[str] = []
        self._more = 0

    def note(self, number: int, text: str) -> None:
        """Note what is wrong in a line, and the remedy."""
        if len(self._told) < _MOST_TOLD:
            self._told.append(f"{self._path}:{number}: {text}")
        else:
            self._more += 1

    def complain(self) -> None:
        """Raise JudgedError with all that was noted; do nothing where all is well."""
        if self._more:
            self._told.append(f"… and {self._more:,} more")
        if self._told:
            raise JudgedError("\n".join(self._told))
