"""Between the rows of the ledger and the model."""

from datetime import UTC

from sqlalchemy import RowMapping

from newsletter.model import (
    EditionId,
    Silence,
    SilenceReason,
    Slot,
    SlotKind,
    SlotRecord,
    SubscriberId,
)


def slot_name(slot: Slot) -> str:
    """Return what makes a slot unique for its subscriber: the local day, or by hand the moment."""
    if slot.kind is SlotKind.SCHEDULED:
        return slot.local_date.isoformat()
    return slot.begins_at.astimezone(UTC).isoformat()


def slot_of(row: RowMapping) -> Slot:
    """Return the slot of a row that has its columns."""
    return Slot(row["local_date"], row["begins_at"], row["timezone"], SlotKind(row["kind"]))


def record_of(row: RowMapping) -> SlotRecord:
    """Return one line of the ledger."""
    reason = row["silence"]
    edition = row["edition"]
    return SlotRecord(
        subscriber=SubscriberId(row["subscriber"]),
        slot=slot_of(row),
        planned_at=row["planned_at"],
        new_count=row["new_count"],
        edition=None if edition is None else EditionId(edition),
        silence=None if reason is None else Silence(SilenceReason(reason), row["detail"]),
    )
