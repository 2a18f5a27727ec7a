"""Text in columns."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Letter, LetterEntry
from newsletter.ports import Renderer
from newsletter.rendering.plain import _NARROW, LINE_COLUMNS, _wrap_words, columns, rule, wrap


@given(st.lists(st.text("abc é漢", max_size=20)).map(" ".join), st.integers(0, 12))
def test_no_line_is_wider_than_the_page_and_no_word_is_lost(text: str, indent: int) -> None:
    wrapped = wrap(text, indent)
    assert all(columns(line) <= LINE_COLUMNS for line in wrapped.split("\n"))
    assert wrapped.split() == text.split()


@given(
    st.lists(st.text("abc é\u2013漢", max_size=12)).map(" ".join),
    st.integers(0, 12),
    st.text("ab é漢", max_size=15),
    st.integers(1, 40),
)
def test_the_short_way_wraps_as_the_long_one(
    text: str, indent: int, first: str, width: int
) -> None:
    long_way = _wrap_words(text, " " * indent, first.ljust(indent), width)
    assert wrap(text, indent, first, width) == long_way


@given(st.characters(max_codepoint=0x3000))
def test_what_counts_as_narrow_takes_one_column(character: str) -> None:
    is_wide_or_mark = columns(character + "漢") != 3
    assert not (is_wide_or_mark and _NARROW.fullmatch(character))


def test_a_mark_stands_before_the_first_line() -> None:
    assert wrap("gulls and nets", 4, "1.", 14) == "1.  gulls and\n    nets"


def test_an_address_stays_whole() -> None:
    address = "https://papers.example/" + "x" * 80
    assert wrap(f"see {address} there", 2) == f"  see\n  {address}\n  there"


def test_a_no_break_space_keeps_words_together() -> None:
    assert wrap("Moe, Lund\u00a0+\u00a012", width=11) == "Moe,\nLund\u00a0+\u00a012"


def test_wide_characters_take_two_columns_and_marks_none() -> None:
    assert columns("漢字e\u0301") == 5
    assert rule("=", 3) == "==="


def test_a_letter_keeps_to_72_columns(
    renderer: Renderer,
    make_letter: Callable[..., Letter],
    make_entry: Callable[..., LetterEntry],
) -> None:
    letter = make_letter(make_entry("A title of many words " * 9), note="A note " * 40)
    lines = renderer.render(letter).text.split("\n")
    wide = [line for line in lines if columns(line) > LINE_COLUMNS]
    assert [line for line in wide if "mailto:" not in line and "https://" not in line] == []
    assert [line for line in lines if line != line.rstrip()] == []
