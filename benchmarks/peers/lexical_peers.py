"""Rankings by words alone, as they are known everywhere: what matching is measured against.

Each has `lexical_scores`, so that `workflows.evaluate` asks it as it asks our own index.
"""

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray
from Stemmer import Stemmer

from newsletter.model import Entry

_WORD: Final = re.compile(r"[^\W_]+")
_FUNCTION_WORDS: Final = (
    "a about above after again all also am an and any are as at be because been before being below "
    "between both but by can could did do does doing down during each either few for from further had "
    "has have having he her here hers him his how i if in into is it its itself just may me might more "
    "most must my neither no nor not of off on once only or other our out over own same shall she should "
    "so some such than that the their theirs them then there these they this those through to too under "
    "until up upon us very was we were what when where which while who whom whose why will with within "
    "without would you your"
)
_SATURATION: Final = 1.2
_LENGTH_SHARE: Final = 0.75


class _Peer:
    """What a peer has nothing of."""

    _dropped: Final = frozenset(_FUNCTION_WORDS.split())

    def scores(self, about: str) -> NDArray[np.float64]:
        """Return what it has."""
        return self.lexical_scores(about)

    def cosines(self, about: str) -> NDArray[np.float64]:
        """Raise: it knows words alone."""
        raise NotImplementedError(about)

    def chances(self, about: str) -> NDArray[np.float64] | None:  # noqa: ARG002 - as the protocol has it
        """Return that it has no gate."""
        return None

    def lexical_scores(self, about: str) -> NDArray[np.float64]:
        """Return one number for each entry."""
        raise NotImplementedError(about)


class PlainBm25(_Peer):
    """BM25 as in Robertson and Zaragoza 2009: k1 1.2, b .75, one field, stems, no function words."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._stem = cache(Stemmer("english").stemWord)
        self._count = len(entries)
        self._rows: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        lengths = []
        for row, entry in enumerate(entries):
            words = Counter(self._words(f"{entry.content.title} {entry.content.abstract or ''}"))
            lengths.append(words.total())
            for word, often in words.items():
                self._rows[word].append((row, often))
        average = max(sum(lengths), 1) / max(self._count, 1)
        self._norms = _SATURATION * (
            1 - _LENGTH_SHARE + _LENGTH_SHARE * np.array(lengths) / average
        )

    def lexical_scores(self, about: str) -> NDArray[np.float64]:
        """Return the sum over the words of `about`, one said twice counting twice."""
        total = np.zeros(self._count)
        for word, times in Counter(self._words(about)).items():
            found = self._rows.get(word)
            if found:
                rows, often = np.array(found).T
                rarity = log(1 + (self._count - len(rows) + 0.5) / (len(rows) + 0.5))
                gain = often * (_SATURATION + 1) / (often + self._norms[rows])
                total[rows] += times * rarity * gain
        return total

    def _words(self, text: str) -> Iterator[str]:
        for word in _WORD.findall(text.lower()):
            if word not in self._dropped:
                yield self._stem(word)


class SqliteFts5(_Peer):
    """The full-text search of SQLite: porter stems, its bm25, a word in the title counting three times."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._count = len(entries)
        self._base = sqlite3.connect(":memory:")
        self._base.execute(
            "CREATE VIRTUAL TABLE papers USING fts5(title, text, tokenize = 'porter unicode61')"
        )
        rows = (
            (row, entry.content.title, entry.content.abstract or "")
            for row, entry in enumerate(entries)
        )
        self._base.executemany("INSERT INTO papers(rowid, title, text) VALUES (?, ?, ?)", rows)

    def lexical_scores(self, about: str) -> NDArray[np.float64]:
        """Return what its bm25 says, turned round: there the least is the best."""
        total = np.zeros(self._count)
        words = {word for word in _WORD.findall(about.lower()) if word not in self._dropped}
        if words:
            asked = " OR ".join(f'"{word}"' for word in sorted(words))
            found = self._base.execute(
                "SELECT rowid, bm25(papers, 3.0, 1.0) FROM papers WHERE papers MATCH ?", (asked,)
            )
            for row, score in found:
                total[row] = -score
        return total
