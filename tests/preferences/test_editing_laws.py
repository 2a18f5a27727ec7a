"""Whatever the style: a change makes exactly the changed document, and touches only its own bytes."""

from collections.abc import Iterator

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from newsletter.preferences import CONFIG_LIMITS
from newsletter.preferences.editing.changes import Path
from newsletter.preferences.editing.edit import (
    Append,
    Change,
    Put,
    Remove,
    edit,
    read_value,
    rewrite,
)
from newsletter.preferences.editing.pieces import Lines, Piece, lay_out
from newsletter.preferences.editing.quoting import Value
from tests.preferences.yaml_styles import ROOTS, TEXTS, VALUES, styled

STYLED = styled()
quick = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def paths(value: Value, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    pairs: list[tuple[str | int, Value]] = []
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    for key, inner in pairs:
        yield from paths(inner, (*path, key))


def at(value: Value, path: Path) -> Value:
    for step in path:
        value = value[step]  # type: ignore[index]
    return value


def piece_at(text: str, path: Path) -> tuple[Piece, Piece]:
    """Return the piece at a path and the one around it."""
    piece = lay_out(text)
    assert piece
    parent = piece
    for step in path:
        parent = piece
        piece = parent.parts[parent.names.index(step) if isinstance(step, str) else step]
    return piece, parent


def changed(text: str, change: Change) -> str:
    return edit(text, change, limits=CONFIG_LIMITS)


def read(text: str) -> Value:
    return read_value(text.removeprefix("\ufeff"), limits=CONFIG_LIMITS)


def outside_is_kept(old: str, new: str, first: int, stop: int) -> bool:
    is_long_enough = len(new) >= first + len(old) - stop
    return is_long_enough and new.startswith(old[:first]) and new.endswith(old[stop:])


def is_insertion(old: str, new: str) -> bool:
    added = len(new) - len(old)
    return any(
        new[:place] == old[:place] and new[place + added :] == old[place:]
        for place in range(len(old) + 1)
    )


@quick
@given(STYLED)
def test_the_styles_of_these_tests_read_as_what_they_were_made_of(
    document: tuple[str, dict[str, Value]],
) -> None:
    text, value = document
    assert read(text) == value


@quick
@given(STYLED, st.data())
def test_another_text_for_a_scalar_touches_only_that_scalar(
    document: tuple[str, dict[str, Value]], data: st.DataObject
) -> None:
    text, value = document
    leaves = [path for path in paths(value) if isinstance(at(value, path), str)]
    assume(leaves)
    path = data.draw(st.sampled_from(leaves))
    new = changed(text, Put(path, data.draw(TEXTS)))
    piece, _ = piece_at(text, path)
    assert outside_is_kept(text, new, piece.start, max(piece.last, Lines(text).end(piece.start)))


@quick
@given(STYLED, st.data())
def test_any_value_can_take_the_place_of_any_other(
    document: tuple[str, dict[str, Value]], data: st.DataObject
) -> None:
    text, value = document
    path = data.draw(st.sampled_from(list(paths(value))))
    new = data.draw(VALUES.filter(lambda one: one is not None))
    wanted = changed(text, Put(path, new))
    assert at(read(wanted), path) == new
    assert read(changed(wanted, Put(path, at(value, path)))) == value


@quick
@given(STYLED, st.data())
def test_a_new_key_is_an_insertion_and_nothing_else(
    document: tuple[str, dict[str, Value]], data: st.DataObject
) -> None:
    text, value = document
    places = [(), *(path for path in paths(value) if isinstance(at(value, path), dict))]
    path = (*data.draw(st.sampled_from(places)), "new")
    one = data.draw(VALUES)
    new = changed(text, Put(path, one))
    assert at(read(new), path) == one
    if at(value, path[:-1]) and not piece_at(text, path[:-1])[0].is_flow:
        assert is_insertion(text, new)


@quick
@given(STYLED, st.data())
def test_a_new_item_is_an_insertion_and_nothing_else(
    document: tuple[str, dict[str, Value]], data: st.DataObject
) -> None:
    text, value = document
    lists = [path for path in paths(value) if isinstance(at(value, path), list)]
    assume(lists)
    path = data.draw(st.sampled_from(lists))
    one = data.draw(VALUES.filter(lambda item: item is not None))
    new = changed(text, Append(path, one))
    items = at(value, path)
    assert isinstance(items, list)
    assert at(read(new), path) == [*items, one]
    if not piece_at(text, path)[0].is_flow:
        assert is_insertion(text, new)


@quick
@given(STYLED, st.data())
def test_what_is_taken_out_takes_only_its_own_lines_along(
    document: tuple[str, dict[str, Value]], data: st.DataObject
) -> None:
    text, value = document
    path = data.draw(st.sampled_from(list(paths(value))))
    around = at(value, path[:-1])
    assert isinstance(around, list | dict)
    assume(len(around) > 1 or len(path) > 1)
    new = changed(text, Remove(path))
    piece, parent = piece_at(text, path)
    if len(around) > 1 and not parent.is_flow:
        place = parent.parts.index(piece)
        following = parent.parts[place + 1 :]
        stop = following[0].head if following else len(text)
        assert outside_is_kept(text, new, Lines(text).start(piece.head), stop)


@quick
@given(STYLED, ROOTS)
def test_any_document_can_be_made_to_say_what_another_says(
    document: tuple[str, dict[str, Value]], wanted: dict[str, Value]
) -> None:
    text, _ = document
    assert read(rewrite(text, dict(wanted), limits=CONFIG_LIMITS)) == wanted


@quick
@given(STYLED)
def test_nothing_changes_where_nothing_is_to_change(
    document: tuple[str, dict[str, Value]],
) -> None:
    text, value = document
    assert rewrite(text, dict(value), limits=CONFIG_LIMITS) == text
    assert changed(text, Remove(("not there", 3))) == text
