"""What the likes of one reader make of a ranking, and what they bring that no topic finds."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import (
    Entry,
    EntryContent,
    EntryId,
    Follow,
    Liking,
    Match,
    ReasonKind,
    ReleaseNo,
    RevisionId,
    SourceName,
    Strictness,
    Topic,
    TopicHit,
)
from newsletter.rules.matching import BUDGETS, Ranked, Ranker, liked_alone, with_likings
from newsletter.rules.topicality import SourceTopicality, Topicality

TOPICS = [Topic("nets", "Nets", query="net"), Topic("sea", "Sea", query="sea", weight=1.5)]
FOLLOWED = Follow(authors=("Author 1",))
TOPICALITY: Topicality = {
    SourceName("s1"): SourceTopicality(weight=0.3),
    SourceName("s2"): SourceTopicality(weight=3),
}
LIKED = EntryId("liked")


def entry(place: int) -> Entry:
    content = EntryContent(
        f"Title {place}",
        upvotes=place % 5 or None,
        authors=(f"Author {place % 6}",),
        published_on=date(2026, 5, 1 + place % 4),
    )
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    number, sources = ReleaseNo(place), (SourceName(f"s{place % 3}"),)
    return Entry(EntryId(f"e{place}"), RevisionId("r"), content, sources, moment, number)


ENTRIES = [entry(place) for place in range(18)]
IDS = [one.id for one in ENTRIES]
NEW = frozenset(IDS)
RANKER = Ranker(ENTRIES, topicality=TOPICALITY)
PLAIN = Ranker(ENTRIES)

SCORES = st.floats(-1, 1, allow_nan=False)
CHANCES = st.one_of(st.none(), st.floats(1e-9, 1))
LIKINGS = st.dictionaries(
    st.sampled_from(IDS),
    st.builds(Liking, SCORES, CHANCES, st.just(LIKED), st.just("The liked one")),
    max_size=len(IDS),
)
ANSWERS = st.dictionaries(
    st.sampled_from(IDS), st.builds(TopicHit, st.floats(0, 1), st.just(("net",))), max_size=9
)


def liking(score: float, chance: float | None = 0.001) -> Liking:
    return Liking(score, chance, LIKED, "The liked one")


def ranking_of(
    *answers: Mapping[EntryId, TopicHit], follow: Follow = FOLLOWED, ranker: Ranker = PLAIN
) -> list[Ranked]:
    columns = [
        ranker.column(topic, hits, NEW) for topic, hits in zip(TOPICS, answers, strict=False)
    ]
    return list(ranker.rank(columns, follow, NEW))


def heard(
    ranking: list[Ranked], likings: Mapping[EntryId, Liking], likes: int, ranker: Ranker = PLAIN
) -> list[Match]:
    return [one.match for one in with_likings(ranking, likings, likes, ranker.weight)]


def term_of(match: Match, start: str) -> float:
    (value,) = [one.value for one in match.terms if one.name.startswith(start)]
    return value


# How a ranking changes.


@given(ANSWERS, ANSWERS, LIKINGS, st.integers(1, 200))
def test_the_terms_sum_to_the_score_exactly_and_the_best_stands_first(
    nets: dict[EntryId, TopicHit],
    sea: dict[EntryId, TopicHit],
    likings: dict[EntryId, Liking],
    likes: int,
) -> None:
    ranking = ranking_of(nets, sea, ranker=RANKER)
    bare = RANKER.bare(sorted(NEW - {one.id for one in ranking}))

    found = heard([*ranking, *bare], likings, likes, RANKER)

    assert {match.entry for match in found} == NEW
    for match in found:
        assert sum(term.value for term in match.terms) == match.score
        assert sum(term.value for term in reversed(match.terms)) == match.score
    assert all(one.score >= other.score for one, other in pairwise(found))


@pytest.mark.parametrize(("likes", "share"), [(1, 2 / 3), (2, 0.5), (8, 0.2), (198, 0.01)])
def test_the_more_was_liked_the_less_topics_count(likes: int, share: float) -> None:
    ranking = ranking_of({IDS[0]: TopicHit(0.5, ("net",))}, follow=Follow())

    (match,) = heard(ranking, {IDS[0]: liking(0.25)}, likes)

    topics = term_of(match, "topic Nets") + term_of(match, f"topics beside {likes} likes")
    assert topics == pytest.approx(0.5 * share, abs=1e-6)
    assert match.score == pytest.approx(0.5 * share + 0.25, abs=1e-6)


def test_names_and_popularity_count_as_before() -> None:
    (before,) = ranking_of({IDS[1]: TopicHit(0.5, ("net",))}, follow=Follow())
    of_author = next(one for one in ranking_of() if one.id == IDS[1])

    (popular,) = heard([before], {IDS[1]: liking(0.25)}, 2)
    (followed,) = heard([of_author], {IDS[1]: liking(0.25)}, 2)

    assert popular.score == before.match.score - 0.25 + 0.25
    assert followed.score == of_author.match.score + 0.25


@pytest.mark.parametrize(("place", "weight"), [(0, 1), (1, 0.3), (2, 3)])
def test_a_source_makes_of_likes_what_it_makes_of_topics(place: int, weight: float) -> None:
    hits = {IDS[place]: TopicHit(0.5, ("net",))}
    likings = {IDS[place]: liking(0.75)}
    (plain,) = heard(ranking_of(hits, follow=Follow()), likings, 10)

    (found,) = heard(ranking_of(hits, follow=Follow(), ranker=RANKER), likings, 10, RANKER)

    assert found.score == pytest.approx(weight * plain.score, abs=1e-6)
    assert sum("source" in term.name for term in found.terms) == (weight != 1)


def test_what_is_disliked_stands_behind_its_equals() -> None:
    hits = {id_: TopicHit(0.5, ("net",)) for id_ in IDS[:3]}
    likings = {IDS[0]: liking(0.1, 1.0), IDS[1]: liking(-0.2, 1.0), IDS[2]: liking(0.1, 1.0)}

    found = heard(ranking_of(hits, follow=Follow()), likings, 5)

    assert found[-1].entry == IDS[1]


def test_entries_of_which_the_likes_say_nothing_are_as_they_were() -> None:
    ranking = ranking_of({id_: TopicHit(0.5, ("net",)) for id_ in IDS[:5]})

    assert heard(ranking, {}, 5) == [one.match for one in ranking]


@given(ANSWERS, LIKINGS, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_what_came_first(
    nets: dict[EntryId, TopicHit], likings: dict[EntryId, Liking], random: Random
) -> None:
    ranking = ranking_of(nets)
    shuffled, turned = list(ranking), dict(reversed(likings.items()))
    random.shuffle(shuffled)

    assert heard(shuffled, turned, 4) == heard(ranking, likings, 4)


# What is said.


@pytest.mark.parametrize(("chance", "is_said"), [(0.05, True), (0.0501, False), (None, False)])
def test_a_like_is_a_reason_where_it_is_hardly_by_chance(
    chance: float | None, *, is_said: bool
) -> None:
    ranking = ranking_of({IDS[0]: TopicHit(0.5, ("net",))}, follow=Follow())

    (match,) = heard(ranking, {IDS[0]: liking(0.4, chance)}, 1)

    said = [str(reason) for reason in match.reasons]
    assert said == ["Nets: “net”", *["like “The liked one”, which you liked"] * is_said]
    assert term_of(match, "like “The liked one”") == pytest.approx(0.4, abs=1e-6)


def test_a_like_stands_behind_the_topics_and_before_the_names() -> None:
    hits = {IDS[1]: TopicHit(0.5, ("net",))}
    ranking = [one for one in ranking_of(hits, hits) if one.id == IDS[1]]

    (match,) = heard(ranking, {IDS[1]: liking(0.4)}, 3)

    kinds = [reason.kind for reason in match.reasons]
    assert kinds == [ReasonKind.TOPIC, ReasonKind.TOPIC, ReasonKind.LIKED, ReasonKind.AUTHOR]


# What comes by the likes alone.


def test_three_likes_are_asked_for() -> None:
    sure = {IDS[0]: liking(0.9, 1e-9)}

    assert not liked_alone(sure, 2, NEW, BUDGETS[Strictness.NORMAL])
    assert liked_alone(sure, 3, NEW, BUDGETS[Strictness.NORMAL]) == {IDS[0]}


def test_only_what_is_new_comes_and_only_it_was_asked() -> None:
    sure = {IDS[0]: liking(0.9, 1e-9), EntryId("old"): liking(0.9, 1e-9)}

    assert liked_alone(sure, 3, NEW, BUDGETS[Strictness.NORMAL]) == {IDS[0]}
    assert not liked_alone(sure, 3, NEW - {IDS[0]}, BUDGETS[Strictness.NORMAL])


def test_a_fifth_of_the_budget_of_a_letter_is_theirs() -> None:
    many = frozenset(EntryId(f"new {number}") for number in range(99)) | {IDS[0]}
    budget = BUDGETS[Strictness.NORMAL]

    assert liked_alone({IDS[0]: liking(0.9, 0.000_19)}, 3, many, budget)
    assert not liked_alone({IDS[0]: liking(0.9, 0.000_21)}, 3, many, budget)


def test_nothing_comes_where_nobody_can_say_how_sure_it_is() -> None:
    unsure = {id_: liking(0.99, None) for id_ in IDS}

    assert not liked_alone(unsure, 50, NEW, BUDGETS[Strictness.RELAXED])


@given(LIKINGS, st.frozensets(st.sampled_from(IDS)), st.integers(0, 9))
def test_more_comes_the_less_strict_somebody_is(
    likings: dict[EntryId, Liking], among: frozenset[EntryId], likes: int
) -> None:
    strict, normal, relaxed = (
        liked_alone(likings, likes, among, BUDGETS[one])
        for one in (Strictness.STRICT, Strictness.NORMAL, Strictness.RELAXED)
    )

    assert strict <= normal <= relaxed <= among & likings.keys()
    assert all((likings[one].chance or 1) <= 0.05 for one in relaxed)


def test_what_comes_by_likes_alone_has_their_reason() -> None:
    (bare,) = PLAIN.bare([IDS[0]])
    assert bare.match.reasons == ()

    (match,) = heard([bare], {IDS[0]: liking(0.9)}, 3)

    assert [reason.kind for reason in match.reasons] == [ReasonKind.LIKED]
    assert match.topics == ()
    assert match.score == pytest.approx(0.9, abs=1e-6)


def test_an_entry_that_nobody_knows_any_more_is_left_out() -> None:
    assert PLAIN.bare([EntryId("gone")]) == []
