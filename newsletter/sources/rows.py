"""The entries of a file in any of its formats."""

import csv
import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Final

from newsletter.errors import SourceError
from newsletter.sources.complaints import Complaints
from newsletter.sources.disk import decode, read_bytes
from newsletter.sources.row import Raw, Row
from newsletter.sources.yaml_rows import read_yaml

_MOST_LINE_BYTES: Final = 1024 * 1024
_MOST_YAML_BYTES: Final = 16 * 1024 * 1024


def read_rows(path: Path, complaints: Complaints) -> Iterator[Row]:
    """Return the entries of a file one by one; complain of those that are none.

    The end of its name tells the format. Raises SourceError, here or at the first entry, when
    the file cannot be read at all or is of no known format.
    """
    name = path.name.lower()
    for endings, read in _READERS:
        if name.endswith(endings):
            return read(path, complaints)
    known = ", ".join(ending for endings, _ in _READERS for ending in endings)
    message = f"{path}: its name does not tell the format; let it end in one of {known}"
    raise SourceError(message)


def _read_jsonl(path: Path, complaints: Complaints) -> Iterator[Row]:
    for number, line in enumerate(read_bytes(path).split(b"\n"), 1):
        if not line.strip():
            continue
        value = _load_json(line, number, complaints)
        if isinstance(value, dict):
            yield Row(number, value)


def _load_json(line: bytes, number: int, complaints: Complaints) -> Raw:
    """Return the value of a line; None, and a complaint, when it is no entry."""
    fix: str | None = "write one {…} with a title on each line"
    value: Raw = None
    try:
        if len(line) <= _MOST_LINE_BYTES:
            value = json.loads(line.decode())
        fault = "is no entry" if len(line) <= _MOST_LINE_BYTES else "is longer than 1 MB"
    except UnicodeDecodeError:
        fault, fix = "is not UTF-8", "save the file as UTF-8"
    except json.JSONDecodeError as error:
        fault = f"is no JSON ({error.msg})"
    except (ValueError, RecursionError):
        # What the parser says of a number of thousands of digits, and of thousands of brackets.
        fault, fix = "is too deep, or holds a number too long", None
    if not isinstance(value, dict):
        complaints.add(number, "", fault, fix)
    return value


def _read_csv(path: Path, complaints: Complaints) -> Iterator[Row]:
    reader = csv.reader(StringIO(decode(read_bytes(path), path), newline=""))
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            if not header:
                header = [name.strip() for name in cells]
            elif any(cells):
                yield _csv_row(header, cells, line, complaints)
            line = reader.line_num + 1
    except csv.Error as error:
        complaints.add(line, "", f"is no CSV ({error}); what follows is left out")


def _csv_row(header: list[str], cells: list[str], line: int, complaints: Complaints) -> Row:
    if len(cells) > len(header):
        fix = "put texts with commas in double quotes"
        complaints.add(line, "", "has more columns than the first row", fix)
    named = zip(header, cells, strict=False)
    values: dict[str, Raw] = {name: cell for name, cell in named if cell.strip()}
    return Row(line, values)


def _read_yaml(path: Path, complaints: Complaints) -> Iterator[Row]:
    text = decode(read_bytes(path, most_bytes=_MOST_YAML_BYTES), path)
    for item in read_yaml(text, path):
        if isinstance(item, int):
            complaints.add(item, "", "is no entry", "write keys and values, with a title")
            continue
        for key in item.repeated:
            complaints.add(item.line_of(key), key, "stands there twice; the last one counts")
        yield item


_READERS: Final[tuple[tuple[tuple[str, ...], Callable[[Path, Complaints], Iterator[Row]]], ...]] = (
    ((".jsonl", ".jsonl.gz"), _read_jsonl),
    ((".yaml", ".yml"), _read_yaml),
    ((".csv",), _read_csv),
)
