"""Read YAML text: a small, strict subset of YAML 1.2, on the events of PyYAML.

No anchors, aliases, tags, merge keys or directives; no key twice; bounded size and depth. Reading
events instead of objects keeps every scalar a text and every place known, and gives a hostile
document nothing to expand (see docs/decisions/0002-yaml-loader.md).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

import yaml

from newsletter.model import Problem
from newsletter.preferences.complaints import explain
from newsletter.preferences.nodes import ListNode, MappingNode, Node, ScalarNode

Loader = type[yaml.SafeLoader] | type[yaml.CSafeLoader]

FASTEST_LOADER: Final[Loader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML was built with it; the pure one reads the same, ten times slower."""

# Control characters (YAML 1.2 section 5.1), half surrogates, a BOM inside the text, and the three
# line ends that only YAML 1.1 knows: with them our line numbers would not be those of an editor.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
_DIRECTIVE: Final = re.compile(r"^%", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a text may ask of us: bytes of UTF-8, nested lists and mappings, problems named."""

    size_bytes: int
    depth: int
    problems: int = 50


DOCUMENT_LIMITS: Final = Limits(size_bytes=16_384, depth=6)
CONFIG_LIMITS: Final = Limits(size_bytes=1_048_576, depth=12)


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


class _StopReadingError(Exception):
    """The rest of the text cannot be read; the problem has been noted."""


def read_yaml(
    text: str,
    file: str,
    first_line: int = 1,
    *,
    limits: Limits = DOCUMENT_LIMITS,
    loader: Loader = FASTEST_LOADER,
) -> Node | tuple[Problem, ...]:
    """Return the tree of one YAML document, or every problem that keeps it from being read.

    `first_line` is the line of `file` on which `text` begins. A text without content is an empty
    scalar. Never raises, whatever the text is.
    """
    reader = _Reader(file, first_line, limits, loader)
    text = text.removeprefix("\ufeff")
    try:
        node = reader.read(text)
    except _StopReadingError:
        return tuple(reader.problems)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # ValueError: \U0fffffff in quotes has no character; libyaml cannot encode a surrogate.
        line, column, message = explain(error, text)
        reader.note(line, column, message)
        return tuple(reader.problems)
    return tuple(reader.problems) or node


class _Reader:
    """Builds the tree of one text and collects problems with their places in the file."""

    def __init__(self, file: str, first_line: int, limits: Limits, loader: Loader) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._first_line = first_line
        self._limits = limits
        self._loader = loader
        self._text = ""
        self._events: Iterator[yaml.Event] = iter(())

    def read(self, text: str) -> Node:
        self._refuse_unreadable(text)
        self._text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._events = yaml.parse(self._text, Loader=self._loader)
        next(self._events)  # the start of the stream
        first = next(self._events)
        if not isinstance(first, yaml.DocumentStartEvent):
            return ScalarNode(self._first_line, 1, "")
        root = self._node(next(self._events), depth=0)
        next(self._events)  # the end of the document
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._stop(after, "only one document is read here; begin the next one with a line ---")
        return root

    def note(self, line: int, column: int, message: str) -> None:
        """Note a problem at a place of the text, both from 0."""
        if len(self.problems) < self._limits.problems:
            place = (self._first_line + line, column + 1)
            self.problems.append(Problem(self._file, *place, "", message))

    def _refuse_unreadable(self, text: str) -> None:
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > self._limits.size_bytes:
            limit = self._limits.size_bytes
            self.note(0, 0, f"is {size:,} bytes long, at most {limit:,} are read")
            raise _StopReadingError
        if found := _FORBIDDEN.search(text):
            before = text[: found.start()].replace("\r\n", "\n").replace("\r", "\n")
            column = len(before) - before.rfind("\n") - 1
            message = f"holds the character U+{ord(found[0]):04X}, which no text may hold"
            self.note(before.count("\n"), column, message)
            raise _StopReadingError
        if found := _DIRECTIVE.search(text):
            message = 'a line cannot begin with "%" (directives are not read)'
            self.note(text.count("\n", 0, found.start()), 0, message)
            raise _StopReadingError

    def _stop(self, event: yaml.Event, message: str) -> None:
        self._complain(event, message)
        raise _StopReadingError

    def _complain(self, event: yaml.Event, message: str) -> None:
        mark = _known(event.start_mark)
        self.note(mark.line, mark.column, message)

    def _place(self, event: yaml.Event) -> tuple[int, int]:
        mark = _known(event.start_mark)
        return self._first_line + mark.line, mark.column + 1

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            self._complain(
                event, f'"*{event.anchor}" would be an alias, which is not read; put it in quotes'
            )
            return ScalarNode(*self._place(event), "")
        self._refuse_decorations(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if depth == self._limits.depth:
            self._stop(event, f"is nested more than {depth} levels deep")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, depth + 1)
        return self._mapping(event, depth + 1)

    def _refuse_decorations(self, event: yaml.Event) -> None:
        anchor: str | None = getattr(event, "anchor", None)
        tag: str | None = getattr(event, "tag", None)
        if anchor is not None:
            self._complain(
                event, f'"&{anchor}" would be an anchor, which is not read; put it in quotes'
            )
        if tag is not None:
            self._complain(event, 'a word that begins with "!" would be a tag; put it in quotes')

    def _scalar(self, event: yaml.ScalarEvent) -> ScalarNode:
        raw = self._text[_known(event.start_mark).index : _known(event.end_mark).index]
        return ScalarNode(*self._place(event), event.value, bool(event.style), raw)

    def _list(self, start: yaml.Event, depth: int) -> ListNode:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth))
        return ListNode(*self._place(start), tuple(items))

    def _mapping(self, start: yaml.Event, depth: int) -> MappingNode:
        entries: list[tuple[ScalarNode, Node]] = []
        seen: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, seen, depth)
            entries.append((key, self._node(next(self._events), depth)))
        return MappingNode(*self._place(start), tuple(entries))

    def _key(self, event: yaml.Event, seen: dict[str, int], depth: int) -> ScalarNode:
        key = self._node(event, depth)
        if not isinstance(key, ScalarNode):
            self._complain(event, "a key must be a word; put the text in quotes")
            return ScalarNode(key.line, key.column, "")
        if key.text == "<<" and not key.is_quoted:
            self._complain(event, '"<<" would merge mappings, which is not read')
        elif key.text in seen:
            self._complain(
                event, f'"{key.text[:60]}" is here twice, first on line {seen[key.text]}'
            )
        seen.setdefault(key.text, key.line)
        return key
