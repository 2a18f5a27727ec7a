"""The weight of a source multiplies what its entries are worth to everybody, and says so."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import (
    Entry,
    EntryContent,
    EntryId,
    Follow,
    Match,
    ReleaseNo,
    RevisionId,
    SourceName,
    Topic,
    TopicHit,
)
from newsletter.rules.matching import Ranker
from newsletter.rules.topicality import USUAL, SourceTopicality, Topicality

TOPICS = [Topic(name, name.upper(), query=name, weight=1 + n / 2) for n, name in enumerate("abc")]
NOBODY, SOMEBODY = Follow(), Follow(authors=("Author 1", "Author 4"))
TOPICALITY: Topicality = {
    SourceName("s0"): SourceTopicality(weight=3),
    SourceName("s1"): SourceTopicality(weight=0.3),
    SourceName("s2"): SourceTopicality(weight=0.01),
}


def entry(place: int) -> Entry:
    content = EntryContent(
        f"Title {place}",
        upvotes=place % 7 or None,
        authors=(f"Author {place % 9}",),
        published_on=date(2026, 5, 1 + place % 4),
    )
    sources = (SourceName(f"s{place % 4}"),)
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    return Entry(
        EntryId(f"e{place}"), RevisionId(f"r{place}"), content, sources, moment, ReleaseNo(place)
    )


ENTRIES = {one.id: one for one in map(entry, range(30))}
ANSWERS = st.lists(
    st.dictionaries(
        st.sampled_from(sorted(ENTRIES)),
        st.builds(TopicHit, st.sampled_from([0.125, 0.25, 0.5, 0.75]), st.just(("word",))),
    ),
    max_size=len(TOPICS),
)
FOLLOWS = st.sampled_from([NOBODY, SOMEBODY])


def ranked(
    answers: list[Mapping[EntryId, TopicHit]], follow: Follow, topicality: Topicality
) -> list[Match]:
    ranker = Ranker(ENTRIES.values(), topicality=topicality)
    columns = [
        ranker.column(topic, hits, ranker.everything)
        for topic, hits in zip(TOPICS, answers, strict=False)
    ]
    return [one.match for one in ranker.rank(columns, follow, ranker.everything)]


@given(ANSWERS, FOLLOWS)
def test_every_score_is_multiplied_and_the_last_term_says_by_what(
    answers: list[Mapping[EntryId, TopicHit]], follow: Follow
) -> None:
    plain = {one.entry: one for one in ranked(answers, follow, USUAL)}
    weighted = ranked(answers, follow, TOPICALITY)

    assert {one.entry for one in weighted} == plain.keys()
    for one in weighted:
        before = plain[one.entry]
        known = TOPICALITY.get(ENTRIES[one.entry].sources[0])
        weight = known.weight if known else 1
        assert one.score == pytest.approx(before.score * weight, abs=1e-6)
        assert one.score == sum(term.value for term in one.terms) >= 0
        names = [f"source \N{MULTIPLICATION SIGN} {weight:g}"] if known else []
        assert [term.name for term in one.terms] == [term.name for term in before.terms] + names
        assert replace(one, score=0, terms=()) == replace(before, score=0, terms=())
    assert weighted == sorted(weighted, key=lambda one: -one.score)


@given(ANSWERS, FOLLOWS, st.integers(1, 5))
def test_what_is_merged_lazily_is_in_the_same_order(
    answers: list[Mapping[EntryId, TopicHit]], follow: Follow, look: int
) -> None:
    ranker = Ranker(ENTRIES.values(), topicality=TOPICALITY)
    among = ranker.everything
    columns = [
        ranker.column(topic, hits, among) for topic, hits in zip(TOPICS, answers, strict=False)
    ]
    merged = ranker.merge(columns, follow, among, frozenset(), look)
    assert [*merged] == ranked(answers, follow, TOPICALITY)


def test_where_no_source_differs_nothing_does() -> None:
    answers = [{EntryId("e1"): TopicHit(0.5, ("word",)), EntryId("e2"): TopicHit(0.25, ())}]
    even = {SourceName("s1"): SourceTopicality(weight=1)}

    assert ranked([*answers], SOMEBODY, even) == ranked([*answers], SOMEBODY, USUAL)


def test_a_heavier_source_comes_first_where_popularity_alone_decides() -> None:
    first = ranked([], NOBODY, TOPICALITY)[0]

    assert ENTRIES[first.entry].sources == (SourceName("s0"),)
    assert first.terms[-1].name == "source \N{MULTIPLICATION SIGN} 3"
