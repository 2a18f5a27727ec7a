"""Topics look where sources let them; mute looks everywhere; some entries belong to a topic anyway."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.indexing import IndexKeeper, LexicalIndex, build_index
from newsletter.model import Entry, EntryContent, EntryId, ReleaseNo, RevisionId, SourceName, Topic
from newsletter.rules.topicality import EntryField, SourceTopicality, Topicality

ROBOTS = Topic("robots", "Robots", query="robot*")
TITLES = SourceName("titles")
CLUB = SourceName("club")
JOURNAL = SourceName("journal")
TOPICALITY: Topicality = {
    TITLES: SourceTopicality(fields=frozenset({EntryField.TITLE})),
    CLUB: SourceTopicality(topics=(ROBOTS,)),
}


def entry(name: str, title: str, abstract: str, *sources: SourceName) -> Entry:
    content = EntryContent(
        title,
        abstract,
        authors=("Ada Moe",),
        organization="Ant House",
        categories=("cs.RO",),
    )
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    return Entry(EntryId(name), RevisionId(name), content, sources, moment, ReleaseNo(1))


ENTRIES = [
    entry("hidden", "Ants", "Robots that row.", TITLES),
    entry("titled", "Robots that row", "Ants.", TITLES),
    entry("shared", "Bees", "Robots that fly.", TITLES, JOURNAL),
    entry("gone", "Wasps", "Robots that sting.", SourceName("gone from the config")),
    entry("member", "Tea and cake", "We met on Monday.", CLUB),
]


@pytest.fixture
def index() -> LexicalIndex:
    return build_index(ENTRIES, topicality=TOPICALITY)


def found(index: LexicalIndex, query: str | None = None, about: str | None = None) -> set[str]:
    return {str(name) for name in index.answer(Topic("own", "Own", query, about))}


def test_words_count_where_a_source_of_the_entry_lets_topics_look(index: LexicalIndex) -> None:
    assert found(index, '"robots that"') == {"titled", "shared", "gone"}
    assert found(index, about="robots that row") == {"titled"}


@pytest.mark.parametrize(
    "query", ["author:moe", 'organization:"Ant House"', "category:cs.RO", "cs.RO"]
)
def test_named_fields_are_fields_too(index: LexicalIndex, query: str) -> None:
    assert found(index, query) == {"shared", "gone", "member"}


def test_what_is_not_seen_is_not_there(index: LexicalIndex) -> None:
    assert found(index, "ants -abstract:robots") == {"hidden"}


@pytest.mark.parametrize(
    ("query", "muted"),
    [
        ("abstract:robots", {"hidden", "shared", "gone"}),
        ("robot*", {"hidden", "titled", "shared", "gone"}),
        ("ants -abstract:robots", {"titled"}),
        ("cs.RO", {one.id for one in ENTRIES}),
    ],
)
def test_mute_looks_everywhere(index: LexicalIndex, query: str, muted: set[str]) -> None:
    assert index.holds(query) == muted
    assert index.holds(query) == build_index(ENTRIES).holds(query)


def test_the_words_named_are_of_what_was_seen(index: LexicalIndex) -> None:
    named = {str(name): hit.words for name, hit in index.answer(Topic("o", "O", "row")).items()}
    assert named == {"titled": ("row",)}


def test_a_source_of_a_topic_answers_it_whatever_its_words(index: LexicalIndex) -> None:
    hits = index.answer(ROBOTS)

    assert set(hits) == {"titled", "shared", "gone", "member"}
    assert hits[EntryId("member")].words == ()
    assert hits[EntryId("member")].terms == {
        "the topic of its source": hits[EntryId("member")].score
    }


def test_a_member_with_a_better_answer_keeps_it_and_with_a_weaker_one_is_raised() -> None:
    strong = entry("strong", "Robots, robots, robots", "Robots for robots.", CLUB)
    weak = entry("weak", "Nothing", "Much of nothing " * 60 + "robots.", CLUB)
    others = [entry(f"o{n}", "Anything", "Anything at all.", JOURNAL) for n in range(9)]
    plain = build_index([strong, weak, *others]).answer(ROBOTS)
    hits = build_index([strong, weak, *others], topicality=TOPICALITY).answer(ROBOTS)

    assert hits[strong.id] == replace(plain[strong.id], chance=0.0)
    assert hits[weak.id].score > plain[weak.id].score
    assert hits[weak.id].words == plain[weak.id].words == ("robots",)
    assert sum(hits[weak.id].terms.values()) == hits[weak.id].score


def test_a_topic_is_known_by_what_it_asks_and_not_by_its_name(index: LexicalIndex) -> None:
    assert "member" not in index.answer(Topic("robots", "Robots", query="robot* -title:ants"))
    assert "member" in index.answer(Topic("mine", "Mine", query="( robot* )", weight=3))


def test_a_topic_in_plain_words_has_members_too() -> None:
    tea = Topic("tea", "Tea", about="tea at five")
    source = {JOURNAL: SourceTopicality(topics=(tea,))}
    hits = build_index(ENTRIES, topicality=source).answer(tea)
    assert "shared" in hits


def test_a_kept_index_sees_the_same_as_a_new_one() -> None:
    keeper = IndexKeeper(TOPICALITY)
    first = keeper(ENTRIES)

    assert keeper(list(ENTRIES)) is first
    assert first.answer(ROBOTS) == build_index(ENTRIES, topicality=TOPICALITY).answer(ROBOTS)
    assert IndexKeeper()(ENTRIES).answer(ROBOTS) == build_index(ENTRIES).answer(ROBOTS)


@given(st.sets(st.sampled_from(EntryField), min_size=1), st.sampled_from(["robots", "ants", "row"]))
def test_hiding_fields_never_finds_more(fields: set[EntryField], query: str) -> None:
    some = {JOURNAL: SourceTopicality(fields=frozenset(fields))}
    entries = [
        entry(one.id, one.content.title, one.content.abstract or "", JOURNAL) for one in ENTRIES
    ]
    assert found(build_index(entries, topicality=some), query) <= found(build_index(entries), query)
