"""A match written short is read as the match that it was."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import (
    Entry,
    EntryContent,
    EntryId,
    Order,
    ReleaseNo,
    RevisionId,
    SourceName,
    Strictness,
    Sureness,
    Topic,
    TopicHit,
)
from newsletter.rules.choosing import Crowd
from newsletter.rules.matching import Ranker, graded
from newsletter.rules.ranking import Choice
from newsletter.rules.short_matches import (
    BETWEEN,
    AskedTopic,
    Register,
    ShortMatches,
    begin_line,
    entries_of,
    read_line,
    reason_in,
    write_entry,
    write_part,
    write_reason,
    write_said,
    write_why,
)
from newsletter.rules.topicality import SourceTopicality
from newsletter.rules.twins import Twins

TOPICALITY = {SourceName("blog"): SourceTopicality(weight=0.3)}
TOPICS = [
    Topic(f"t{place}", f"Topic {place} “é”", about=f"a{place}", weight=weight)
    for place, weight in enumerate((1.0, 0.5, 1.0, 2.5))
]


def entry(place: int) -> Entry:
    content = EntryContent(
        " ".join(f"word{place}{number}" for number in range(5)),
        upvotes=place * 3 or None,
        comments=place % 2,
        published_on=date(2026, 5, 1),
    )
    sources = (SourceName("blog" if place % 3 == 0 else "arxiv"),)
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    return Entry(
        EntryId(f"e{place}"),
        RevisionId(f"r{place}"),
        content,
        sources,
        moment,
        ReleaseNo(place + 1),
    )


ENTRIES = {one.id: one for one in map(entry, range(9))}
WORDS = st.lists(st.text(min_size=1).map(lambda text: " ".join(text.split()) or "w"), max_size=3)
HITS = st.builds(
    TopicHit,
    st.sampled_from([0.0, 0.25, 0.3333, 0.765]),
    WORDS.map(tuple),
    by_meaning=st.booleans(),
    chance=st.sampled_from([0.0, 1e-6, 1e-3, 0.01]),
)
ANSWERS = st.lists(
    st.dictionaries(st.sampled_from(sorted(ENTRIES)), HITS),
    min_size=len(TOPICS),
    max_size=len(TOPICS),
)


@given(ANSWERS, st.permutations(range(len(TOPICS))))
def test_each_match_says_what_it_would_say_alone(
    answers: list[dict[EntryId, TopicHit]], order: list[int]
) -> None:
    known = {topic.name: hits for topic, hits in zip(TOPICS, answers, strict=True)}
    crowd = Crowd(
        ENTRIES.values(),
        Twins(ENTRIES),
        TOPICALITY,
        lambda topics: [(one, known[one.name]) for one in topics],
    )
    topics = [TOPICS[place] for place in order]
    (choice,) = crowd.choose([(topics, Strictness.RELAXED, 5, Order.RELEVANCE)])

    assert choice is not None
    ranker = Ranker(ENTRIES.values(), topicality=TOPICALITY)
    for match in (*choice.chosen, *choice.also_matched):
        answered = [
            (topic, graded(known[topic.name][match.entry], len(ENTRIES)))
            for topic in topics
            if topic.name in match.topics
        ]
        answered.sort(key=lambda pair: -pair[0].weight * pair[1].score)
        assert match == ranker.match(match.entry, tuple(answered))


def a_few() -> ShortMatches:
    register = Register([write_entry(entry(1), 1.0)], {EntryId("e1"): 0})
    reason = write_reason(TopicHit(0.5, ("A\nword", "x"), by_meaning=True, sureness=Sureness.GOOD))
    line = f"0{BETWEEN}{write_part(0, 7, reason)}"
    return ShortMatches([EntryId("e1")], [line], (TOPICS[1],), register)


def test_they_are_a_sequence_like_any_other() -> None:
    matches = a_few()

    assert matches == tuple(matches) == (matches[0],)
    assert matches != ()
    assert matches != [1]
    assert hash(matches) == hash(tuple(matches))
    assert repr(matches) == repr(tuple(matches))
    assert Choice(matches) == Choice(tuple(matches))
    assert matches[:1] == tuple(matches)
    assert len(matches) == 1
    assert entries_of(matches) == entries_of(list(matches)) == [EntryId("e1")]
    assert matches[0].reasons[0].words == ("A word", "x")


@pytest.mark.parametrize("words", [(), ("jailbreak",), ("two words", "x")])
def test_a_line_is_the_same_whether_a_topic_is_the_only_one_or_a_further_one(
    words: tuple[str, ...],
) -> None:
    reason = write_why(words, Sureness.GOOD)
    said = write_said(523_423, reason)

    assert begin_line(12, 3) + said == f"12{BETWEEN}{write_part(3, 523_423, reason)}"
    assert reason_in(said) == reason


@pytest.mark.parametrize("line", ["", "7", "0\x1e9 1 g", "0\x1e0 x g", "0\x1e0 1 z", "x\x1e0 1 g"])
def test_a_line_that_is_no_match_is_an_error(line: str) -> None:
    matches = a_few()

    with pytest.raises((ValueError, LookupError)):
        read_line(line, matches.register.texts, [AskedTopic.of(TOPICS[1])])
