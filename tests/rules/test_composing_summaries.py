"""Which sentences of an abstract a reader is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Reason, ReasonKind
from newsletter.rules.composing import split_sentences, summarize

ABSTRACT = (
    "Birds matter to us all. Many count them. Counting is slow work. We hang nets in the wind. "
    "However, nets catch leaves too. A camera tells gulls from leaves. It is cheap."
)
SENTENCES = list(split_sentences(ABSTRACT))


def about(topic: str, *words: str) -> tuple[Reason, ...]:
    return (Reason(ReasonKind.TOPIC, topic, words),)


def test_without_a_topic_the_first_three_are_the_best() -> None:
    first = "Birds matter to us all. Many count them. Counting is slow work."
    assert summarize(ABSTRACT) == first
    assert summarize(ABSTRACT, (Reason(ReasonKind.AUTHOR, "Camera Leaf"),)) == first


def test_sentences_with_the_words_that_matched_come_in_the_order_of_the_abstract() -> None:
    summary = summarize(ABSTRACT, about("Shore life", "camera", "wind"))
    assert summary == (
        "Birds matter to us all. … We hang nets in the wind. … A camera tells gulls from leaves."
    )


def test_a_topic_without_words_counts_by_its_title() -> None:
    summary = summarize(ABSTRACT, (Reason(ReasonKind.TOPIC, "Cameras and leaves", (), True),))  # noqa: FBT003
    assert "A camera tells gulls from leaves." in summary


def test_a_word_that_was_said_counts_no_more() -> None:
    repeated = "Nets. Old nets. New nets. Good nets. Gulls like wind."
    summary = summarize(repeated, about("Nets", "nets", "wind"))
    assert summary == "Nets. Old nets. … Gulls like wind."


def test_a_sentence_that_leans_on_another_comes_with_it_or_not() -> None:
    leaning = "Nets hang. Gulls fly. Winds blow. Leaves fall. This harms cameras."
    assert "This harms" not in summarize(leaning, about("Harm", "harm"))
    assert "Leaves fall. This harms cameras." in summarize(
        leaning, about("Leaves", "leaves", "fall", "cameras")
    )


def test_a_long_sentence_is_passed_over_where_another_tells_something() -> None:
    long = "Nets hang. " + "Wind blows, " * 9 + "far out. Cameras look on."
    assert summarize(long, about("x", "wind", "nets", "cameras"), limit=60) == (
        "Nets hang. … Cameras look on."
    )


def test_what_does_not_fit_beside_the_best_gives_way_to_what_does() -> None:
    abstract = (
        "Cameras in the wind tell gulls from nets. Wind moves all the nets we hang. It is so."
    )
    wanted = about("x", "cameras", "wind", "gulls", "tell", "hang", "moves")
    assert (
        summarize(abstract, wanted, limit=60)
        == "Cameras in the wind tell gulls from nets. … It is so."
    )


@given(
    st.lists(st.sampled_from(SENTENCES)).map(" ".join) | st.text(max_size=80),
    st.lists(st.sampled_from(["camera", "wind", "nets", "it"]), max_size=3),
    st.integers(20, 200),
)
def test_a_summary_has_three_sentences_of_the_abstract_at_most(
    abstract: str, words: list[str], limit: int
) -> None:
    summary = summarize(abstract, about("Topic", *words), limit=limit)
    assert len(summary) <= limit
    whole = list(split_sentences(abstract))
    if "…" not in abstract and not summary.endswith("…"):
        shown = [one for part in summary.split(" … ") for one in split_sentences(part)]
        assert len(shown) <= 3
        assert all(sentence in whole for sentence in shown)


@pytest.mark.parametrize("abstract", ["", " ", "。", "..."])
def test_nothing_said_is_nothing_shown(abstract: str) -> None:
    assert summarize(abstract, about("Nets", "nets")) == abstract.strip()
