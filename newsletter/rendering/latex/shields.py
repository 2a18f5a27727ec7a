"""Finds where prose needs a look: the marks of TeX, and what only looks like them."""

import re
from typing import Final

NEXT: Final = re.compile(
    r"""(?P<shield>
        https?://(?:\\[_%#&~]|[^\s{}\\$<>"])+                         # an address
      | (?<![\w\\])[A-Za-z]:\\[^\s"'<>|*?{}$]*+(?!\{)                 # C:\Users\ada
      | \\\\[\w.-]+\\[\w.-][^\s"'<>|*?{}$]*+(?!\{)                    # \\server\share
      | (?<![\w/])(?:~|\.{1,2})?(?:/(?:[\w.@+-]|\\\ )+){2,}/?         # /home/ada/my\ notes.txt
      | (?<!`)`[^`'\n$]{1,80}`(?!`)                                   # `code`
    )
    | (?P<dash>-{2,}) | (?P<quote>``|''|") | (?P<mark>[\\{}$^_~])""",
    re.VERBOSE,
)
"""The next place that prose cannot be copied over, or a stretch that must be copied whole."""

_ADDRESS: Final = "http"
_OPENING: Final = frozenset("([{<`\"'=|")
_DASHES: Final = {2: "–", 3: "—"}  # noqa: RUF001 - the dashes themselves
_DISTRIBUTION: Final = re.compile(r"\w+\(")
_BEFORE_TIE: Final = frozenset(".,;:)]}%$'’”+")
_AFTER_TIE: Final = frozenset("([\\$“`")


def is_address(text: str) -> bool:
    """Tell whether a shielded text is a web address, where TeX's escapes must go."""
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
