"""What readers liked, oldest first: users.json (one object) or users.jsonl (one reader in each line)."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from newsletter.errors import JudgedError
from newsletter.judged.lines import MOST_BYTES, Troubles, numbered_lines
from newsletter.judged.rows import Json, as_id, read_json, read_object
from newsletter.rules.evaluation import DocumentId, ReaderLikes

MOST_READERS: Final = 100_000
_KEYS: Final = ("liked", "likes", "ids")
_REMEDY: Final = "write a list of document ids, oldest first"


def read_likes(folder: Path, *, most: int = MOST_READERS) -> list[ReaderLikes]:
    """Return the readers of `folder` in the order of the file. Raises JudgedError with its place."""
    whole, lines = folder / "users.json", folder / "users.jsonl"
    path = lines if lines.exists() and not whole.exists() else whole
    troubles = Troubles(path)
    found: dict[str, ReaderLikes] = {}
    for number, reader, value in _in_lines(path, troubles) if path == lines else _in_whole(path):
        try:
            one = ReaderLikes(as_id(reader), tuple(_liked(value)))
        except ValueError as error:
            troubles.note(number, f"{str(reader)[:80]!r}: {error}")
            continue
        if one.reader in found:
            troubles.note(number, f"{one.reader[:80]!r} stands twice; join their likes")
        found[one.reader] = one
        if len(found) > most:
            raise JudgedError(
                f"{path}: there are more than {most:,} readers; evaluate some of them"
            )
    troubles.complain()
    if not found:
        raise JudgedError(f"{path}: names no reader; for each {_REMEDY}")
    return list(found.values())


def _in_lines(path: Path, troubles: Troubles) -> Iterator[tuple[int, Json, Json]]:
    for number, line in numbered_lines(path):
        try:
            row = read_object(line)
        except ValueError as error:
            troubles.note(number, str(error))
            continue
        key = next((one for one in _KEYS if one in row), None)
        if key is None or "user" not in row:
            troubles.note(number, 'has no user or no list; write {"user": …, "liked": [id, …]}')
        else:
            yield number, row["user"], row[key]


def _in_whole(path: Path) -> Iterator[tuple[int, Json, Json]]:
    # One document may be one line: it is read within the limit of a file, not within that of a line.
    text = "\n".join(line for _, line in numbered_lines(path, longest=MOST_BYTES))
    try:
        value = read_json(text)
    except ValueError as error:
        raise JudgedError(f"{path}: {error}") from error
    if not isinstance(value, dict):
        raise JudgedError(f'{path}: is no object; write {{"reader": [id, …], …}}')
    # A program wrote it, often in one line: the reader is the place.
    yield from ((1, reader, liked) for reader, liked in value.items())


def _liked(value: Json) -> Iterable[DocumentId]:
    if not isinstance(value, list):
        message = f"has no list; {_REMEDY}"
        raise ValueError(message)  # noqa: TRY004 - it is about a file, not about an argument
    return dict.fromkeys(DocumentId(as_id(one)) for one in value)
