"""What letters say of their entries, as `rules.short_matches` has it; most of it was said before."""

from collections.abc import Callable
from typing import Final

import numpy as np

from newsletter.rules.choosing.arrays import Picked
from newsletter.rules.choosing.reasons import Reasons, place_of, reason_keys
from newsletter.rules.choosing.shelf import NOTHING, Numbers, Shelf
from newsletter.rules.short_matches import BETWEEN, write_part, write_source_part

_KEPT: Final = 45_000
"""Of the beginnings of lines, and of the parts that follow; some 250 bytes each."""

_SLOT_BITS: Final = 4
"""Enough for MOST_TOPICS."""


class Lines:
    """Writes the lines of many letters. What is said once is the same for all who have the topic there."""

    def __init__(self, shelf: Shelf, reasons: Reasons) -> None:
        self._shelf = shelf
        self._reasons = reasons
        self._beginnings: dict[int, str] = {}
        self._parts: dict[int, str] = {}

    def write(self, picked: Picked) -> list[list[str]]:
        """Return the line of each entry; empty where there is none."""
        keys = reason_keys(picked.topics, picked.places[..., None])
        best = keys[..., 0], picked.slots[..., 0], picked.units[..., 0]
        names = self._learn(self._beginnings, *best, _beginning)
        flat = list(map(self._beginnings.__getitem__, names))
        width = keys.shape[1]
        lines = [flat[first : first + width] for first in range(0, len(flat), width)]
        for turn in range(1, keys.shape[2]):
            rows, entries = np.nonzero(keys[..., turn] >= 0)
            here = rows, entries, turn
            more = keys[here], picked.slots[here], picked.units[here]
            names = self._learn(self._parts, *more, _part)
            for row, entry, name in zip(rows.tolist(), entries.tolist(), names, strict=True):
                lines[row][entry] += self._parts[name]
        self._add_sources(picked, lines)
        return lines

    def _learn(
        self,
        known: dict[int, str],
        keys: Numbers,
        slots: Numbers,
        units: Numbers,
        write: Callable[[int, int, int, str], str],
    ) -> list[int]:
        """Return under which names these are `known`, which have them all then; row behind row."""
        of_all = np.where(keys < 0, NOTHING, (keys << _SLOT_BITS) | slots)
        names: list[int] = of_all.reshape(-1).tolist()
        unknown = {name: place for place, name in enumerate(names) if name not in known}
        if len(known) + len(unknown) > _KEPT and unknown:
            known.clear()
            unknown = {name: place for place, name in enumerate(names)}
        new = np.array(list(unknown.values()), np.intp)
        found = self._reasons.find(keys.reshape(-1)[new])
        said = (one.reshape(-1)[new].tolist() for one in (keys, slots, units))
        for name, key, slot, unit in zip(unknown, *said, strict=True):
            known[name] = write(place_of(key), slot, unit, found[key]) if key >= 0 else ""
        return names

    def _add_sources(self, picked: Picked, lines: list[list[str]]) -> None:
        """Say what the weights of sources add, where there are any."""
        if self._shelf.factors is None:
            return
        given = np.where(picked.units >= 0, picked.units, 0).sum(axis=2)
        added = self._shelf.by_sources(picked.places, given)
        is_said = (picked.places >= 0) & (self._shelf.factors[picked.places] != 1)
        for row, entry in zip(*(one.tolist() for one in np.nonzero(is_said)), strict=True):
            lines[row][entry] += f"{BETWEEN}{write_source_part(int(added[row, entry]))}"


def _beginning(place: int, slot: int, units: int, reason: str) -> str:
    return f"{place}{BETWEEN}{write_part(slot, units, reason)}"


def _part(_: int, slot: int, units: int, reason: str) -> str:
    return f"{BETWEEN}{write_part(slot, units, reason)}"
