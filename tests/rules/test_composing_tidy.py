"""Text from outside, made fit to be shown."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rules.composing import join_words, shorten, tidy, tidy_header


@given(st.text())
def test_tidy_text_stands_on_one_line_and_stays_tidy(text: str) -> None:
    shown = tidy(text)
    assert tidy(shown) == shown
    assert shown.split() == shown.split(" ") if shown else True
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in shown)


def test_what_looks_harmless_is_treated_as_beside_a_letter_that_is_looked_at() -> None:
    for text in (f"{sign} a{sign}{sign} {sign}b" for sign in map(chr, range(0x2100))):
        assert tidy(f"{text}漢") == f"{tidy(text)}漢"


@given(st.text())
def test_a_header_holds_nothing_invisible(text: str) -> None:
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not any(unicodedata.category(character) in hidden for character in tidy_header(text))


def test_joiners_stay_in_the_body_and_leave_the_header() -> None:
    assert tidy("क्\u200dष") == "क्\u200dष"
    assert tidy_header("क्\u200dष") == "क्ष"


def test_overrides_leave_both() -> None:
    assert tidy("a\u202eb\u2066c\ufeff") == tidy_header("a\u202eb\u2066c\ufeff") == "abc"


@given(st.text(), st.integers(2, 60))
def test_a_short_text_has_at_most_that_many_characters(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")


@pytest.mark.parametrize(
    ("limit", "short"),
    [
        (26, "Counting gulls, with a net"),
        (25, "Counting gulls, with a…"),
        (16, "Counting gulls…"),
        (9, "Counting…"),
        (5, "Coun…"),
    ],
)
def test_a_text_is_cut_at_a_word(limit: int, short: str) -> None:
    assert shorten("Counting gulls, with a net", limit) == short


@pytest.mark.parametrize(
    ("words", "phrase"), [("", ""), ("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")]
)
def test_words_are_joined_as_english_does(words: str, phrase: str) -> None:
    assert join_words(tuple(words)) == phrase
