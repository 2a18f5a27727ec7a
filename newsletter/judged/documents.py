"""Documents and queries: one JSON object in each line."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from newsletter.errors import JudgedError
from newsletter.judged.lines import Troubles, numbered_lines
from newsletter.judged.rows import Json, id_in, read_object, text_in
from newsletter.rules.evaluation import DocumentId, JudgedDocument, JudgedQuery, QueryId

MOST_DOCUMENTS: Final = 1_000_000
MOST_QUERIES: Final = 100_000
LONGEST_QUERY: Final = 10_000
"""Characters: a few pages."""

_Read = TypeVar("_Read", JudgedDocument, JudgedQuery)


def read_documents(path: Path, *, most: int = MOST_DOCUMENTS) -> list[JudgedDocument]:
    """Return the documents in the order of the file. Raises JudgedError with file and line."""
    return _read(path, _document, most)


def read_queries(path: Path, *, most: int = MOST_QUERIES) -> list[JudgedQuery]:
    """Return the queries in the order of the file. Raises JudgedError with file and line."""
    return _read(path, _query, most)


def _read(path: Path, parse: Callable[[dict[str, Json]], _Read], most: int) -> list[_Read]:
    troubles = Troubles(path)
    found: dict[str, _Read] = {}
    for number, line in numbered_lines(path):
        try:
            one = parse(read_object(line))
        except ValueError as error:
            troubles.note(number, str(error))
            continue
        if one.id in found:
            troubles.note(number, f"the id {one.id[:80]!r} stands twice; give each its own")
        found[one.id] = one
        if len(found) > most:
            message = f"{path}:{number}: there are more than {most:,} lines; evaluate a part of it"
            raise JudgedError(message)
    troubles.complain()
    if not found:
        raise JudgedError(f"{path}: is empty; write one object in each line")
    return list(found.values())


def _document(row: dict[str, Json]) -> JudgedDocument:
    if "text" not in row and "title" not in row:
        message = "has neither title nor text; give it one, which may be empty"
        raise ValueError(message)
    return JudgedDocument(DocumentId(id_in(row)), text_in(row, "title"), text_in(row, "text"))


def _query(row: dict[str, Json]) -> JudgedQuery:
    text = text_in(row, "text")
    if not text:
        message = "has no text; write what is looked for, or take the line out"
        raise ValueError(message)
    if len(text) > LONGEST_QUERY:
        message = f"is longer than {LONGEST_QUERY:,} characters; say it in fewer words"
        raise ValueError(message)
    return JudgedQuery(QueryId(id_in(row)), text)
