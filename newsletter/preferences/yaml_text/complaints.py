"""Say what is wrong with a text that is not YAML, in words for its writer.

The YAML library tells what it was doing and where it stopped. The writer is told what the line
lacks, and how to write it.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

import yaml

from newsletter.preferences.yaml_text.line_slips import (
    View,
    no_colon,
    open_quote,
    quoted_mail,
    space_missing,
)
from newsletter.preferences.yaml_text.slips import (
    Line,
    Slip,
    closed,
    in_quotes,
    line_of,
    marked,
    piece_at,
    unquoted,
    write,
)


def explain(error: Exception, text: str) -> Slip:
    """Return the slip behind an error that a YAML library raised, in our own words."""
    lines = (*text.split("\n"), "")
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return _bad_character(lines)
    stop = _last_told(lines, error.problem_mark.line, error.problem_mark.column)
    mark = error.context_mark or error.problem_mark
    start = _last_told(lines, mark.line, mark.column)
    view = View(lines, start, stop, f"{error.context} {error.problem}")
    return next(slip for look in _LOOKS if (slip := look(view)))


def _last_told(lines: tuple[str, ...], line: int, column: int) -> tuple[int, int]:
    """Return the place, or the end of the last line with something on it where nothing follows."""
    if any(one.strip() for one in lines[line:]):
        return line, column
    last = max((number for number, one in enumerate(lines) if one.strip()), default=0)
    return last, len(lines[last])


def _bad_character(lines: tuple[str, ...]) -> Slip:
    """In double quotes a number may be asked for that no character has."""
    escapes = ((number, line.find("\\")) for number, line in enumerate(lines))
    number, column = next((one for one in escapes if one[1] >= 0), (0, 0))
    message = 'holds a "\\" with a number that is no character'
    return Slip(number, column, message, "put the text in single quotes, which take any text")


_KEYS_BELOW: Final = frozenset({"send", "entries", "follow"})


def _colon_too_many(view: View) -> Slip | None:
    if "mapping values" not in view.said:
        return None
    number, column = view.stop
    line = line_of(view.lines[number])
    above = view.above(number)
    over = Line("", "", "") if above is None else line_of(view.lines[above])
    if over.is_complete and len(line.lead) > len(over.lead) and ": " not in line.value:
        place = len(over.lead)
        spaces = f"with {place} spaces before it" if place else "with no space before it"
        message = f'is indented deeper than "{over.name}" above, which has its value already'
        return Slip(number, len(line.lead), message, f"begin {line.name} {spaces}")
    if line.key in _KEYS_BELOW:
        message = f'"{line.key}" takes keys of its own, but not on its line'
        return Slip(number, column, message, write(f"{line.key}: {{{line.value}}}"))
    advice = write(f"{line.key}: {in_quotes(unquoted(line.value))}") if line.key else None
    message = "a text with a colon and a space in it needs quotes"
    return Slip(number, column, message, advice or "put the text in quotes or mend the indentation")


def _list_beside_key(view: View) -> Slip | None:
    if "sequence entries" not in view.said:
        return None
    line = line_of(view.at_stop())
    item = re.sub(r"^(?:- +)+", "", line.value)
    advice = write(f"{line.key}: [{item}]") if line.key else None
    message = "a list in lines begins below its key, which has no value of its own"
    return Slip(*view.stop, message, advice or 'write the items below it, each after "- "')


def _bracket_open(view: View) -> Slip | None:
    if "flow sequence" not in view.said and "flow mapping" not in view.said:
        return None
    (number, column), (stop, end) = view.start, view.stop
    before, after = view.lines[stop][:end], view.lines[stop][end:]
    if before.rstrip().endswith(("'", '"')) and re.match(r"[^\s,\[\]{}:#]", after):
        return _after_quote(view)
    opened = view.lines[number][column:]
    if opened[:1] not in {"[", "{"}:
        return None
    inside = re.sub(r"(?<=[^\s,{\[:])[ ]+(?=[\w-]+:[ ])", ", ", opened)
    if inside != opened and opened.rstrip().endswith(("]", "}")):
        return Slip(number, column, f'a comma is missing after the "{opened[0]}"', write(inside))
    name = "list" if opened[0] == "[" else "group of keys"
    message = f'the {name} that opens here with "{opened[0]}" lacks a comma or its end'
    is_there = closed(opened)[-1] in opened
    return Slip(number, column, message, None if is_there else write(closed(opened)))


def _after_quote(view: View) -> Slip:
    """A closing quote, and the text goes on."""
    number, column = view.stop
    line = view.lines[number]
    begin = max(line.rfind(sign, 0, column) for sign in "[,{") + 1
    begin += len(line[begin:]) - len(line[begin:].lstrip())
    if line[:begin].count("[") == line[:begin].count("]") and "{" not in line[:begin]:
        begin = len(line) - len(line.lstrip())
        head = line_of(line)
        begin = line.index(head.value, len(head.lead) + len(head.key)) if head.value else begin
    text = piece_at(line, begin)
    if line[column - 1] == "'" and not line[column].isspace():
        mended = write(in_quotes(text.strip("'")))
        advice = mended or "write an apostrophe twice within single quotes"
        return Slip(number, column - 1, "an apostrophe ends a text in single quotes", advice)
    whole = in_quotes(text)
    return Slip(number, column, "the text goes on after its closing quote", write(whole))


def _goes_on(view: View) -> Slip | None:
    line, column = view.at_stop(), view.stop[1]
    before = line[:column].rstrip()
    if "parsing a block" not in view.said or not line_of(before + " x").value:
        return None
    if line[column : column + 1] in {"]", "}"}:
        sign = line[column]
        return Slip(
            *view.stop, f'the "{sign}" closes what was never opened', "remove it, or quote it"
        )
    if before.endswith(("'", '"')) and column < len(line):
        return _after_quote(view)
    if before.strip(" -"):
        return Slip(*view.stop, "the text goes on after its end", "put all of it in quotes")
    return None


def _indentation(view: View) -> Slip | None:
    if "block" not in view.said or "scalar" in view.said.partition("block")[2][:8]:
        return None
    number = view.stop[0]
    here = len(view.lines[number]) - len(view.lines[number].lstrip())
    if view.lines[number].lstrip().startswith(":"):
        return Slip(
            number, here, "a key is missing before the colon", "write it, or remove the line"
        )
    levels = dict(_levels(view, number))
    if not levels:
        return Slip(
            number, here, "the indentation does not fit the lines above", "begin it as they begin"
        )
    nearest = min(levels, key=lambda level: (abs(level - here), -level))
    message = f"begins with {_spaces(here)}, which fits no line above"
    advice = f'begin it right below "{levels[nearest]}", with {_spaces(nearest)}'
    return Slip(number, here, message, advice)


def _levels(view: View, number: int) -> Iterable[tuple[int, str]]:
    """Yield the indentations that are open above a line, with what stands there."""
    lowest = 10_000
    above = view.above(number)
    while above is not None and lowest:
        line = view.lines[above]
        level = len(line) - len(line.lstrip())
        if level < lowest:
            lowest = level
            yield level, line_of(line).name
        above = view.above(above)


def _spaces(count: int) -> str:
    return {0: "no space", 1: "1 space"}.get(count, f"{count} spaces")


def _kept_sign(view: View) -> Slip | None:
    if "cannot start any token" in view.said:
        number, column = view.stop
    elif any(words in view.said for words in ("scanning an a", "parsing a tag", "scanning a tag")):
        number, column = view.start
    else:
        return None
    return marked(view.lines[number], number, column)


def _escape(view: View) -> Slip | None:
    if "double-quoted" not in view.said and "quoted scalar" not in view.said:
        return None
    number, column = view.start
    text = piece_at(view.lines[number], column)
    advice = write(in_quotes(unquoted(text))) or "put the text in single quotes"
    message = 'a "\\" in double quotes begins an escape, and this is none'
    return Slip(*view.stop, message, advice)


def _block_header(view: View) -> Slip | None:
    if "scanning a block scalar" not in view.said:
        return None
    message = 'a text after ">" or "|" begins on the next line'
    return Slip(*view.stop, message, "remove the sign, or put the text on the line below")


def _document_end(view: View) -> Slip | None:
    if "document start" not in view.said:
        return None
    numbers = range(view.stop[0] + 1)
    ends = [one for one in numbers if view.lines[one].rstrip() == "..."]
    number = ends[-1] if ends else view.stop[0]
    message = 'a line "..." ends the document, but more follows' if ends else "the text ends above"
    return Slip(number, 0, message, "remove the line" if ends else "mend the line above")


def _unknown(view: View) -> Slip:
    message = "cannot be read from here on"
    return Slip(*view.stop, message, "put the text in quotes, or mend the indentation")


_LOOKS: Final[tuple[Callable[[View], Slip | None], ...]] = (
    quoted_mail,
    open_quote,
    _kept_sign,
    space_missing,
    no_colon,
    _colon_too_many,
    _list_beside_key,
    _bracket_open,
    _goes_on,
    _escape,
    _block_header,
    _document_end,
    _indentation,
    _unknown,
)
"""In this order: what a line shows by itself comes before what the library thought."""
