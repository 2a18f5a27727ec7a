"""Where in a text each value of a YAML document stands, to the character.

The tree of `nodes` knows where a value begins, for messages; to write, one must also know where it
ends, in which style it is written, and which colon or dash it follows.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Protocol

import yaml

from newsletter.preferences.yaml_text.reader import FASTEST_LOADER

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_SKIPPED: Final = re.compile(r"(?:[ \t\r\n]|(?<![^ \t\r\n,\[{])#[^\r\n]*)*")


class _Mark(Protocol):
    """A place, as both of PyYAML's parsers give it, from 0."""

    line: int
    column: int


class Kind(Enum):
    """What a piece of text is."""

    SCALAR = "scalar"
    BLOCK_TEXT = "block text"
    """Begins with `|` or `>`; its text stands on the lines below."""
    LIST = "list"
    MAPPING = "mapping"


@dataclass(frozen=True, slots=True)
class Piece:
    """One value as it stands in a text; places count characters from 0, ends are exclusive."""

    kind: Kind
    start: int
    end: int
    """Without the empty lines and comments below it; at `lead` where nothing is written."""
    head: int = 0
    """Where its entry begins: at the key or the dash."""
    lead: int = 0
    """Behind the colon or the dash; at the end of the key where there is no colon."""
    last: int = 0
    """As `end`, with the empty lines that may count to a block text."""
    is_flow: bool = False
    """In brackets or braces; also a scalar that is in them."""
    quote: str = ""
    is_bare: bool = False
    """A key without a colon."""
    names: tuple[str, ...] = ()
    """The keys of a mapping, in order, beside `parts`."""
    parts: tuple["Piece", ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written there."""
        return self.start == self.end

    @property
    def is_collection(self) -> bool:
        """Whether it is a list or a mapping."""
        return self.kind in {Kind.LIST, Kind.MAPPING}


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text: they end as for our reader, with LF, CRLF or CR."""

    text: str
    starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Find the lines once."""
        ends = (found.end() for found in _LINE_END.finditer(self.text))
        object.__setattr__(self, "starts", (0, *ends))

    @property
    def line_end(self) -> str:
        """The way lines end here; LF where there is but one."""
        found = _LINE_END.search(self.text)
        return found[0] if found else "\n"

    def start(self, place: int) -> int:
        """Return where the line of `place` begins."""
        return self.starts[bisect_right(self.starts, place) - 1]

    def end(self, place: int) -> int:
        """Return where the line of `place` ends, before its line end."""
        found = _LINE_END.search(self.text, place)
        return found.start() if found else len(self.text)

    def after(self, place: int) -> int:
        """Return where the line below that of `place` begins, or the end of the text."""
        found = _LINE_END.search(self.text, place)
        return found.end() if found else len(self.text)

    def column(self, place: int) -> int:
        """Return how many characters stand before `place` on its line."""
        return place - self.start(place)


def lay_out(text: str) -> Piece | None:
    """Return where everything stands in `text`, one document that `read_yaml` has read.

    None: there is nothing in it. The text has no byte order mark.
    """
    return _Layout(text).read()


class _Layout:
    """Turns the events of a text into pieces."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = Lines(text)
        plain = text.replace("\r\n", "\n").replace("\r", "\n")
        self._events: Iterator[yaml.Event] = yaml.parse(plain, Loader=FASTEST_LOADER)

    def read(self) -> Piece | None:
        next(self._events)
        if not isinstance(next(self._events), yaml.DocumentStartEvent):
            return None
        event = next(self._events)
        start = self._place(event.start_mark)
        root = self._piece(event, head=start, lead=start, in_flow=False)
        return None if root.is_empty else root

    def _place(self, mark: _Mark | None) -> int:
        assert mark is not None  # noqa: S101 - every event that a parser makes has its marks
        return self._lines.starts[mark.line] + mark.column

    def _skip(self, place: int) -> int:
        """Return the next place that is neither white nor a comment."""
        found = _SKIPPED.match(self._text, place)
        return found.end() if found else place

    def _piece(
        self, event: yaml.Event, *, head: int, lead: int, in_flow: bool, is_bare: bool = False
    ) -> Piece:
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            return self._collection(event, head, lead, in_flow=in_flow)
        assert isinstance(event, yaml.ScalarEvent)  # noqa: S101 - the reader refuses aliases
        start, last = self._place(event.start_mark), self._place(event.end_mark)
        if start == last:
            return Piece(Kind.SCALAR, lead, lead, head, lead, lead, in_flow, is_bare=is_bare)
        if event.style in {"|", ">"}:
            end = start + len(self._text[start:last].rstrip())
            return Piece(Kind.BLOCK_TEXT, start, end, head, lead, last)
        quote = event.style or ""
        return Piece(Kind.SCALAR, start, last, head, lead, last, in_flow, quote)

    def _collection(
        self,
        event: yaml.MappingStartEvent | yaml.SequenceStartEvent,
        head: int,
        lead: int,
        *,
        in_flow: bool,
    ) -> Piece:
        is_flow = bool(event.flow_style) or in_flow
        start = self._place(event.start_mark)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        inside = (
            self._entries(start, is_flow=is_flow)
            if is_mapping
            else self._items(start, is_flow=is_flow)
        )
        names, parts, stop = inside
        end = self._place(stop.end_mark) if is_flow or not parts else parts[-1].end
        last = end if is_flow or not parts else parts[-1].last
        kind = Kind.MAPPING if is_mapping else Kind.LIST
        return Piece(kind, start, end, head, lead, last, is_flow, names=names, parts=parts)

    def _items(
        self, start: int, *, is_flow: bool
    ) -> tuple[tuple[str, ...], tuple[Piece, ...], yaml.Event]:
        parts: list[Piece] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            head = self._head(start, parts, is_flow=is_flow)
            lead = head if is_flow else head + 1
            parts.append(self._piece(event, head=head, lead=lead, in_flow=is_flow))
        return (), tuple(parts), event

    def _entries(
        self, start: int, *, is_flow: bool
    ) -> tuple[tuple[str, ...], tuple[Piece, ...], yaml.Event]:
        names: list[str] = []
        parts: list[Piece] = []
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            head = self._head(start, parts, is_flow=is_flow)
            assert isinstance(event, yaml.ScalarEvent)  # noqa: S101 - the reader refuses others
            names.append(event.value)
            key_end = self._place(event.end_mark)
            colon = self._skip(key_end)
            is_bare = self._text[colon : colon + 1] != ":"
            lead = key_end if is_bare else colon + 1
            parts.append(
                self._piece(
                    next(self._events), head=head, lead=lead, in_flow=is_flow, is_bare=is_bare
                )
            )
        return tuple(names), tuple(parts), event

    def _head(self, start: int, parts: list[Piece], *, is_flow: bool) -> int:
        """Return where the next entry begins."""
        if parts:
            place = self._skip(max(parts[-1].last, parts[-1].lead))
            is_after_comma = is_flow and self._text[place : place + 1] == ","
            return self._skip(place + 1) if is_after_comma else place
        has_bracket = is_flow and self._text[start : start + 1] in {"[", "{"}
        return self._skip(start + 1) if has_bracket else start
