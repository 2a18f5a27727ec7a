"""What must be changed to make one document out of another, step by step."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from newsletter.preferences.editing.quoting import Value

Path = tuple[str | int, ...]
"""Leads to a value: keys, and places in lists from 0."""

_ORDER: Final = (
    *("email", "name", "send", "every", "day", "at", "timezone"),
    *("topics", "follow", "authors", "organizations", "mute", "query", "about", "weight"),
    *("entries", "at_most", "order", "minimum_upvotes", "revisions", "learn"),
    *("strictness", "when_empty", "format", "pause_until"),
)
"""The order in which the documentation shows the keys; a new one is put where it belongs."""


@dataclass(frozen=True, slots=True)
class Replace:
    """Write another value in the place of one."""

    path: Path
    value: Value


@dataclass(frozen=True, slots=True)
class Insert:
    """Write an entry into the list or mapping at `path`; `place` counts from 0."""

    path: Path
    place: int
    value: Value
    key: str | None = None
    """None in a list."""


@dataclass(frozen=True, slots=True)
class Delete:
    """Take an entry out of a list or mapping that holds others."""

    path: Path


Step = Replace | Insert | Delete


def steps(old: Value, new: Value, path: Path = ()) -> Iterator[Step]:
    """Yield the steps from `old` to `new`; each counts on those before it.

    What is equal is not touched: items of lists are recognised by what they say.
    """
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict) and old and new:
        yield from _mapping_steps(old, new, path)
    elif isinstance(old, list) and isinstance(new, list) and old and new:
        yield from _list_steps(old, new, path)
    else:
        yield Replace(path, new)


def _mapping_steps(
    old: Mapping[str, Value], new: Mapping[str, Value], path: Path
) -> Iterator[Step]:
    names = list(old)
    for key, value in new.items():
        if key in old:
            yield from steps(old[key], value, (*path, key))
        else:
            place = _place_for(key, names)
            names.insert(place, key)
            yield Insert(path, place, value, key)
    yield from (Delete((*path, key)) for key in old if key not in new)


def _place_for(key: str, names: Sequence[str]) -> int:
    """Return the place behind the last key that comes before `key` in the usual order."""
    if key not in _ORDER:
        return len(names)
    before = _ORDER[: _ORDER.index(key)]
    return max((place + 1 for place, name in enumerate(names) if name in before), default=0)


def _list_steps(old: Sequence[Value], new: Sequence[Value], path: Path) -> Iterator[Step]:
    matcher = SequenceMatcher(None, _hashable(old), _hashable(new), autojunk=False)
    # From the end, so that the places before it stay what they are.
    for _, first, stop, new_first, new_stop in reversed(matcher.get_opcodes()):
        before, after = old[first:stop], new[new_first:new_stop]
        common = min(len(before), len(after))
        for offset in reversed(range(common, len(after))):
            yield Insert(path, first + common, after[offset])
        yield from (
            Delete((*path, first + offset)) for offset in reversed(range(common, len(before)))
        )
        for offset in reversed(range(common)):
            yield from steps(before[offset], after[offset], (*path, first + offset))


def _hashable(values: Sequence[Value]) -> list[str]:
    return [json.dumps(value, sort_keys=True) for value in values]


def after(value: Value, step: Step) -> Value:
    """Return what `value` is after `step`."""
    if isinstance(step, Insert):
        return _inserted(value, step, step.path)
    if step.path:
        return _changed(value, step, step.path)
    assert isinstance(step, Replace)  # noqa: S101 - nothing holds the whole document
    return step.value


def _inserted(value: Value, step: Insert, path: Path) -> Value:
    if path:
        return _with(value, path[0], _inserted(_at(value, path[0]), step, path[1:]))
    if isinstance(value, list):
        return [*value[: step.place], step.value, *value[step.place :]]
    assert isinstance(value, dict)  # noqa: S101 - a step is made for the value it is applied to
    return {**value, step.key or "": step.value}


def _changed(value: Value, step: Replace | Delete, path: Path) -> Value:
    if len(path) > 1:
        return _with(value, path[0], _changed(_at(value, path[0]), step, path[1:]))
    if isinstance(step, Replace):
        return _with(value, path[0], step.value)
    if isinstance(value, dict):
        return {key: one for key, one in value.items() if key != path[0]}
    assert isinstance(value, list)  # noqa: S101 - as above
    return [one for place, one in enumerate(value) if place != path[0]]


def _at(value: Value, key: str | int) -> Value:
    if isinstance(value, dict):
        return value[str(key)]
    assert isinstance(value, list)  # noqa: S101 - as above
    return value[int(key)]


def _with(value: Value, key: str | int, one: Value) -> Value:
    if isinstance(value, dict):
        return {**value, str(key): one}
    assert isinstance(value, list)  # noqa: S101 - as above
    return [*value[: int(key)], one, *value[int(key) + 1 :]]
