"""Slips that a line shows by itself, whatever the YAML library thought of it."""

import re
from dataclasses import dataclass
from typing import Final

from newsletter.preferences.yaml_text.slips import Slip, line_of, uncommented, unquoted, write


@dataclass(frozen=True, slots=True)
class View:
    """The text around an error; all places from 0."""

    lines: tuple[str, ...]
    start: tuple[int, int]
    """Where the thing that cannot be read begins."""
    stop: tuple[int, int]
    """Where reading ended, never behind the last line with something on it."""
    said: str

    def above(self, number: int) -> int | None:
        """Return the number of the nearest line above that holds something."""
        numbers = range(number - 1, -1, -1)
        return next((one for one in numbers if is_told(self.lines[one])), None)

    def at_stop(self) -> str:
        """Return the line on which reading ended."""
        return self.lines[self.stop[0]]


def is_told(line: str) -> bool:
    """Whether a line holds more than a comment."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def quoted_mail(view: View) -> Slip | None:
    """A mail program puts a sign before each line that it quotes."""
    number = view.above(len(view.lines)) or 0
    first = next((one for one, line in enumerate(view.lines) if is_told(line)), number)
    if not view.lines[first].startswith(">"):
        return None
    message = 'begins with ">", the mark of a text quoted in a mail'
    return Slip(first, 0, message, 'remove the ">" at the beginning of every line')


_OPEN_QUOTE: Final = re.compile(r"(?:^ *(?:- +)*|[\w-]: +|\[ *)(?P<quote>[\"'])(?P<rest>[^\"']*)$")


def open_quote(view: View) -> Slip | None:
    """A quote that is not closed ends at the next one, far below; the line it stands on tells."""
    for number in range(min(view.start[0], view.stop[0]), view.stop[0] + 1):
        found = _OPEN_QUOTE.search(view.lines[number])
        if found and ("end of stream" in view.said or line_of(view.lines[number + 1]).key):
            text = uncommented(found["rest"]) + found["quote"]
            advice = write(found["quote"] + text) or "write the same quote at its end"
            return Slip(
                number, found.start("quote"), "the quote that opens here is not closed", advice
            )
    if "found unexpected end of stream" in view.said:
        return Slip(
            *view.start, "the quote that opens here is not closed", "write it at the end too"
        )
    return None


_TIGHT_COLON: Final = re.compile(
    r"(?P<lead> *(?:- +)*)(?P<key>[A-Za-z_]\w{0,40}):(?P<value>[^\s:/].*)"
)
_TIGHT_DASH: Final = re.compile(r"(?P<lead> *)-(?P<value>[^\s-].*)")
_EQUALS: Final = re.compile(r"(?P<lead> *(?:- +)*)(?P<key>[\w-]{1,40}) *= *(?P<value>.*)")


def space_missing(view: View) -> Slip | None:
    """The lines that may be meant: where reading ended, where it began, and the one above."""
    if not any(
        words in view.said for words in ("simple key", "mapping values", "expected ':'", "block")
    ):
        return None
    above = view.above(view.stop[0])
    for number in (view.start[0], view.stop[0], *([] if above is None else [above])):
        line = view.lines[number]
        if (found := _TIGHT_COLON.fullmatch(line)) and ": " not in found["value"]:
            mended = f"{found['key']}: {uncommented(found['value'])}"
            column = found.end("key") + 1
            return Slip(number, column, "the colon needs a space after it", write(mended))
        if found := _TIGHT_DASH.fullmatch(line):
            mended = f"- {uncommented(found['value'])}"
            return Slip(number, found.end("lead"), "the dash needs a space after it", write(mended))
        if (found := _EQUALS.fullmatch(line)) and ": " not in line:
            mended = f"{found['key']}: {uncommented(found['value'])}"
            column = line.index("=")
            return Slip(number, column, 'has "=" where a colon belongs', write(mended))
    return None


def no_colon(view: View) -> Slip | None:
    """A line that is no key and goes on with nothing above it."""
    if "simple key" not in view.said and "expected ':'" not in view.said:
        return None
    number, column = view.start
    line = line_of(view.lines[number])
    above = view.above(number)
    if above is not None and re.search(r"[|>][-+]?[0-9]?$", uncommented(view.lines[above])):
        sign = "begins no deeper than the key of this text"
        return Slip(number, column, sign, f'write two more spaces before "{line.value[:30]}"')
    inside = unquoted(line.value)
    if inside != line.value and ": " in inside:
        return Slip(number, column, "the quotes hold a key and its value together", write(inside))
    first, _, rest = line.value.partition(" ")
    mended = write(f"{first}: {rest.strip()}") if rest and first.isidentifier() else None
    return Slip(
        number, column, "a key needs a colon and a space after it", mended or "write key: value"
    )
