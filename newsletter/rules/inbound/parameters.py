"""Structured header values (RFC 2045 section 5.1, RFC 8601): segments between semicolons."""

import re
from collections.abc import Iterator
from typing import Final

_PIECE: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|\\.?|[();]|[^"\\();]+', re.DOTALL)
_IN_COMMENT: Final = re.compile(r"\\.?|[()]|[^\\()]+", re.DOTALL)
_QUOTED_PAIR: Final = re.compile(r"\\(.)", re.DOTALL)


def segments(value: str) -> list[str]:
    """Return what stands between the semicolons of `value`, without comments, stripped.

    Quotation marks stay, so that what they hold is told from syntax. A comment that never ends
    reaches to the end.
    """
    found: list[list[str]] = [[]]
    for piece in outside_comments(value, _PIECE):
        if piece == ";":
            found.append([])
        else:
            found[-1].append(piece)
    return ["".join(pieces).strip() for pieces in found]


def outside_comments(value: str, piece: re.Pattern[str]) -> Iterator[str]:
    """Yield the pieces of `value` that stand in no comment (RFC 5322 section 3.2.2).

    `piece` matches at every place. Within a comment a quotation mark is a letter like others.
    """
    depth = at = 0
    while at < len(value):
        found = (_IN_COMMENT if depth else piece).match(value, at)
        text = found[0] if found else value[at]
        at += len(text)
        if text == "(":
            depth += 1
        elif text == ")":
            depth = max(depth - 1, 0)
        elif not depth:
            yield text


def unquoted(text: str) -> str:
    """Return a token or the content of a quoted string (RFC 5322 section 3.2.4)."""
    text = text.strip()
    if not text.startswith('"'):
        return text
    inner = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
    return _QUOTED_PAIR.sub(r"\1", inner)


def read_parameters(value: str) -> tuple[str, dict[str, str]]:
    """Read `Text/Plain; Format="flowed"` into ("text/plain", {"format": "flowed"}).

    The names are in lower case, the values as written; of a name that comes twice the first counts.
    """
    first, *others = segments(value)
    found: dict[str, str] = {}
    for segment in others:
        name, is_there, text = segment.partition("=")
        if is_there:
            found.setdefault(name.strip().lower(), unquoted(text))
    return first.lower(), found
