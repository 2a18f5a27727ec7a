"""One field of all entries: where each word stands in it."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

Pattern = tuple[frozenset[int], ...]
"""For each place of a word or phrase the numbers of the words that may stand there."""

Row = int
"""The place of an entry in the collection, from 0."""

_Postings = dict[int, "tuple[array[int], array[int]]"]
"""Of each word the rows that have it, and how often each."""

_NOWHERE: Final = (array("I"), array("I"))

_FEW: Final = 16
"""So many words are quicker looked for one by one, which the array does itself."""

NO_OCCURRENCE: Final[Mapping[Row, int]] = {}


class Column:
    """The numbered words of one field, row by row, and for each word the rows that have it.

    The rows of words are worked out when the first is asked for: most questions are answered on arrays.
    """

    __slots__ = ("_postings", "_rows")

    def __init__(self, rows: "Sequence[array[int]]") -> None:
        self._rows = rows
        self._postings: _Postings | None = None

    @property
    def rows(self) -> "Sequence[array[int]]":
        """Return the numbered words of each row."""
        return self._rows

    def sizes(self) -> list[int]:
        """Return for each row how many words it has, gaps included."""
        return [len(numbers) for numbers in self._rows]

    def count(self, pattern: Pattern) -> Mapping[Row, int]:
        """Return the rows in which `pattern` occurs, and how often."""
        if not all(pattern):
            return NO_OCCURRENCE
        return self._count_word(pattern[0]) if len(pattern) == 1 else self._count_phrase(pattern)

    def first(self, row: Row, pattern: Pattern) -> int | None:
        """Return the place in `row`, from 0, at which `pattern` first occurs; None where it does not."""
        return next(_starts(self._rows[row], pattern), None)

    def _count_word(self, numbers: Iterable[int]) -> Mapping[Row, int]:
        counts: Counter[Row] = Counter()
        for number in numbers:
            for row, count in zip(*self._known().get(number, _NOWHERE), strict=True):
                counts[row] += count
        return counts

    def _count_phrase(self, pattern: Pattern) -> Mapping[Row, int]:
        candidates = set.intersection(*(self._rows_with(numbers) for numbers in pattern))
        counts = ((row, sum(1 for _ in _starts(self._rows[row], pattern))) for row in candidates)
        return {row: count for row, count in counts if count}

    def _known(self) -> "_Postings":
        if self._postings is None:
            self._postings = _count_all(self._rows)
        return self._postings

    def _rows_with(self, numbers: Iterable[int]) -> set[Row]:
        return {row for number in numbers for row in self._known().get(number, _NOWHERE)[0]}


def _count_all(rows: "Sequence[array[int]]") -> "_Postings":
    found: _Postings = {}
    for row, numbers in enumerate(rows):
        for number, count in Counter(numbers).items():
            known = found.get(number)
            if known is None:
                known = found[number] = array("I"), array("I")
            known[0].append(row)
            known[1].append(count)
    return found


def _starts(row: "array[int]", pattern: Pattern) -> Iterator[int]:
    first, *others = pattern
    last = len(row) - len(others)
    for start in _places(row, first):
        if start < last and all(
            row[start + ahead] in numbers for ahead, numbers in enumerate(others, start=1)
        ):
            yield start


def _places(row: "array[int]", numbers: frozenset[int]) -> Iterable[int]:
    """Return where any of `numbers` stands in `row`, in order."""
    if len(numbers) > _FEW:
        return (place for place, number in enumerate(row) if number in numbers)
    found: list[int] = []
    for number in numbers:
        with suppress(ValueError):  # there is no further one
            place = -1
            while True:
                place = row.index(number, place + 1)
                found.append(place)
    return sorted(found)
