"""Texts as weighted words, on arrays."""

import math
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.rules.liking import Texts, Vocabulary, telling_words, terms
from newsletter.rules.liking.texts import Features

WORDS = [f"w{number}" for number in range(12)]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=12), max_size=10)


def by_hand(known: list[list[str]], text: list[str]) -> dict[str, float]:
    """Return the weights of a text as the book has them, and of its pairs of words half as much."""
    pairs = weighed(map(paired, known), paired(text), 2)
    half = {pair: weight * math.sqrt(0.5) for pair, weight in pairs.items()}
    return weighed(known, text, 1) | half


def paired(text: list[str]) -> list[str]:
    return [" ".join(pair) for pair in pairwise(text)]


def weighed(known: Iterable[list[str]], text: list[str], least: int) -> dict[str, float]:
    texts = list(known)
    found = {
        word: (1 + math.log(count)) * (math.log((len(texts) + 1) / (among + 1)) + 1)
        for word, count in Counter(text).items()
        if (among := sum(word in other for other in texts)) >= least
    }
    length = math.sqrt(sum(weight**2 for weight in found.values())) or 1.0
    return {word: weight / length for word, weight in found.items()}


def cosine(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, TEXTS, st.sampled_from((0, 3, 512)), st.sampled_from((1, 40, 10**6)))
def test_products_are_the_cosines_of_the_book(
    known: list[list[str]],
    some: list[list[str]],
    others: list[list[str]],
    common: int,
    block: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(terms, "COMMON_WORDS", common)
        patch.setattr(terms, "_BLOCK", block)
        vocabulary = Vocabulary.of(known)
        left, right = (Features.of(Texts(vocabulary.weigh(texts))) for texts in (some, others))
        products = left.products(right)

    wanted = [
        [cosine(by_hand(known, one), by_hand(known, other)) for other in others] for one in some
    ]
    assert products.shape == (len(some), len(others))
    assert products == pytest.approx(np.array(wanted).reshape(products.shape), abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(TEXTS.filter(bool), st.data())
def test_rows_can_be_taken_in_any_order_and_twice(
    texts: list[list[str]], data: st.DataObject
) -> None:
    vocabulary = Vocabulary.of(texts)
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=6))
    whole, part = vocabulary.weigh(texts), vocabulary.weigh(texts[row] for row in rows)

    taken = Texts(whole).take(rows).terms

    for name in ("common", "starts", "words", "weights"):
        assert (getattr(taken, name) == getattr(part, name)).all()


def test_the_vocabulary_does_not_depend_on_the_order_of_words() -> None:
    one, other = (Vocabulary.of([words, ["c"]]).weigh([["b", "a"]]) for words in ("abb", "bab"))

    assert (one.common == other.common).all()


def test_words_that_say_nothing_are_left_out_and_others_stand_as_often_as_they_do() -> None:
    assert telling_words("The robots and the Robots' cup") == ["robots", "robots", "cup"]
