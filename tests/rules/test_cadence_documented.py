"""The two tables of docs/schedule.md hold."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.model import Cadence, EmailAddress, Preferences, Slot
from newsletter.preferences import parse_documents
from newsletter.rules.cadence import due_slot, next_slots

PAGE = Path(__file__).parents[2] / "docs" / "schedule.md"
DEFAULTS = Preferences(EmailAddress("somebody@example.org"))


def rows(columns: int) -> list[list[str]]:
    """Return the cells of each example in the table that has so many columns."""
    found = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `{") and len(cells) == columns:
            found.append(cells)
    return found


def cadence_of(cell: str) -> Cadence:
    text = f"email: somebody@example.org\nsend: {cell.strip('`')}\n"
    reading = parse_documents(text, "schedule.md", catalogue={}, defaults=DEFAULTS)
    assert not reading.problems
    return reading.documents[0].preferences.cadence


def moment(cell: str) -> datetime:
    return datetime.fromisoformat(cell).replace(tzinfo=UTC)


@pytest.mark.parametrize("cells", rows(4), ids=lambda cells: f"{cells[0]} {cells[1]}")
def test_the_next_slots_are_as_documented(cells: list[str]) -> None:
    expected = [moment(cell) for cell in cells[2].split(", ")]
    found = next_slots(cadence_of(cells[0]), after=moment(cells[1]), count=len(expected))
    assert [slot.begins_at for slot in found] == expected


@pytest.mark.parametrize("cells", rows(6), ids=lambda cells: f"{cells[0]} {cells[3]}")
def test_what_is_due_is_as_documented(cells: list[str]) -> None:
    cadence = cadence_of(cells[0])
    begun = moment(cells[1]) if cells[1] else None
    last = Slot(begun.date(), begun, "UTC") if begun else None
    due = due_slot(cadence, last, counts_from=moment(cells[2]), now=moment(cells[3]))
    assert (due.begins_at if due else None) == (None if cells[4] == "none" else moment(cells[4]))


def test_the_page_has_both_tables() -> None:
    assert len(rows(4)) > 10
    assert len(rows(6)) > 7
