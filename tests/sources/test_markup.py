"""Markup of feeds and registries as plain text."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.sources.markup import plain, plain_line, plain_text

TAGS = st.sampled_from(
    ["<p>", "</p>", "<br/>", "<b>", "</b>", "<i class='x'>", "</i>", "<!-- no -->"]
)


def test_a_journal_abstract_is_read_without_its_heading() -> None:
    told = (
        "<jats:title>Abstract</jats:title><jats:p>Gulls at 10<jats:sup>6</jats:sup> &amp; "
        "CO<sub>2</sub>.</jats:p><jats:sec><jats:title>Methods</jats:title><jats:p>Two.</jats:p></jats:sec>"
    )
    assert plain(told) == "Gulls at 10$^{6}$ & CO$_{2}$.\n\nMethods\n\nTwo."


def test_scripts_styles_and_comments_are_no_text() -> None:
    assert (
        plain("<p>One<script>x()</script></p><style>p{}</style><!-- <p>no</p> --><p>two")
        == "One\n\ntwo"
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("AT&T", "AT&T"),
        ("AT&amp;T", "AT&T"),
        ("if a <b holds", "if a <b holds"),
        ("x < y > z", "x < y > z"),
        ("M<sup>2</sup>Fuse", "M$^{2}$Fuse"),
        ("<script>alert(1)</script>Gulls", "Gulls"),
        ("Gulls<br/>plan", "Gulls plan"),
        ("&lt;b&gt; is a tag", "<b> is a tag"),
        ("&#999999999; gulls", "&#999999999; gulls"),
        ("A list<Gull>", "A list<Gull>"),
    ],
)
def test_a_title_is_markup_only_where_it_looks_like_it(written: str, shown: str) -> None:
    assert plain_line(written) == shown


def test_a_text_without_markup_keeps_its_paragraphs() -> None:
    assert plain_text("One\ntwo.\n\nThree.") == "One two.\n\nThree."


@given(st.lists(st.tuples(TAGS, st.text("ab<>&; \n", max_size=8))))
def test_of_escaped_text_nothing_is_lost_but_spaces(pieces: list[tuple[str, str]]) -> None:
    told = "".join(tag + html.escape(text) for tag, text in pieces)
    shown = plain(told)
    assert "".join(shown.split()) == "".join("".join(text for _, text in pieces).split())
