"""Finds where prose needs a look: the marks of TeX, and what only looks like them."""
# ruff: noqa: RUF001 - quotation marks and dashes are the point

import re
from dataclasses import dataclass
from typing import Final

NEXT: Final = re.compile(
    r"""[\\{}$^_~`"'/:-] (?:
      (?P<shield>
          (?:(?<=http:)|(?<=https:)) // (?:\\[_%#&~]|[^\s{}\\$<>"])+           # an address
        | (?<=[A-Za-z]:) (?<![\w\\][A-Za-z]:) \\[^\s"'<>|*?{}$]*+(?!\{)      # C:\Users\ada
        | (?<=\\) \\[\w.-]+\\[\w.-] [^\s"'<>|*?{}$]*+(?!\{)               # \\server\share
        | (?<=/) (?<![\w/]/) (?:[\w.@+-]|\\\ )+ (?:/(?:[\w.@+-]|\\\ )+)+ /?   # /home/ada/my\ notes
        | (?<=~) (?<!\w~) (?:/(?:[\w.@+-]|\\\ )+)+ /?                       # ~/notes
        | (?<=`) (?<!``) [^`'\n$]{1,80} `(?!`)                              # `code`
      )
    | (?P<dash> (?<=-) -+ )
    | (?P<quote> (?<=`) ` | (?<=') ' | (?<=") )
    | (?P<mark> (?<=[\\{}$^_~]) )
    )""",
    re.VERBOSE,
)
"""The next place that prose cannot be copied over, or a stretch that must be copied whole.

It begins with a set of characters, since that is what the engine can skip to.
"""

_ADDRESS: Final = "://"
_OPENING: Final = frozenset("([{<`\"'=|")
_DASHES: Final = {2: "–", 3: "—"}
_DISTRIBUTION: Final = re.compile(r"\w+\(")
_BEFORE_TIE: Final = frozenset(".,;:)]}%$'’”+")
_AFTER_TIE: Final = frozenset("([\\$“`")
_POWER: Final = re.compile(r"\^(?:\(([+-]?\d+)\)|([+-]?\d+)(?!\.?\d)|([A-Za-z*])(?!\w))")
_INDEX: Final = re.compile(r"(?<![^\W_]{2})(?<![_\\][^\W_])_([0-9a-z])(?![\w(]|[.,]\d)")


@dataclass(frozen=True, slots=True)
class PlainScript:
    """What follows a `^` or `_` without braces, and where the text goes on."""

    text: str
    end: int


def plain_script(text: str, place: int, end: int) -> PlainScript | None:
    """Read the script of prose such as 10^-6, R^2-Mem and h_t.

    None: what follows belongs to a word, as in snake_case and 2^alpha.
    """
    found = (_POWER if text[place] == "^" else _INDEX).match(text, place, end)
    if not found:
        return None
    return PlainScript(found[found.lastindex or 0], found.end())


def is_address(text: str) -> bool:
    """Tell whether a shielded text is a web address (without its scheme), where TeX's escapes must go."""
    return text.startswith(_ADDRESS)


def dash(text: str, start: int, end: int) -> str:
    """Read two or three hyphens: a dash between words, as they are in `--option`, `i--;`, `-----`."""
    written = text[start:end]
    before, after = text[start - 1 : start], text[end : end + 1]
    if not before or not after or (end - start) not in _DASHES or before in _OPENING:
        return written
    if before.isspace() != after.isspace() and end - start == min(_DASHES):
        return written
    return _DASHES[end - start] if _is_wordlike(after) else written


def _is_wordlike(character: str) -> bool:
    return character.isalnum() or character.isspace() or character in "\\${(\"'“‘`[~"


def tie(text: str, place: int) -> str:
    """Read a tilde: the space of `Fig.~3`, or itself in `~30`, `1~5`, `X~N(0,1)`, `/~ada`."""
    before, after = text[max(place - 1, 0) : place], text[place + 1 : place + 2]
    if not (before.isalnum() or before in _BEFORE_TIE) or not before:
        return "~"
    if not (after.isalnum() or after in _AFTER_TIE) or not after:
        return "~"
    if before.isdigit() and after.isdigit():
        return "~"
    return "~" if _DISTRIBUTION.match(text, place + 1) else " "
