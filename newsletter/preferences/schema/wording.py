"""Show what somebody wrote, and find the word that was meant."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise
from typing import Final

_LONGEST_SHOWN: Final = 40
_MOST_SHOWN: Final = 12
"""So many valid values are listed; of more only the nearest is named."""
_LONGEST_WORD: Final = 64
"""What is longer than this is no slip of the pen: no nearest word is looked for."""
_LIKE: Final = 0.7
"""How much two words must share (Ratcliff and Obershelp, 0 to 1) to be a slip of one another."""
_MOST_COMPARED: Final = 8

BENT_SINGLE: Final = "\u2018\u2019\u201a\u201b"
BENT_QUOTES: Final = BENT_SINGLE + "\u201c\u201d\u201e\u201f\u00ab\u00bb"
"""Quotation marks as word processors set them."""
DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2212"
"""Hyphens, dashes and the minus that stand where a keyboard has one sign."""


def shown(text: str) -> str:
    """Return a text of somebody's cut after forty characters, with nothing that a terminal obeys."""
    return printable(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…")


def printable(text: str) -> str:
    """Return a text with every character that shows as nothing, or does something, as its number."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


def quote(text: str) -> str:
    """Show what somebody wrote, in quotes."""
    return f'"{shown(text)}"'


def nearest(word: str, options: Iterable[str]) -> str | None:
    """Return the option that a slip of the pen would turn into `word`.

    Takes a millisecond for a thousand options: pairs of letters choose the few that are compared.
    """
    if not 0 < len(word) <= _LONGEST_WORD:
        return None
    plain = word.casefold()
    pairs = _pairs(plain)
    likely = nlargest(
        _MOST_COMPARED,
        _folded(tuple(options)),
        key=lambda option: len(pairs & option[2]) / (len(pairs) + len(option[2])),
    )
    compared = ((SequenceMatcher(None, plain, option[1]).ratio(), option[0]) for option in likely)
    ratio, best = max(compared, key=lambda one: one[0], default=(0.0, ""))
    return best if ratio >= _LIKE else None


@lru_cache(maxsize=32)
def _folded(options: tuple[str, ...]) -> tuple[tuple[str, str, frozenset[str]], ...]:
    plain = ((option, option.casefold()) for option in options)
    return tuple((option, folded, _pairs(folded)) for option, folded in plain)


def _pairs(word: str) -> frozenset[str]:
    """Return the letters of a word and its pairs of neighbours."""
    return frozenset(word) | frozenset(map("".join, pairwise(word)))


def suggest(word: str, options: Iterable[str], *, label: str) -> str | None:
    """Return `did you mean "port"?`, else the list of what there is when it is short."""
    known = tuple(options)
    if near := nearest(word, known):
        return did_you_mean(near)
    return f"{label}: {', '.join(known)}" if 0 < len(known) <= _MOST_SHOWN else None


def did_you_mean(word: str) -> str:
    """Ask for the word that was probably meant."""
    return f'did you mean "{word}"?'
