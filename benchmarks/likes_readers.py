"""Readers who like papers, made from a month of papers: proxies, each with what is unjust in it.

* authors: somebody's papers of the month, by day. Two papers of one name count as one person's when they
  share a further author, or are joined by such papers, since many names are common.
  Narrow: mostly one line of work.
* co-authors: the papers of somebody and of all who wrote with them this month, those with most joint
  papers first. Names of more than twelve papers are left out. Wide, and full of namesakes: hard to foretell.
* followers: readers who follow the authors of several lines of work in one field, drawn at random.
  Several separate interests in one person.
* categories: readers of what is in two categories at once, drawn at random. One wide interest, put down
  by the authors' own hands, whatever the words.
* mixed: readers of what is in three pairs of categories, unequally, with every tenth like by accident.
* later: readers of one category: ten or thirty papers of the first 60 % of the month, drawn at random, in
  front of all that the rest of it brings. Papers of the first part are out of the question (`first_part`).
* two interests: followers of two fields that share no category.
"""

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, TypeAlias, TypeVar

Reader: TypeAlias = Sequence[int]
"""The rows of what somebody liked, oldest first."""

COMMON_NAME: Final = 12
_OVERLAP: Final = 0.5
_FEWEST_LATE: Final = 10

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class AuthoredPaper:
    """What is known of a paper beside its text."""

    authors: frozenset[str]
    categories: frozenset[str]
    seen_on: str


class Papers:
    """The papers of a month, and who wrote them."""

    def __init__(self, papers: Sequence[AuthoredPaper]) -> None:
        self.papers = papers
        found = defaultdict[str, list[int]](list)
        for row, paper in enumerate(papers):
            for name in sorted(paper.authors):
                found[name].append(row)
        self.by_author = dict(sorted(found.items()))
        self.persons = [rows for name in self.by_author for rows in self._persons(name)]

    def in_order(self, rows: Iterable[int]) -> list[int]:
        """Return `rows` by the day they came."""
        return sorted(rows, key=lambda row: (self.papers[row].seen_on, row))

    def _persons(self, name: str) -> Iterator[list[int]]:
        left = set(self.by_author[name])
        while left:
            rows = [min(left)]
            for row in rows:  # it grows while it is read
                left -= set(rows)
                known = self.papers[row].authors - {name}
                rows += [other for other in sorted(left) if known & self.papers[other].authors]
            yield self.in_order(rows)


def authors(papers: Papers, least: int) -> list[Reader]:
    """Return persons with `least` to `COMMON_NAME` papers."""
    found = [rows for rows in papers.persons if least <= len(rows) <= COMMON_NAME]
    return _distinct(_shuffled(found, 1), share=1.0)


def co_authors(papers: Papers, least: int, most: int) -> list[Reader]:
    """Return groups with `least` to `most` papers."""
    by_author = papers.by_author
    names = [name for name, rows in by_author.items() if 2 <= len(rows) <= COMMON_NAME]
    groups = (_group(papers, name, most) for name in _shuffled(names, 2))
    return _distinct(group for group in groups if len(group) >= least)


def _group(papers: Papers, name: str, most: int) -> list[int]:
    rows = set(papers.by_author[name])
    joint = Counter(other for row in rows for other in papers.papers[row].authors - {name})
    for other, _ in sorted(joint.items(), key=lambda item: (-item[1], item[0])):
        if len(rows) < most and len(papers.by_author[other]) <= COMMON_NAME:
            rows.update(papers.by_author[other])
    return papers.in_order(rows)


def followers(
    papers: Papers, size: int, count: int = 300, dice: random.Random | None = None
) -> list[Reader]:
    """Return readers with at least `size` papers by persons of one field, three to eight by each."""
    dice = dice or random.Random(6)  # noqa: S311 - readers, not secrets
    fields = _fields(papers)
    found: list[Reader] = []
    while len(found) < count:
        field = dice.choice(fields)
        rows = _follow(field, size, dice)
        if len(rows) >= size:
            found.append(papers.in_order(rows))
    return found


