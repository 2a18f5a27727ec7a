"""Change a document and leave every other byte of it as it is.

A writer that loads and dumps would reorder, requote and reflow what people wrote. Here the text is
cut at the places that the YAML parser names, and each result is read back: a change that would
come out as anything else is tried in another way, and refused when there is none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from newsletter.errors import PreferencesError
from newsletter.model import Problem
from newsletter.preferences.editing.changes import Delete, Insert, Path, Replace, Step, after, steps
from newsletter.preferences.editing.pieces import Lines, lay_out
from newsletter.preferences.editing.quoting import Value, key_lines
from newsletter.preferences.editing.splices import written
from newsletter.preferences.yaml_text.nodes import as_data
from newsletter.preferences.yaml_text.reader import DOCUMENT_LIMITS, Limits, read_yaml

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Put:
    """Set the value at `path`; mappings on the way are made. A place behind the end of a list appends."""

    path: Path
    value: Value


@dataclass(frozen=True, slots=True)
class Remove:
    """Take the key or item at `path` away; nothing happens where there is none."""

    path: Path


@dataclass(frozen=True, slots=True)
class Append:
    """Add an item to the list at `path`, which is made where there is none."""

    path: Path
    value: Value


Change = Put | Remove | Append


def edit(text: str, *changes: Change, limits: Limits = DOCUMENT_LIMITS) -> str:
    """Return the one document `text` with `changes` made, one after the other.

    Comments, order, quotes, indentation and line ends stay; what is new is quoted where it must be.
    Raises PreferencesError where `text` is not read by `read_yaml`, where a path leads through a
    value that holds no others, and for a value that no document can hold.
    """
    for change in changes:
        value = read_value(text, limits=limits)
        text = _follow(text, value, _steps_of(value, change), limits)
    return text


def rewrite(text: str, wanted: Value, *, limits: Limits = DOCUMENT_LIMITS) -> str:
    """Return `text` made to say `wanted`, keeping every byte of what it says already.

    Raises PreferencesError as `edit` does.
    """
    value = read_value(text, limits=limits)
    return _follow(text, value, steps(value, wanted), limits)


def _follow(text: str, value: Value, way: Iterable[Step], limits: Limits) -> str:
    bom, text = text[: text.startswith(_BOM)], text.removeprefix(_BOM)
    for step in way:
        value = after(value, step)
        text = _write(text, step, value, limits)
    return bom + text


def read_value(text: str, *, limits: Limits = DOCUMENT_LIMITS) -> Value:
    """Return what `text` says: dicts, lists and texts. Raises PreferencesError with every problem."""
    node = read_yaml(text, "the document", limits=limits)
    if isinstance(node, tuple):
        raise PreferencesError("\n".join(map(str, node)))
    return cast("Value", as_data(node))


def _write(text: str, step: Step, expected: Value, limits: Limits) -> str:
    """Return the first way to write `step` that reads as `expected`."""
    root = lay_out(text)
    problems: Sequence[Problem] = ()
    ways = written(text, root, step) if root else iter([_begun(text, expected)])
    for way in ways:
        node = read_yaml(way, "the changed document", limits=limits)
        if isinstance(node, tuple):
            problems = problems or node
        elif as_data(node) == expected:
            return way
    if wider := _wider(step, expected):
        return _write(text, wider, expected, limits)
    where = ".".join(str(one) for one in step.path) or "the document"
    said = "".join(f"\n{problem}" for problem in problems)
    raise PreferencesError(f"{where}: this change cannot be written; edit the text by hand{said}")


def _wider(step: Step, expected: Value) -> Step | None:
    """Write the list or mapping around a change anew, when no smaller way does."""
    path = step.path[:-1] if isinstance(step, Replace | Delete) else step.path
    if not path:
        return None
    value = expected
    for one in path:
        value = value[one]  # type: ignore[index]  # the path was followed before
    return Replace(path, value)


def _begun(text: str, value: Value) -> str:
    """Write the first keys below what stands in an empty document: its comments."""
    if not isinstance(value, dict):
        message = "a document needs keys, e.g. email: ada@example.org"
        raise PreferencesError(message)
    end = Lines(text).line_end
    lines = [line for key, one in value.items() for line in key_lines(key, one)]
    gap = end if text and text[-1] not in "\r\n" else ""
    return text + gap + "".join(f"{line}{end}" for line in lines)


def _steps_of(value: Value, change: Change) -> Iterable[Step]:
    """Return the steps of a change; of equal items of a list exactly the one that is named changes."""
    wanted = _changed(value, change)
    if wanted == value:
        return ()
    path = _reach(value, change.path)
    if isinstance(change, Remove):
        path = path[:-1]
        around = _look(value, path)
        if around and len(around) > 1:
            return [Delete(change.path)]
    items = _look(value, path)
    if isinstance(change, Append) and isinstance(items, list) and items:
        return [Insert(path, len(items), change.value)]
    return steps(items, _look(wanted, path), path)


def _reach(value: Value, path: Path) -> Path:
    """Return as much of `path` as leads somewhere."""
    for length, step in enumerate(path):
        is_there = (isinstance(value, dict) and step in value) or (
            isinstance(value, list) and isinstance(step, int) and step < len(value)
        )
        if not is_there:
            return path[:length]
        value = _look(value, (step,))
    return path


def _changed(value: Value, change: Change) -> Value:
    match change:
        case Put(path=path, value=new):
            return _put(value, path, new, ())
        case Append(path=path, value=new):
            items = _look(value, path)
            if not (items is None or isinstance(items, list)):
                message = f"{_shown(path)}: is no list; nothing can be added to it"
                raise PreferencesError(message)
            return _put(value, path, [*(items or []), new], ())
        case Remove(path=path):
            return _removed(value, path)


def _look(value: Value, path: Path) -> Value:
    for step in path:
        if isinstance(value, dict):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _put(value: Value, path: Path, new: Value, above: Path) -> Value:
    if not path:
        return new
    step, *others = path
    here = (*above, step)
    if isinstance(step, int) and (value is None or isinstance(value, list)):
        items = value or []
        if step > len(items):
            message = f"{_shown(here)}: there are only {len(items)} items"
            raise PreferencesError(message)
        inner = items[step] if step < len(items) else None
        return [*items[:step], _put(inner, tuple(others), new, here), *items[step + 1 :]]
    if isinstance(step, str) and (value is None or isinstance(value, dict)):
        known = value or {}
        return {**known, step: _put(known.get(step), tuple(others), new, here)}
    raise PreferencesError(f"{_shown(above)}: {_misfit(step)}")


def _misfit(step: str | int) -> str:
    if isinstance(step, int):
        return "is no list, so it has no items"
    return f'has no key "{step}"; items of a list are named by their number, from 1'


def _removed(value: Value, path: Path) -> Value:
    if not path or _look(value, path[:-1]) is None:
        return value
    step, *others = path
    if isinstance(value, dict) and step in value:
        if others:
            return {**value, str(step): _removed(value[str(step)], tuple(others))}
        return {key: one for key, one in value.items() if key != step}
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        inner = [_removed(value[step], tuple(others))] if others else []
        return [*value[:step], *inner, *value[step + 1 :]]
    return value


def _shown(path: Path) -> str:
    return ".".join(str(one + 1) if isinstance(one, int) else one for one in path) or "the document"
