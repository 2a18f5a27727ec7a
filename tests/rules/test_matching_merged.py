"""A ranking that is put in order only as far as somebody looks is the same ranking."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import (
    Entry,
    EntryContent,
    EntryId,
    Follow,
    Match,
    Order,
    ReleaseNo,
    RevisionId,
    Topic,
    TopicHit,
)
from newsletter.rules.matching import Merged, Ranked, Ranker
from newsletter.rules.ranking import choose, choose_from
from newsletter.rules.twins import Twins

PLACES = range(40)
TOPICS = [
    Topic(name, name.upper(), query=name, weight=1 + place / 2) for place, name in enumerate("abcd")
]
NOBODY = Follow()


def entry(place: int) -> Entry:
    content = EntryContent(
        f"The title {place % 31} of that paper which is one of the {place % 3} usual ones",
        upvotes=place % 7 or None,
        authors=(f"Author {place % 9}",),
        published_on=date(2026, 5, 1 + place % 4),
    )
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    number = ReleaseNo(1 + place // 2)
    return Entry(EntryId(f"e{place}"), RevisionId(f"r{place}"), content, (), moment, number)


ENTRIES = {one.id: one for one in map(entry, PLACES)}
IDS = st.frozensets(st.sampled_from(sorted(ENTRIES)))
ANSWERS = st.lists(
    st.dictionaries(
        st.sampled_from(sorted(ENTRIES)),
        st.builds(TopicHit, st.sampled_from([0.125, 0.25, 0.5, 0.75]), st.just(("word",))),
    ),
    max_size=len(TOPICS),
)
FOLLOWS = st.sampled_from([NOBODY, Follow(authors=("Author 1", "Author 4"))])
LOOKS = st.integers(1, 6)


def both(
    answers: list[Mapping[EntryId, TopicHit]],
    follow: Follow,
    without: frozenset[EntryId],
    look: int,
) -> tuple[list[Ranked], Merged]:
    """Return the whole ranking but for `without`, and the same merged."""
    ranker = Ranker(ENTRIES.values())
    among = ranker.everything
    columns = [
        ranker.column(topic, hits, among) for topic, hits in zip(TOPICS, answers, strict=False)
    ]
    ranking = [one for one in ranker.rank(columns, follow, among) if one.id not in without]
    return ranking, ranker.merge(columns, follow, among, without, look)


def of_topic(ranking: list[Ranked], topic: str) -> list[Match]:
    return [one.match for one in ranking if topic in one.match.topics]


@given(ANSWERS, FOLLOWS, IDS, LOOKS)
def test_it_holds_the_same_in_the_same_order(
    answers: list[Mapping[EntryId, TopicHit]],
    follow: Follow,
    without: frozenset[EntryId],
    look: int,
) -> None:
    ranking, merged = both(answers, follow, without, look)

    assert [*merged] == [one.match for one in ranking]
    assert bool(merged) == bool(ranking)
    assert [*merged.followed()] == [one.match for one in ranking if one.is_followed]


@given(ANSWERS, FOLLOWS, IDS, LOOKS)
def test_topics_come_by_their_best_match(
    answers: list[Mapping[EntryId, TopicHit]],
    follow: Follow,
    without: frozenset[EntryId],
    look: int,
) -> None:
    ranking, merged = both(answers, follow, without, look)
    topics = list(dict.fromkeys(name for one in ranking for name in one.match.topics))

    assert merged.topics() == topics
    for topic in topics:
        assert [*merged.of_topic(topic)] == of_topic(ranking, topic)


@given(ANSWERS, FOLLOWS, IDS, LOOKS, st.integers(1, 12), st.sampled_from(Order))
def test_the_same_is_chosen_of_it(
    answers: list[Mapping[EntryId, TopicHit]],
    follow: Follow,
    without: frozenset[EntryId],
    look: int,
    at_most: int,
    order: Order,
) -> None:
    ranking, merged = both(answers, follow, without, look)

    chosen = choose_from(merged, at_most, order, ENTRIES, Twins(ENTRIES))

    assert chosen == choose([one.match for one in ranking], at_most, order, ENTRIES)
