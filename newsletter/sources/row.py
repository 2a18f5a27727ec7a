"""One entry as a file has it, before its values are understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Raw: TypeAlias = "str | int | float | bool | list[Raw] | dict[str, Raw] | None"
"""What JSON can say; YAML and CSV files give texts, lists and mappings only."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a file: where it begins, its values by key, and where each key stands."""

    line: int
    values: Mapping[str, Raw]
    lines: Mapping[str, int] = field(default_factory=dict)
    repeated: tuple[str, ...] = ()
    """Keys that stand there more than once."""

    def line_of(self, key: str) -> int:
        """Return the line of a key, that of the entry when the format does not tell."""
        return self.lines.get(key, self.line)
