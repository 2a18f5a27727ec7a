"""The strict reader: what it refuses, where it points, and that nothing makes it slow or raise."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Problem
from newsletter.preferences import ListNode, MappingNode, Node, ScalarNode, read_yaml
from newsletter.preferences.yaml_text.reader import FASTEST_LOADER, Loader
from tests.moments import soon

HOSTILE = {
    "brackets": "[" * 16_000,
    "braces": "{" * 16_000,
    "question marks": "? " * 8_000,
    "dashes": "- " * 8_000,
    "indents": "".join(f"{' ' * n}a:\n" for n in range(170)),
    "merge bomb": "a: &a [x,x]\n"
    + "".join(f"{c}: &{c} [*{p},*{p}]\n" for p, c in zip("abcdefghi", "bcdefghij", strict=True)),
    "quotes": '"' * 16_000,
    "one long key": "k" * 16_000 + ": 1",
    "many keys": "".join(f"key{n}: 1\n" for n in range(1_400)),
    "colons": "a: " * 5_000,
    "bad escape": '"\\U0fffffff"',
    "percent": "%YAML " + "9" * 10_000 + ".1\n--- a",
    "surrogate": "a: \ud800",
    "nul": "a: \0",
    "block": "a: |9999999\n x",
    "tag": "!!int x",
    "long tag": "!<" + "a" * 15_000 + "> x",
    "alias": "*a",
    "too large": "a: " + "x" * 20_000,
    "two documents": "a: 1\n--- b\n",
}


def complaints(text: str, loader: Loader = FASTEST_LOADER) -> list[str]:
    read = read_yaml(text, "x.yaml", loader=loader)
    assert isinstance(read, tuple), read
    return [
        f"{one.line}:{one.column} {one.message}" + (f"; {one.suggestion}" if one.suggestion else "")
        for one in read
    ]


def tree(text: str, loader: Loader = FASTEST_LOADER) -> Node:
    read = read_yaml(text, "x.yaml", loader=loader)
    assert not isinstance(read, tuple), read
    return read


@pytest.fixture(params=[FASTEST_LOADER, yaml.SafeLoader], ids=["libyaml", "pure"])
def loader(request: pytest.FixtureRequest) -> Loader:
    found: Loader = request.param
    return found


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_document_is_refused_or_read_in_less_than_a_second(
    text: str, loader: Loader
) -> None:
    read = soon(lambda: read_yaml(text, "x.yaml", loader=loader), 1)
    assert not isinstance(read, tuple) or all(problem.line for problem in read)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "a:\n\tb: 1\n",
            "2:1 is indented with a tab, which YAML does not take; write two spaces for each tab",
        ),
        ("a: 'x\nb: 1\n", "1:4 the quote that opens here is not closed; write 'x'"),
        (
            "a: [1, 2\nb: 3\n",
            '1:4 the list that opens here with "[" lacks a comma or its end; write [1, 2]',
        ),
        (
            "a: {b: 2\nc: 3\n",
            '1:4 the group of keys that opens here with "{" lacks a comma or its end; write {b: 2}',
        ),
        (
            "a:\n  b: 1\n c: 2\n",
            '3:2 begins with 1 space, which fits no line above; begin it right below "b", with 2 spaces',
        ),
        ("a: 1\nb\n", "2:1 a key needs a colon and a space after it; write key: value"),
        ("a: @x\n", "1:4 a text cannot begin with \"@\" without quotes; write '@x'"),
        ('a: "x" OR y\n', "1:8 the text goes on after its closing quote; write '\"x\" OR y'"),
        (
            "a: &x 1\n",
            "1:4 a text cannot begin with \"&\" without quotes, which YAML takes for an anchor; write '&x 1'",
        ),
        (
            "a: *x\n",
            "1:4 a text cannot begin with \"*\" without quotes, which YAML takes for an alias; write '*x'",
        ),
        (
            "a: !x 1\n",
            "1:4 a text cannot begin with \"!\" without quotes, which YAML takes for a tag; write '!x 1'",
        ),
        (
            "<<: {b: 1}\n",
            '1:1 "<<" would merge other keys in here, which is not read; write the keys themselves',
        ),
        ("a: 1\nb: 2\na: 3\n", '3:1 "a" is here twice, first on line 1; remove one of the two'),
        ("[a]: 1\n", "1:1 a key must be a word; put the text in quotes"),
        ("a: x\x07\n", "1:5 holds the control character U+0007; remove it, or type the line anew"),
        (
            "a: 1\nb: \u2028\n",
            "2:4 holds an invisible line separator (U+2028); remove it, or type the line anew",
        ),
        ("%YAML 1.2\n", "1:1 a text cannot begin with \"%\" without quotes; write '%YAML 1.2'"),
        (
            "a: {b: {c: {d: {e: {f: {g: 1}}}}}}",
            "1:24 is nested more than 6 levels deep; take out the innermost brackets or lines",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, complaint: str, loader: Loader) -> None:
    assert complaints(text, loader) == [complaint]


def test_a_colon_too_many_is_explained() -> None:
    assert complaints("a: b: c\n") == [
        "1:5 a text with a colon and a space in it needs quotes; write a: 'b: c'"
    ]


def test_several_mistakes_are_named_at_once() -> None:
    assert len(complaints("a: &x 1\nb: *x\na: !y 2\n")) == 4


def test_every_scalar_stays_the_text_that_was_written() -> None:
    words = ["no", "7:30", "2301.00010", "1_000", "null", "~", "0x1F", "2027-01-04", "1e3"]
    read = tree("".join(f"- {word}\n" for word in words))
    assert isinstance(read, ListNode)
    assert [item.text for item in read.items if isinstance(item, ScalarNode)] == words


def test_an_empty_value_differs_from_an_empty_text(loader: Loader) -> None:
    read = tree("a:\nb: ''\nc: |\n", loader)
    assert isinstance(read, MappingNode)
    empty = [value.is_empty for _, value in read.entries if isinstance(value, ScalarNode)]
    assert empty == [True, False, False]


def test_a_text_without_content_is_an_empty_scalar() -> None:
    assert tree("# nothing\n\n") == ScalarNode(1, 1, "")


def test_places_count_from_the_first_line_of_the_part() -> None:
    read = read_yaml("\na: [x, yy]\n", "x.yaml", 10)
    assert isinstance(read, MappingNode)
    value = read.get("a")
    assert isinstance(value, ListNode)
    assert [(item.line, item.column) for item in value.items] == [(11, 5), (11, 8)]


def test_windows_and_old_line_ends_count_like_others() -> None:
    read = tree("a: 1\r\nb: 2\rc: 3\n")
    assert isinstance(read, MappingNode)
    assert [key.line for key, _ in read.entries] == [1, 2, 3]


@pytest.mark.parametrize(
    ("written", "position", "place"),
    [
        ("abc", 2, (1, 3)),
        ("abc", 3, (1, 4)),
        ("a b", 1, (1, 2)),
        ("'abc'", 0, (1, 2)),
        ("'abc'", 2, (1, 4)),
        ("'it''s x'", 3, (1, 6)),
        ("'it''s x'", 5, (1, 8)),
        ('"abc"', 2, (1, 4)),
        ('"a\\tb"', 2, (1, 5)),
        ('"\\x41b"', 1, (1, 6)),
        ("'a\n  b'", 2, (2, 3)),
        ("'a\n  b'", 1, (1, 3)),
        ("'a\n  b'", 3, (2, 4)),
        ("a b\n  c d", 4, (2, 3)),
        ("a b\n\n  c d", 6, (3, 5)),
        ("|\n  a\n  b c\n", 4, (3, 5)),
        (">-  # why\n   a\n   b c\n", 2, (3, 4)),
        ("|\n  a\n", 1, (2, 4)),
    ],
)
def test_a_character_of_a_text_has_its_place(
    written: str, position: int, place: tuple[int, int]
) -> None:
    read = tree(written)
    assert isinstance(read, ScalarNode)
    assert read.place_of(position) == place


@given(st.text(alphabet="ab:-[]{}#&*!|>'\"%@`,? \n\t\\", max_size=60))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    read = read_yaml(text, "x.yaml")
    assert not isinstance(read, tuple) or all(isinstance(one, Problem) for one in read)
