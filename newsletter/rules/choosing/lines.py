"""What letters say of their entries, as `rules.short_matches` has it."""

from collections.abc import Iterator
from operator import add
from typing import Final

import numpy as np
from numpy.typing import NDArray

from newsletter.rules.choosing.arrays import Picked
from newsletter.rules.choosing.finding import MOST_TOPICS
from newsletter.rules.choosing.reasons import Reasons
from newsletter.rules.choosing.shelf import Shelf
from newsletter.rules.recent import WorkedOut
from newsletter.rules.short_matches import (
    BETWEEN,
    begin_line,
    reason_in,
    write_part,
    write_source_part,
)

_BEGINNINGS_KEPT: Final = 65_536
"""Some 130 bytes each."""


class Lines:
    """Writes the lines of many letters."""

    def __init__(self, shelf: Shelf, reasons: Reasons) -> None:
        self._shelf = shelf
        self._reasons = reasons
        self._beginnings: WorkedOut[int, str] = WorkedOut(
            _BEGINNINGS_KEPT, lambda cell: begin_line(*divmod(cell, MOST_TOPICS))
        )
        """By the place of an entry and which of the reader's topics finds it, in one number."""

    def write(self, picked: Picked) -> list[str]:
        """Return the line of each entry that has a place or is named, letter behind letter."""
        is_one = picked.places >= 0
        # The best of the topics gives all that it gives to anybody: so two texts that are known make a line.
        # Fourteen are made for a letter, without a step of the program for each.
        cells = picked.places[is_one] * MOST_TOPICS + picked.slots[is_one, 0]
        beginnings = map(self._beginnings.__getitem__, cells.tolist())
        lines = list(map(add, beginnings, self._reasons.said(picked.hits[is_one, 0])))
        numbers = np.cumsum(is_one).reshape(is_one.shape) - 1
        for turn in range(1, picked.topics.shape[2]):
            is_found = picked.topics[..., turn] >= 0
            slots, units = picked.slots[is_found, turn], picked.units[is_found, turn]
            reasons = map(reason_in, self._reasons.said(picked.hits[is_found, turn]))
            parts = map(write_part, slots.tolist(), units.tolist(), reasons)
            for number, part in zip(numbers[is_found].tolist(), parts, strict=True):
                lines[number] += f"{BETWEEN}{part}"
        for number, units in self._by_sources(picked, numbers):
            lines[number] += f"{BETWEEN}{write_source_part(units)}"
        return lines

    def _by_sources(self, picked: Picked, numbers: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
        """Yield which lines must say what the weights of sources add, and what these do."""
        if self._shelf.factors is None:
            return
        given = np.where(picked.units >= 0, picked.units, 0).sum(axis=2)
        added = self._shelf.by_sources(picked.places, given)
        is_said = (picked.places >= 0) & (self._shelf.factors[picked.places] != 1)
        yield from zip(numbers[is_said].tolist(), added[is_said].tolist(), strict=True)
