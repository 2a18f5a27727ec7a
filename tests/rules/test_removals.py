"""When missing documents are taken for deleted, and when for lost."""

import pytest

from newsletter.rules.removals import are_doubtful


@pytest.mark.parametrize(
    ("missing", "in_force", "present"),
    [(1, 1, 0), (1, 500, 499), (2, 3, 1), (10, 20, 10), (19, 20, 1), (15, 30, 15), (250, 500, 250)],
)
def test_what_people_delete_by_hand_is_believed(missing: int, in_force: int, present: int) -> None:
    assert not are_doubtful(missing=missing, in_force=in_force, present=present)


@pytest.mark.parametrize(
    ("missing", "in_force", "present"),
    [(2, 2, 0), (3, 3, 0), (500, 500, 0), (11, 21, 10), (16, 30, 14), (251, 500, 600)],
)
def test_what_a_lost_folder_looks_like_is_doubted(
    missing: int, in_force: int, present: int
) -> None:
    assert are_doubtful(missing=missing, in_force=in_force, present=present)
