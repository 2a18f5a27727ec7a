"""What other programs are told through the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from newsletter.model import (
    ConsentRecord,
    Edition,
    EntryContent,
    OutboxItem,
    Problem,
    RevisionId,
    Slot,
    Subscriber,
)


class Joining(StrEnum):
    """What came of the wish that somebody gets letters."""

    ASKED = "asked"
    """A message asks the address whether it wants letters."""
    CONFIRMED = "confirmed"
    """On the word of whoever uses the API."""
    ALREADY = "already-subscribed"
    LIMITED = "limited"
    """The address was asked lately, or must not be mailed: nothing was done."""
    REFUSED = "refused"
    """The person unsubscribed once: only they can come back, by mail or page."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """A subscriber with the document as written (None: there is none) and what follows from it."""

    person: Subscriber
    document: str | None
    coming: tuple[Slot, ...]
    consents: tuple[ConsentRecord, ...]


@dataclass(frozen=True, slots=True)
class EditionView:
    """An edition with the texts of its entries and its message; None where that is forgotten."""

    edition: Edition
    contents: Mapping[RevisionId, EntryContent]
    message: OutboxItem | None


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing a document; with problems nothing was written."""

    problems: tuple[Problem, ...] = ()
    is_conflict: bool = False
    """Something else stands there than the writer had read."""
