"""The picture of silence and recall, as SVG written by hand: it is read in both themes of a browser."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil
from typing import Final

_WIDTH, _HEIGHT = 720, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 56, 56
_COLOURS: Final = ("#2f6fb2", "#b2622f")
_GREY: Final = "#808080"
_LIMITS: Final[Mapping[str, float]] = {"strict: at most 6 %": 0.06, "normal: at most 12 %": 0.12}
_WIDEST: Final = 0.4
"""Share of silent days with a letter where the picture ends: nobody wants more."""


@dataclass(frozen=True, slots=True)
class Point:
    """What a budget gives.

    `letters` is the share of silent topic-days with a letter, `spoken` that of the others. `recall` is the
    share of the relevant entries that are shown, `beside` how many others a day that is not silent shows.
    """

    letters: float
    spoken: float
    recall: float
    beside: float


@dataclass(frozen=True, slots=True)
class Curve:
    """What one kind of question reaches: along the sweep, and at the named settings."""

    title: str
    points: Sequence[Point]
    named: Mapping[str, Point]


def draw(curves: Sequence[Curve]) -> str:
    """Return the picture."""
    shown = [one for curve in curves for one in curve.points if one.letters <= _WIDEST]
    highest = max(ceil(max((one.recall for one in shown), default=0) * 4) / 4, 0.25)
    space = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    lines = [
        f'<svg {space} font-family="system-ui, sans-serif" font-size="13" role="img">',
        "<title>What strictness costs: letters on silent days against recall</title>",
        *_frame(highest),
    ]
    for number, curve in enumerate(curves):
        lines += _curve(curve, _COLOURS[number], highest, number)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _frame(highest: float) -> Iterator[str]:
    floor, ceiling = _y(0, highest), _y(highest, highest)
    for step in range(6):
        value = highest * step / 5
        y = _y(value, highest)
        yield _line(_x(0), y, _x(_WIDEST), y, _GREY, 'stroke-opacity="0.25"')
        yield _text(_x(0) - 8, y + 4, f"{value:.0%}", "end")
    for step in range(5):
        value = _WIDEST * step / 4
        yield _text(_x(value), floor + 20, f"{value:.0%}", "middle")
    for label, limit in _LIMITS.items():
        yield _line(_x(limit), floor, _x(limit), ceiling, _GREY, 'stroke-dasharray="4 4"')
        x, y = _x(limit) + 4, ceiling + (floor - ceiling) * 0.36
        turned = f'transform="rotate(90 {x:.1f} {y:.1f})"'
        yield f'<text x="{x:.1f}" y="{y:.1f}" fill="{_GREY}" {turned}>{label}</text>'
    middle = (_x(0) + _x(_WIDEST)) / 2
    yield _text(
        middle, _HEIGHT - 12, "topic-days with nothing relevant that get a letter", "middle"
    )
    yield _text(_LEFT - 44, 20, "relevant entries that a letter shows", "start")


def _curve(curve: Curve, colour: str, highest: float, number: int) -> Iterator[str]:
    places = [
        f"{_x(one.letters):.1f},{_y(one.recall, highest):.1f}"
        for one in curve.points
        if one.letters <= _WIDEST
    ]
    yield (
        f'<polyline points="{" ".join(places)}" fill="none" stroke="{colour}" stroke-width="2" '
        'stroke-linejoin="round"/>'
    )
    for name, one in curve.named.items():
        if one.letters <= _WIDEST:
            x, y = _x(one.letters), _y(one.recall, highest)
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>'
            yield _text(x - 4, y - 10, name, "start", colour)
    yield _text(_WIDTH - _RIGHT, 20 + 18 * number, curve.title, "end", colour)


def _x(letters: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * letters / _WIDEST


def _y(recall: float, highest: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * recall / highest


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" {more}/>'
    )


def _text(x: float, y: float, words: str, anchor: str, colour: str = _GREY) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'
