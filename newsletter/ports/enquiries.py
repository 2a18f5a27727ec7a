"""What people ask for on a page, from the answer of the page until somebody has looked who it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol

from newsletter.model import EmailAddress

EnquiryId = NewType("EnquiryId", int)


class EnquiryKind(StrEnum):
    """What is asked for."""

    SUBSCRIBE = "subscribe"
    """A mail that asks whether letters are wanted; the document is what was chosen on the page."""
    PREFERENCES_LINK = "preferences-link"
    """A mail with the link to the preferences page, for a subscriber; there is no document."""


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What somebody asked for, who may be anybody: the address is as it was typed.

    `document` is the preferences document that is wanted, "" for none; `evidence` says for the
    consent log how it came. `tries` counts the looks at it, this one included.
    """

    id: EnquiryId
    kind: EnquiryKind
    address: EmailAddress = field(repr=False)
    document: str = field(repr=False)
    evidence: str = field(repr=False)
    asked_at: datetime
    tries: int = 0


class EnquiryStore(Protocol):
    """Enquiries that wait. Every method raises StorageError when it cannot be read or written now."""

    def keep(
        self,
        kind: EnquiryKind,
        address: EmailAddress,
        document: str,
        evidence: str,
        *,
        now: datetime,
    ) -> None:
        """Commit one enquiry; when this returns, it is safe. The same work whoever has the address."""
        ...

    def claim(self, limit: int, *, now: datetime, patience_until: datetime) -> Sequence[Enquiry]:
        """Take enquiries that wait, oldest first, each with its try counted.

        Nobody else gets them before `patience_until`; one that is not `done` by then is given out
        again, to whoever asks after it, three times in all: then it is left aside, for it may be
        what ends every look. `limit` is at least 1.
        """
        ...

    def done(self, enquiry: EnquiryId) -> None:
        """Forget an enquiry; one that is unknown by now is passed over."""
        ...

    def give_back(self, enquiry: EnquiryId) -> None:
        """Let an enquiry that was claimed and not looked at be taken at once, its try not counted."""
        ...

    def aside(self) -> int:
        """Return how many are left aside after three looks."""
        ...

    def forget(self, before: datetime, *, waiting_before: datetime | None = None) -> int:
        """Forget what is left aside and was asked for before then; return how many.

        And what was asked for before `waiting_before`, also when nobody looked at it: the rounds
        stood still for so long (None: all of that stays).
        """
        ...
