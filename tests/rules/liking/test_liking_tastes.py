"""What a person likes, learned from votes."""

import itertools
import random
from dataclasses import replace
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from newsletter.rules.liking import (
    HALF_LIFE_DAYS,
    Background,
    Taste,
    Texts,
    Vocabulary,
    Vote,
    learn,
)
from newsletter.rules.relevance import LEAST_BACKGROUND
from tests.rules.liking.tastes import (
    ALL,
    ENZYMES,
    GRIPPERS,
    PROTEINS,
    ROBOTS,
    TAXES,
    Shelf,
    usual_texts,
)

WITH_OR_WITHOUT = pytest.mark.parametrize("meaning", [False, True], ids=["words", "meaning"])
VOTED = (*ALL, *usual_texts(6))
SHELVES: Final = {meaning: Shelf(VOTED, meaning=meaning) for meaning in (False, True)}
VOTES = st.lists(
    st.tuples(st.sampled_from(VOTED), st.sampled_from((1, -1)), st.floats(0, 2000)), max_size=8
)


def taste_of(shelf: Shelf, drawn: list[tuple[str, int, float]]) -> NDArray[np.float64]:
    return taste_for(shelf, drawn).scores(shelf.seen)


def taste_for(shelf: Shelf, drawn: list[tuple[str, int, float]]) -> Taste:
    pairs = [(text, sign) for text, sign, _ in drawn]
    return shelf.taste(*pairs, ages=tuple(age for *_, age in drawn))


@WITH_OR_WITHOUT
def test_without_votes_every_score_is_zero(*, meaning: bool) -> None:
    taste = SHELVES[meaning].taste()

    assert not taste.scores(SHELVES[meaning].seen).any()
    assert not taste.background_scores().any()
    assert not taste.has_likes
    assert taste.nothing == 0


@WITH_OR_WITHOUT
@pytest.mark.parametrize("liked", ALL)
def test_one_like_ranks_its_twin_first(liked: str, *, meaning: bool) -> None:
    scores = Shelf(meaning=meaning).scores((liked, 1))

    assert max(scores, key=scores.__getitem__) == liked


@WITH_OR_WITHOUT
def test_what_is_near_a_like_scores_above_what_is_not(*, meaning: bool) -> None:
    scores = Shelf(meaning=meaning).scores((ROBOTS, 1))

    assert scores[GRIPPERS] > max(scores[PROTEINS], scores[ENZYMES], scores[TAXES])


@WITH_OR_WITHOUT
def test_two_interests_are_both_served_and_a_third_is_not(*, meaning: bool) -> None:
    scores = Shelf(meaning=meaning).scores((ROBOTS, 1), (PROTEINS, 1))

    assert min(scores[GRIPPERS], scores[ENZYMES]) > scores[TAXES]


def test_what_touches_two_interests_lightly_is_below_what_is_in_one() -> None:
    between = "robots that check protein spending on heat"
    scores = Shelf((GRIPPERS, ENZYMES, between)).scores((ROBOTS, 1), (PROTEINS, 1))

    assert min(scores[GRIPPERS], scores[ENZYMES]) > scores[between]


@WITH_OR_WITHOUT
def test_a_dislike_takes_from_its_own_corner_most(*, meaning: bool) -> None:
    shelf = Shelf(meaning=meaning)

    before = shelf.scores((ROBOTS, 1), (PROTEINS, 1))
    after = shelf.scores((ROBOTS, 1), (PROTEINS, 1), (ENZYMES, -1))
    losses = {text: before[text] - after[text] for text in (GRIPPERS, ENZYMES)}

    assert losses[ENZYMES] > 2 * losses[GRIPPERS]
    assert after[ENZYMES] < after[GRIPPERS]


