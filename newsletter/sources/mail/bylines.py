"""The line below a title: who wrote it and where it stands."""
# ruff: noqa: RUF001 - dashes and quotation marks of all kinds

import re
from dataclasses import dataclass
from typing import Final

from newsletter.rules.identity import canonical_arxiv_id

_LONGEST: Final = 600
_LONGEST_NAME: Final = 60
_MOST_WORDS: Final = 5
_OPENING: Final = re.compile(r"^(?:by|von|par|por|authors?\s*:)\s+", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\s*(?:[,;·]|\s&\s|\sand\s|\sund\s|\set\s)\s*")
_NAME: Final = re.compile(r"[^\W\d_](?:[^\W_]|[\s.'’ʼ-])*")
_VENUE: Final = re.compile(r"\s+[-–—|·]\s+")
_ARXIV: Final = re.compile(r"\barXiv:\s?([\w./-]{6,30})", re.IGNORECASE)
_YEAR: Final = re.compile(r",?\s*\b(?:19|20)\d\d\b")
_CUT: Final = "…"


@dataclass(frozen=True, slots=True)
class Byline:
    """Names of authors in their order; `is_cut`: there are more of them."""

    authors: tuple[str, ...]
    is_cut: bool = False
    venue: str | None = None
    arxiv_id: str | None = None


def read_byline(text: str) -> Byline | None:
    """Read `A Bee, C Dee… - Journal of Ants, 2026` or `by A. Bee and C. Dee`; None for other texts.

    Names count only with a venue behind them, with `by` before them, or where initials show that
    they are names: `Machine Learning, Computer Vision` are none.
    """
    if len(text) > _LONGEST:
        return None
    opening = _OPENING.match(text)
    said = text[opening.end() :] if opening else text
    names, *rest = _VENUE.split(said.strip(), maxsplit=1)
    authors = _names(names)
    if authors is None or not (opening or rest or any(map(_has_initial, authors))):
        return None
    venue = rest[0] if rest else ""
    found = _ARXIV.search(venue)
    arxiv = canonical_arxiv_id(found[1].rstrip(".,")) if found else None
    shown = "" if found else _YEAR.split(venue, maxsplit=1)[0].strip(f" ,{_CUT}")
    return Byline(authors, _CUT in names, shown or None, arxiv[0] if arxiv else None)


def _names(text: str) -> tuple[str, ...] | None:
    """Return the names that `text` consists of; None when it holds anything else."""
    bare = text.replace(_CUT, "").replace("...", "").strip().rstrip(".")
    pieces = [piece.strip() for piece in _BETWEEN.split(bare)]
    names = [piece for piece in pieces if piece and piece.casefold() != "et al"]
    return tuple(names) if names and all(map(_is_name, names)) else None


def _is_name(text: str) -> bool:
    words = text.split()
    is_short = 1 < len(words) <= _MOST_WORDS and len(text) <= _LONGEST_NAME
    return (
        is_short
        and _NAME.fullmatch(text) is not None
        and words[-1][0].isupper()
        and words[0][0].isupper()
    )


def _has_initial(name: str) -> bool:
    return any(len(word) == 1 for word in name.replace(".", " ").split())
