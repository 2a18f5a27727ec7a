"""The words of a free text, and what entries say of them.

As long as too few entries are known to tell what is usual, an entry answers `about` by its words when it
passes these gates. They were set by looking at the results of seven topics on a month of 7,387 papers and
on three pages with 186 papers:

* At least two distinct content words (one, when `about` has only one).
* The words found must hold enough of the rarity of all the words. Three words: more than half, so
  "offline reinforcement learning" is not answered by any paper on reinforcement learning; with each word
  more less is asked, since nobody repeats a whole paragraph. This keeps out entries that share only
  words as common as "learning", "model" or "helps".
* A telling word must be among them: one that is at least three quarters as rare as the rarest.
* The evidence (BM25; words that also stand side by side as in the text count half again) must reach a
  part of what the three rarest words can give: one lone mention far down in an abstract is not enough.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.indexing.columns import Row
from newsletter.indexing.postings import Postings
from newsletter.rules.query import Form, Term, content_of, words
from newsletter.rules.relevance import Rows, Scores
from newsletter.rules.runs import runs

_PHRASE_WEIGHT: Final = 0.5
_TELLING_WORDS: Final = 3
_TELLING_RARITY: Final = 0.75
_LEAST_WORDS: Final = 2
_LARGEST_SHARE: Final = 0.55
_SHARE_WORDS: Final = 1.6
_LEAST_EVIDENCE: Final = 0.45

_Part = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the parts of a free text give: part `parts[n]` gives `gains[n]` to row `rows[n]`."""

    parts: NDArray[np.intp]
    rows: Rows
    gains: Scores

    def of(self, row: Row) -> list[tuple[int, float]]:
        """Return the parts that give something to one row, and how much."""
        here = np.flatnonzero(self.rows == row)
        return list(zip(self.parts[here].tolist(), self.gains[here].tolist(), strict=True))

    def where(self, here: NDArray[np.bool_]) -> "Evidence":
        """Return some of it."""
        return Evidence(self.parts[here], self.rows[here], self.gains[here])

    def part(self, here: slice) -> "Evidence":
        """Return a stretch of it."""
        return Evidence(self.parts[here], self.rows[here], self.gains[here])


@dataclass(frozen=True, slots=True, eq=False)
class Abouts:
    """Free texts, taken apart for one collection: the words, and where they stand.

    Each text is scored by each distinct stem of its content words, its first parts, and by two or three
    content words that stand side by side in it. In arrays of parts the words of all texts come first, text by
    text, and then their phrases; what each gives to each row in which it stands is a piece of evidence.
    """

    parts: Sequence[Sequence[_Part]]
    """By texts."""
    size: int
    """How many rows there are."""
    full_scores: Scores
    """By texts: what an entry scores that has the three rarest words."""
    wholes: Scores
    """By texts: what an entry scores that is wholly about it; nobody repeats a long text."""
    is_placed: NDArray[np.bool_]
    """By texts: whether it is known of all that was found where it stands."""
    rarities: Scores
    """By words."""
    of: Rows
    """By parts: the text of each."""
    lengths: NDArray[np.int64]
    """By parts: how many words it has."""
    ends: Rows
    """By parts: where its pieces end."""
    cells: Rows
    """By pieces: a text and a row in one number, the text times the size and the row."""
    gains: Scores
    """By pieces: how much it is."""
    firsts: Sequence[NDArray[np.int32]]
    """By pieces: the place of `Places` at which the part first stands in the row, in several arrays."""

    def evidence(self) -> tuple[Rows, Evidence]:
        """Return the evidence of all texts, text behind text, and the text of each piece."""
        in_order = np.argsort(self.of, kind="stable")
        counts = np.array(list(map(len, self.parts)), np.intp)
        numbers = np.empty(len(self.of), np.intp)
        numbers[in_order] = runs(0, counts)
        parts = np.repeat(numbers, np.diff(self.ends, prepend=0))
        texts, rows = np.divmod(self.cells, self.size)
        order = np.argsort(texts, kind="stable")
        return texts[order], Evidence(parts[order], rows[order], self.gains[order])


