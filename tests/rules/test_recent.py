"""A memory that stays small."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.rules.recent import Recent, WorkedOut


@given(st.lists(st.integers(0, 9)), st.integers(1, 4))
def test_it_keeps_the_latest_few_and_what_it_returns_is_right(keys: list[int], limit: int) -> None:
    squares: Recent[int, int] = Recent(limit)
    for key in keys:
        if squares.get(key) is None:
            assert squares.keep(key, key * key) == key * key
        assert squares.get(key) == key * key
        assert len(squares) <= limit


def test_what_came_first_goes_first() -> None:
    kept: Recent[str, int] = Recent(2)
    for number, key in enumerate("abc"):
        kept.keep(key, number)
    assert [kept.get(key) for key in "abc"] == [None, 1, 2]


@given(st.lists(st.integers(0, 9)), st.integers(1, 4))
def test_what_is_known_is_not_worked_out_again(keys: list[int], limit: int) -> None:
    asked: list[int] = []

    def square(key: int) -> int:
        asked.append(key)
        return key * key

    squares = WorkedOut(limit, square)
    for key in keys:
        is_known, before = key in squares, len(asked)
        assert squares[key] == key * key
        assert len(asked) - before == (not is_known)
        assert len(squares) <= limit


def test_what_could_not_be_worked_out_is_tried_again() -> None:
    numbers = WorkedOut(2, int)
    for _ in range(2):
        with pytest.raises(ValueError, match="nothing"):
            numbers["nothing"]
    assert not numbers
