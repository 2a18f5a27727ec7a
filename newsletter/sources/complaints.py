"""What is wrong with a file, told once where many entries share it."""

from dataclasses import dataclass, field
from typing import Final

from newsletter.model import Problem

_MOST_SENTENCES: Final = 100


@dataclass(slots=True)
class Complaints:
    """Collects problems of one file. Equal ones (same key, same message) become one sentence."""

    file: str
    _first: dict[tuple[str, str], Problem] = field(default_factory=dict)
    _more: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, line: int, key: str, message: str, suggestion: str | None = None) -> None:
        """Complain of `key` (empty: of the whole entry) in the entry at `line`."""
        same = (key, message)
        if same in self._first:
            self._more[same] = self._more.get(same, 0) + 1
        else:
            self._first[same] = Problem(self.file, line, 0, key, message, suggestion)

    def sentences(self) -> tuple[str, ...]:
        """Return at most 101 sentences, in the order of the file."""
        told = [
            f"{problem} (and {self._more[same]} more like it)"
            if same in self._more
            else str(problem)
            for same, problem in self._first.items()
        ]
        rest = len(told) - _MOST_SENTENCES
        if rest > 0:
            told[_MOST_SENTENCES:] = [f"{self.file}: and {rest} more problems"]
        return tuple(told)
