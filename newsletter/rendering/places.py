"""Where in the template files something stands, after they were joined and compiled."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a template file; `line` counts from 1, 0 means the whole file."""

    template: str
    line: int = 0

    def __str__(self) -> str:
        """Write `edition.mjml.j2:12`."""
        return f"{self.template}:{self.line}" if self.line else self.template


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text made out of several files, with the place of each of its lines."""

    text: str
    places: Sequence[Place]

    def place(self, line: int) -> Place:
        """Return where line `line` (from 1) came from; outside the text, its nearest line."""
        return self.places[min(max(line, 1), len(self.places)) - 1]
