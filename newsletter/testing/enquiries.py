"""Enquiries of pages, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from newsletter.model import EmailAddress
from newsletter.ports import Enquiry, EnquiryId, EnquiryKind

MOST_TRIES: Final = 3


@dataclass(slots=True)
class MemoryEnquiries:
    """Implements `ports.EnquiryStore`. `kept` shows what is there."""

    kept: dict[EnquiryId, Enquiry] = field(default_factory=dict)
    _held: dict[EnquiryId, datetime] = field(default_factory=dict)
    _last: int = 0

    def keep(
        self,
        kind: EnquiryKind,
        address: EmailAddress,
        document: str,
        evidence: str,
        *,
        now: datetime,
    ) -> None:
        """Keep one enquiry."""
        self._last += 1
        id_ = EnquiryId(self._last)
        self.kept[id_] = Enquiry(id_, kind, address, document, evidence, now)

    def claim(self, limit: int, *, now: datetime, patience_until: datetime) -> Sequence[Enquiry]:
        """Take enquiries that wait, oldest first, each with its try counted."""
        waiting = [
            one
            for one in sorted(self.kept.values(), key=lambda one: (one.asked_at, one.id))
            if one.tries < MOST_TRIES and self._held.get(one.id, now) <= now
        ]
        taken = [replace(one, tries=one.tries + 1) for one in waiting[:limit]]
        for one in taken:
            self.kept[one.id] = one
            self._held[one.id] = patience_until
        return taken

    def done(self, enquiry: EnquiryId) -> None:
        """Forget an enquiry."""
        self.kept.pop(enquiry, None)
        self._held.pop(enquiry, None)

    def give_back(self, enquiry: EnquiryId) -> None:
        """Let an enquiry be taken at once, its try not counted."""
        one = self.kept.get(enquiry)
        if one and enquiry in self._held:
            self.kept[enquiry] = replace(one, tries=one.tries - 1)
            del self._held[enquiry]

    def aside(self) -> int:
        """Return how many are left aside."""
        return sum(one.tries >= MOST_TRIES for one in self.kept.values())

    def forget(self, before: datetime, *, waiting_before: datetime | None = None) -> int:
        """Forget what is left aside, or waits for too long, and was asked for before then."""
        gone = [
            one.id
            for one in self.kept.values()
            if (one.tries >= MOST_TRIES and one.asked_at < before)
            or (waiting_before is not None and one.asked_at < waiting_before)
        ]
        for id_ in gone:
            self.done(id_)
        return len(gone)
