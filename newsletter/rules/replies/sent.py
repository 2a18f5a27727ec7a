"""The block that was sent, to compare with: which lines are known, and how they stood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from newsletter.rules.replies.characters import consume, fold, misread, squeeze, stems_from
from newsletter.rules.replies.outline import ROOT, Path, place
from newsletter.rules.replies.shape import Shape, shape_of

_MARKERS: Final = ("# BEGIN PREFERENCES", "# END PREFERENCES")
_FIRST_SIGNS: Final = 8
_MOST_ALIKE: Final = 16
_SHORTEST_BOLD: Final = 3
_CLOSING: Final = {"'": "'", '"': '"', "[": "]", "{": "}"}
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class SentLine:
    """A line that holds something. `index` counts these lines from 0.

    `path` is None for a comment and for a line within a longer text. `blanks` counts the empty
    lines above it.
    """

    index: int
    text: str
    indent: int
    blanks: int
    shape: Shape
    path: Path | None

    @property
    def whole(self) -> str:
        """The line with its indentation."""
        return " " * self.indent + self.text

    @property
    def is_inner(self) -> bool:
        """Whether it is a line within a longer text."""
        return self.path is None and not self.shape.is_comment


@dataclass(frozen=True, slots=True)
class Sent:
    """All lines, found by what mail programs leave of them."""

    lines: tuple[SentLine, ...]
    by_fold: Mapping[str, tuple[SentLine, ...]]
    by_start: Mapping[str, tuple[SentLine, ...]]
    by_path: Mapping[Path, tuple[SentLine, ...]]

    def find(self, text: str) -> tuple[SentLine, ...]:
        """Return the lines that `text` is, or was before a mail program changed it; in order."""
        for seen in _variants(text):
            known = self.by_fold.get(fold(seen), ())
            if same := tuple(one for one in known if stems_from(seen, one.text)):
                return same
        return ()

    def find_wrapped(self, texts: Sequence[str]) -> tuple[SentLine, int] | None:
        """Return the line that begins with `texts[0]` and ends with a later one, and how many it took."""
        first = shape_of(texts[0]).in_small_letters().text
        for known in self.by_start.get(_start(first), ())[:_MOST_ALIKE]:
            if count := _count_pieces([first, *texts[1:]], squeeze(known.text)):
                return known, count
        return None

    def indent_of(self, path: Path) -> int | None:
        """Return at which indentation lines with this path stood; None when there is none."""
        known = self.by_path.get(path)
        return known[0].indent if known else None


def _count_pieces(texts: Sequence[str], sent: str) -> int:
    """Return how many of `texts` make up `sent`, broken at spaces or not; 0 when they do not."""
    at = 0
    for count, text in enumerate(texts, 1):
        end = consume(squeeze(text), sent, at)
        if end is None:
            return 0
        if end == len(sent):
            return count if count > 1 else 0
        at = end + (sent[end] == " ")
    return 0


def _variants(text: str) -> Iterator[str]:
    """Yield what a line may have been before it was quoted, marked up or taken for a list."""
    shape = shape_of(text)
    yield shape.text
    yield shape.in_small_letters().text
    for mark in ("*", "_", "**"):
        if len(text) >= _SHORTEST_BOLD and text.startswith(mark) and text.endswith(mark):
            yield shape_of(text[len(mark) : -len(mark)].strip()).text
    # A "#" may have made a heading or a number of the line. A key or an item without its "#" is
    # no such line: somebody wants it to hold.
    bare = shape.value if shape.is_item and not shape.key else ""
    if bare.startswith(("#", "＃")):  # noqa: RUF001
        yield f"# {bare[1:].strip()}"
    if shape.is_loose:
        yield f"# {text}"
        if (unnumbered := _without_number(text)) != text:
            yield f"# {unnumbered}"
            yield f"- {unnumbered}"
    if meant := misread(text):
        yield shape_of(meant).text


def _without_number(text: str) -> str:
    number, _, rest = text.partition(" ")
    return rest.strip() if number[:-1].isdigit() and number[-1:] in {".", ")"} else text


def _start(text: str) -> str:
    return fold(text).replace(" ", "")[:_FIRST_SIGNS]


def read_sent(block: str) -> Sent:
    """Read the block that was sent; the marker lines may be there."""
    lines = tuple(_lines(block))
    by_fold: dict[str, list[SentLine]] = {}
    by_start: dict[str, list[SentLine]] = {}
    by_path: dict[Path, list[SentLine]] = {}
    for line in lines:
        by_fold.setdefault(fold(line.text), []).append(line)
        by_start.setdefault(_start(line.text), []).append(line)
        if line.path is not None:
            by_path.setdefault(line.path, []).append(line)
    return Sent(lines, _frozen(by_fold), _frozen(by_start), _frozen(by_path))


def _frozen(found: Mapping[_Key, list[SentLine]]) -> Mapping[_Key, tuple[SentLine, ...]]:
    return {key: tuple(lines) for key, lines in found.items()}


def _lines(block: str) -> Iterator[SentLine]:
    levels = ROOT
    within = _Within()
    index = blanks = 0
    for whole in block.splitlines():
        text = whole.strip()
        if not text or text in _MARKERS:
            blanks += not text
            continue
        indent = len(whole) - len(whole.lstrip())
        shape = shape_of(text)
        path: Path | None = None
        if within.holds(indent, text):
            shape = Shape(is_item=False, key="", value=text)
        elif not shape.is_comment and (found := place(levels, indent, shape)):
            levels, path = found.levels, found.path
            within.begin(indent, shape)
        yield SentLine(index, text, indent, blanks, shape, path)
        index, blanks = index + 1, 0


class _Within:
    """Whether a line is within a text, a quotation or a bracket that began above it."""

    def __init__(self) -> None:
        self._ends = ""
        self._below: int | None = None

    def begin(self, indent: int, shape: Shape) -> None:
        self._ends = _CLOSING[shape.value[0]] if shape.is_open else ""
        self._below = indent if shape.opens_text else None

    def holds(self, indent: int, text: str) -> bool:
        if self._ends:
            self._ends = "" if text.endswith(self._ends) else self._ends
            return True
        return self._below is not None and indent > self._below