@settings(max_examples=40, deadline=None)
@given(drawn=VOTES, disliked=st.sampled_from(VOTED), age=st.floats(0, 2000), meaning=st.booleans())
def test_a_dislike_never_raises_the_score_of_what_is_disliked(
    drawn: list[tuple[str, int, float]], disliked: str, age: float, *, meaning: bool
) -> None:
    shelf, row = SHELVES[meaning], VOTED.index(disliked)

    before = taste_of(shelf, drawn)[row]
    after = taste_of(shelf, [*drawn, (disliked, -1, age)])[row]

    assert after <= before + 1e-5  # products are of single precision


@settings(max_examples=40, deadline=None)
@given(drawn=VOTES, liked=st.sampled_from(VOTED), age=st.floats(0, 2000), meaning=st.booleans())
def test_at_the_same_width_a_like_never_lowers_the_score_of_what_is_liked(
    drawn: list[tuple[str, int, float]], liked: str, age: float, *, meaning: bool
) -> None:
    shelf, row = SHELVES[meaning], VOTED.index(liked)

    before, after = (
        replace(taste_for(shelf, votes), width=0.14).scores(shelf.seen)[row]
        for votes in (drawn, [*drawn, (liked, 1, age)])
    )

    assert after >= before - 1e-9


@settings(max_examples=40, deadline=None)
@given(drawn=VOTES, dice=st.randoms(use_true_random=False), meaning=st.booleans())
def test_the_order_of_votes_does_not_matter(
    drawn: list[tuple[str, int, float]], dice: random.Random, *, meaning: bool
) -> None:
    shelf, other = SHELVES[meaning], list(drawn)
    dice.shuffle(other)

    assert taste_of(shelf, other) == pytest.approx(taste_of(shelf, drawn), abs=1e-5)


def test_the_same_votes_give_the_same_bytes() -> None:
    first, second = (
        Shelf(meaning=True).taste((ROBOTS, 1), (TAXES, -1)).background_scores() for _ in range(2)
    )

    assert first.tobytes() == second.tobytes()


def test_the_score_of_a_candidate_does_not_depend_on_the_others() -> None:
    shelf = Shelf(meaning=True)
    taste = shelf.taste((ROBOTS, 1), (TAXES, -1))

    alone = [taste.scores(shelf.see(text))[0] for text in ALL]

    assert alone == pytest.approx(taste.scores(shelf.seen), abs=1e-5)


def test_an_old_like_counts_less_than_a_new_one_and_alone_as_much() -> None:
    shelf, age = Shelf(), 2 * HALF_LIFE_DAYS

    changed = shelf.scores((ROBOTS, 1), (PROTEINS, 1), ages=(age, 0))
    faithful = shelf.scores((ROBOTS, 1), ages=(age,))

    assert changed[ENZYMES] > changed[GRIPPERS] > changed[TAXES]
    assert faithful == pytest.approx(shelf.scores((ROBOTS, 1)))


def test_votes_of_ages_beyond_all_count_nothing_and_break_nothing() -> None:
    assert set(Shelf().scores((ROBOTS, 1), ages=(1e9,)).values()) == {0.0}


def test_the_like_most_responsible_is_named() -> None:
    shelf = Shelf()
    taste = shelf.taste((TAXES, 1), (GRIPPERS, -1), (ROBOTS, 1), (PROTEINS, 1))

    _, nearest = taste.scores_and_nearest(shelf.seen)
    named = dict(zip(ALL, nearest.tolist(), strict=True))

    assert (named[TAXES], named[ROBOTS], named[ENZYMES]) == (0, 2, 3)


def test_with_dislikes_alone_nothing_is_wanted() -> None:
    shelf = Shelf()
    taste = shelf.taste((TAXES, -1), (ROBOTS, -1))
    scores = taste.scores(shelf.seen)

    assert not taste.has_likes
    assert (scores <= 0).all()
    assert set(np.argsort(scores)[:2]) == {ALL.index(TAXES), ALL.index(ROBOTS)}


