"""Rankings measured, beside a slow oracle that follows the definitions word by word."""

from math import isclose, log2

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rules.evaluation import Judged, Measures, best_rows, mean, measure

SCORES = st.lists(st.sampled_from([-2.0, -0.5, 0.0, 0.5, 1.0, 3.0]), min_size=1, max_size=70)
GRADES = st.sampled_from([-1.0, 0.0, 1.0, 2.0, 0.5])


@st.composite
def judged_rankings(draw: st.DrawFn) -> tuple[list[float], Judged]:
    scores = draw(SCORES)
    rows = st.integers(0, len(scores) - 1)
    grades = draw(st.dictionaries(rows, GRADES, max_size=20))
    return scores, Judged({**grades, draw(rows): 1.0}, tuple(draw(st.lists(GRADES, max_size=3))))


def ranked(scores: list[float]) -> list[int]:
    return sorted(range(len(scores)), key=lambda row: (-scores[row], row))


def by_definition(scores: list[float], judged: Judged) -> Measures:
    ranking = ranked(scores)
    gains = [max(judged.grades.get(row, 0), 0) for row in ranking]
    every = sorted((max(one, 0) for one in [*judged.grades.values(), *judged.absent]), reverse=True)
    best = sum(grade / log2(place + 2) for place, grade in enumerate(every[:10]))
    reached = sum(gain / log2(place + 2) for place, gain in enumerate(gains[:10]))
    relevant = sum(grade > 0 for grade in every)
    return Measures(
        reached / best,
        sum(gain > 0 for gain in gains[:10]) / 10,
        sum(gain > 0 for gain in gains[:50]) / relevant,
    )


@given(judged_rankings())
def test_the_measures_are_those_of_the_definitions(ranking: tuple[list[float], Judged]) -> None:
    scores, judged = ranking

    measured = measure(np.array(scores), judged)

    expected = by_definition(scores, judged)
    assert isclose(measured.ndcg_at_10, expected.ndcg_at_10)
    assert isclose(measured.precision_at_10, expected.precision_at_10)
    assert isclose(measured.recall_at_50, expected.recall_at_50)


@given(judged_rankings())
def test_the_order_of_the_grades_is_the_best_ranking(ranking: tuple[list[float], Judged]) -> None:
    scores, judged = ranking
    perfect = np.array([judged.grades.get(row, 0.0) for row in range(len(scores))])

    measured = measure(perfect, Judged(judged.grades))

    assert isclose(measured.ndcg_at_10, 1.0)
    assert measure(np.array(scores), Judged(judged.grades)).ndcg_at_10 <= 1.0 + 1e-9


@given(SCORES, st.integers(0, 80))
def test_equal_scores_keep_the_order_of_the_documents(scores: list[float], count: int) -> None:
    assert best_rows(np.array(scores), count).tolist() == ranked(scores)[:count]


def test_what_is_no_number_ranks_last() -> None:
    scores = np.array([float("nan"), 1.0, float("-inf"), float("inf")])

    assert best_rows(scores, 4).tolist() == [3, 1, 0, 2]
    assert np.isnan(scores[0]), "the scores themselves stay as they are"


def test_a_known_ranking_has_the_known_numbers() -> None:
    judged = Judged({0: 3.0, 1: 2.0, 2: 0.0})

    measured = measure(np.array([1.0, 3.0, 2.0]), judged)

    assert isclose(measured.ndcg_at_10, (2 + 3 / 2) / (3 + 2 / log2(3)))
    assert measured.precision_at_10 == 0.2
    assert measured.recall_at_50 == 1.0


def test_a_document_that_is_not_there_is_missed() -> None:
    there = measure(np.array([1.0, 0.0]), Judged({0: 1.0}))
    missed = measure(np.array([1.0, 0.0]), Judged({0: 1.0}, (1.0,)))

    assert there.recall_at_50 == 1.0
    assert missed.recall_at_50 == 0.5
    assert missed.ndcg_at_10 < there.ndcg_at_10 == 1.0


def test_every_query_counts_alike() -> None:
    assert mean([Measures(1, 0.5, 0), Measures(0, 0.1, 1)]) == Measures(0.5, 0.3, 0.5)
    assert mean([]) is None
