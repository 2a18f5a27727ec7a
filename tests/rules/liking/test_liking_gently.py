"""One like alone is heard more gently: what its field shares is a part of it."""

import numpy as np
import pytest

from newsletter.rules.liking import background
from tests.rules.liking.tastes import ALL, PROTEINS, ROBOTS, TAXES, Shelf, usual_texts

USUAL = tuple(usual_texts(9))


@pytest.mark.parametrize("meaning", [False, True], ids=["words", "meaning"])
def test_gentle_likeness_is_what_a_gentler_ridge_leaves(*, meaning: bool) -> None:
    shelf = Shelf((*ALL, *USUAL), meaning=meaning)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(background, "RIDGE", background.GENTLE_RIDGE)
        gentler = Shelf((*ALL, *USUAL), meaning=meaning)

    found = shelf.background.likeness(shelf.seen, shelf.seen, gently=True)

    assert found == pytest.approx(gentler.background.likeness(gentler.seen, gentler.seen), abs=1e-4)


def test_what_a_field_shares_counts_for_more() -> None:
    shelf = Shelf(USUAL)

    firm, gentle = (
        np.abs(shelf.background.likeness(shelf.seen, shelf.seen, gently=gently)).mean()
        for gently in (False, True)
    )

    assert gentle > firm


def test_a_text_is_as_alike_to_itself() -> None:
    shelf = Shelf()

    found = shelf.background.likeness(shelf.seen, shelf.seen, gently=True)

    assert found.diagonal().tolist() == [1.0] * len(ALL)


def test_without_a_background_it_is_the_same() -> None:
    shelf = Shelf(background=0)

    firm, gentle = (
        shelf.background.likeness(shelf.seen, shelf.seen, gently=gently) for gently in (False, True)
    )

    assert gentle == pytest.approx(firm)


def test_one_like_is_heard_gently_also_beside_dislikes_and_two_are_not() -> None:
    shelf = Shelf()

    assert shelf.taste((ROBOTS, 1)).is_gentle
    assert shelf.taste((ROBOTS, 1), (TAXES, -1)).is_gentle
    assert not shelf.taste((ROBOTS, 1), (PROTEINS, 1)).is_gentle
    assert not shelf.taste((TAXES, -1)).is_gentle


def test_what_is_usual_is_heard_as_candidates_are() -> None:
    shelf = Shelf()
    taste = shelf.taste((ROBOTS, 1))

    # No text of the background is the one liked, so none was left out.
    assert taste.background_scores() == pytest.approx(taste.scores(shelf.background.seen), abs=1e-5)
