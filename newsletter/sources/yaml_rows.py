"""Entries of a YAML file: plain texts, lists and mappings with their lines, nothing else."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

import yaml

from newsletter.errors import SourceError
from newsletter.sources.row import Raw, Row

# The base loader leaves every scalar a text, so that no date, number or `no` changes its meaning.
# libyaml does the same, ten times as fast, and is missing from some builds.
_Loader: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_DEEPEST: Final = 8


class _Mark(Protocol):
    """A place in a text, as both loaders know it."""

    line: int


def read_yaml(text: str, path: Path) -> Sequence[Row | int]:
    """Return the items of a list, or of the list under `entries`; of one that is no mapping its line.

    Raises SourceError with the line for text that is no YAML, has several documents, is
    nested more than eight deep, uses anchors, aliases or tags, or is no such list.
    """
    try:
        _refuse_tricks(text, path)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        message = f"{path}:{_line(error.problem_mark)}: is no YAML ({error.problem})"
        raise SourceError(message) from error
    except yaml.YAMLError as error:
        message = f"{path}: is no YAML ({error})"
        raise SourceError(message) from error
    items = _items(root)
    if items is None:
        message = f"{path}: is no list of entries; write `entries:` and below it `- title: …`"
        raise SourceError(message)
    return [_entry(item) for item in items]


def _refuse_tricks(text: str, path: Path) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        is_opening = isinstance(event, yaml.CollectionStartEvent)
        depth += is_opening - isinstance(event, yaml.CollectionEndEvent)
        if getattr(event, "anchor", None):
            trick = "anchors and aliases are not allowed; write the value again"
        elif getattr(event, "tag", None):
            trick = "tags are not allowed; write the value alone"
        elif depth > _DEEPEST:
            trick = f"is nested more than {_DEEPEST} deep; entries are flat"
        else:
            continue
        message = f"{path}:{_line(event.start_mark)}: {trick}"
        raise SourceError(message)


def _items(root: yaml.Node | None) -> Sequence[yaml.Node] | None:
    if root is None:
        return ()
    if isinstance(root, yaml.MappingNode):
        found = [value for key, value in root.value if key.value == "entries"]
        root = found[-1] if found else None
    if isinstance(root, yaml.ScalarNode) and root.value in _NULLS:
        return ()
    return root.value if isinstance(root, yaml.SequenceNode) else None


def _entry(node: yaml.Node) -> Row | int:
    line = _line(node.start_mark)
    values = _value(node)
    if not isinstance(values, dict):
        return line
    keys = [(str(key.value), _line(key.start_mark)) for key, _ in node.value]
    repeated = tuple(name for at, (name, _) in enumerate(keys) if name in dict(keys[:at]))
    return Row(line, values, dict(keys), repeated)


def _value(node: yaml.Node) -> Raw:
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(_value(key)): _value(value) for key, value in node.value}
    is_plain = isinstance(node, yaml.ScalarNode) and not node.style
    return None if is_plain and node.value in _NULLS else str(node.value)


def _line(mark: _Mark | None) -> int:
    """Count from 1; the parser counts from 0."""
    return mark.line + 1 if mark else 1
