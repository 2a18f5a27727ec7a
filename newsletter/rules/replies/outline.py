"""Where a line may stand: the mappings and lists that are open above it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from newsletter.rules.replies.shape import Shape

Path = tuple[str, ...]
"""Keys that lead to a line; an item is "[]", the key on the line of its dash "- key"."""

ITEM: Final = "[]"
STEP: Final = 2
"""Columns by which this program indents."""


@dataclass(frozen=True, slots=True)
class Level:
    """A mapping or a list that is open. `open_key` is a key that has no value yet."""

    indent: int
    path: Path = ()
    is_list: bool = False
    open_key: str = ""
    keys: frozenset[str] = frozenset()

    def with_key(self, shape: Shape) -> "Level":
        """Return the mapping with one key more."""
        opened = shape.key if shape.is_empty else ""
        return replace(self, open_key=opened, keys=self.keys | {shape.key})


Levels = tuple[Level, ...]
ROOT: Final[Levels] = (Level(0),)


@dataclass(frozen=True, slots=True)
class Place:
    """A line at its place: the levels that are open below it, and the path to it."""

    indent: int
    levels: Levels
    path: Path


def place(levels: Levels, indent: int, shape: Shape) -> Place | None:
    """Put an item or a key at an indentation from 0; None where it belongs to nothing that is open."""
    kept = tuple(level for level in levels if level.indent <= indent)
    return _place_item(kept, indent, shape) if shape.is_item else _place_key(kept, indent, shape)


def _place_item(kept: Levels, indent: int, shape: Shape) -> Place | None:
    top = kept[-1]
    if not top.is_list or top.indent != indent:
        if top.is_list or not top.open_key:
            return None
        opened = Level(indent, (*top.path, top.open_key), is_list=True)
        kept = (*kept[:-1], replace(top, open_key=""), opened)
        top = opened
    path = (*top.path, ITEM)
    if not shape.key:
        return Place(indent, kept, path)
    item = Level(indent + STEP, path).with_key(shape)
    return Place(indent, (*kept, item), (*path, f"- {shape.key}"))


def _place_key(kept: Levels, indent: int, shape: Shape) -> Place | None:
    if kept[-1].is_list:
        kept = kept[:-1]  # to the mapping that has the list
    top = kept[-1]
    if top.indent != indent:
        if not top.open_key:
            return None
        opened = Level(indent, (*top.path, top.open_key))
        kept = (*kept[:-1], replace(top, open_key=""), opened)
        top = opened
    return Place(indent, (*kept[:-1], top.with_key(shape)), (*top.path, shape.key))


def places_for_item(levels: Levels, indents: Callable[[Path], int | None]) -> Sequence[int]:
    """Return the indentations at which an item can stand, whatever its own is.

    Below a key without a value it can belong to that key alone. `indents` tells at which
    indentation a path stood in what was sent.
    """
    top = levels[-1]
    if top.open_key and not top.is_list:
        known = indents((*top.path, top.open_key, ITEM))
        return [top.indent + STEP if known is None else known]
    return [level.indent for level in levels if level.is_list]


def places_for_key(
    levels: Levels, key: str, indents: Callable[[Path], int | None]
) -> Sequence[int]:
    """Return the indentations at which a key can stand that was sent below the same keys."""
    found = [
        level.indent
        for level in levels
        if not level.is_list and key not in level.keys and indents((*level.path, key)) is not None
    ]
    top = levels[-1]
    below = indents((*top.path, top.open_key, key)) if top.open_key else None
    return found if below is None else [*found, below]
