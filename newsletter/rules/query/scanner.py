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


_QUOTES: Final = '"“”„‟«»＂'
"""Mail programs bend quotation marks; any of them opens and closes."""

_PIECE: Final = re.compile(
    rf"(?P<open>[(（])|(?P<close>[)）])|(?P<quote>[{_QUOTES}])|(?P<minus>-)"
    rf"|(?P<compare>[<>=]=?|≥|≤)|(?P<field>[A-Za-z_]+:)|(?P<word>[^\s(（)）{_QUOTES}]+)"
)
_QUOTE_END: Final = re.compile(f"[{_QUOTES}]")
_OPERATORS: Final = {"AND": TokenKind.AND, "OR": TokenKind.OR, "NOT": TokenKind.NOT}
_COMPARISONS: Final = {">=": ">=", "≥": ">=", "<=": "<=", "≤": "<="}


def scan(text: str) -> Iterator[Token]:
    """Yield the tokens of `text`, END last. Raises QueryError.

    Each character is looked at a bounded number of times.
    """
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        token, position = _token_at(text, position)
        yield token
    yield Token(TokenKind.END, "", len(text))


def _token_at(text: str, position: int) -> tuple[Token, int]:
    found = _PIECE.match(text, position)
    if found is None:  # pragma: no cover - every character but a space begins a piece
        raise complaint("this character cannot be read; leave it out", text, position)
    piece = found[0]
    match found.lastgroup:
        case "quote":
            return _phrase(text, position)
        case "minus":
            return _minus(text, position), found.end()
        case "compare":
            return _comparison(text, piece, position), found.end()
        case "field":
            return Token(TokenKind.FIELD, piece[:-1], position), found.end()
        case "open":
            return Token(TokenKind.OPEN, piece, position), found.end()
        case "close":
            return Token(TokenKind.CLOSE, piece, position), found.end()
        case _:
            kind = _OPERATORS.get(piece, TokenKind.WORD)
            return Token(kind, piece, position), found.end()


def _phrase(text: str, position: int) -> tuple[Token, int]:
    end = _QUOTE_END.search(text, position + 1)
    if end is None:
        raise complaint(
            "this quotation mark is never closed; write a second one behind the phrase",
            text,
            position,
        )
    return Token(TokenKind.PHRASE, text[position + 1 : end.start()], position), end.end()


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
