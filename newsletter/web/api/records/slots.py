"""Slots as the API answers with them."""

from datetime import date, datetime
from typing import Self

from newsletter.model import Slot, SlotRecord
from newsletter.web.api.records.forms import Record


class SlotOut(Record):
    """A local day of a subscriber, and when it begins there."""

    local_date: date
    begins_at: datetime
    timezone: str
    kind: str

    @classmethod
    def of(cls, slot: Slot) -> Self:
        """Return the record of a slot."""
        return cls(
            local_date=slot.local_date,
            begins_at=slot.begins_at,
            timezone=slot.timezone,
            kind=slot.kind,
        )


class PlannedSlot(Record):
    """A slot that was planned: the edition, or why there was none."""

    slot: SlotOut
    planned_at: datetime
    new_count: int
    edition: str | None
    silence: str | None
    detail: str | None

    @classmethod
    def of(cls, record: SlotRecord) -> Self:
        """Return the record of a planned slot."""
        return cls(
            slot=SlotOut.of(record.slot),
            planned_at=record.planned_at,
            new_count=record.new_count,
            edition=record.edition,
            silence=record.silence.reason if record.silence else None,
            detail=record.silence.detail if record.silence else None,
        )


class EditionList(Record):
    """The last slots of a subscriber, the latest first."""

    editions: list[PlannedSlot]
