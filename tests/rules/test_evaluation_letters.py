"""The gate put to the test: letters without anything relevant, and what they show all the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rules.evaluation import LETTER_SIZE, Gated, gate, part


@pytest.mark.parametrize(
    ("documents", "background", "others"),
    [(600, 500, 100), (1_400, 700, 700), (8_000, 4_000, 4_000), (90_000, 5_000, 20_000)],
)
def test_half_are_the_background_within_its_limits(
    documents: int, background: int, others: int
) -> None:
    parts = part(range(documents))

    assert parts
    assert (len(parts.background), len(parts.others)) == (background, others)
    assert not set(parts.background) & set(parts.others)


@pytest.mark.parametrize("documents", [0, 1, 499, 599])
def test_too_few_documents_make_no_letters(documents: int) -> None:
    assert part(range(documents)) is None


def test_a_letter_shows_what_is_rarer_than_the_budget_allows() -> None:
    others = list(range(2 * LETTER_SIZE + 50))
    chances = np.ones(len(others))
    chances[[3, 4]] = 0.1 / LETTER_SIZE, 0.11 / LETTER_SIZE
    chances[-1] = 0.0  # behind the last whole letter

    gated = gate(chances, others, (), budget=0.1)

    assert gated == Gated(letters=2, spurious=1, letters_with_any=1)


def test_relevant_documents_stand_in_no_letter_but_are_counted() -> None:
    others = [7, 2, 9, *range(10, 10 + LETTER_SIZE)]
    chances = np.array([0.0, 0.5, 0.0] + [1.0] * LETTER_SIZE)

    gated = gate(chances, others, {7, 2, 5_000}, budget=0.1)

    assert gated == Gated(letters=1, spurious=1, letters_with_any=1, relevant=2, found=1)


def test_where_all_is_relevant_there_is_no_letter() -> None:
    assert gate(np.array([0.0, 0.4]), [0, 1], {0, 1}, 0.1) == Gated(relevant=2, found=1)


def test_few_documents_make_one_small_letter() -> None:
    gated = gate(np.array([0.01, 0.02]), [0, 1], (), budget=0.02)

    assert gated == Gated(letters=1, spurious=1, letters_with_any=1)


@given(st.integers(0, 2**32), st.floats(0.05, 2))
def test_honest_chances_show_what_the_budget_says(seed: int, budget: float) -> None:
    others = range(20_000)
    chances = np.random.default_rng(seed).random(len(others))

    gated = gate(chances, others, (), budget)

    # of a hundred letters: within five standard deviations
    assert abs(gated.spurious / gated.letters - budget) < 5 * (budget / gated.letters) ** 0.5


def test_counts_of_queries_add_up() -> None:
    assert Gated.together([Gated(1, 2, 1, 4, 3), Gated(2, 0, 0, 1, 1)]) == Gated(3, 2, 1, 5, 4)
    assert Gated.together([]) == Gated()
