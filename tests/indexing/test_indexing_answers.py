"""Scores, words and explanations of the entries that answer a topic."""

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import QueryError
from newsletter.indexing import LexicalIndex, build_index
from newsletter.model import (
    Entry,
    EntryContent,
    EntryId,
    ReleaseNo,
    RevisionId,
    SourceName,
    Topic,
    TopicHit,
)

TEXTS = {
    "offline": (
        "Offline Reinforcement Learning by Conservative Values",
        "We study offline reinforcement learning.",
    ),
    "online": ("Reinforcement Learning in Games", "An agent learns to plan from reward, online."),
    "mention": (
        "Robots that Fold",
        "Folding clothes. Some use offline data, others reinforcement learning "
        + "and cloth " * 120,
    ),
    "jailbreak": (
        "Jailbreaking Aligned Models",
        "Jailbreaks pass a safety guardrail. Jailbreak prompts are found.",
    ),
    "guardrail": (
        "A Safety Guardrail for Agents",
        "The guardrails of this model help. A guardrail is learned.",
    ),
    "climate": (
        "Climate Policy from Text",
        "Machine learning helps governments to plan their climate policy.",
    ),
    "generic": (
        "A Model of Learning",
        "We use machine learning models that help to plan a policy.",
    ),
    "vision": ("Image Segmentation", "A network segments images of cells."),
    "audio": ("Speech Translation", "Speech is translated from sound to text."),
    "graph": ("Graph Kernels", "Kernels on graphs are compared."),
}


def entry(name: str, title: str, abstract: str, upvotes: int | None = None) -> Entry:
    content = EntryContent(title, abstract, upvotes=upvotes)
    sources = (SourceName("file"),)
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    return Entry(EntryId(name), RevisionId(name), content, sources, moment, ReleaseNo(1))


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return build_index([entry(name, *texts) for name, texts in TEXTS.items()])


def topic(query: str | None = None, about: str | None = None) -> Topic:
    return Topic("topic", "Topic", query, about)


def best_first(index: LexicalIndex, asked: Topic) -> list[EntryId]:
    answers = index.answer(asked)
    return sorted(answers, key=lambda name: -answers[name].score)


def hit(index: LexicalIndex, name: str, asked: Topic) -> TopicHit:
    return index.answer(asked)[EntryId(name)]


def test_a_query_is_answered_by_the_entries_for_which_it_holds(index: LexicalIndex) -> None:
    asked = topic("guardrail* OR jailbreak*")

    assert set(index.answer(asked)) == index.holds("guardrail* OR jailbreak*")


def test_the_title_weighs_more_than_the_abstract(index: LexicalIndex) -> None:
    assert best_first(index, topic("guardrail"))[0] == "guardrail"
    assert best_first(index, topic("jailbreak OR guardrail"))[0] == "jailbreak"


def test_a_long_abstract_weighs_less_than_a_short_one(index: LexicalIndex) -> None:
    assert best_first(index, topic('abstract:"reinforcement learning"')) == ["offline", "mention"]


def test_the_words_are_those_of_the_entry_as_it_writes_them(index: LexicalIndex) -> None:
    assert hit(index, "jailbreak", topic("jailbreak*")).words == ("Jailbreaking",)
    assert hit(index, "climate", topic("government")).words == ("governments",)
    assert hit(index, "guardrail", topic('"safety guardrail*"')).words == ("Safety Guardrail",)


def test_a_word_within_a_phrase_is_said_once(index: LexicalIndex) -> None:
    asked = topic('guardrail "safety guardrail"')

    assert hit(index, "guardrail", asked).words == ("Safety Guardrail",)


def test_what_must_not_be_there_is_neither_scored_nor_named(index: LexicalIndex) -> None:
    found = hit(index, "offline", topic("reinforcement -games"))

    assert found.words == ("Reinforcement",)
    assert set(found.terms) == {"reinforcement"}


def test_at_most_five_words_are_named(index: LexicalIndex) -> None:
    found = hit(index, "climate", topic("climate text machine governments plan their learning"))

    assert len(found.words) == 5


def test_each_part_of_the_score_is_named_and_they_sum_to_it(index: LexicalIndex) -> None:
    found = hit(index, "offline", topic("title:offline learning", "conservative values"))

    assert set(found.terms) == {
        "title:offline",
        "learning",
        "conservative",
        "values",
        "conservative values",
    }
    assert found.score == math.fsum(found.terms.values())
    assert 0 < found.score < 1
    assert not found.by_meaning


