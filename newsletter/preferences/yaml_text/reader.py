"""Read YAML text: a small, strict subset of YAML 1.2, on the events of PyYAML.

No anchors, aliases, tags, merge keys or directives; no key twice; bounded size and depth. Reading
events instead of objects keeps every scalar a text and every place known, and gives a hostile
document nothing to expand (see docs/decisions/0002-yaml-loader.md). After a slip reading goes on
at the next key of the top, so that one mistake does not hide the others.
"""

import re
from dataclasses import dataclass
from typing import Final

import yaml

from newsletter.model import Problem
from newsletter.preferences.schema.wording import printable
from newsletter.preferences.yaml_text.characters import clean
from newsletter.preferences.yaml_text.complaints import explain
from newsletter.preferences.yaml_text.events import (
    FASTEST_LOADER,
    Loader,
    StopReadingError,
    TreeReader,
)
from newsletter.preferences.yaml_text.nodes import Node
from newsletter.preferences.yaml_text.slips import Slip, marked, path_at

_MOST_ATTEMPTS: Final = 8
"""So many slips are looked for in one text; each costs reading it once more."""
_LONGEST_REREAD: Final = 65_536
_DIRECTIVE: Final = re.compile(r"^%", re.MULTILINE)
_CONTINUED: Final = (" ", "-", "#", "]", "}", ")", "'", '"')
"""A line that begins so goes on with what stands above it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a text may ask of us: bytes of UTF-8, nested lists and mappings, problems named."""

    size_bytes: int
    depth: int
    problems: int = 50


DOCUMENT_LIMITS: Final = Limits(size_bytes=16_384, depth=6)
CONFIG_LIMITS: Final = Limits(size_bytes=1_048_576, depth=12)


@dataclass(frozen=True, slots=True)
class Salvage:
    """What could be read of a text, and what could not.

    `node` is None where nothing could. `lost` are the keys of the top that were left out.
    """

    node: Node | None
    problems: tuple[Problem, ...] = ()
    lost: frozenset[str] = frozenset()


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
    read = salvage_yaml(text, file, first_line, limits=limits, loader=loader)
    if read.problems or read.node is None:
        return read.problems
    return read.node


def salvage_yaml(
    text: str,
    file: str,
    first_line: int = 1,
    *,
    limits: Limits = DOCUMENT_LIMITS,
    loader: Loader = FASTEST_LOADER,
) -> Salvage:
    """Return as much of the tree as can be read, and every problem in the order of the text.

    Never raises, whatever the text is.
    """
    salvor = _Salvor(limits.depth, first_line, loader)
    node = None
    if too_large := _too_large(text, limits):
        salvor.note(too_large)
    else:
        node = salvor.read(text)
    slips = sorted(salvor.slips.values(), key=lambda slip: slip[:2])[: limits.problems]
    problems = tuple(
        Problem(
            file,
            first_line + slip.line,
            slip.column + 1,
            path_at(salvor.lines, slip.line),
            printable(slip.message),
            printable(slip.suggestion) if slip.suggestion else None,
        )
        for slip in slips
    )
    return Salvage(node, problems, frozenset(salvor.lost))


def _too_large(text: str, limits: Limits) -> Slip | None:
    size = len(text)
    if size <= limits.size_bytes and not text.isascii():
        size = len(text.encode("utf-8", "surrogatepass"))
    if size <= limits.size_bytes:
        return None
    message = f"is {size:,} bytes long, at most {limits.size_bytes:,} are read"
    return Slip(0, 0, message, f"shorten it by {size - limits.size_bytes:,} bytes")


class _Salvor:
    """Reads a text as often as it finds a slip, each time without the lines that hold one."""

    def __init__(self, depth: int, first_line: int, loader: Loader) -> None:
        self.slips: dict[tuple[int, int], Slip] = {}
        self.lost: set[str] = set()
        self.lines: list[str] = []
        self._depth = depth
        self._first_line = first_line
        self._loader = loader

    def note(self, slip: Slip) -> None:
        """Keep the first slip of a place."""
        self.slips.setdefault((slip.line, slip.column), slip)

    def _note_new(self, slip: Slip) -> None:
        """Keep a slip that ended reading, unless it is told of another line already."""
        if not any(slip[2:] == known[2:] for known in self.slips.values()):
            self.note(slip)

    def read(self, text: str) -> Node | None:
        text = text.removeprefix("\ufeff")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        text, blanks = clean(text)
        self.lines = text.split("\n")
        for slip in blanks:
            self.note(slip)
        if found := _DIRECTIVE.search(text):
            line = text.count("\n", 0, found.start())
            self.note(marked(text.split("\n")[line], line, 0))
            text = _without_block(text, line)[0]
        attempts = _MOST_ATTEMPTS if len(text) <= _LONGEST_REREAD else 1
        for _ in range(attempts):
            read = self._attempt(text)
            if not isinstance(read, Slip):
                return read
            slip = read
            rest, lines = _without_block(text, slip.line)
            if not any(one.line in lines for one in blanks):
                self._note_new(slip)
            if rest == text:
                break
            self.lost.update(_keys(text, lines))
            text = rest
        return None

    def _attempt(self, text: str) -> Node | Slip:
        reader = TreeReader(text, self._first_line, self._depth, self._loader)
        try:
            node = reader.read()
        except StopReadingError as stop:
            return stop.slip
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            # ValueError: \U0fffffff in quotes has no character; libyaml cannot encode a surrogate.
            return explain(error, text)
        finally:
            reader.close()
        for slip in reader.slips:
            self.note(slip)
        return node


def _without_block(text: str, line: int) -> tuple[str, range]:
    """Empty the lines of the key of the top that `line` belongs to; the others keep their number."""
    lines = text.split("\n")
    line = min(line, len(lines) - 1)
    first = next((one for one in range(line, -1, -1) if _begins_block(lines[one])), 0)
    after = range(line + 1, len(lines))
    end = next((one for one in after if _begins_block(lines[one])), len(lines))
    lines[first:end] = [""] * (end - first)
    return "\n".join(lines), range(first, end)


def _begins_block(line: str) -> bool:
    return bool(line) and not line.startswith(_CONTINUED)


def _keys(text: str, lines: range) -> set[str]:
    """Return what stands before the first colon of each of these lines."""
    every = text.split("\n")
    return {every[one].partition(":")[0].strip(" \"'") for one in lines}


__all__ = [
    "CONFIG_LIMITS",
    "DOCUMENT_LIMITS",
    "FASTEST_LOADER",
    "Limits",
    "Loader",
    "Salvage",
    "read_yaml",
    "salvage_yaml",
]
