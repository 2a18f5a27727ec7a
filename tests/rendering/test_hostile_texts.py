"""Single texts that once did harm: each is shown, bounded and in time."""
# ruff: noqa: RUF001 - letters that deceive are the point

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rendering.addresses import web_address
from newsletter.rendering.plain import columns, wrap
from newsletter.rules.composing import shorten, split_sentences, summarize, tidy
from tests.moments import soon

MOMENT_S = 1.0


@pytest.mark.parametrize(
    "abstract",
    [
        "a" * 3_000 + "( " + "A. " * 1_000,
        "." * 6_000,
        '."' * 3_000,
        "A b. " * 1_200,
        "et al. " * 900,
        "。" * 6_000,
        "\u0301" * 6_000,
    ],
    ids=["initials after a long word", "dots", "quotes", "sentences", "et al.", "stops", "marks"],
)
def test_no_abstract_takes_long_to_summarize(abstract: str) -> None:
    sentences = soon(lambda: split_sentences(abstract), MOMENT_S)
    assert "".join("".join(sentences).split())
    soon(lambda: summarize(abstract), MOMENT_S)


@pytest.mark.parametrize(
    "text", ["\u200b", "\u3164", "\u115f \uffa0", "\u2060\u200d", "\u202e", "\u00ad", "\ud800", " "]
)
def test_a_text_in_which_nothing_can_be_seen_is_empty(text: str) -> None:
    assert tidy(text) == ""


def test_a_mark_without_a_letter_cannot_join_what_stands_before() -> None:
    assert tidy("\u0338x") == "\u25cc\u0338x"
    assert tidy("e\u0301") == "e\u0301"


def test_marks_are_not_stacked_over_the_lines_above() -> None:
    assert tidy("Z" + "\u0300\u0323" * 100 + "a") == "Z" + "\u0300\u0323" * 3 + "a"
    assert tidy("ส" + "\u0e47" * 60) == "ส" + "\u0e47" * 6
    assert tidy("כָּ֑") == "כָּ֑"


def test_an_emoji_that_is_cut_joins_nothing() -> None:
    assert shorten("👨\u200d👩\u200d👧", 5) == "👨\u200d👩\u200d👧"
    assert shorten("👨\u200d👩\u200d👧\u200d👦", 5) == "👨\u200d👩…"


def test_characters_that_once_turned_the_text_are_taken_out() -> None:
    assert tidy("a\u206ab\u206fc") == "abc"


@given(st.text("ab 漢字、（\u0301\u0e47👍🏽\u200d\u0600é", max_size=200), st.integers(0, 12))
def test_a_word_of_wide_characters_is_broken_where_it_may(text: str, indent: int) -> None:
    wrapped = wrap(text, indent)
    assert "".join(wrapped.split()) == "".join(text.split())
    for line in wrapped.split("\n"):
        assert (
            line.strip()[:1] not in {"、", "🏽"} or text.strip()[:1] in {"、", "🏽"} or " " in text
        )
        assert len(line.encode()) <= 998


def test_a_long_chinese_title_keeps_to_its_columns() -> None:
    lines = wrap("漢字、" * 60, 4, "1.").split("\n")
    assert max(map(columns, lines)) <= 72 + 2  # a closing mark may hang over the edge
    assert len(lines) == 6
    assert not [line for line in lines if line.strip().startswith("、")]


@pytest.mark.parametrize("letter", ["x", "é", "ب", "漢", "\u0301"])
def test_no_line_of_text_is_longer_than_a_relay_may_take(letter: str) -> None:
    wrapped = wrap(f"see {letter * 4_000} there", 4, "1.")
    assert "".join(wrapped.split()) == "1.see" + letter * 4_000 + "there"
    assert max(len(line.encode()) for line in wrapped.split("\n")) <= 998


def test_an_address_that_is_longer_than_a_line_may_be_is_no_link() -> None:
    assert web_address("https://a.example/" + "x" * 900)
    assert not web_address("https://a.example/" + "x" * 1_000)
    assert not web_address("https://a.example/" + "漢" * 350)
