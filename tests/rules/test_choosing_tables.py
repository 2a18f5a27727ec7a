"""Columns that come in tables are those of answers that come one by one, as far as a gate reaches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model import (
    Entry,
    EntryContent,
    EntryId,
    Order,
    ReleaseNo,
    RevisionId,
    Strictness,
    Topic,
    TopicHit,
)
from newsletter.rules.choosing import Columns, Crowd, make_shelf, passing
from newsletter.rules.choosing.gating import passing_each
from newsletter.rules.matching import AnswerTable, Spots
from newsletter.rules.relevance import Rows, Scores
from newsletter.rules.twins import Twins

MOMENT = datetime(2026, 5, 1, tzinfo=UTC)
TOPICS = [
    Topic(f"t{place}", f"T{place}", about=f"a{place}", weight=1 + place) for place in range(4)
]
CHANCES = st.sampled_from([0.0001, 0.001, 0.01, 0.012, 0.02, 0.5])
BUDGETS = st.sampled_from([0.02, 0.1, 0.5])


def entry(place: int) -> Entry:
    title = f"The title {place} of that paper which is one of the usual ones that come daily"
    number = ReleaseNo(place + 1)
    return Entry(EntryId(f"e{place}"), RevisionId("r"), EntryContent(title), (), MOMENT, number)


ENTRIES = {one.id: one for one in map(entry, range(24))}
IDS = list(ENTRIES)
FRESH = [one for place, one in enumerate(ENTRIES.values()) if place % 3]
HITS = st.dictionaries(
    st.integers(0, len(IDS) - 1),
    st.tuples(st.sampled_from([0.125, 0.25, 0.75]), CHANCES, st.integers(1, 3)),
)
ANSWERS = st.lists(HITS, min_size=len(TOPICS), max_size=len(TOPICS))
Answer = Mapping[int, tuple[float, float, int]]


class Table(AnswerTable):
    """A few answers, each hit with score, chance, and so many words; `numbers` are of their topics."""

    def __init__(self, answers: Sequence[Answer], numbers: Sequence[int]) -> None:
        self._numbers = numbers
        self._hits = [
            (place, row, *answer[row])
            for place, answer in enumerate(answers)
            for row in sorted(answer)
        ]

    @property
    def ids(self) -> Sequence[EntryId]:
        return IDS

    @property
    def topics(self) -> Rows:
        return np.array([hit[0] for hit in self._hits], np.intp)

    @property
    def rows(self) -> Rows:
        return np.array([hit[1] for hit in self._hits], np.intp)

    @property
    def scores(self) -> Scores:
        return np.array([hit[2] for hit in self._hits], np.float64)

    @property
    def chances(self) -> Scores:
        return np.array([hit[3] for hit in self._hits], np.float64)

    def spots(self, hits: Rows) -> Spots:
        found = [self._hits[hit] for hit in hits.tolist()]
        words = [word for hit in found for word in words_of(self._numbers[hit[0]], hit[1], hit[4])]
        return Spots(np.array([hit[4] for hit in found], np.intp), np.array(words, np.uint32))


def words_of(topic: int, row: int, count: int) -> list[int]:
    return [1000 * topic + 10 * row + turn for turn in range(count)]


class Teller:
    """An index of some answers, that tells all but one at once."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers = dict(zip(TOPICS, answers, strict=True))
        self.asked: list[Topic] = []

    def fingerprint(self) -> str:
        return "these answers"

    def tell(
        self, topics: Sequence[Topic], among: Iterable[EntryId] | None = None
    ) -> Iterator[tuple[Sequence[Topic], AnswerTable]]:
        told = [topic for topic in topics if topic != TOPICS[1]]
        for some in (told[:2], told[2:]):
            numbers = [TOPICS.index(topic) for topic in some]
            yield some, Table([self._answer(topic, among) for topic in some], numbers)

    def _answer(self, topic: Topic, among: Iterable[EntryId] | None) -> Answer:
        wanted = IDS if among is None else set(among)
        return {row: hit for row, hit in self.answers[topic].items() if IDS[row] in wanted}

    def words_at(self, spots: Sequence[int]) -> tuple[str, ...]:
        return tuple(f"word{spot}" for spot in spots)

    def answer(self, topics: Sequence[Topic]) -> list[tuple[Topic, Mapping[EntryId, TopicHit]]]:
        self.asked += topics
        return [(topic, hits_of(TOPICS.index(topic), self.answers[topic])) for topic in topics]


