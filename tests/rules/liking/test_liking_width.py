"""How widely likes reach, told by the likes."""

import numpy as np
import pytest
from numpy.typing import NDArray

from newsletter.rules.liking.width import WIDTH, told_width
from tests.rules.liking.tastes import GRIPPERS, PROTEINS, ROBOTS, TAXES, Shelf, usual_texts

Table = NDArray[np.float32]


def likes_in_lines(lines: int, alike: float) -> Table:
    """Return how alike three likes in each of some lines of work are: those of other lines not at all."""
    found = np.kron(np.eye(lines), np.full((3, 3), alike))
    np.fill_diagonal(found, 1)
    return found.astype(np.float32)


def what_touches_all(likes: int) -> Table:
    return np.full((likes, 100), 0.2, dtype=np.float32)


def what_touches_one(likes: int) -> Table:
    """Return recent entries each of which is rather like one of the likes, by accident."""
    return np.tile(0.5 * np.eye(likes), 10).astype(np.float32)


def test_likes_in_several_lines_of_work_have_narrow_hills() -> None:
    assert told_width(likes_in_lines(4, 0.6), what_touches_all(12)) < 0.2


def test_likes_that_are_all_a_little_alike_have_wide_ones() -> None:
    one_field = np.full((12, 12), 0.25, dtype=np.float32)

    assert told_width(one_field, what_touches_one(12)) > 0.3


@pytest.mark.parametrize("liked", [0, 1, 2])
def test_fewer_than_three_likes_do_not_say(liked: int) -> None:
    alike = np.full((liked, liked), 0.6, dtype=np.float32)

    assert told_width(alike, what_touches_all(liked)) == WIDTH


def test_beside_few_recent_entries_likes_do_not_say() -> None:
    assert told_width(likes_in_lines(4, 0.6), what_touches_all(12)[:, :49]) == WIDTH


def test_dislikes_do_not_change_it() -> None:
    shelf = Shelf()
    likes = [(ROBOTS, 1), (GRIPPERS, 1), (PROTEINS, 1)]

    assert shelf.taste(*likes, (TAXES, -1)).width == pytest.approx(shelf.taste(*likes).width)


def test_the_newest_sixty_tell_it() -> None:
    shelf = Shelf()
    new = [(text, 1) for text in (ROBOTS, GRIPPERS, PROTEINS) * 20]
    old = [(text, 1) for text in usual_texts(9)]

    alone = shelf.taste(*new).width
    beside_old = shelf.taste(*old, *new, ages=(400.0,) * 9 + (0.0,) * 60).width

    assert beside_old == pytest.approx(alone, rel=0.05)  # what is usual lacks the old ones
