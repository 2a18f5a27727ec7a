"""Which entries match one subscriber, how well, and why."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import (
    EmailAddress,
    Entry,
    EntryContent,
    EntryId,
    Follow,
    Match,
    Preferences,
    ReasonKind,
    ReleaseNo,
    RevisionId,
    Topic,
    TopicHit,
)
from newsletter.rules.matching import Matching, match

GUARDRAILS = Topic("guardrails", "Guardrails", query="guardrail*", weight=2)
ROBOTS = Topic("robots", "Robots", query="robot*")
ADA = EmailAddress("ada@example.org")


def entry(
    name: str,
    *,
    upvotes: int | None = None,
    comments: int | None = None,
    authors: tuple[str, ...] = (),
    organization: str | None = None,
    published_on: date | None = None,
    release: int = 1,
) -> Entry:
    content = EntryContent(
        f"Title of {name}",
        upvotes=upvotes,
        comments=comments,
        authors=authors,
        organization=organization,
        published_on=published_on,
    )
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    return Entry(EntryId(name), RevisionId(f"r-{name}"), content, (), moment, ReleaseNo(release))


def wishes(
    topics: tuple[Topic, ...] = (GUARDRAILS, ROBOTS),
    follow: Follow | None = None,
    minimum_upvotes: int = 0,
) -> Preferences:
    return Preferences(
        ADA, topics=topics, follow=follow or Follow(), minimum_upvotes=minimum_upvotes
    )


def matching(
    preferences: Preferences,
    entries: Sequence[Entry],
    hits: Mapping[str, Mapping[str, TopicHit]] | None = None,
    muted: str = "",
    already: str = "",
) -> Matching:
    by_id = {
        topic: {EntryId(name): hit for name, hit in answers.items()}
        for topic, answers in (hits or {}).items()
    }
    return match(
        preferences,
        preferences.topics,
        entries,
        by_id,
        muted=frozenset(map(EntryId, muted.split())),
        already=frozenset(map(EntryId, already.split())),
    )


def hit(score: float, *words: str) -> TopicHit:
    return TopicHit(score, words)


def names(found: Matching) -> list[str]:
    return [one.entry for one in found.matches]


def terms(one: Match) -> dict[str, float]:
    return {term.name: term.value for term in one.terms}


def test_an_entry_matches_when_a_topic_is_answered_by_it() -> None:
    found = matching(wishes(), [entry("a"), entry("b")], {"robots": {"a": hit(0.5, "Robot")}})

    assert names(found) == ["a"]
    assert found.matches[0].revision == "r-a"
    assert found.matches[0].topics == ("robots",)
    assert [str(reason) for reason in found.matches[0].reasons] == ["Robots: “Robot”"]
    assert found.considered == 2


def test_the_weight_of_a_topic_counts() -> None:
    hits = {"robots": {"a": hit(0.5)}, "guardrails": {"b": hit(0.375)}}

    found = matching(wishes(), [entry("a"), entry("b")], hits)

    assert names(found) == ["b", "a"]
    assert terms(found.matches[0]) == {"topic Guardrails \N{MULTIPLICATION SIGN} 2": 0.75}
    assert terms(found.matches[1]) == {"topic Robots": 0.5}


def test_a_second_topic_adds_a_quarter_of_its_score() -> None:
    hits = {"robots": {"a": hit(0.5, "robot")}, "guardrails": {"a": hit(0.5, "guardrail")}}

    (one,) = matching(wishes(), [entry("a")], hits).matches

    assert terms(one) == {
        "topic Guardrails \N{MULTIPLICATION SIGN} 2": 1.0,
        "also topic Robots": 0.125,
    }
    assert one.score == 1.125
    assert one.topics == ("guardrails", "robots")
    assert [reason.subject for reason in one.reasons] == ["Guardrails", "Robots"]


def test_up_votes_and_comments_decide_only_between_equals() -> None:
    hits = {"robots": {"a": hit(0.5), "b": hit(0.5), "c": hit(0.75)}}
    entries = [entry("a"), entry("b", upvotes=1000, comments=30), entry("c", upvotes=0, comments=0)]

    found = matching(wishes(), entries, hits)

    assert names(found) == ["c", "b", "a"]
    assert set(terms(found.matches[1])) == {"topic Robots", "up-votes", "comments"}


def test_equal_scores_are_ordered_by_day_then_release_then_id() -> None:
    entries = [
        entry("d"),
        entry("c"),
        entry("later", release=2),
        entry("may", published_on=date(2026, 5, 1)),
        entry("june", published_on=date(2026, 6, 1)),
    ]

    found = matching(wishes(), entries, {"robots": {one.id: hit(0.5) for one in entries}})

    assert names(found) == ["june", "may", "later", "c", "d"]


class TestFollow:
    @pytest.mark.parametrize(
        ("followed", "author"),
        [
            ("Jane Doe", "Jane Doe"),
            ("jane doe", "JANE DOE"),
            ("Zoe Muller", "Zoë Müller"),
            ("Doe, Jane Q.", "Jane Q. Doe"),
            ("Jane Q Doe", "Doe, Jane Q."),
        ],
    )
    def test_an_author_is_found_by_the_whole_folded_name(self, followed: str, author: str) -> None:
        follow = Follow(authors=(followed,))

        (one,) = matching(wishes(follow=follow), [entry("a", authors=("Wei Li", author))]).matches

        assert [str(reason) for reason in one.reasons] == [f"you follow {followed}"]
        assert one.reasons[0].kind is ReasonKind.AUTHOR
        assert terms(one) == {f"follow {followed}": 1.0}
        assert one.topics == ()

    @pytest.mark.parametrize(
        ("followed", "author"), [("Jane", "Jane Doe"), ("Jane Doe", "Jane Q. Doe"), ("", "")]
    )
    def test_part_of_a_name_is_another_name(self, followed: str, author: str) -> None:
        follow = Follow(authors=(followed, "Somebody Else"))
        authors = (author,) if author else ()

        assert not matching(wishes(follow=follow), [entry("a", authors=authors)]).matches

    @pytest.mark.parametrize(
        ("followed", "organization"),
        [
            ("nvidia", "NVIDIA"),
            ("nvidia", "NVIDIA Research"),
            ("amazon-agi", "Amazon AGI"),
            ("Amazon AGI", "amazon-agi"),
            ("tencent hunyuan", "TencentHunyuan"),
        ],
    )
    def test_an_organization_is_found_by_its_words(self, followed: str, organization: str) -> None:
        follow = Follow(organizations=(followed,))

        (one,) = matching(wishes(follow=follow), [entry("a", organization=organization)]).matches

        assert one.reasons[0].kind is ReasonKind.ORGANIZATION

    @pytest.mark.parametrize(
        ("followed", "organization"),
        [
            ("meta", "Metamaterials"),
            ("amazon research", "Amazon"),
            ("!!", "NVIDIA"),
            ("nvidia", None),
        ],
    )
    def test_another_organization_is_not(self, followed: str, organization: str | None) -> None:
        follow = Follow(organizations=(followed,))

        assert not matching(wishes(follow=follow), [entry("a", organization=organization)]).matches

    def test_a_second_name_adds_a_quarter(self) -> None:
        follow = Follow(authors=("Jane Doe", "Wei Li"))

        (one,) = matching(
            wishes(follow=follow), [entry("a", authors=("Wei Li", "Jane Doe"))]
        ).matches

        assert one.score == 1.25


class TestWhatIsLeftOut:
    HITS: Mapping[str, Mapping[str, TopicHit]] = {"robots": {"a": hit(0.5), "b": hit(0.25)}}

    def test_muted_entries_are_counted_when_they_would_have_come(self) -> None:
        found = matching(wishes(), [entry("a"), entry("b"), entry("c")], self.HITS, muted="a c")

        assert names(found) == ["b"]
        assert found.muted == 1

    def test_entries_of_earlier_letters_do_not_come_again(self) -> None:
        found = matching(
            wishes(), [entry("a"), entry("b"), entry("c")], self.HITS, muted="a", already="a c"
        )

        assert names(found) == ["b"]
        assert (found.already, found.muted) == (1, 0)

    def test_too_few_up_votes_wait_and_unknown_ones_do_not(self) -> None:
        entries = [entry("a", upvotes=4), entry("b"), entry("c", upvotes=0)]

        found = matching(wishes(minimum_upvotes=5), entries, self.HITS)

        assert names(found) == ["b"]
        assert found.below_upvotes == ("a",)

    def test_who_is_followed_needs_no_up_votes_but_can_be_muted(self) -> None:
        follow = Follow(authors=("Jane Doe",))
        entries = [entry(name, upvotes=0, authors=("Jane Doe",)) for name in ("a", "b")]

        found = matching(wishes(follow=follow, minimum_upvotes=5), entries, muted="b")

        assert names(found) == ["a"]
        assert found.muted == 1


class TestWithoutAnyWish:
    def test_the_most_up_voted_come_first_then_the_most_discussed_then_the_newest(self) -> None:
        entries = [
            entry("old", published_on=date(2026, 5, 1)),
            entry("new", published_on=date(2026, 5, 2)),
            entry("talk", comments=40),
            entry("one", upvotes=1, comments=500),
            entry("two", upvotes=2),
            entry("two-talk", upvotes=2, comments=1),
        ]

        found = matching(wishes(topics=()), entries)

        assert names(found) == ["two-talk", "two", "one", "talk", "new", "old"]
        assert [str(one.reasons[0]) for one in found.matches] == [
            "trending: 2 up-votes",
            "trending: 2 up-votes",
            "trending: 1 up-vote",
            "trending: among the most discussed",
            "trending: among the newest",
            "trending: among the newest",
        ]
        assert all(0 <= one.score < 1 for one in found.matches)

    def test_mute_and_up_votes_still_count(self) -> None:
        entries = [entry("a", upvotes=9), entry("b", upvotes=8), entry("c", upvotes=2)]

        found = matching(wishes(topics=(), minimum_upvotes=5), entries, muted="a")

        assert names(found) == ["b"]

    def test_who_follows_somebody_gets_only_those(self) -> None:
        follow = Follow(organizations=("nvidia",))

        assert not matching(wishes(topics=(), follow=follow), [entry("a", upvotes=99)]).matches


_COUNTS = st.one_of(st.none(), st.integers(min_value=0, max_value=10**6))
_SCORES = st.floats(min_value=0, max_value=1)


@given(_COUNTS, _COUNTS, _SCORES, _SCORES, st.booleans())
def test_the_terms_sum_to_the_score_in_any_order(
    upvotes: int | None,
    comments: int | None,
    one: float,
    other: float,
    has_wish: bool,  # noqa: FBT001 - drawn
) -> None:
    preferences = wishes() if has_wish else wishes(topics=())
    hits = {"robots": {"a": hit(one)}, "guardrails": {"a": hit(other)}}

    (found,) = matching(preferences, [entry("a", upvotes=upvotes, comments=comments)], hits).matches

    assert found.score == math.fsum(term.value for term in found.terms)
    assert found.score == sum(reversed([term.value for term in found.terms]))