def hits_of(topic: int, answer: Answer) -> dict[EntryId, TopicHit]:
    return {
        IDS[row]: TopicHit(
            score, tuple(f"word{one}" for one in words_of(topic, row, count)), chance=chance
        )
        for row, (score, chance, count) in sorted(answer.items())
    }


@given(st.lists(st.tuples(st.lists(CHANCES), BUDGETS), max_size=5), st.integers(1, 60))
def test_what_passes_of_many_topics_is_what_passes_of_each(
    topics: list[tuple[list[float], float]], asked: int
) -> None:
    chances = [np.sort(np.array(some, np.float64)) for some, _ in topics]
    numbers = np.repeat(np.arange(len(topics)), [len(some) for some in chances])
    budgets = np.array([budget for _, budget in topics])
    together = np.concatenate([*chances, np.empty(0)])

    passed = passing_each(together, numbers, budgets, asked)

    wanted = [
        np.arange(len(one)) < passing(one, asked, topics[n][1]) for n, one in enumerate(chances)
    ]
    assert passed.tolist() == [one for some in wanted for one in some.tolist()]


@given(ANSWERS, st.lists(BUDGETS, min_size=len(TOPICS), max_size=len(TOPICS)))
def test_a_table_makes_the_columns_of_its_answers(
    answers: list[Answer], budgets: list[float]
) -> None:
    shelf = make_shelf(FRESH, Twins(ENTRIES))
    told, added = Columns(shelf), Columns(shelf)

    told.add_table(TOPICS, Table(answers, range(len(TOPICS))), budgets)
    for number, topic in enumerate(TOPICS):
        added.add(topic, hits_of(number, answers[number]), budgets[number])

    for mine, wanted in (
        (told.starts, added.starts),
        (told.sizes, added.sizes),
        (told.places, added.places),
        (told.values, added.values),
        (told.chances, added.chances),
    ):
        assert mine.tolist() == wanted.tolist()
    assert told.numbers(TOPICS).tolist() == added.numbers(TOPICS).tolist()
    every = np.repeat(np.arange(len(TOPICS)), told.sizes)
    hits = np.arange(len(told))
    for hit, spots in zip(hits.tolist(), told.spots(hits), strict=True):
        of, row = int(every[hit]), IDS.index(shelf.ids[told.places[hit]])
        assert spots == words_of(of, row, answers[of][row][2])
    assert list(added.spots(hits)) == [[] for _ in hits]


@settings(deadline=None)
@given(ANSWERS, st.lists(st.sampled_from(Strictness), min_size=2, max_size=2), st.integers(1, 12))
def test_letters_are_the_same_whether_answers_are_told_or_asked_for(
    answers: list[Answer], strict: list[Strictness], at_most: int
) -> None:
    teller = Teller(answers)
    twins = Twins(ENTRIES)
    tellers = Crowd(FRESH, twins, {}, teller.answer, teller)
    askers = Crowd(FRESH, twins, {}, Teller(answers).answer)

    for topics, strictness in (
        (TOPICS[:2], strict[0]),
        (TOPICS, strict[1]),
        (TOPICS[:1], strict[0]),
    ):
        letters = []
        for crowd in (tellers, askers):
            (letter,) = crowd.choose([(topics, strictness, at_most, Order.RELEVANCE)])
            letters.append(letter)
        assert letters[0] == letters[1] is not None
    assert set(teller.asked) <= {TOPICS[1]}
