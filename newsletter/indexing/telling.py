"""What reasons name: the words that were found, as their entries write them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from newsletter.indexing.columns import Row
from newsletter.indexing.postings import Postings
from newsletter.indexing.tables import place_of
from newsletter.rules.query import Term, words
from newsletter.rules.recent import Recent

MOST_WORDS: Final = 5
"""Words of an entry that a reason names."""

_TERMS_KEPT: Final = 30_000
_SPOTS_KEPT: Final = 100_000
"""130 bytes each: nearly all that topics by the hundred thousand find in a thousand entries."""
_TEXTS_KEPT: Final = 30_000
"""Some 300 bytes each; the same word stands in many entries."""

_Written = tuple[tuple[str, ...], str]
"""Words as an entry writes them, behind their stems."""


class WrittenWords:
    """Reads the words of the entries of one index."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self._of_terms: Recent[tuple[Term, Row], _Written] = Recent(_TERMS_KEPT)
        self._at_spots: Recent[int, _Written] = Recent(_SPOTS_KEPT)
        self._texts: Recent[str, _Written] = Recent(_TEXTS_KEPT)
        """By themselves: one object for all places where the same stands."""

    def of(self, row: Row, gains: Mapping[Term, float]) -> tuple[str, ...]:
        """Return what to show of the terms that were found in a row, those first that gave most."""
        terms = sorted(gains, key=lambda term: -gains[term])
        return telling([self._read(term, row) for term in terms])

    def at(self, spots: Sequence[int]) -> tuple[str, ...]:
        """Return what to show of the words that stand at these spots, the most telling first."""
        get = self._at_spots.get
        return telling([get(spot) or self._read_at(spot) for spot in spots])

    def _read(self, term: Term, row: Row) -> _Written:
        known = self._of_terms.get((term, row))
        if known is None:
            known = self._taken(self._postings.written(term, row))
            self._of_terms.keep((term, row), known)
        return known

    def _read_at(self, spot: int) -> _Written:
        found = self._postings.written_at(*place_of(spot))
        return self._at_spots.keep(spot, self._taken(found))

    def _taken(self, found: str) -> _Written:
        known = self._texts.get(found)
        if known is None:
            stems = tuple(map(self._postings.collection.stem, words(found)))
            known = self._texts.keep(found, (stems, found))
        return known


def telling(found: Sequence[_Written]) -> tuple[str, ...]:
    """Return what to show of what was found, which has the most telling first.

    A word that is also found within a phrase is shown as that phrase, and each only once.
    """
    written = dict(found)
    if len(written) < len(found):  # of those with the same stems the first
        written = dict(reversed(found))
        written = {stems: written[stems] for stems, _ in found}
    phrases = [stems for stems in written if len(stems) > 1]
    if not phrases:
        return tuple(written.values())[:MOST_WORDS]
    whole = dict.fromkeys([_longest_with(stems, phrases) for stems in written])
    return tuple([written[stems] for stems in islice(whole, MOST_WORDS)])


def _longest_with(part: tuple[str, ...], phrases: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    longest = part
    for phrase in phrases:
        if len(phrase) > len(longest) and _is_part(part, phrase):
            longest = phrase
    return longest


def _is_part(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    size = len(few)
    if size == 1:
        return few[0] in many
    return any(many[start : start + size] == few for start in range(len(many) - size + 1))