def take_apart(texts: Iterable[str], postings: Postings) -> Abouts:
    """Return these texts taken apart."""
    split = [_parts_of(text, postings.stems) for text in texts]
    counts, phrase_counts = (
        np.array([len(one[kind]) for one in split], np.intp) for kind in (0, 1)
    )
    singles, phrases = ([*chain.from_iterable(one[kind] for one in split)] for kind in (0, 1))
    known = postings.of_all(singles)
    alone, together = [known[single] for single in singles], postings.together(phrases)
    of_singles, of_phrases = (
        np.repeat(np.arange(len(split)), count) for count in (counts, phrase_counts)
    )
    of = np.concatenate([of_singles, of_phrases])
    sizes = np.concatenate([np.array([len(one.rows) for one in alone], np.intp), together.sizes])
    cells = np.concatenate([*(one.rows for one in alone), together.rows])
    cells += np.repeat(of * postings.size, sizes)
    gains = np.concatenate([*(one.evidence for one in alone), together.evidence * _PHRASE_WEIGHT])
    rarities = np.array([one.rarity for one in alone])
    full_scores, wholes = _full_scores(counts, of_singles, rarities)
    is_placed = np.ones(len(split), np.bool_)
    is_placed[of_singles[[not one.is_placed for one in alone]]] = False
    is_placed[of_phrases[~together.is_placed]] = False
    return Abouts(
        parts=[[*theirs, *side_by_side] for theirs, side_by_side in split],
        size=postings.size,
        full_scores=full_scores,
        wholes=wholes,
        is_placed=is_placed,
        rarities=rarities,
        of=of,
        lengths=np.array([*map(len, singles), *map(len, phrases)], np.int64),
        ends=np.cumsum(sizes),
        cells=cells,
        gains=gains,
        firsts=[*(one.places() for one in alone), together.firsts],
    )


def term_of(part: tuple[str, ...]) -> Term:
    """Return a part of a free text as a term."""
    return Term(part, Form.ANY_FORM, written=" ".join(part))


def candidates(about: Abouts, evidence: Evidence) -> list[Row]:
    """Return the rows that pass the gates, in order, of one text; none when it has no content word."""
    rarities, full_score = about.rarities.tolist(), float(about.full_scores[0])
    found = np.bincount(evidence.rows[evidence.parts < len(rarities)])
    least = max(1, min(_LEAST_WORDS, len(rarities)))
    return [
        row
        for row in np.flatnonzero(found >= least).tolist()
        if _is_enough(rarities, full_score, evidence.of(row))
    ]


def _is_enough(
    rarities: Sequence[float], full_score: float, given: Sequence[tuple[int, float]]
) -> bool:
    found = [rarities[part] for part, _ in given if part < len(rarities)]
    if max(found) < _TELLING_RARITY * max(rarities):
        return False
    asked = min(_LARGEST_SHARE, _SHARE_WORDS / len(rarities))
    evidence = sum(gain for _, gain in given) / full_score
    return sum(found) / sum(rarities) >= asked and evidence >= _LEAST_EVIDENCE


def _parts_of(text: str, stems: Mapping[str, str]) -> tuple[list[_Part], list[_Part]]:
    """Return the words that a text is scored by, and the phrases."""
    said = words(text)
    content = content_of(said)
    by_stem: dict[str, str] = {}
    for word in content:
        by_stem.setdefault(stems[word], word)
    phrases = [*pairwise(said), *zip(said, said[1:], said[2:], strict=False)]
    if len(content) < len(said):  # seldom: something is left out, or said twice
        phrases = list(dict.fromkeys(filter(frozenset(content).issuperset, phrases)))
    return list(zip(by_stem.values(), strict=True)), phrases


def _full_scores(counts: NDArray[np.intp], of: Rows, rarities: Scores) -> tuple[Scores, Scores]:
    """Return what an entry scores that has the three rarest words of each text, and one wholly about it."""
    most = max(_TELLING_WORDS, int(counts.max(initial=0)))
    by_text = np.zeros((len(counts), most))
    by_text[of, runs(0, counts)] = rarities
    by_text.sort(axis=1)
    full: Scores = by_text[:, -1] + by_text[:, -2] + by_text[:, -3]
    longer = [max(1.0, words / _TELLING_WORDS) ** 0.5 for words in range(most + 1)]
    return full, full * np.array(longer)[counts]