def two_interests(papers: Papers, size: int, count: int = 300) -> list[tuple[Reader, Reader]]:
    """Return pairs of followers with `size` papers each, of two fields that share no category."""
    dice = random.Random(8)  # noqa: S311 - readers, not secrets
    fields = _fields(papers)
    found: list[tuple[Reader, Reader]] = []
    while len(found) < count:
        one, other = (_follow(dice.choice(fields), size, dice) for _ in range(2))
        known, others = (
            {name for row in rows for name in papers.papers[row].categories}
            for rows in (one, other)
        )
        if len(one) >= size <= len(other) and not known & others:
            found.append((papers.in_order(one), papers.in_order(other)))
    return found


def _follow(field: Sequence[Reader], size: int, dice: random.Random) -> set[int]:
    rows = set[int]()
    for person in dice.sample(field, len(field)):
        if len(rows) < size:
            rows.update(person)
    return rows


def _fields(papers: Papers) -> list[list[Reader]]:
    """Return persons by the rarest category of all their papers; a field as often as it has persons."""
    counts = Counter(name for paper in papers.papers for name in paper.categories)
    persons = _distinct(rows for rows in papers.persons if 3 <= len(rows) <= 8)
    fields = defaultdict[str, list[Reader]](list)
    for rows in persons:
        shared = frozenset.intersection(*(papers.papers[row].categories for row in rows))
        if shared:
            fields[min(shared, key=lambda name: (counts[name], name))].append(rows)
    return [field for _, field in sorted(fields.items()) for _ in field]


def categories(papers: Papers, each: int = 12, dice: random.Random | None = None) -> list[Reader]:
    """Return `each` readers of every two categories that 12 to 400 papers share, with 60 papers at most."""
    dice = dice or random.Random(3)  # noqa: S311 - readers, not secrets
    wide = [rows for rows in _shared(papers) if 12 <= len(rows) <= 400]
    return [dice.sample(rows, min(len(rows), 60)) for rows in wide for _ in range(each)]


def mixed(papers: Papers, count: int = 500, dice: random.Random | None = None) -> list[Reader]:
    """Return readers with 24, 15 and 12 papers of three pairs of categories, and five of any."""
    dice = dice or random.Random(11)  # noqa: S311 - readers, not secrets
    wide = [rows for rows in _shared(papers) if 30 <= len(rows) <= 300]
    found: list[Reader] = []
    for _ in range(count):
        shares = zip((24, 15, 12), dice.sample(wide, 3), strict=True)
        rows = [row for share, some in shares for row in dice.sample(some, share)]
        rows += dice.sample(range(len(papers.papers)), 5)
        rows = list(dict.fromkeys(rows))
        dice.shuffle(rows)
        found.append(rows)
    return found


def later(papers: Papers, likes: int, each: int = 12) -> list[Reader]:
    """Return `each` readers of every category with at most 400 papers: `likes` early ones, all late ones."""
    dice = random.Random(13)  # noqa: S311 - readers, not secrets
    early = first_part(papers)
    of_category = defaultdict[str, list[int]](list)
    for row, paper in enumerate(papers.papers):
        for name in paper.categories:
            of_category[name].append(row)
    found: list[Reader] = []
    for _, rows in sorted(of_category.items()):
        before = [row for row in rows if row in early]
        rest = [row for row in rows if row not in early]
        if len(before) >= likes and len(rest) >= _FEWEST_LATE and len(rows) <= 400:
            found += [[*dice.sample(before, likes), *rest] for _ in range(each)]
    return found


def first_part(papers: Papers) -> frozenset[int]:
    """Return the papers of the days before the one on which 60 % of the month were there."""
    order = papers.in_order(range(len(papers.papers)))
    day = papers.papers[order[int(0.6 * len(order))]].seen_on
    return frozenset(row for row in order if papers.papers[row].seen_on < day)


