"""Say what is wrong with a text that is not YAML, in words for its writer."""

from typing import Final

import yaml

_Place = tuple[int, int, str]

_AT_START: Final = (
    ("simple key", "a key needs a colon and a space after it"),
    ("found unexpected end of stream", "the quote that opens here is not closed"),
    ("flow sequence", 'the list that opens here with "[" lacks a comma or its end'),
    ("flow mapping", 'the "{" that opens here lacks a comma or its end'),
    ("parsing a tag", 'a word that begins with "!" would be a tag; put it in quotes'),
    ("scanning an alias", 'a text that begins with "*" must be put in quotes'),
    ("scanning an anchor", 'a text that begins with "&" must be put in quotes'),
)
"""What the YAML library says → what to tell, at the place where the construct begins."""

_AT_STOP: Final = (
    (
        "mapping values",
        "a colon is not expected here; put the text in quotes or mend the indentation",
    ),
    ("sequence entries", "a list begins on a line of its own, below its key"),
    ("double-quoted", "after a backslash another letter is expected; single quotes take any text"),
    ("quoted scalar", "after a backslash another letter is expected; single quotes take any text"),
    ("scanning a block scalar", "nothing can follow on the line that begins a block of text"),
    ("document start", "the text ends above this line, but there is more"),
    ("flow node", "a value is missing here, or a bracket above is not closed"),
    ("block", "the indentation does not fit the lines above"),
)
"""The same, at the place where reading stopped."""


def explain(error: Exception, text: str) -> _Place:
    """Return line and column (from 0) and a sentence for an error that a YAML library raised."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return 0, 0, "is not readable as YAML"
    stop = error.problem_mark
    start = error.context_mark or stop
    lines = [*text.splitlines(), ""]
    said = f"{error.context} {error.problem}"
    if tabbed := _tabbed_line(lines, {stop.line, start.line}):
        return tabbed
    if message := _sentence(said, _AT_START):
        return start.line, start.column, message
    message = _stopped(said, lines[min(stop.line, len(lines) - 1)], stop.column)
    if any(line.strip() for line in lines[stop.line :]):
        return stop.line, stop.column, message
    # Reading stopped at the end of the text: the last line with something on it is meant.
    last = max(number for number, line in enumerate(lines) if line.strip())
    return last, len(lines[last]), message


def _stopped(said: str, line: str, column: int) -> str:
    if "cannot start any token" in said:
        return f'a text cannot begin with "{line[column : column + 1]}"; put it in quotes'
    if "parsing a block" in said and line[:column].strip():
        return "the text goes on after its end; put all of it in quotes"
    return _sentence(said, _AT_STOP) or f"is not readable as YAML ({said[:80]})"


def _sentence(said: str, table: tuple[tuple[str, str], ...]) -> str | None:
    return next((message for words, message in table if words in said), None)


def _tabbed_line(lines: list[str], numbers: set[int]) -> _Place | None:
    for number in sorted(numbers):
        line = lines[number] if number < len(lines) else ""
        indentation = line[: len(line) - len(line.lstrip())]
        if "\t" in indentation:
            return number, indentation.index("\t"), "is indented with a tab; use spaces"
    return None
