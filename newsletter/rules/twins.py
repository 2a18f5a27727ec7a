"""Which entries have nearly the same title, so that one of them is enough for a letter?

Titles are compared by their words. Two with a share of common words (Jaccard) of .9 have so many in
common that one of the rarest few of either is among the rarest few of the other: only entries that
share such a word are compared.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain
from math import ceil
from typing import Final

from newsletter.model import Entry, EntryId
from newsletter.rules.query import words

_NEAR_EQUAL: Final = 0.9
"""Share of common words (Jaccard). `A` and `E` in a title of ten words leave .8: not equal."""


class Twins:
    """The entries of one run by their titles. Compares what is asked for, and each pair once."""

    def __init__(self, entries: Mapping[EntryId, Entry]) -> None:
        self._entries = entries
        self._known: dict[EntryId, frozenset[EntryId]] = {}
        self._by_word: Mapping[str, list[EntryId]] | None = None
        self._counts: Counter[str] = Counter()

    def of(self, entry: EntryId) -> frozenset[EntryId]:
        """Return the other entries with nearly the same title; none for a title without any word."""
        known = self._known.get(entry)
        if known is None:
            known = self._known[entry] = self._find(entry)
        return known

    def _find(self, entry: EntryId) -> frozenset[EntryId]:
        title = self._title(entry)
        by_word = self._index()
        alike = chain.from_iterable(by_word.get(word, ()) for word in self._rarest(title))
        others = {other for other in alike if other != entry}
        return frozenset(other for other in others if _is_near(title, self._title(other)))

    def _index(self) -> Mapping[str, list[EntryId]]:
        if self._by_word is None:
            titles = {id_: self._title(id_) for id_ in self._entries}
            self._counts.update(chain.from_iterable(titles.values()))
            by_word: defaultdict[str, list[EntryId]] = defaultdict(list)
            for id_, title in titles.items():
                for word in self._rarest(title):
                    by_word[word].append(id_)
            self._by_word = by_word
        return self._by_word

    def _rarest(self, title: frozenset[str]) -> list[str]:
        """Return the words of which any near title has one among its own rarest."""
        least_common = ceil(_NEAR_EQUAL * len(title))
        by_rarity = sorted(title, key=lambda word: (self._counts[word], word))
        return by_rarity[: len(title) - least_common + 1] if title else []

    def _title(self, entry: EntryId) -> frozenset[str]:
        return _title_words(self._entries[entry].content.title)


@lru_cache(maxsize=10_000)
def _title_words(title: str) -> frozenset[str]:
    return frozenset(words(title))


def _is_near(title: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two titles have nearly the same words; titles without any word are never near."""
    common = len(title & other)
    return common > 0 and common >= _NEAR_EQUAL * (len(title) + len(other) - common)
