"""Judgements: query, document and grade in each line, separated by tabs."""

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Final

from newsletter.errors import JudgedError
from newsletter.judged.lines import Troubles, numbered_lines
from newsletter.rules.evaluation import DocumentId, Grade, QueryId

MOST_GRADES: Final = 5_000_000
GREATEST_GRADE: Final = 1_000.0
_COLUMNS: Final = 3
_REMEDY: Final = "write query, document and grade, with tabs between them"


def read_grades(
    path: Path, *, most: int = MOST_GRADES
) -> Mapping[QueryId, Mapping[DocumentId, Grade]]:
    """Return the grades by query and document; a first line with names of columns is passed over.

    A judgement may be repeated, but not with another grade. Raises JudgedError with file and line.
    """
    troubles = Troubles(path)
    found: dict[QueryId, dict[DocumentId, Grade]] = {}
    shared: dict[str, DocumentId] = {}  # a document is judged for many queries
    count = 0
    for place, (number, line) in enumerate(numbered_lines(path)):
        fields = [field.strip() for field in line.split("\t")]
        grade = _grade(fields)
        if grade is None:
            if place or len(fields) != _COLUMNS:  # the first may be a header
                troubles.note(number, _what_is_wrong(fields))
            continue
        document = shared.setdefault(fields[1], DocumentId(fields[1]))
        known = found.setdefault(QueryId(fields[0]), {})
        if known.setdefault(document, grade) != grade:
            troubles.note(number, f"{' '.join(fields[:2])[:80]} has two grades; leave one")
        count += 1
        if count > most:
            raise JudgedError(
                f"{path}:{number}: there are more than {most:,} judgements; take some"
            )
    troubles.complain()
    if not found:
        raise JudgedError(f"{path}: has no judgement; {_REMEDY}")
    return found


def _grade(fields: list[str]) -> Grade | None:
    if len(fields) != _COLUMNS or not all(fields):
        return None
    try:
        grade = float(fields[2])
    except ValueError:
        return None
    return grade if isfinite(grade) and abs(grade) <= GREATEST_GRADE else None


def _what_is_wrong(fields: list[str]) -> str:
    if len(fields) != _COLUMNS:
        columns = "column" if len(fields) == 1 else "columns"
        return f"has {len(fields)} {columns}, not 3; {_REMEDY}"
    if not all(fields):
        return f"has an empty column; {_REMEDY}"
    return f"{fields[2][:40]!r} is no grade; write a number from 0 to {GREATEST_GRADE:,.0f}"
