"""Makes TeX in titles and abstracts readable as plain Unicode."""

import re
from dataclasses import replace
from typing import Final

from newsletter.model import EntryContent
from newsletter.rendering.latex.cursor import Cursor
from newsletter.rendering.latex.outline import outline
from newsletter.rendering.latex.prose import read_prose

_TEX: Final = re.compile(r"[$\\{}^_~]|--|``")
"""A text without any of these is not touched."""

# Copied web pages lose backslashes: "Pok'{e}mon", "mathcal{O}(varepsilon^{-2})", "17times".
_LOST_BACKSLASH: Final = re.compile(
    r"""(?<=[A-Za-z]) (?=['`"]\{[aeiouAEIOUnNcC]\}[A-Za-z])
    | (?<![\\A-Za-z]) (?= varepsilon\b | (?<=\d)times\b
    | (?:math(?:cal|bb|bf|rm|it|sf|scr|frak)|text(?:bf|it|tt|sc|rm|sf)|boldsymbol|operatorname
      |frac|sqrt)\{ )""",
    re.VERBOSE,
)
_BARE: Final = (
    "varepsilon",
    "times",
    "mathcal{",
    "mathbb{",
    "mathbf{",
    "mathrm{",
    "mathit{",
    "mathsf{",
    "mathscr{",
    "mathfrak{",
    "textbf{",
    "textit{",
    "texttt{",
    "textsc{",
    "textrm{",
    "textsf{",
    "boldsymbol{",
    "operatorname{",
    "frac{",
    "sqrt{",
    "'{",
    '"{',
)
_MARKS: Final = re.compile(r"[$\\{}^_~]")
_HYPHENS: Final = re.compile(r"-{2,}")
_MOST_ROUNDS: Final = 4
"""Real texts settle in one round; an escape such as `\\$x\\$` can make a second one differ."""


def readable(text: str) -> str:
    """Return `text` as a reader without TeX would like it: `T$^2$PO` → `T²PO`.

    Never raises and takes time proportional to the length. What it returns, it leaves alone.
    Money, paths, code and the braces and underscores of prose survive. Loses what plain text
    cannot show: fonts, references, the shape of calligraphic letters.
    """
    for _ in range(_MOST_ROUNDS):
        if not _TEX.search(text):
            return text
        whole = _with_backslashes(text)
        read = read_prose(Cursor(outline(whole), 0, len(whole)))
        if read == text:
            return text
        text = read
    # Only texts made to do so go on changing; they lose their marks.
    return _HYPHENS.sub("–", _MARKS.sub("", text)).replace("``", "“")  # noqa: RUF001 - the dash


def _with_backslashes(text: str) -> str:
    """Give commands the backslashes back that they lost; the search is slow, thus the counting."""
    if any(text.count(name) > text.count(f"\\{name}") for name in _BARE):
        return _LOST_BACKSLASH.sub(r"\\", text)
    return text


def readable_content(content: EntryContent) -> EntryContent:
    """Make title, abstract and TL;DR of an entry readable. A title never becomes empty by it."""
    return replace(
        content,
        title=readable(content.title).strip() or content.title,
        abstract=_readable_or_none(content.abstract),
        tldr=_readable_or_none(content.tldr),
    )


def _readable_or_none(text: str | None) -> str | None:
    return None if text is None else readable(text)
