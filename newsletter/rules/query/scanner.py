"""From the characters of a query to its tokens; the first of two steps of `parse`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from newsletter.rules.query.complaints import complaint


class TokenKind(StrEnum):
    """What a piece of a query is; the value is how messages name it."""

    OPEN = "an opening bracket"
    CLOSE = "a closing bracket"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    MINUS = "-"
    FIELD = "a field"
    COMPARE = "a comparison"
    PHRASE = "a phrase"
    WORD = "a word"
    END = "the end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query. `text` is the word, the inside of a phrase, or the name of a field."""

    kind: TokenKind
    text: str
    position: int


_QUOTES: Final = '"“”„‟«»\uff02'
"""Mail programs bend quotation marks; any of them opens and closes."""

DASHES: Final = "-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
"""Mail programs lengthen a minus too; the same signs join the halves of a word."""

_PIECE: Final = re.compile(
    rf"(?P<bracket>[()\uff08\uff09])|(?P<phrase>[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}])"
    rf"|(?P<quote>[{_QUOTES}])|(?P<minus>[{DASHES}])|(?P<compare>[<>=]=?|≥|≤)|(?P<field>[A-Za-z_]+[:\uff1a])"
    rf"|(?P<word>[^\s()\uff08\uff09{_QUOTES}]+)"
)
"""Every character but a space begins a piece, so none is passed over in silence."""

_PLAIN_PIECES: Final = {
    "(": TokenKind.OPEN,
    "\uff08": TokenKind.OPEN,
    ")": TokenKind.CLOSE,
    "\uff09": TokenKind.CLOSE,
    "AND": TokenKind.AND,
    "OR": TokenKind.OR,
    "NOT": TokenKind.NOT,
}
_COMPARISONS: Final = {">=": ">=", "≥": ">=", "<=": "<=", "≤": "<="}


def scan(text: str) -> Iterator[Token]:
    """Yield the tokens of `text`, END last. Raises QueryError.

    Each character is looked at a bounded number of times.
    """
    for piece in _PIECE.finditer(text):
        yield _token(piece, text)
    yield Token(TokenKind.END, "", len(text))


def _token(found: re.Match[str], text: str) -> Token:
    piece, position = found[0], found.start()
    match found.lastgroup:
        case "quote":
            advice = "this quotation mark is never closed; write a second one behind the phrase"
            raise complaint(advice, text, position)
        case "phrase":
            return Token(TokenKind.PHRASE, piece[1:-1], position)
        case "minus":
            return _minus(text, position)
        case "compare":
            return _comparison(text, piece, position)
        case "field":
            return Token(TokenKind.FIELD, piece[:-1], position)
        case _:
            return Token(_PLAIN_PIECES.get(piece, TokenKind.WORD), piece, position)


def _minus(text: str, position: int) -> Token:
    following = text[position + 1 : position + 2]
    if not following or following.isspace():
        advice = "a minus stands right before what it excludes, as in -survey; without it, leave the dash out"
        raise complaint(advice, text, position)
    return Token(TokenKind.MINUS, "-", position)


def _comparison(text: str, piece: str, position: int) -> Token:
    sign = _COMPARISONS.get(piece)
    if sign is None:
        advice = f"{piece} is no comparison here; write >= or <=, as in date:>=2026-01-01 or upvotes:>=10"
        raise complaint(advice, text, position)
    return Token(TokenKind.COMPARE, sign, position)
