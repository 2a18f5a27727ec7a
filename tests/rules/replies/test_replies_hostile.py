"""Whatever comes in: no exception, and a time that grows with the length alone."""
# ruff: noqa: RUF001 - the look-alike characters are the point

import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.rules.replies import Found, NoBlock, Why, find_block
from tests.moments import soon
from tests.rules.replies.documents import OWN, SENT, SHOWN
from tests.rules.replies.messages import BEGIN, END, marked
from tests.rules.replies.test_replies_refused import EMPTY

MILLION = 1_000_000
SOON_S = 2 if sys.gettrace() is None else 10
"""Counting which lines run makes them several times slower."""
IN = f"{BEGIN}\n"
OUT = f"\n{END}\n"

TEXTS = {
    "line ends": "\n" * MILLION,
    "quote marks": "> " * (MILLION // 2),
    "marker lines": IN * (MILLION // 20),
    "empty blocks": (IN + OUT) * (MILLION // 40),
    "one long line": IN + "x " * (MILLION // 2) + OUT,
    "open quotations": (IN + "query: 'a\n" * 900 + OUT) * 4,
    "loose lines": (IN + "word word word word\n" * 990 + OUT) * 4,
    "beginnings of one sent line": (IN + "about: machine learning\n" * 990 + OUT) * 4,
    "bent marks": IN + "a: " + "‘" * 30_000 + OUT,
    "doubled quotation marks": IN + "a: '" + "''" * 15_000 + OUT,
    "links": IN + "a <https://" * 2_900 + OUT,
    "rules": ("_" * 290 + "\n") * 3_400,
    "headers": "From: a@b 1\n" * 80_000,
}
PAGES = {
    "opening signs": "<" * MILLION,
    "unfinished tags": "<a " * (MILLION // 3),
    "unfinished attributes": '<a "' * (MILLION // 4),
    "unfinished values": "<a ='" * (MILLION // 5),
    "comments": "<!--" * (MILLION // 4),
    "declarations": "<!x" * (MILLION // 3),
    "styles": "<style>" * (MILLION // 7),
    "ampersands": "&" * MILLION,
    "a long number": "&#" + "9" * MILLION,
    "quotations": "<blockquote>" * (MILLION // 12),
    "lists": "<ul><li>x" * (MILLION // 9),
    "closing tags": "<b>" * 400 + "</p>" * (MILLION // 4),
    "kept line ends": "<pre>" + "\n" * MILLION,
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("is_flowed", [False, True])
def test_a_million_characters_of_text_are_read_in_two_seconds(name: str, is_flowed: bool) -> None:  # noqa: FBT001
    mail = replace(EMPTY, plain=TEXTS[name], is_flowed=is_flowed)
    soon(lambda: find_block(mail, OWN), SOON_S)


@pytest.mark.parametrize("name", PAGES)
def test_a_million_characters_of_html_are_read_in_two_seconds(name: str) -> None:
    mail = replace(EMPTY, html=PAGES[name])
    soon(lambda: find_block(mail, OWN), SOON_S)


PIECES = st.sampled_from(
    [
        BEGIN,
        END,
        *SHOWN.split("\n"),
        *OWN.split("\n"),
        "> ",
        "\n",
        "\n",
        "  ",
        "- ",
        "\t",
        "<div>",
        "</div>",
        "<br>",
        "<ul><li>",
        "</li></ul>",
        "<pre>",
        "<blockquote>",
        "</blockquote>",
        "&nbsp;",
        "“",
        "‘",
        "–",
        "：",
        "every: day",
        "a: |",
        "a: 'b",
        "- 'b",
    ]
)
ANY_TEXT = st.lists(PIECES | st.text(max_size=8), max_size=60).map("".join)


@settings(deadline=None)  # the time is tested above
@given(
    plain=ANY_TEXT, html=ANY_TEXT | st.none(), sent=ANY_TEXT | st.sampled_from(list(SENT.values()))
)
def test_no_text_makes_it_raise(plain: str, html: str | None, sent: str) -> None:
    found = find_block(replace(EMPTY, plain=plain, html=html, is_flowed=len(plain) % 2 == 0), sent)
    if isinstance(found, Found):
        assert found.text.count("\n") == len(found.seen)
    else:
        assert found.doubt


@settings(deadline=None)  # the time is tested above
@given(
    st.lists(st.sampled_from(SHOWN.rstrip().split("\n")), max_size=40),
    st.sampled_from(["", "> ", ">> ", "| "]),
)
def test_lines_that_were_sent_are_never_changed(lines: list[str], mark: str) -> None:
    block = "\n".join(mark + line for line in [BEGIN, *lines, END])
    found = find_block(replace(EMPTY, plain=block), SHOWN)
    if isinstance(found, Found):
        assert found.text.split("\n")[:-1] == lines


@settings(deadline=None)  # the time is tested above
@given(
    st.sampled_from(list(SENT.values())), st.sampled_from(["", "> ", ">", ">> > ", "   ", "\ufeff"])
)
def test_an_unchanged_block_is_unchanged_however_it_is_quoted(sent: str, mark: str) -> None:
    block = "\r\n".join(mark + line for line in marked(sent))
    found = find_block(replace(EMPTY, plain=block), sent)
    assert isinstance(found, NoBlock)
    assert found.why is Why.UNCHANGED
