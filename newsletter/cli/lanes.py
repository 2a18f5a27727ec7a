"""How lanes are shown in `newsletter status`."""

from collections.abc import Sequence
from typing import Final

from rich.table import Table

from newsletter.cli.session import JsonValue
from newsletter.cli.tables import plain_table
from newsletter.workflows import LaneLine

_MOST_LINES: Final = 10
_MOST_DOMAINS: Final = 3


def lane_table(lines: Sequence[LaneLine]) -> Table:
    """Return the first ten lanes, each with some of the domains that share it."""
    rows = [(line.subject, _domains(line), _pace(line), _state(line)) for line in lines]
    rest = len(rows) - _MOST_LINES
    shown = rows[:_MOST_LINES]
    if rest > 0:
        shown.append((f"… and {rest:,} more", "`newsletter --json status` has all", "", ""))
    return plain_table("Lanes", ("Lane", "Domains", "A minute", "State"), shown)


def lane_record(line: LaneLine) -> JsonValue:
    """Return one lane as a program reads it."""
    return {
        "lane": line.subject,
        "domains": list(line.domains),
        "per_minute": line.per_minute,
        "state": _state(line),
    }


def _domains(line: LaneLine) -> str:
    first, rest = line.domains[:_MOST_DOMAINS], len(line.domains) - _MOST_DOMAINS
    return ", ".join([*first, *([f"{rest:,} more"] if rest > 0 else [])])


def _pace(line: LaneLine) -> str:
    return "any" if line.per_minute is None else f"{line.per_minute:,.4g}"


def _state(line: LaneLine) -> str:
    if line.is_open:
        return "closed"
    return "slowed" if line.is_slowed else "free"
