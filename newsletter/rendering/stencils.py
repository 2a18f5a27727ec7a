"""A template filled in once for many letters, with holes where they differ.

The template is rendered with a mark in place of each value that differs. A mark begins with a
control character, which no value holds (`rules.composing.tidy`), and `rendering.division` has made
sure that a template does nothing with such a value but print it, wrap it, or ask whether it is
empty. So the text between the marks is the same for every letter. Its whole lines are encoded once
(how a line is folded depends on all of it, and on nothing else); a line with a hole in it is encoded
for each letter.
"""

import re
from collections.abc import Callable, Container, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from markupsafe import escape

from newsletter.rendering.plain import LINE_COLUMNS, wrap
from newsletter.rules.messages import encode_line

MARK_BEGIN: Final = "\x02"
_VALUE: Final = re.compile(r"\x02([^\x03]*)\x03")
_LOOP: Final = re.compile(r"\x02loop (\d+)\x03")
_TO_ESCAPE: Final = re.compile("[&<>'\"]")
_KEPT_LINES: Final = 512
# Marks that were cut, and what `encode_body` would change before it looks at lines.
_UNFIT: Final = re.compile("[\r\x02\x03\ud800-\udfff]")


class UnfitError(Exception):
    """What was rendered cannot be encoded in pieces."""


class Mark(str):
    """Stands for the value at `place` in a list of values."""

    __slots__ = ("place",)
    place: int

    @classmethod
    def at(cls, place: int, wrapping: str = "") -> "Mark":
        """Return the mark of one value; `wrapping` says how it is wrapped, nothing that it is not."""
        mark = cls(f"{MARK_BEGIN}{place}{wrapping}\x03")
        mark.place = place
        return mark


def wrap_or_mark(text: str, indent: int = 0, first: str = "", width: int = LINE_COLUMNS) -> str:
    """Wrap `text` as `plain.wrap` does; in a mark it is noted that its value is to be wrapped."""
    if isinstance(text, Mark):
        return Mark.at(text.place, f"/{indent}/{first.encode().hex()}/{width}")
    return wrap(text, indent, first, width)


def mark_loop(number: int) -> str:
    """Return what stands for all cards of one loop."""
    return f"{MARK_BEGIN}loop {number}\x03"


class _Hole(NamedTuple):
    """Where a value is printed; `wrapping` are the arguments of `wrap`. `after` follows on its line."""

    place: int
    wrapping: tuple[int, str, int] | None
    after: str


class _Line(NamedTuple):
    """A line that is not the same in all letters: which values it takes, and what makes it of them."""

    places: tuple[int, ...]
    encode: Callable[..., bytes]


class Stencil:
    """What is the same in many letters, encoded, and where the rest comes in."""

    __slots__ = ("_lines", "_loops", "_pieces", "_usual_lines")

    def __init__(self, rendered: str, *, is_html: bool, once: Container[int] = ()) -> None:
        """Cut `rendered` at its marks; raises UnfitError where a loop does not stand on whole lines.

        `once` are the places of values of which nearly each letter has another.
        """
        steps: list[bytes | _Line | int] = []
        pieces = _LOOP.split(rendered)
        if any(piece and not piece.endswith("\n") for piece in pieces[:-1:2]):
            message = "a loop over entries begins within a line"
            raise UnfitError(message)
        for number, piece in enumerate(pieces):
            steps += [int(piece)] if number % 2 else _cut(piece, once, is_html=is_html)
        self._pieces = [step if isinstance(step, bytes) else b"" for step in steps]
        lines = [(here, *one) for here, one in enumerate(steps) if isinstance(one, _Line)]
        # Nearly every line takes one value, which needs no list to be handed over.
        self._usual_lines = [
            (here, places[0], encode) for here, places, encode in lines if len(places) == 1
        ]
        self._lines = [line for line in lines if len(line[1]) > 1]
        self._loops = [(place, one) for place, one in enumerate(steps) if isinstance(one, int)]

    def fill(self, values: Sequence[str], cards: Sequence[Sequence[bytes]] = ()) -> bytes:
        """Return the whole encoded, with `values`, not escaped so far, and the cards of each loop."""
        pieces = self.fill_pieces(values)
        for here, loop in self._loops:
            pieces[here] = b"".join(cards[loop])
        return b"".join(pieces)

    def fill_pieces(self, values: Sequence[str]) -> list[bytes]:
        """Return the pieces of the whole with `values` and without cards: as many each time."""
        pieces = self._pieces.copy()
        for here, place, encode in self._usual_lines:
            pieces[here] = encode(values[place])
        for here, places, encode in self._lines:
            pieces[here] = encode(*[values[place] for place in places])
        return pieces

    def refill(self, pieces: Sequence[bytes], values: Sequence[str], changed: int) -> list[bytes]:
        """Return `pieces` as they are with `values`, which differ at the place `changed` alone."""
        anew = list(pieces)
        for here, place, encode in self._usual_lines:
            if place == changed:
                anew[here] = encode(values[place])
        for here, places, encode in self._lines:
            if changed in places:
                anew[here] = encode(*[values[place] for place in places])
        return anew


