"""One table: what is parsed is what help shows and the documentation says."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model import Command, CommandName, InboundMail
from newsletter.rules.commands import (
    COMMANDS,
    CommandForm,
    help_text,
    markdown_table,
    read_commands,
)
from newsletter.rules.commands.nearest import distance, nearest

DOCS = Path(__file__).parents[3] / "docs"
WORDS = st.text("abc", max_size=6)


def read(body: str) -> tuple[object, ...]:
    return read_commands(InboundMail(None, None, None, "", "", None, (), body, None, {}))


@pytest.mark.parametrize("form", COMMANDS, ids=lambda form: form.name)
def test_every_example_is_the_command_it_stands_beside(form: CommandForm) -> None:
    for example in form.examples:
        (found,) = read(example)
        assert isinstance(found, Command)
        assert found.name is form.name


def test_there_is_one_row_for_each_command() -> None:
    assert sorted(form.name for form in COMMANDS) == sorted(CommandName)
    words = [word for form in COMMANDS for word in form.words]
    assert len(words) == len(set(words))
    assert all(word == word.casefold() for word in words)


def test_what_changes_something_needs_a_token_but_for_the_first_step() -> None:
    free = {form.name for form in COMMANDS if not form.needs_token}
    assert free == {CommandName.SUBSCRIBE, CommandName.TOPICS, CommandName.HELP}


def test_help_shows_every_command_and_reads_as_a_text_mail() -> None:
    text = help_text()
    for form in COMMANDS:
        assert all(shape in text for shape in (*form.shapes, *form.examples))
        assert form.sentence in text
    assert max(map(len, text.splitlines())) <= 100


def test_help_that_comes_back_in_a_reply_does_nothing() -> None:
    quoted = "".join(f"> {line}\n" for line in help_text().splitlines())
    assert read(f"On Mon, Ada wrote:\n{quoted}") == ()


def test_the_documentation_has_the_table() -> None:
    assert markdown_table() in (DOCS / "commands-by-mail.md").read_text(encoding="utf-8")


@settings(deadline=None)
@given(WORDS, WORDS)
def test_a_distance_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, other) <= max(len(one), len(other))


def test_distances_of_known_slips() -> None:
    assert [distance(*pair) for pair in (("stop", "sotp"), ("stop", "stp"), ("a", "abc"))] == [
        1,
        1,
        2,
    ]
    assert distance("x" * 21, "y") == 20


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("unsubsribe", "unsubscribe"), ("usnubscrieb", "unsubscribe"), ("stpo", "stop"), ("stopp", "stop"),
        ("step", None), ("stop", None), ("ad", None), ("topic", "topics"), ("", None), ("zzzzzz", None),
    ],
)  # fmt: skip
def test_the_nearest_word_is_sure_or_there_is_none(word: str, meant: str | None) -> None:
    assert nearest(word, ["stop", "unsubscribe", "topics", "add", "topical"]) == meant
