"""A memory that stays small."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.rules.recent import Recent


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
