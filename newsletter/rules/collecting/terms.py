"""What counts as news of a source, as far as nobody says otherwise."""

from dataclasses import dataclass
from datetime import date
from typing import Final

_USUAL_MOST: Final = 500
"""New entries in one pull; a busy journal has a tenth of that."""
_MOST: Final = {"arxiv": 5_000, "biorxiv": 2_000, "mail": 5_000}
"""All of arXiv announces up to 3,000 papers on a Tuesday; by mail its lists may come as well."""
_OF_THE_OPERATOR: Final = frozenset({"file", "saved-page"})
_CHOSEN: Final = _OF_THE_OPERATOR | {"mail"}


@dataclass(frozen=True, slots=True)
class SourceTerms:
    """What counts as news of one source.

    `since`: of its first pull, what was announced on this day or later; None: on the day of the
    last announcement. `at_most_new`: more new entries in one pull are a flood; None: none are.
    `takes_old`: somebody chose the entries, so that their age does not matter, at no pull.
    """

    since: date | None = None
    at_most_new: int | None = _USUAL_MOST
    takes_old: bool = False


def usual_terms(kind: str) -> SourceTerms:
    """Return what holds for a kind of source where its settings say nothing."""
    most = None if kind in _OF_THE_OPERATOR else _MOST.get(kind, _USUAL_MOST)
    return SourceTerms(at_most_new=most, takes_old=kind in _CHOSEN)
