"""What a table tells of many topics is what each of them is answered."""

import random
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.indexing import LexicalIndex, build_index
from newsletter.model import (
    Entry,
    EntryContent,
    EntryId,
    ReleaseNo,
    RevisionId,
    SourceName,
    Topic,
)
from newsletter.rules.topicality import SourceTopicality

WORDS = (
    *("Guards", "guarding", "policy", "policies", "Robot", "robots", "of", "the", "learning"),
    *("jail-break", "jailbreak", "LLMs", "dying", "die", "died", "c++", "graph", "cells", "image"),
    *("speech", "study", "privacy", "protein", "weather", "climate", "kernel", "agent", "reward"),
)
ENTRIES = 620
ASKED = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
MOMENT = datetime(2026, 5, 1, tzinfo=UTC)


def entry(number: int, dice: random.Random) -> Entry:
    title, abstract = (" ".join(dice.choices(WORDS, k=dice.randint(1, size))) for size in (7, 25))
    categories = ("weather",) if number % 50 == 0 else ()
    tldr = "Robots learn." if number % 9 else None
    content = EntryContent(title, abstract, tldr=tldr, categories=categories)
    sources = (SourceName("blog" if number % 70 == 0 else "arxiv"),)
    release = ReleaseNo(number + 1)
    return Entry(EntryId(f"e{number}"), RevisionId("r"), content, sources, MOMENT, release)


def entries(count: int) -> list[Entry]:
    dice = random.Random(3)  # noqa: S311 - papers, not secrets
    return [entry(number, dice) for number in range(count)]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return build_index(entries(ENTRIES))


INDEX = build_index(entries(ENTRIES))
ASKED_AT_ONCE, ASKED_ONE_BY_ONE = (build_index(entries(ENTRIES)) for _ in range(2))
"""Two, for answers that were given to one question are kept for the next."""


def about(text: str) -> Topic:
    return Topic(f"topic-{text}", text, about=text)


@given(st.lists(ASKED, min_size=2, max_size=6))
def test_who_asks_for_many_hears_of_each_what_who_asks_for_it_alone_hears(texts: list[str]) -> None:
    topics = [about(text) for text in texts]

    for topic, found in zip(topics, ASKED_AT_ONCE.answer_all(topics), strict=True):
        assert dict(found) == dict(ASKED_ONE_BY_ONE.answer(topic))


def test_a_topic_that_names_a_category_is_left_to_who_asks_for_it_alone(
    index: LexicalIndex,
) -> None:
    asked = [about("protein robots"), about("weather")]

    told = [topic for some, _ in index.tell(asked) for topic in some]

    assert told == asked[:1]


def test_a_topic_with_a_query_is_left_to_who_asks_for_it_alone(index: LexicalIndex) -> None:
    assert not list(index.tell([Topic("t", "T", query="robots", about="robots")]))


def test_a_topic_to_which_entries_belong_is_left_to_who_asks_for_it_alone() -> None:
    topicality = {SourceName("blog"): SourceTopicality(topics=(about("robots"),))}
    index = build_index(entries(ENTRIES), topicality=topicality)

    told = [topic for some, _ in index.tell([about("robots"), about("speech")]) for topic in some]

    assert told == [about("speech")]


def test_nothing_is_told_as_long_as_nobody_knows_what_is_usual() -> None:
    assert not list(build_index(entries(60)).tell([about("robots")]))


@settings(deadline=None)
@given(st.lists(ASKED, min_size=1, max_size=6, unique=True))
def test_a_table_tells_what_each_topic_is_answered(texts: list[str]) -> None:
    topics = [about(text) for text in texts]

    for some, table in INDEX.tell(topics):
        hits = np.arange(len(table.rows))
        counts, spots = table.spots(hits)
        ends = np.cumsum(counts).tolist()
        for number, topic in enumerate(some):
            answer = INDEX.answer(topic)
            mine = np.flatnonzero(table.topics == number).tolist()
            assert [table.ids[table.rows[hit]] for hit in mine] == list(answer)
            for hit in mine:
                wanted = answer[table.ids[table.rows[hit]]]
                assert table.scores[hit] == wanted.score
                assert table.chances[hit] == wanted.chance
                own = spots[ends[hit] - counts[hit] : ends[hit]].tolist()
                assert INDEX.words_at(own) == wanted.words


@settings(deadline=None)
@given(st.lists(ASKED, min_size=1, max_size=3, unique=True), st.randoms(use_true_random=False))
def test_words_are_told_of_some_hits_in_any_order(texts: list[str], dice: random.Random) -> None:
    for _, table in INDEX.tell([about(text) for text in texts]):
        every = table.spots(np.arange(len(table.rows)))
        ends = np.cumsum(every.counts)
        some = np.array(dice.sample(range(len(table.rows)), len(table.rows) // 2), np.intp)

        told = table.spots(some)

        assert told.counts.tolist() == every.counts[some].tolist()
        wanted = [every.spots[ends[hit] - every.counts[hit] : ends[hit]].tolist() for hit in some]
        assert told.spots.tolist() == [spot for own in wanted for spot in own]


@settings(deadline=None)
@given(
    st.lists(ASKED, min_size=1, max_size=3, unique=True),
    st.sets(st.sampled_from([entry.id for entry in entries(ENTRIES)])),
)
def test_of_some_entries_the_same_is_told(texts: list[str], among: set[EntryId]) -> None:
    topics = [about(text) for text in texts]
    ((_, every),) = INDEX.tell(topics)

    ((_, table),) = INDEX.tell(topics, [*among, EntryId("of another index")])

    here = np.flatnonzero([every.ids[row] in among for row in every.rows.tolist()])
    assert table.topics.tolist() == every.topics[here].tolist()
    assert table.rows.tolist() == every.rows[here].tolist()
    assert table.chances.tolist() == every.chances[here].tolist()
    mine, wanted = table.spots(np.arange(len(here))), every.spots(here)
    assert mine.counts.tolist() == wanted.counts.tolist()
    assert mine.spots.tolist() == wanted.spots.tolist()
