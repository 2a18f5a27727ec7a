"""Which spellings count as one word."""

import pytest

from newsletter.indexing.vocabulary import Vocabulary

SAME = [
    ("policy", "policies"),
    ("optimize", "optimizing"),
    ("robot", "robotic"),
    ("llm", "llms"),
    ("vlm", "vlms"),
    ("ai", "ais"),
    ("dying", "dying"),
    ("q", "q"),
]
DIFFERENT = [("gp", "gps"), ("c", "c++"), ("r", "rs"), ("miss", "mi")]


@pytest.mark.parametrize(("word", "form"), SAME)
def test_two_forms_of_one_word(word: str, form: str) -> None:
    vocabulary = Vocabulary()
    vocabulary.number([form, "other", "words"])

    assert vocabulary.forms_of(word) == vocabulary.exactly(form) != frozenset()


@pytest.mark.parametrize(("word", "other"), DIFFERENT)
def test_two_words(word: str, other: str) -> None:
    vocabulary = Vocabulary()
    vocabulary.number([other])

    assert vocabulary.forms_of(word) == frozenset()


def test_words_are_found_by_their_beginning() -> None:
    vocabulary = Vocabulary()
    optimal, optics, other = vocabulary.number(["optimal", "optics", "other"])

    assert vocabulary.beginning_with("opt") == {optimal, optics}
    assert vocabulary.beginning_with("o") == {optimal, optics, other}
    assert vocabulary.beginning_with("optimally") == frozenset()
