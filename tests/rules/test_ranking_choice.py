"""The best few, fairly spread over topics."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import (
    Entry,
    EntryContent,
    EntryId,
    Match,
    Order,
    Reason,
    ReasonKind,
    ReleaseNo,
    RevisionId,
)
from newsletter.rules.ranking import Choice, choose


def found(name: str, score: float, *topics: str, kind: ReasonKind = ReasonKind.TOPIC) -> Match:
    return Match(EntryId(name), RevisionId(name), score, (Reason(kind, "subject"),), (), topics)


def entry(
    name: str, title: str | None = None, upvotes: int | None = None, day: date | None = None
) -> Entry:
    content = EntryContent(title or f"Title {name} only", upvotes=upvotes, published_on=day)
    return Entry(
        EntryId(name), RevisionId(name), content, (), datetime(2026, 5, 1, tzinfo=UTC), ReleaseNo(1)
    )


def chosen_of(
    matches: Sequence[Match], at_most: int, *entries: Entry, order: Order = Order.RELEVANCE
) -> Choice:
    known = {match.entry: entry(match.entry) for match in matches} | {
        one.id: one for one in entries
    }
    return choose(matches, at_most, order, known)


def names(matches: Sequence[Match]) -> list[str]:
    return [match.entry for match in matches]


def test_the_best_are_chosen_and_the_rest_is_named() -> None:
    choice = chosen_of([found("b", 0.5, "t"), found("a", 0.9, "t"), found("c", 0.1, "t")], 2)

    assert names(choice.chosen) == ["a", "b"]
    assert names(choice.also_matched) == ["c"]


def test_at_most_ten_others_are_named() -> None:
    choice = chosen_of([found(str(place), 1 - place / 100, "t") for place in range(30)], 5)

    assert names(choice.also_matched) == [str(place) for place in range(5, 15)]


def test_no_topic_starves_for_its_low_scores() -> None:
    loud = [found(f"loud{place}", 0.9 - place / 100, "loud") for place in range(10)]
    quiet = [found(f"quiet{place}", 0.2 - place / 100, "quiet") for place in range(3)]

    choice = chosen_of([*loud, *quiet], 4)

    assert names(choice.chosen) == ["loud0", "loud1", "loud2", "quiet0"]


def test_places_that_no_other_topic_wants_go_to_the_best() -> None:
    loud = [found(f"loud{place}", 0.9 - place / 100, "loud") for place in range(10)]

    choice = chosen_of([*loud, found("quiet", 0.2, "quiet")], 6)

    assert len(choice.chosen) == 6
    assert names(choice.chosen)[-1] == "quiet"


def test_an_entry_for_two_topics_feeds_both() -> None:
    matches = [
        found("both", 0.9, "loud", "quiet"),
        found("loud", 0.8, "loud"),
        found("quiet", 0.1, "quiet"),
    ]

    assert names(chosen_of(matches, 2).chosen) == ["both", "loud"]


def test_who_is_followed_comes_before_the_fair_share() -> None:
    matches = [
        found("a", 0.9, "one"),
        found("b", 0.8, "two"),
        found("c", 0.7, kind=ReasonKind.AUTHOR),
    ]

    assert names(chosen_of(matches, 2).chosen) == ["a", "c"]


def test_with_fewer_places_than_topics_the_best_topics_have_them() -> None:
    matches = [found("a", 0.9, "one"), found("b", 0.8, "two"), found("c", 0.7, "three")]

    assert names(chosen_of(matches, 2).chosen) == ["a", "b"]


def test_of_two_nearly_equal_titles_the_better_one_is_chosen() -> None:
    choice = chosen_of(
        [found("a", 0.9, "t"), found("b", 0.8, "t"), found("c", 0.7, "t")],
        3,
        entry("a", "Offline Learning of Robust Policies"),
        entry("b", "Offline learning of robust policies!"),
        entry("c", "Offline Learning of Robust Values"),
    )

    assert names(choice.chosen) == ["a", "c"]
    assert names(choice.also_matched) == ["b"]


def test_titles_without_words_are_not_alike() -> None:
    choice = chosen_of([found("a", 0.9), found("b", 0.8)], 3, entry("a", "!!"), entry("b", "??"))

    assert names(choice.chosen) == ["a", "b"]


def test_the_chosen_are_sorted_as_the_subscriber_likes() -> None:
    matches = [
        found("a", 0.9, "t"),
        found("b", 0.8, "t"),
        found("c", 0.7, "t"),
        found("d", 0.1, "t"),
    ]
    entries = (
        entry("a", upvotes=None, day=None),
        entry("b", upvotes=3, day=date(2026, 5, 2)),
        entry("c", upvotes=9, day=date(2026, 5, 1)),
        entry("d", upvotes=99, day=date(2026, 5, 9)),
    )

    assert names(chosen_of(matches, 3, *entries).chosen) == ["a", "b", "c"]
    assert names(chosen_of(matches, 3, *entries, order=Order.TRENDING).chosen) == ["c", "b", "a"]
    assert names(chosen_of(matches, 3, *entries, order=Order.NEWEST).chosen) == ["b", "c", "a"]


def test_nothing_gives_nothing() -> None:
    assert chosen_of([], 10) == Choice(())


_TOPICS = st.lists(st.sampled_from("abcd"), max_size=3, unique=True)


@given(
    st.lists(st.tuples(st.floats(min_value=0, max_value=2), _TOPICS), max_size=25),
    st.integers(min_value=1, max_value=12),
)
def test_every_place_is_used_and_every_topic_is_heard(
    cases: list[tuple[float, list[str]]], at_most: int
) -> None:
    matches = [found(str(place), score, *topics) for place, (score, topics) in enumerate(cases)]

    choice = chosen_of(matches, at_most)
    topics = {topic for match in matches for topic in match.topics}
    heard = {topic for match in choice.chosen for topic in match.topics}

    assert len(choice.chosen) == min(at_most, len(matches))
    assert len(choice.also_matched) == min(10, len(matches) - len(choice.chosen))
    assert not {match.entry for match in choice.chosen} & {
        match.entry for match in choice.also_matched
    }
    assert heard == topics or len(topics) > at_most
