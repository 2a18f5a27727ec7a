r"""Accents of prose: `\'e`, `{\"o}`, `\c{c}`."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from newsletter.rendering.latex.symbols import LETTERS
from newsletter.rules.tex_letters import ACCENTS

_ACCENT: Final = re.compile(
    r"""\\(?:
      (?P<sign>['"`^~=.]) (?: \s*\{\s*\\?([A-Za-z])\s*\} | \\([ij])(?![A-Za-z]) | (?:(?<!")[ ])?([A-Za-z]) )
    | (?P<letter>[uvHcdbkr]) (?: \s*\{\s*\\?([A-Za-z])\s*\} | \s+([A-Za-z])(?![A-Za-z]) )
    )""",
    re.VERBOSE,
)
_QUOTATION: Final = re.compile(r"""(?<!\w)\\"[^"\\]{1,80}[^\s"\\]\\"(?![A-Za-z{])""")
# A source that knows `\k` but not `\kappa` makes `\k{appa}` of it: arXiv does.
_APOSTROPHE: Final = re.compile(r"(?<=\w)\\'(?:s|m|t|d|ll|re|ve)(?!\w)")
_SPELLED: Final = re.compile(r"\\([a-z])\{([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class Accented:
    """A letter, and where the text goes on behind it."""

    letter: str
    end: int


def read_accent(text: str, place: int, end: int) -> Accented | None:
    r"""Read the accent command at `place`; None: there is none, or no such letter in Unicode.

    `\"` before a letter without an umlaut is a quotation mark that somebody escaped.
    """
    spelled = _SPELLED.match(text, place, end)
    if spelled and spelled[1] + spelled[2] in LETTERS:
        return Accented(LETTERS[spelled[1] + spelled[2]], spelled.end())
    found = _ACCENT.match(text, place, end)
    if not found:
        return None
    if _APOSTROPHE.match(text, place, end) or _QUOTATION.match(text, place, end):
        return None
    sign, *of_sign, letter, braced, bare = found.groups()
    base = next(filter(None, [*of_sign, braced, bare]))
    both = unicodedata.normalize("NFC", base + ACCENTS[sign or letter])
    return Accented(both, found.end()) if len(both) == 1 else None
