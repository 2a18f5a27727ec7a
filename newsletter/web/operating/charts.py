"""Charts of the last days as plain numbers, which a template writes as SVG.

A bar for each day, its kinds stacked; kinds that count down hang below the line. No style is
written here: colours are those of the style sheet, by the number of the kind.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, log10
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from newsletter.workflows import DayLine

WIDTH: Final = 360
HEIGHT: Final = 170
_LEFT: Final = 34
_RIGHT: Final = 6
_TOP: Final = 8
_BOTTOM: Final = 20
_GAP: Final = 0.22
"""Of the width of a day."""
_STEPS: Final = (1, 2, 2.5, 5, 10)
_LINES: Final = 4
"""About as many lines as there are beside the zero."""
_WEEK: Final = 7
MOST_KINDS: Final = 6
OTHERS: Final = "others"


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of a bar, in the units of the drawing; `kind` is its number in the legend."""

    x: float
    y: float
    width: float
    height: float
    kind: int


@dataclass(frozen=True, slots=True)
class Column:
    """One day: the area that shows its numbers, and its pieces."""

    x: float
    width: float
    day: date
    counts: tuple[int, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line across, with what it stands for."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn, and the same as a table: `kinds` are the headings, `columns` the rows."""

    name: str
    title: str
    kinds: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    marks: tuple[tuple[float, date], ...]
    totals: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be seen."""
        return not any(self.totals)


def draw(
    name: str,
    title: str,
    days: "Sequence[DayLine]",
    kinds: Sequence[str],
    down: Collection[str] = (),
) -> Chart:
    """Return the chart of these kinds in this order; those in `down` are counted downwards."""
    counts = [tuple(line.counts.get(kind, 0) for kind in kinds) for line in days]
    is_down = [kind in down for kind in kinds]
    above = max((_part(one, is_down, wanted=False) for one in counts), default=0)
    below = max((_part(one, is_down, wanted=True) for one in counts), default=0)
    scale = _Scale(above, below)
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(days))
    columns = []
    for place, (line, numbers) in enumerate(zip(days, counts, strict=True)):
        x = _LEFT + place * step
        bars = tuple(_stack(numbers, is_down, x + step * _GAP / 2, step * (1 - _GAP), scale))
        columns.append(Column(round(x, 2), round(step, 2), line.day, numbers, bars))
    return Chart(
        name=name,
        title=title,
        kinds=tuple(kinds),
        columns=tuple(columns),
        lines=tuple(scale.lines()),
        marks=tuple(_marks(columns)),
        totals=tuple(map(sum, zip(*counts, strict=True))) if counts else (),
    )


def most_common(days: "Sequence[DayLine]") -> "tuple[Sequence[DayLine], tuple[str, ...]]":
    """Return the days with their five largest kinds, all else as one, and these kinds."""
    from newsletter.workflows import DayLine  # noqa: PLC0415 - a page that is seldom asked for

    totals = Counter[str]()
    for line in days:
        totals.update(line.counts)
    if len(totals) <= MOST_KINDS:
        return days, tuple(kind for kind, _ in totals.most_common())
    kept = [kind for kind, _ in totals.most_common(MOST_KINDS - 1)]
    fewer = []
    for line in days:
        rest = sum(count for kind, count in line.counts.items() if kind not in kept)
        known = {kind: count for kind, count in line.counts.items() if kind in kept}
        fewer.append(DayLine(line.day, {**known, OTHERS: rest}))
    return fewer, (*kept, OTHERS)


def _marks(columns: Sequence[Column]) -> Iterator[tuple[float, date]]:
    """Yield where the days stand that are named: the last one by its end, then each week before."""
    for place, one in enumerate(columns[::-_WEEK]):
        yield round(one.x + (one.width / 2 if place else one.width), 2), one.day


class _Scale:
    """From numbers to heights, with round numbers at the lines."""

    def __init__(self, above: int, below: int) -> None:
        self._step = _round_step(max(above, below, 1))
        self._top = ceil(above / self._step) if above else 0
        self._bottom = ceil(below / self._step) if below else 0
        if not self._top + self._bottom:
            self._top = 1
        room = HEIGHT - _TOP - _BOTTOM
        self._unit = room / ((self._top + self._bottom) * self._step)
        self.zero = _TOP + self._top * self._step * self._unit

    def height(self, count: int) -> float:
        return count * self._unit

    def lines(self) -> Iterator[Line]:
        for place in range(-self._bottom, self._top + 1):
            value = place * self._step
            yield Line(round(self.zero - value * self._unit, 2), f"{abs(value):,}")


def _round_step(largest: int) -> int:
    wanted = largest / _LINES
    power = 10 ** max(0, ceil(log10(wanted)) - 1) if wanted > 1 else 1
    return max(1, ceil(next(step * power for step in _STEPS if step * power >= wanted)))


def _part(counts: Sequence[int], is_down: Sequence[bool], *, wanted: bool) -> int:
    return sum(count for count, down in zip(counts, is_down, strict=True) if down is wanted)


def _stack(
    counts: Sequence[int], is_down: Sequence[bool], x: float, width: float, scale: _Scale
) -> Iterator[Bar]:
    top = bottom = scale.zero
    for kind, (count, down) in enumerate(zip(counts, is_down, strict=True)):
        height = scale.height(count)
        if not count:
            continue
        y = bottom if down else top - height
        top, bottom = (top, bottom + height) if down else (top - height, bottom)
        yield Bar(round(x, 2), round(y, 2), round(width, 2), round(height, 2), kind)