def fresh_readers(papers: Papers) -> Mapping[str, Mapping[int, list[Reader]]]:
    """Return other readers for one and three likes: more of them, drawn anew; authors in any order.

    For what the first were too few to tell. An author of four papers or more stands in it three times.
    """
    dice = random.Random(77)  # noqa: S311 - readers, not secrets
    few = [_in_any_order(rows, dice) for rows in authors(papers, 2)]
    more = [_in_any_order(rows, dice) for rows in authors(papers, 4) for _ in range(3)]
    wide = categories(papers, 20, dice)
    several = mixed(papers, 1200, dice)
    following = followers(papers, 20, 1000, dice)
    dice.shuffle(few)
    return {
        "authors": {1: few[:2500], 3: more},
        "followers": dict.fromkeys((1, 3), following),
        "categories": dict.fromkeys((1, 3), wide),
        "mixed": dict.fromkeys((1, 3), several),
    }


def _in_any_order(rows: Reader, dice: random.Random) -> Reader:
    return dice.sample(rows, len(rows))


def _shared(papers: Papers) -> list[list[int]]:
    """Return the papers that two categories share, for each two."""
    found = defaultdict[tuple[str, str], list[int]](list)
    for row, paper in enumerate(papers.papers):
        for one, other in combinations(sorted(paper.categories), 2):
            found[one, other].append(row)
    return [rows for _, rows in sorted(found.items())]


def is_held_out(reader: Reader) -> bool:
    """Whether a reader is of the half on which nothing is chosen: told by their papers."""
    named = ",".join(map(str, sorted(reader)))
    return hashlib.sha256(named.encode()).digest()[0] % 2 == 1


def all_readers(papers: Papers) -> Mapping[str, Mapping[int, list[Reader]]]:
    """Return the readers of each kind for each number of likes; more than 200 where there are so many."""
    some = followers(papers, 20, 900)
    return {
        "authors": {1: authors(papers, 2)[:1500], 3: authors(papers, 4)},
        "co-authors": {10: co_authors(papers, 14, 20)[:700], 30: co_authors(papers, 36, 60)},
        "followers": dict.fromkeys((1, 3, 10), some) | {30: followers(papers, 50, 900)},
        "categories": dict.fromkeys((1, 3, 10, 30), categories(papers)),
        "mixed": dict.fromkeys((1, 3, 10, 30), mixed(papers)),
        "later": {size: _after(size, readers) for size, readers in _later_ones(papers)},
    }


def _later_ones(papers: Papers) -> Iterator[tuple[int, list[Reader]]]:
    return ((size, later(papers, 30 if size == 30 else 10)) for size in (1, 3, 10, 30))


def _after(size: int, readers: Iterable[Reader]) -> list[Reader]:
    """Leave out the likes behind the first `size`: they came too early to be looked for."""
    most = 30 if size == 30 else 10
    return [[*reader[:size], *reader[most:]] for reader in readers]


def _shuffled(things: Iterable[_T], seed: int) -> list[_T]:
    found = list(things)
    random.Random(seed).shuffle(found)  # noqa: S311 - readers, not secrets
    return found


def _distinct(readers: Iterable[Reader], share: float = _OVERLAP) -> list[Reader]:
    """Leave out who has more than a share of the smaller of two sets in common with one before."""
    found: list[Reader] = []
    of_row = defaultdict[int, set[int]](set)
    for rows in readers:
        near = {place for row in rows for place in of_row[row]}
        if share < 1 and any(_overlap(rows, found[place]) > share for place in near):
            continue
        if any(set(rows) == set(found[place]) for place in near):
            continue
        for row in rows:
            of_row[row].add(len(found))
        found.append(rows)
    return found


def _overlap(some: Reader, others: Reader) -> float:
    return len(set(some) & set(others)) / min(len(some), len(others))
