"""How well the first likes foretell the later ones, measured."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from newsletter.rules.liking import (
    SIZES,
    Foretold,
    LikesFigures,
    Texts,
    Vocabulary,
    default_method,
    evaluate_likes,
    foretell,
)
from tests.rules.liking.tastes import ENZYMES, GRIPPERS, PROTEINS, ROBOTS, TAXES


def first_rows_first(_liked: Sequence[int]) -> NDArray[np.float64]:
    return -np.arange(100, dtype=np.float64)


def test_what_was_learned_from_is_not_looked_for() -> None:
    assert foretell([[0, 1, 2]], first_rows_first, 1) == [Foretold(1.0, 1.0)]


def test_a_later_like_counts_less_further_down_and_nothing_behind_fifty() -> None:
    second, eleventh, last = (foretell([[99, row]], first_rows_first, 1)[0] for row in (1, 10, 98))

    assert second == Foretold(float(1 / np.log2(3)), 1.0)
    assert eleventh == Foretold(0.0, 1.0)
    assert last == Foretold(0.0, 0.0)


def test_recall_is_of_as_many_as_fit() -> None:
    liked = [99, *range(80)]

    found = foretell([liked], first_rows_first, 1)[0]

    assert (found.ndcg_at_10, found.recall_at_50) == pytest.approx((1.0, 1.0))


def test_equal_scores_keep_the_order_of_documents() -> None:
    found = foretell([[3, 0], [3, 99]], lambda _: np.zeros(100), 1)

    assert [one.recall_at_50 for one in found] == [1.0, 0.0]


def test_readers_with_too_few_likes_are_left_out_and_repeats_count_once() -> None:
    found = evaluate_likes([[5, 5, 5], [5, 0], []], first_rows_first)

    assert found == {
        1: LikesFigures(1, 1.0, 1.0),
        **dict.fromkeys(SIZES[1:], LikesFigures(0, 0.0, 0.0)),
    }


def test_a_method_may_keep_its_scores() -> None:
    scores = np.arange(4, dtype=np.float64)

    foretell([[3, 0]], lambda _: scores, 1)

    assert scores.tolist() == [0, 1, 2, 3]


def test_few_documents_are_enough() -> None:
    assert foretell([[0, 1]], lambda _: np.zeros(2), 1) == [Foretold(1.0, 1.0)]


def test_the_default_finds_more_of_the_same() -> None:
    known = [text.split() for text in (TAXES, ENZYMES, GRIPPERS, PROTEINS, ROBOTS)]
    method = default_method(Texts(Vocabulary.of(known).weigh(known)))

    assert evaluate_likes([[4, 2], [3, 1]], method, [1])[1] == LikesFigures(2, 1.0, 1.0)
