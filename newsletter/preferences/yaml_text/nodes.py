"""What a YAML text says, with the place of every word of it.

Every scalar is text: the schema gives it a type, so `no`, `7:30`, `2301.00010` and `1_000` keep
their meaning.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from newsletter.preferences.schema.wording import shown

_DOUBLE: Final = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\n|.)|\S")
_BLANK_ESCAPES: Final = (
    "\\t",
    "\\n",
    "\\r",
    "\\v",
    "\\f",
    "\\ ",
    "\\_",
    "\\N",
    "\\L",
    "\\P",
    "\\\n",
)
_SINGLE: Final = re.compile(r"''|\S")
_PLAIN: Final = re.compile(r"\S")


def _signs(raw: str) -> Iterator[tuple[int, int]]:
    """Yield where each character of a text that is no blank begins and ends in `raw`.

    Blanks are left out because YAML folds them; all other characters come in order.
    """
    found: Iterable[re.Match[str]]
    match raw[0]:
        case '"':
            found = (one for one in _DOUBLE.finditer(raw, 1) if one[0] not in _BLANK_ESCAPES)
        case "'":
            found = _SINGLE.finditer(raw, 1)
        case "|" | ">":
            found = _PLAIN.finditer(raw, raw.find("\n") + 1)
        case _:
            found = _PLAIN.finditer(raw)
    return (one.span() for one in found)


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

    def place_of(self, position: int) -> tuple[int, int]:
        """Return the line and the column of character `position` of the text (from 0).

        Of a character that was not written as such (a blank that stands for a line end) the place
        behind the one before it.
        """
        if not self.raw:
            return self.line, self.column
        places = list(_signs(self.raw))
        before = sum(not sign.isspace() for sign in self.text[:position])
        is_told = position < len(self.text) and not self.text[position].isspace()
        if is_told and before < len(places):
            return self._place(places[before][0])
        start = places[before - 1][1] if 0 < before <= len(places) else self.is_quoted
        gap = position - len(self.text[:position].rstrip())
        following = self.raw[start : start + gap]
        return self._place(start + (0 if following.strip(" ") else len(following)))

    def _place(self, index: int) -> tuple[int, int]:
        above = self.raw.count("\n", 0, index)
        if not above:
            return self.line, self.column + index
        return self.line + above, index - self.raw.rfind("\n", 0, index)


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
            data: dict[str, object] = {}
            for key, value in node.entries:
                # Of a key that comes twice, which is a problem already, the first counts.
                data.setdefault(key.text, as_data(value))
            return data


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
            names.append(shown(key.text))
        elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            names.append(str(step + 1))
        else:
            return
        yield Located(".".join(names), node, key)
