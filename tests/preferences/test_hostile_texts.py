"""Whatever text a document is, reading it ends in documents or in problems with a place in it."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model import CatalogueTopic, Preferences, PreferencesReading, Topic
from newsletter.preferences import UNNAMED, Surroundings
from newsletter.preferences.documents import read_text
from newsletter.preferences.yaml_text.decoding import Undecodable, decode
from newsletter.preferences.yaml_text.reader import Loader, salvage_yaml

PAGE = Path(__file__).parents[2] / "docs" / "preferences.md"
EXAMPLE = PAGE.read_text(encoding="utf-8").split("```yaml\n")[1].partition("```")[0]
NAME = "reinforcement-learning"
AROUND = Surroundings(
    {NAME: CatalogueTopic(Topic(NAME, "Reinforcement learning", "RLHF"))},
    Preferences(email=UNNAMED),
)
SIGNS = "ab: -[]{}#&*!|>'\"%@`,?~<=.\n\t\\\r\x00\x0b\x85\u00a0\u2028\ufeff\ud800\u201c\u2013é0179"
KEYS = st.sampled_from(
    [
        "email",
        "name",
        "send",
        "every",
        "day",
        "at",
        "timezone",
        "topics",
        "query",
        "about",
        "weight",
        "follow",
        "authors",
        "mute",
        "entries",
        "at_most",
        "order",
        "pause_until",
        "emial",
        "x",
    ]
)
VALUES = st.one_of(st.text(max_size=30), st.text(alphabet=SIGNS, max_size=12), KEYS)


def read(text: str) -> PreferencesReading:
    return read_text(text, "a.yaml", AROUND)


def assert_told_within(reading: PreferencesReading, text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for problem in reading.problems:
        assert 1 <= problem.line <= lines
        assert problem.column >= 1
        assert problem.message
        assert str(problem).isprintable()


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_ends_in_documents_or_problems(text: str) -> None:
    assert_told_within(read(text), text)


@settings(deadline=None)
@given(st.text(alphabet=SIGNS, max_size=80))
def test_any_signs_of_yaml_end_in_documents_or_problems(text: str) -> None:
    assert_told_within(read(text), text)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), KEYS, VALUES), max_size=12))
def test_any_keys_with_any_values_end_in_documents_or_problems(
    lines: list[tuple[int, bool, str, str]],
) -> None:
    text = "email: ada@example.org\n" + "".join(
        f"{'  ' * depth}{'- ' * is_item}{key}: {value}\n" for depth, is_item, key, value in lines
    )
    assert_told_within(read(text), text)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(EXAMPLE)), st.integers(0, 12), st.text(alphabet=SIGNS, max_size=5))
def test_one_edit_of_a_valid_document_makes_problems_at_worst(
    place: int, removed: int, added: str
) -> None:
    text = EXAMPLE[:place] + added + EXAMPLE[place + removed :]
    reading = read(text)
    assert reading.problems or reading.documents or not text.strip()
    assert_told_within(reading, text)


@settings(deadline=None)
@given(st.data())
def test_lines_that_are_moved_make_problems_at_worst(data: st.DataObject) -> None:
    lines = EXAMPLE.splitlines(keepends=True)
    source = data.draw(st.integers(0, len(lines) - 1))
    target = data.draw(st.integers(0, len(lines) - 1))
    blanks = data.draw(st.sampled_from(["", " ", "  ", "\t", "- "]))
    moved = [*lines[:source], *lines[source + 1 :]]
    moved.insert(target, blanks + lines[source])
    text = "".join(moved)
    assert_told_within(read(text), text)


@settings(deadline=None)
@given(st.text(alphabet=SIGNS, max_size=40), st.sampled_from([yaml.CSafeLoader, yaml.SafeLoader]))
def test_both_parsers_salvage_without_raising(text: str, loader: Loader) -> None:
    found = salvage_yaml(text, "a.yaml", loader=loader)
    assert found.node is not None or found.problems


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_text_or_explained(octets: bytes) -> None:
    text = decode(octets)
    if isinstance(text, Undecodable):
        assert text.message.startswith("is not UTF-8")
        assert text.message.isprintable()
        assert 0 <= text.line <= octets.count(b"\n") + 1
    else:
        assert text.encode() == octets


@pytest.mark.parametrize("sign", ["\u00a0", " ", "\t"])
def test_blanks_around_a_word_do_not_matter(sign: str) -> None:
    reading = read(f"email: ada@example.org\nformat: text{sign}\nsend: {{every: day{sign}}}\n")
    assert reading.problems == ()
