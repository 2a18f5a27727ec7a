"""What a YAML text says, with the place of every word of it.

Every scalar is text: the schema gives it a type, so `no`, `7:30`, `2301.00010` and `1_000` keep
their meaning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """One word or text. `line` and `column` count from 1 and name its first character, quote included."""

    line: int
    column: int
    text: str
    is_quoted: bool = False
    """In quotes or as a block: then even an empty text is a text."""
    raw: str = ""
    """As written, with quotes; empty where the text has no such slice."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written after the colon or the dash."""
        return not self.text and not self.is_quoted

    def column_of(self, position: int) -> int:
        """Return the column of character `position` of the text (from 0).

        That of the first character where the text stands on several lines or holds escapes.
        """
        if "\n" in self.raw or (self.raw.startswith('"') and "\\" in self.raw):
            return self.column
        doubled = self.text[:position].count("'") if self.raw.startswith("'") else 0
        return self.column + self.is_quoted + position + doubled


@dataclass(frozen=True, slots=True)
class ListNode:
    """Items in order."""

    line: int
    column: int
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Keys with their values, in order; no key comes twice."""

    line: int
    column: int
    entries: tuple[tuple[ScalarNode, "Node"], ...]

    def find(self, name: str) -> tuple[ScalarNode, "Node"] | None:
        """Return the key as written and its value."""
        return next((entry for entry in self.entries if entry[0].text == name), None)

    def get(self, name: str) -> "Node | None":
        """Return the value of a key."""
        found = self.find(name)
        return found[1] if found else None


Node = ScalarNode | ListNode | MappingNode


def as_data(node: Node) -> object:
    """Return dicts, lists and texts; an empty scalar is None."""
    match node:
        case ScalarNode():
            return None if node.is_empty else node.text
        case ListNode():
            return [as_data(item) for item in node.items]
        case MappingNode():
            return {key.text: as_data(value) for key, value in node.entries}


@dataclass(frozen=True, slots=True)
class Located:
    """A node found by its path. `key` is the key that leads to it, None at the top and in lists."""

    path: str
    node: Node
    key: ScalarNode | None = None


def locate(node: Node, path: Sequence[str | int]) -> Located:
    """Follow `path` as far as it leads; a step that leads nowhere ends it.

    Items of a list count from 1 in the dotted path, as readers count.
    """
    found = Located("", node)
    for step in _steps(node, path):
        found = step
    return found


def _steps(node: Node, path: Sequence[str | int]) -> Iterator[Located]:
    names: list[str] = []
    for step in path:
        key: ScalarNode | None = None
        if isinstance(node, MappingNode) and (entry := node.find(str(step))):
            key, node = entry
            names.append(key.text)
        elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            names.append(str(step + 1))
        else:
            return
        yield Located(".".join(names), node, key)