def test_of_the_usual_few_seem_improbable_and_a_twin_does() -> None:
    shelf = Shelf(background=LEAST_BACKGROUND)
    taste = shelf.taste((ROBOTS, 1))

    of_usual = taste.chances(taste.background_scores())
    of_twin = taste.chances(taste.scores(shelf.see(ROBOTS)))

    assert of_usual is not None
    assert of_twin is not None
    assert 0.9 <= (of_usual == 1).mean() <= 1
    assert 0 < of_twin[0] < 1e-4 < of_usual.min()


def test_without_likes_or_with_a_small_background_no_chance_is_told() -> None:
    small, large = Shelf(), Shelf(background=LEAST_BACKGROUND)

    assert small.taste((ROBOTS, 1)).chances(np.ones(3)) is None
    assert large.taste((ROBOTS, -1)).chances(np.ones(3)) is None
    assert large.taste().chances(np.ones(3)) is None


def test_scores_that_are_all_equal_leave_no_tail_and_nothing_is_claimed() -> None:
    usual = [TAXES] * LEAST_BACKGROUND
    words = [text.split() for text in (*usual, ROBOTS)]
    vocabulary = Vocabulary.of(words)
    background = Background.of(Texts(vocabulary.weigh(words[:-1])))
    taste = learn([Vote(1)], background.see(Texts(vocabulary.weigh(words[-1:]))), background)

    found = taste.chances(np.array([0.0, 5.0]))

    assert found is not None
    assert found.tolist() == [1, 1]


def test_what_was_voted_on_is_not_usual() -> None:
    shelf, usual = Shelf(), usual_texts()
    own = usual[0]
    twins = sum(sorted(text.split()) == sorted(own.split()) for text in usual)

    taste = shelf.taste((own, 1))

    assert len(taste.background_scores()) == len(usual) - twins
    assert taste.background_scores().max() < taste.scores(shelf.see(own))[0]


@pytest.mark.parametrize("background", [0, 1, 2, 5])
@WITH_OR_WITHOUT
def test_a_small_background_is_enough_to_rank(background: int, *, meaning: bool) -> None:
    shelf = Shelf(meaning=meaning, background=background)

    scores = shelf.scores((ROBOTS, 1), (TAXES, -1))

    assert np.isfinite(list(scores.values())).all()
    assert max(scores, key=scores.__getitem__) == ROBOTS
    assert scores[GRIPPERS] > scores[TAXES]


def test_a_background_of_one_text_many_times_says_nothing_and_breaks_nothing() -> None:
    shelf = Shelf()
    same = shelf.background.see(shelf._texts([TAXES] * 30))

    assert np.isfinite(shelf.taste((TAXES, 1)).scores(same)).all()


@WITH_OR_WITHOUT
def test_a_text_without_a_known_word_is_like_nothing(*, meaning: bool) -> None:
    shelf = Shelf(meaning=meaning)
    empty = shelf.see("", "")

    of_empty = shelf.background.likeness(empty, shelf.seen)

    assert not of_empty.any()
    assert not shelf.background.likeness(empty, empty).any()
    assert np.isfinite(shelf.taste(("", 1), (ROBOTS, 1)).scores(empty)).all()


@WITH_OR_WITHOUT
def test_likeness_is_symmetric_one_with_itself_and_bounded(*, meaning: bool) -> None:
    shelf = Shelf(VOTED, meaning=meaning)

    likeness = shelf.background.likeness(shelf.seen, shelf.seen)

    assert likeness == pytest.approx(likeness.T, abs=1e-4)
    assert np.diag(likeness) == pytest.approx(np.ones(len(VOTED)), abs=1e-4)
    assert np.abs(likeness).max() <= 1


def test_hostile_sizes_are_taken() -> None:
    long = " ".join(f"word{number}" for number in range(20_000))
    repeated = "cups " * 2_000
    shelf = Shelf((long, repeated, ROBOTS))

    scores = shelf.scores(*itertools.repeat((repeated, 1), 400), (long, 1), (ROBOTS, -1))

    assert np.isfinite(list(scores.values())).all()
    assert scores[repeated] > scores[ROBOTS]
    assert not len(shelf.taste((ROBOTS, 1)).scores(shelf.see()))
