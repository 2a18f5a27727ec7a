"""How surprising an entry is, told by what is usual."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from newsletter.rules.relevance import LEAST_BACKGROUND, Rows, Scores, crowding, judge, judge_words

EVERYTHING = 4_000
WHOLE = 40.0


def chances_of_others(lexical: Scores, cosines: Scores | None) -> Scores:
    """The chances of the second half, told by the first."""
    half = len(lexical) // 2
    chances = judge(lexical, cosines, np.arange(half), whole=WHOLE).chances
    assert chances is not None
    return chances[half:]


def unrelated(seed: int, rows: int = EVERYTHING, together: float = 0.15) -> tuple[Scores, Scores]:
    """Scores of entries off a topic: few have a word of it, and words and meaning go a little together."""
    random = np.random.default_rng(seed)
    common = random.normal(size=rows)
    cosines = 0.05 + 0.08 * (together * common + random.normal(size=rows))
    words = together * common + random.normal(size=rows)
    return np.where(words > 1, np.exp(words), 0.0), cosines


def test_of_unrelated_entries_about_as_many_pass_as_the_chance_says() -> None:
    passed, letters = 0, 0
    for seed in range(40):
        chances = chances_of_others(*unrelated(seed))
        for start in range(0, len(chances), 200):
            letters += 1
            passed += int((chances[start : start + 200] * 200 <= 0.1).sum())

    assert 0.02 <= passed / letters <= 0.2


def test_entries_that_are_to_the_point_pass_though_many_are() -> None:
    lexical, cosines = unrelated(7)
    to_the_point = np.arange(0, EVERYTHING, 33)  # three in a hundred: they make the tail themselves
    lexical[to_the_point] += 12
    cosines[to_the_point] += 0.45

    chances = judge(lexical, cosines, np.arange(EVERYTHING // 2), whole=WHOLE).chances

    assert chances is not None
    assert np.median(chances[to_the_point]) * 300 < 0.5


def test_with_few_recent_entries_nothing_is_said_of_chances_and_much_of_the_order() -> None:
    lexical, cosines = unrelated(3, rows=60)

    relevance = judge(lexical, cosines, np.arange(60), whole=WHOLE)

    assert LEAST_BACKGROUND > 60
    assert relevance.chances is None
    assert int(np.argmax(relevance.sums)) in {int(np.argmax(cosines)), int(np.argmax(lexical))}


def test_without_a_model_the_words_alone_are_heard() -> None:
    lexical, _ = unrelated(5)

    relevance = judge(lexical, None, np.arange(EVERYTHING), whole=WHOLE)

    assert relevance.meaning is None
    assert relevance.chances is not None
    assert np.allclose(relevance.chances, np.exp(-relevance.words))


def test_an_entry_without_any_word_is_no_surprise_to_the_words() -> None:
    lexical, cosines = unrelated(11)

    assert not judge(lexical, cosines, np.arange(500), whole=WHOLE).words[lexical == 0].any()


@pytest.mark.parametrize("rows", [0, 1, 2, 600])
def test_scores_that_are_all_equal_surprise_nobody(rows: int) -> None:
    same = np.full(rows, 0.25)

    relevance = judge(same, same, np.arange(rows), whole=WHOLE)

    assert np.isfinite(relevance.sums).all()
    assert relevance.chances is None or (relevance.chances == 1).all()


_ANY = st.integers(0, 700).flatmap(
    lambda rows: st.tuples(
        arrays(np.float64, rows, elements=st.floats(0, 1e6)),
        arrays(np.float64, rows, elements=st.floats(-1, 1)),
    )
)


@given(_ANY)
def test_chances_are_probabilities_and_fall_as_the_sum_rises(scores: tuple[Scores, Scores]) -> None:
    lexical, cosines = scores
    rows: Rows = np.arange(len(lexical))

    relevance = judge(lexical, cosines, rows, whole=WHOLE)

    assert (relevance.sums >= 0).all()
    if relevance.chances is not None:
        by_sum = relevance.chances[np.argsort(relevance.sums)]
        assert ((relevance.chances > 0) & (relevance.chances <= 1)).all()
        assert (np.diff(by_sum) <= 1e-12).all()


def test_who_is_near_to_everybody_is_taken_down_most() -> None:
    random = np.random.default_rng(1)
    vectors = random.normal(size=(200, 16)).astype(np.float32)
    vectors[0] = vectors[1:].mean(axis=0)
    vectors[100:] = vectors[100] + 0.1 * vectors[100:]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    crowds = crowding(vectors, vectors)

    assert crowds[100:].min() > crowds[1:100].max()
    assert crowding(vectors, vectors[:0]).tolist() == [0.0] * 200


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 0.3, 0.97]),
    st.sampled_from([1, 3, 1_000]),
    st.sampled_from([0.0, 1.0, WHOLE]),
    st.sampled_from([0.0, 10.0]),
)
def test_what_is_told_of_the_best_by_words_alone_is_what_is_told_of_all(
    seed: int, silent: float, levels: int, whole: float, ahead: float
) -> None:
    random = np.random.default_rng(seed)
    scores = np.where(random.random(700) < silent, 0.0, random.integers(0, levels, 700) * 0.7)
    background: Rows = np.flatnonzero(random.random(len(scores)) < 0.85)
    # Those that are looked at first, which tell about the others.
    scores[background[::8]] *= 1 + ahead
    everything = judge(scores, None, background, whole=whole)
    assert everything.chances is not None

    texts = np.stack([scores, scores[::-1]])
    told = next(judge_words(texts, background, np.array([whole, 0.0]), 0.05).each(2))

    best = np.flatnonzero((everything.chances <= 0.05) & (everything.words > 0))
    assert told.rows.tolist() == best.tolist()
    assert told.words.tolist() == everything.words[best].tolist()
    assert told.chances.tolist() == everything.chances[best].tolist()
    for some in (np.flatnonzero(random.random(len(scores)) < 0.3), np.arange(600, 700)):
        wholes = np.array([whole, 0.0])
        of_some = next(judge_words(texts, background, wholes, 0.05, some).each(2))
        assert of_some.rows.tolist() == [row for row in best.tolist() if row in some]
        assert of_some.chances.tolist() == everything.chances[of_some.rows].tolist()
