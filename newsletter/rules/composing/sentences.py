"""Where does a sentence end?

English first: what ends with `e.g.`, `et al.`, `Fig.`, an initial or a decimal is no end. In doubt
two sentences stay together, because a torn one reads worse than a long one.
"""

import re
from collections.abc import Iterator
from typing import Final

from newsletter.rules.composing.tidy import tidy

# More than this much of a text is never looked at: the longest abstracts have half of it.
_READ_CHARACTERS: Final = 6_000

# An end: a mark, what closes after it, then a blank (or nothing at all after a CJK full stop). It is
# looked for where a run of marks begins, and no run is gone back over: a text can be all marks.
_END: Final = re.compile(
    r"""(?<![.!?…])[.!?…]++["'”’)\]»]*+\s++|[。！？]++[」』”’）]*+\s*+"""  # noqa: RUF001 - full-width marks are meant
)
_OPENING: Final = "\"'“‘([«¿¡"  # noqa: RUF001 - opening quotes are meant
# What goes on with a dash is not at its end.
_DASHES: Final = ("-", "\u2013", "\u2014")
_BEFORE_WORD: Final = re.compile(r"[\s(\[“\"']")
_LONGEST_WORD: Final = 40
"""As much of a last word is looked at: far more than an abbreviation has."""
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.)+")
_ABBREVIATIONS: Final = re.compile(
    r"""(?: al | alg | app | approx | ca | cf | ch | def | dr | e\.g | eqs? | etc | figs? | i\.e | inc
    | jr | ltd | mrs? | ms | pp | prof | prop | refs? | resp | sect? | st | tab | thm | viz
    | vol | vs | w\.r\.t )\.""",
    re.VERBOSE,
)

_BEFORE_NUMBERS: Final = frozenset({"no.", "nos."})


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of `text`, each on one line; joined by blanks they are the text again.

    After a CJK full stop no blank stands in the text, and one is put there by joining.
    """
    line = tidy(text[:_READ_CHARACTERS])
    start = 0
    for end in _END.finditer(line):
        if _is_end(line, start, end):
            yield line[start : end.end()].rstrip()
            start = end.end()
    if line[start:]:
        yield line[start:]


def _is_end(line: str, start: int, end: re.Match[str]) -> bool:
    """Say whether the marks at `end` close the sentence that began at `start`."""
    following = line[end.end() :].lstrip(_OPENING)[:1]
    if following.islower() or following in _DASHES:
        return False
    if not end[0].startswith(".") or end[0].startswith(".."):
        return True
    word = _last_word(line, start, end.start() + 1)
    if word in _BEFORE_NUMBERS:
        return not following.isdigit()
    return not (_ABBREVIATIONS.fullmatch(word) or _INITIALS.fullmatch(word))


def _last_word(line: str, start: int, end: int) -> str:
    """Return the word that ends at `end`, in small letters."""
    return _BEFORE_WORD.split(line[max(start, end - _LONGEST_WORD) : end])[-1].lower()
