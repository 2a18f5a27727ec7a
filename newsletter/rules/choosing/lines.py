"""What letters say of their entries, as `rules.short_matches` has it."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from newsletter.rules.choosing.arrays import Picked
from newsletter.rules.choosing.reasons import Reasons
from newsletter.rules.choosing.shelf import Shelf
from newsletter.rules.short_matches import BETWEEN, write_lines, write_part, write_source_part


class Lines:
    """Writes the lines of many letters."""

    def __init__(self, shelf: Shelf, reasons: Reasons) -> None:
        self._shelf = shelf
        self._reasons = reasons

    def write(self, picked: Picked) -> list[str]:
        """Return the line of each entry that has a place or is named, letter behind letter."""
        is_one = picked.places >= 0
        lines = write_lines(picked.places[is_one].tolist(), *self._said(picked, is_one, 0))
        numbers = np.cumsum(is_one).reshape(is_one.shape) - 1
        for turn in range(1, picked.topics.shape[2]):
            is_found = picked.topics[..., turn] >= 0
            said = zip(*self._said(picked, is_found, turn), strict=True)
            for number, part in zip(numbers[is_found].tolist(), said, strict=True):
                lines[number] += f"{BETWEEN}{write_part(*part)}"
        for number, units in self._by_sources(picked, numbers):
            lines[number] += f"{BETWEEN}{write_source_part(units)}"
        return lines

    def _said(
        self, picked: Picked, here: NDArray[np.bool_], turn: int
    ) -> tuple[list[int], list[int], list[str]]:
        """Return which of their topics finds these entries at this turn, what it gives, and why."""
        slots, units = picked.slots[here, turn], picked.units[here, turn]
        return slots.tolist(), units.tolist(), self._reasons.of(picked.hits[here, turn])

    def _by_sources(self, picked: Picked, numbers: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
        """Yield which lines must say what the weights of sources add, and what these do."""
        if self._shelf.factors is None:
            return
        given = np.where(picked.units >= 0, picked.units, 0).sum(axis=2)
        added = self._shelf.by_sources(picked.places, given)
        is_said = (picked.places >= 0) & (self._shelf.factors[picked.places] != 1)
        yield from zip(numbers[is_said].tolist(), added[is_said].tolist(), strict=True)