def check_card(rendered: str) -> str:
    """Return a card that stands on whole lines; raises UnfitError for another."""
    if rendered and not rendered.endswith("\n"):
        message = "a loop over entries ends within a line"
        raise UnfitError(message)
    return rendered


def _cut(text: str, once: Container[int], *, is_html: bool) -> list[bytes | _Line]:
    """Encode the lines without a hole."""
    steps: list[bytes | _Line] = []
    plain: list[str] = []
    lines = text.removesuffix("\n").split("\n") if text else []
    for line in lines:
        before, *rest = _VALUE.split(line)
        if _UNFIT.search("".join((before, *rest[1::2]))):
            message = "a template prints control characters"
            raise UnfitError(message)
        if rest:
            steps += [
                b"".join(map(encode_line, plain)),
                _make_line(before, rest, once, is_html=is_html),
            ]
            plain.clear()
        else:
            plain.append(line)
    return [*steps, b"".join(map(encode_line, plain))]


def _make_line(before: str, rest: Sequence[str], once: Container[int], *, is_html: bool) -> _Line:
    """Return the line that begins with `before` and goes on with marks and texts by turns."""
    holes = [_read_hole(mark, after) for mark, after in zip(rest[::2], rest[1::2], strict=True)]
    first, *others = shows = [_make_show(hole, is_html=is_html) for hole in holes]

    def encode_one(value: str) -> bytes:
        return _encode_lines(before + first(value))

    def encode_all(*values: str) -> bytes:
        shown = [show(value) for show, value in zip(shows, values, strict=True)]
        return _encode_lines("".join((before, *shown)))

    encode = encode_all if others else encode_one
    places = tuple(hole.place for hole in holes)
    if any(place in once for place in places):
        return _Line(places, encode)
    # Many letters of a day have the same subject, headline or number in one line.
    return _Line(places, lru_cache(maxsize=_KEPT_LINES)(encode))


def _make_show(hole: _Hole, *, is_html: bool) -> Callable[[str], str]:
    """Return what makes of a value that which stands in its hole, with what follows on its line."""
    _, wrapping, after = hole

    def lay_out(value: str) -> str:
        shown = wrap(value, *wrapping) if wrapping else value
        # To escape nothing takes three times as long as to see that there is nothing.
        return f"{escape(shown) if is_html and _TO_ESCAPE.search(shown) else shown}{after}"

    return lay_out


def _encode_lines(text: str) -> bytes:
    return b"".join(map(encode_line, text.split("\n"))) if "\n" in text else encode_line(text)


def _read_hole(mark: str, after: str) -> _Hole:
    place, *wrapping = mark.split("/")
    if not wrapping:
        return _Hole(int(place), None, after)
    indent, first, width = wrapping
    return _Hole(int(place), (int(indent), bytes.fromhex(first).decode(), int(width)), after)
