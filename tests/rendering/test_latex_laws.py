"""Laws that hold for every text, and texts that were made to hurt."""

import re
import unicodedata
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rendering import readable
from tests.moments import soon


def words(text: str) -> list[str]:
    return text.split()


SIGNS = [*"{}$\\^_~`\"'-()[]|/:.%&#!,;=<> \naZ1é\x00\u202e"]
COMMANDS = words(
    r"""
    \frac \sqrt[3] \textbf \emph \cite \href \url \left \not \hat \mathbb \begin{equation} \text{
    \end{equation} \begin{cases} \ding{182} \unicode{x \unicode{36} \symbol{94} \textbackslash \S
    \lbrace \k{appa} `` '' -- \sim \o \$ \_ \\ \( \) \[ \] C:\ https://x ^{ _{ $x$ \verb| \ours
    \textsuperscript \DQN \n \footnote \textunderscore \noindent \par \eg \em ~/ /a/b `a` \pmod
    \overset \xrightarrow \binom \operatorname \textcolor \scalebox \\server\ \" \' \begin \end
    """
)
TEXTS = st.one_of(
    st.text(),
    st.lists(st.sampled_from(SIGNS + COMMANDS), max_size=40).map("".join),
    st.text(alphabet="{}$\\^_~ab1. -"),
)
TEX = re.compile(r"[$\\{}^_~]|--|``")


def controls(text: str) -> set[str]:
    return {sign for sign in text if unicodedata.category(sign) in {"Cc", "Cf", "Cs"}}


@given(TEXTS)
def test_what_is_readable_stays_as_it_is(text: str) -> None:
    shown = readable(text)

    assert readable(shown) == shown


@given(TEXTS)
def test_a_text_hardly_grows(text: str) -> None:
    assert len(readable(text)) <= 2 * len(text) + 8


@given(TEXTS)
def test_no_control_character_is_made(text: str) -> None:
    assert controls(readable(text)) <= controls(text)


@given(st.text())
def test_a_text_without_marks_is_not_touched(text: str) -> None:
    if not TEX.search(text):
        assert readable(text) == text


HOSTILE = words(
    r"""
    { $ \ ^ - {$ $x$ \( \frac \frac{ ^{ \sqrt[ \begin{equation} \cite{ \href{a}{ \\a\ /a/b- `a
    \text{$ \footnote{ {\em x$^ 5$ \resizebox{ \frac{( \"a
    """
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_twenty_kilobytes_of_malice_take_a_moment(piece: str) -> None:
    many = piece * (20_000 // len(piece))
    half = many[: len(many) // 2]

    for text in (many, f"\\({many}\\)", half + "}" * len(half)):
        # A fifth of a second on an idle machine; five times that on one which has other work.
        shown = soon(partial(readable, text), 1.0)
        assert len(shown) <= 2 * len(text) + 8


@pytest.mark.parametrize("piece", [r"\$x", r"^\{", r"\\\\", r"\textunderscore{", r"\{\$"])
def test_texts_that_change_each_time_they_are_read_come_to_rest(piece: str) -> None:
    shown = readable(piece * 1_000 + "x" * 50)

    assert readable(shown) == shown