def test_about_adds_to_the_score_of_a_query_and_to_nothing_else(index: LexicalIndex) -> None:
    alone, both = topic("reinforcement"), topic("reinforcement", "agents that plan in games")

    assert set(index.answer(alone)) == set(index.answer(both))
    assert hit(index, "online", both).score > hit(index, "online", alone).score
    assert hit(index, "offline", both).score == hit(index, "offline", alone).score


def test_a_query_of_comparisons_alone_scores_all_entries_alike() -> None:
    index = build_index([entry("a", "One", "x", upvotes=10), entry("b", "Two", "y", upvotes=90)])

    answers = index.answer(topic("upvotes:>=5"))

    assert {found.score for found in answers.values()} == {
        hit(index, "a", topic("upvotes:>=5")).score
    }
    assert all(found.score > 0 and not found.words for found in answers.values())


def test_a_name_counts_once_however_often_it_stands_there(index: LexicalIndex) -> None:
    assert len({found.score for found in index.answer(topic("source:file")).values()}) == 1
    assert hit(index, "vision", topic("source:file")).words == ("file",)


def test_a_category_is_named_as_it_is_written() -> None:
    content = EntryContent("A Title", categories=("cs.LG",))
    index = build_index(
        [
            Entry(
                EntryId("a"),
                RevisionId("a"),
                content,
                (),
                datetime(2026, 5, 1, tzinfo=UTC),
                ReleaseNo(1),
            )
        ]
    )

    assert hit(index, "a", topic("cs.lg")).words == ("cs.LG",)


def test_the_summary_of_a_source_belongs_to_the_abstract() -> None:
    content = EntryContent("A Title", "Some text.", tldr="A  shield\nfor agents.")
    index = build_index(
        [
            Entry(
                EntryId("a"),
                RevisionId("a"),
                content,
                (),
                datetime(2026, 5, 1, tzinfo=UTC),
                ReleaseNo(1),
            )
        ]
    )

    assert hit(index, "a", topic('abstract:"shield for"')).words == ("shield for",)


def test_a_query_that_cannot_be_read_is_an_error(index: LexicalIndex) -> None:
    with pytest.raises(QueryError):
        index.answer(topic("(policy"))


class TestAboutAlone:
    def test_two_content_words_are_needed(self, index: LexicalIndex) -> None:
        assert best_first(index, topic(about="safety guardrails")) == ["guardrail", "jailbreak"]

    def test_one_is_enough_when_there_is_only_one(self, index: LexicalIndex) -> None:
        assert best_first(index, topic(about="the segmentation of")) == ["vision"]

    def test_the_general_words_of_a_topic_do_not_make_a_match(self, index: LexicalIndex) -> None:
        asked = topic(about="machine learning that helps governments plan climate policy")

        assert best_first(index, asked) == ["climate"]

    def test_the_telling_word_must_be_there(self, index: LexicalIndex) -> None:
        assert "online" not in index.answer(topic(about="offline reinforcement learning"))

    def test_one_lone_mention_in_a_long_text_is_not_enough(self, index: LexicalIndex) -> None:
        assert best_first(index, topic(about="offline reinforcement learning")) == ["offline"]

    def test_words_side_by_side_are_shown_as_one_phrase(self, index: LexicalIndex) -> None:
        found = hit(index, "offline", topic(about="offline reinforcement learning"))

        assert found.words == ("Offline Reinforcement Learning",)

    @pytest.mark.parametrize("about", ["", "of the and", "nowhere to be found", "!?"])
    def test_a_text_that_says_nothing_found_here_is_answered_by_nothing(
        self, index: LexicalIndex, about: str
    ) -> None:
        assert not index.answer(topic(about=about))


def test_a_topic_that_asks_nothing_is_answered_by_nothing(index: LexicalIndex) -> None:
    assert not index.answer(topic())


_SAID = [
    "offline",
    "learning",
    "safety",
    "guardrail",
    "climate",
    "policy",
    "plan",
    "images",
    "of",
    "C++",
    "学习",
]
_WORDS = st.sampled_from(_SAID)


@given(
    st.lists(_WORDS, min_size=1, max_size=6).map(" ".join),
    st.lists(_WORDS, max_size=8).map(" ".join),
)
def test_every_score_is_between_0_and_1_and_the_sum_of_its_terms(query: str, about: str) -> None:
    index = build_index([entry(name, *texts) for name, texts in TEXTS.items()])

    for asked in (topic(query), topic(about=about), topic(query, about)):
        for found in index.answer(asked).values():
            assert 0 <= found.score <= 1
            assert found.score == math.fsum(found.terms.values())
