"""What is chosen on arrays for many is what is chosen for one after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from newsletter.model import (
    Entry,
    EntryContent,
    EntryId,
    Follow,
    Order,
    ReleaseNo,
    RevisionId,
    SourceName,
    Topic,
    TopicHit,
)
from newsletter.rules.choosing import (
    NOTHING,
    UNSAID,
    Asked,
    Columns,
    choose_many,
    finding,
    make_shelf,
    passing,
    seats,
)
from newsletter.rules.matching import Ranker, let_through
from newsletter.rules.ranking import choose_from
from newsletter.rules.topicality import SourceTopicality
from newsletter.rules.twins import Twins

Answers = Mapping[EntryId, TopicHit]
Letter = tuple[list[tuple[str, tuple[str, ...]]], list[tuple[str, tuple[str, ...]]]]
"""Entries with their topics, best first: those chosen, and those named."""

WEIGHTS = (1.0, 1.0, 0.5, 2.0, 1.0, 0.0, 1.0, 3.7)
TOPICS = [
    Topic(f"t{place}", f"T{place}", query=f"q{place}", weight=weight)
    for place, weight in enumerate(WEIGHTS)
]
TOPICALITY = {SourceName("blog"): SourceTopicality(weight=0.3)}


def entry(place: int) -> Entry:
    content = EntryContent(
        f"The title {place % 61} of that paper which is one of the usual ones that come daily",
        upvotes=place % 7 or None,
        comments=place % 5 or None,
        published_on=date(2026, 5, 1 + place % 4) if place % 6 else None,
    )
    sources = (SourceName("blog" if place % 11 == 0 else "arxiv"),)
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    number = ReleaseNo(1 + place // 2)
    id_ = EntryId(f"e{place}")
    return Entry(id_, RevisionId(f"r{place}"), content, sources, moment, number)


ENTRIES = {one.id: one for one in map(entry, range(70))}
TWINS = Twins(ENTRIES)
SCORES = st.sampled_from([0.0, 0.125, 0.25, 0.3333, 0.5, 0.7654321, 0.75, 0.9])
CHANCES = st.sampled_from([None, 0.0, 0.001, 0.01, 0.02, 0.5])
HITS = st.dictionaries(
    st.sampled_from(sorted(ENTRIES)),
    st.builds(TopicHit, SCORES, st.just(("word",)), chance=CHANCES),
    max_size=70,
)
ANSWERS = st.lists(HITS, min_size=len(TOPICS), max_size=len(TOPICS))
PEOPLE = st.lists(
    st.tuples(
        st.lists(st.integers(0, len(TOPICS) - 1), min_size=1, max_size=6, unique=True),
        st.integers(1, 14),
    ),
    min_size=1,
    max_size=5,
)
FRESH = st.one_of(
    st.just(frozenset(ENTRIES)), st.frozensets(st.sampled_from(sorted(ENTRIES)), min_size=1)
)


def one_by_one(
    answers: Sequence[Answers], topics: Sequence[int], at_most: int, fresh: frozenset[EntryId]
) -> Letter:
    ranker = Ranker(ENTRIES.values(), topicality=TOPICALITY)
    columns = [ranker.column(TOPICS[number], answers[number], fresh) for number in topics]
    ranking = ranker.merge(columns, Follow(), fresh, frozenset())
    choice = choose_from(ranking, at_most, Order.RELEVANCE, ENTRIES, TWINS)
    return (
        [(one.entry, one.topics) for one in choice.chosen],
        [(one.entry, one.topics) for one in choice.also_matched],
    )


def all_at_once(
    answers: Sequence[Answers],
    people: Sequence[tuple[list[int], int]],
    fresh: frozenset[EntryId],
    budget: float | None = None,
) -> list[Letter | None]:
    """Return the letter of each, None where it has to be chosen in another way.

    Of a topic all hits count, or those that pass the gate with this `budget`, as with a query and an about.
    """
    shelf = make_shelf((ENTRIES[id_] for id_ in fresh), TWINS, TOPICALITY)
    columns = Columns(shelf)
    for topic, hits in zip(TOPICS, answers, strict=True):
        columns.add(topic, hits)
    most = max(len(topics) for topics, _ in people)
    table = np.full((len(people), most), NOTHING, np.int64)
    for row, (topics, _) in enumerate(people):
        table[row, : len(topics)] = topics
    counts = None if budget is None else _lengths(columns, budget)[table]
    asked = Asked(table, np.array([at_most for _, at_most in people]), counts)
    letters: list[Letter | None] = []
    for _, picked in choose_many(asked, columns):
        for row, has_twins in enumerate(picked.may_be_twins):
            shown = [
                (shelf.ids[place], tuple(TOPICS[one].name for one in found if one >= 0))
                for place, found in zip(picked.places[row], picked.topics[row], strict=True)
                if place >= 0
            ]
            count = int((picked.places[row, : picked.width] >= 0).sum())
            letters.append(None if has_twins else (shown[:count], shown[count:]))
    return letters


def test_keys_too_great_for_one_number_with_their_row_are_ranked_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hits = {id_: TopicHit(0.25 + place % 9 / 16, ("word",)) for place, id_ in enumerate(ENTRIES)}
    answers = [dict(list(hits.items())[place::3]) for place in range(len(TOPICS))]
    people = [([0, 1, 2], 5), ([3], 14), ([4, 5], 1)]
    fresh = frozenset(ENTRIES)
    letters = all_at_once(answers, people, fresh)
    monkeypatch.setattr(finding, "_SORTED_BITS", 0)
    assert all_at_once(answers, people, fresh) == letters
    assert letters == [one_by_one(answers, *one, fresh) for one in people]


def _lengths(columns: Columns, budget: float) -> NDArray[np.int64]:
    """Return how many hits of each column pass the gate."""
    ends = np.cumsum(columns.sizes)
    parts = [
        columns.chances[end - size : end] for end, size in zip(ends, columns.sizes, strict=True)
    ]
    return np.array([passing(part, len(part), budget) for part in parts])


@given(ANSWERS, PEOPLE, FRESH)
def test_the_same_is_chosen_for_many_as_for_one(
    answers: list[Answers], people: list[tuple[list[int], int]], fresh: frozenset[EntryId]
) -> None:
    letters = all_at_once(answers, people, fresh)

    for letter, (topics, at_most) in zip(letters, people, strict=True):
        assert letter is None or letter == one_by_one(answers, topics, at_most, fresh)


@given(ANSWERS, PEOPLE, FRESH, st.sampled_from([7, 14, 21]))
def test_more_topics_than_one_number_counts_are_counted_in_several(
    answers: list[Answers],
    people: list[tuple[list[int], int]],
    fresh: frozenset[EntryId],
    bits: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seats, "_COUNTER_BITS", bits)
        letters = all_at_once(answers, people, fresh)

    for letter, (topics, at_most) in zip(letters, people, strict=True):
        assert letter is None or letter == one_by_one(answers, topics, at_most, fresh)


@given(ANSWERS, PEOPLE, FRESH, st.sampled_from([0.0, 0.005, 0.05, 0.1, 0.5, 1.0]))
def test_hits_behind_a_gate_are_as_if_they_were_not_there(
    answers: list[Answers],
    people: list[tuple[list[int], int]],
    fresh: frozenset[EntryId],
    budget: float,
) -> None:
    gated = [replace(topic, about="what it asks") for topic in TOPICS]
    shown = [
        let_through(topic, hits, fresh, budget) for topic, hits in zip(gated, answers, strict=True)
    ]

    letters = all_at_once(answers, people, fresh, budget)

    for letter, (topics, at_most) in zip(letters, people, strict=True):
        assert letter is None or letter == one_by_one(shown, topics, at_most, fresh)


def test_hits_of_which_nothing_is_said_are_no_reason_to_let_others_pass() -> None:
    unsaid = np.array([UNSAID, UNSAID, UNSAID, 0.02])

    assert passing(unsaid, 10, 0.1) == 3
    assert passing(unsaid, 5, 0.1) == 4


def test_a_letter_with_twins_is_left_to_the_rounds_that_refuse_them() -> None:
    twins = {EntryId("e3"): TopicHit(0.9, ("word",)), EntryId("e64"): TopicHit(0.5, ("word",))}
    answers: list[Answers] = [twins, *({} for _ in TOPICS[1:])]

    both_fit, one_fits = all_at_once(answers, [([0], 2), ([0], 1)], frozenset(ENTRIES))

    assert both_fit is None
    assert one_fits == ([("e3", ("t0",))], [("e64", ("t0",))])


def test_a_topic_whose_best_is_far_below_has_its_place() -> None:
    high = {id_: TopicHit(0.9, ("word",)) for id_ in ENTRIES if id_ != min(ENTRIES)}
    low = {min(ENTRIES): TopicHit(0.0, ("word",))}
    answers: list[Answers] = [high, low, *({} for _ in TOPICS[2:])]

    (letter,) = all_at_once(answers, [([0, 1], 3)], frozenset(ENTRIES))

    assert letter == one_by_one(answers, [0, 1], 3, frozenset(ENTRIES))
    assert letter[0][-1] == (min(ENTRIES), ("t1",))


def test_nothing_is_chosen_where_no_topic_finds_anything() -> None:
    (letter,) = all_at_once([{} for _ in TOPICS], [([0, 3], 5)], frozenset(ENTRIES))

    assert letter == ([], [])
