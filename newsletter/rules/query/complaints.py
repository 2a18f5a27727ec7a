"""What a query error looks like: made here, and shown with a mark below the character it is about."""

import unicodedata
from typing import Final

from newsletter.errors import QueryError

_SHOWN_BEFORE: Final = 50
_SHOWN_AFTER: Final = 25
"""Characters of a long query that are shown around the place of the error."""

_WIDE: Final = frozenset("WF")


def complaint(message: str, text: str, position: int) -> QueryError:
    """Return the error for the character at `position`, which may be one behind the last."""
    return QueryError(message, query=text, position=position)


def show_error(error: QueryError) -> str:
    """Return the query, a mark below the place, and the message: three lines for a fixed-width font.

    Only the neighbourhood of the place is shown; what cannot be printed is shown as a space.
    """
    start = max(0, error.position - _SHOWN_BEFORE)
    end = error.position + _SHOWN_AFTER
    before = ("…" if start else "") + _printable(error.query[start : error.position])
    after = _printable(error.query[error.position : end]) + ("…" if end < len(error.query) else "")
    return f"{before}{after}\n{' ' * _columns(before)}^\n{error}"


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def _columns(text: str) -> int:
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1
