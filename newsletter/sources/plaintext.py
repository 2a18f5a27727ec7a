"""Texts from outside made fit to show: no control characters, no hard wraps, not endless."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""With them the characters that turn the direction of what follows, and halves of characters."""


def one_line(text: str) -> str:
    """Return `text` as one line; spaces within its lines stay as they are."""
    if text.isprintable():
        return text.strip()
    return " ".join(line for line in _lines(text) if line)


def paragraphs(text: str) -> str:
    """Return `text` with each paragraph on one line and an empty line between two."""
    groups = groupby(_lines(text), key=bool)
    return "\n\n".join(" ".join(lines) for has_text, lines in groups if has_text)


def cut(text: str, most: int) -> str:
    """Return at most `most` characters of `text`, the last of them `…` when some are left out."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _lines(text: str) -> Iterator[str]:
    # Not by regular expressions: with ` *\n` a megabyte of spaces takes hours.
    clean = _CONTROL.sub("", text).replace("\t", " ").replace("\r\n", "\n").replace("\r", "\n")
    return (line.strip() for line in clean.split("\n"))
