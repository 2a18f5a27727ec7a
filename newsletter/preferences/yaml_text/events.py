"""From the events of a YAML parser to a tree, with the place of every word."""

from typing import Final, Protocol, cast

import yaml

from newsletter.preferences.schema.wording import shown
from newsletter.preferences.yaml_text.nodes import ListNode, MappingNode, Node, ScalarNode
from newsletter.preferences.yaml_text.slips import Slip, marked

Loader = type[yaml.SafeLoader] | type[yaml.CSafeLoader]

FASTEST_LOADER: Final[Loader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML was built with it; the pure one reads the same, ten times slower."""


class _Mark(Protocol):
    """A place, as both of PyYAML's parsers give it; all from 0."""

    line: int
    column: int
    index: int


def _known(mark: _Mark | None) -> _Mark:
    """Every event that a parser makes has its marks; only those made by hand may lack them."""
    if mark is None:
        message = "a YAML event without a place"
        raise ValueError(message)
    return mark


class StopReadingError(Exception):
    """The rest of the text cannot be read, for `slip`."""

    def __init__(self, slip: Slip) -> None:
        super().__init__(slip.message)
        self.slip = slip


class TreeReader:
    """Builds the tree of one text, once, and collects the slips that do not end reading."""

    def __init__(self, text: str, first_line: int, depth: int, loader: Loader) -> None:
        """Open `text`. Raises what `loader` raises for characters that it cannot take."""
        self.slips: list[Slip] = []
        self._text = text
        self._lines: list[str] = []
        self._first_line = first_line
        self._depth = depth
        self._parser = loader(text)

    def _event(self) -> yaml.Event:
        return cast("yaml.Event", self._parser.get_event())

    def close(self) -> None:
        """Let go of what the parser holds."""
        self._parser.dispose()

    def read(self) -> Node:
        """Return the tree. Raises StopReadingError and what the parser raises."""
        self._event()  # the start of the stream
        first = self._event()
        if not isinstance(first, yaml.DocumentStartEvent):
            return ScalarNode(self._first_line, 1, "")
        root = self._node(self._event(), 0)
        self._event()  # the end of the document
        after = self._event()
        if not isinstance(after, yaml.StreamEndEvent):
            message = 'a line "---" begins another document, which is not read here'
            advice = 'write nothing after "---" on its line, or remove it'
            raise StopReadingError(_slip(after, message, advice))
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._marked(event)
        if event.anchor is not None or event.tag is not None:  # type: ignore[attr-defined]
            self._marked(event)
        if isinstance(event, yaml.ScalarEvent):
            start, end = _known(event.start_mark), _known(event.end_mark)
            raw = self._text[start.index : end.index]
            place = self._first_line + start.line, start.column + 1
            return ScalarNode(*place, event.value, bool(event.style), raw)
        if depth == self._depth:
            advice = "take out the innermost brackets or lines"
            message = f"is nested more than {depth} levels deep"
            raise StopReadingError(_slip(event, message, advice))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, depth + 1)
        return self._mapping(event, depth + 1)

    def _marked(self, event: yaml.Event) -> ScalarNode:
        """Note a word with a sign of YAML's own; the text is what its writer meant."""
        mark = _known(event.start_mark)
        self._lines = self._lines or self._text.split("\n")
        slip = marked(self._lines[mark.line], mark.line, mark.column)
        self.slips.append(slip)
        return ScalarNode(self._first_line + mark.line, mark.column + 1, "", is_quoted=True)

    def _place(self, event: yaml.Event) -> tuple[int, int]:
        mark = _known(event.start_mark)
        return self._first_line + mark.line, mark.column + 1

    def _list(self, start: yaml.Event, depth: int) -> ListNode:
        items: list[Node] = []
        while not isinstance(event := self._event(), yaml.SequenceEndEvent):
            items.append(self._node(event, depth))
        return ListNode(*self._place(start), tuple(items))

    def _mapping(self, start: yaml.Event, depth: int) -> MappingNode:
        entries: list[tuple[ScalarNode, Node]] = []
        seen: dict[str, int] = {}
        while not isinstance(event := self._event(), yaml.MappingEndEvent):
            key = self._key(event, seen, depth)
            entries.append((key, self._node(self._event(), depth)))
        return MappingNode(*self._place(start), tuple(entries))

    def _key(self, event: yaml.Event, seen: dict[str, int], depth: int) -> ScalarNode:
        key = self._node(event, depth)
        if not isinstance(key, ScalarNode):
            self.slips.append(_slip(event, "a key must be a word", "put the text in quotes"))
            return ScalarNode(key.line, key.column, "")
        if key.text == "<<" and not key.is_quoted:
            message = '"<<" would merge other keys in here, which is not read'
            self.slips.append(_slip(event, message, "write the keys themselves"))
        elif key.text in seen:
            message = f'"{shown(key.text)}" is here twice, first on line {seen[key.text]}'
            advice = "remove one of the two"
            if key.text == "email" and depth == 1:
                advice += '; documents of two people are parted by a line "---"'
            self.slips.append(_slip(event, message, advice))
        seen.setdefault(key.text, key.line)
        return key


def _slip(event: yaml.Event, message: str, suggestion: str | None = None) -> Slip:
    mark = _known(event.start_mark)
    return Slip(mark.line, mark.column, message, suggestion)
