"""What is kept of people beside consent and letters, for those who ask, and for how long."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from newsletter.model import (
    AddressKey,
    InboundState,
    KeyPurpose,
    OutboxState,
    ReplyKind,
    Silence,
    SubscriberId,
)


@dataclass(frozen=True, slots=True)
class ReplyTrace:
    """A message to a person that was no letter: what it was for, and what became of it."""

    kind: ReplyKind
    posted_at: datetime
    state: OutboxState


@dataclass(frozen=True, slots=True)
class KeyTrace:
    """A token that was given out; of the token itself nothing is stored."""

    purpose: KeyPurpose
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class InboundTrace:
    """A message that came in and names the address. `recipient` is None where that is not known.

    As long as nobody looked at it, it counts only when it is to or from the address.
    """

    received_at: datetime
    recipient: str | None
    size_bytes: int
    state: InboundState
    note: str


@dataclass(frozen=True, slots=True)
class EnquiryTrace:
    """What was asked for on a page and nobody looked at yet; `evidence` says how it came."""

    kind: str
    asked_at: datetime
    document: str
    evidence: str


@dataclass(frozen=True, slots=True)
class DeedTrace:
    """What an operator did to a person on the pages, and how it ended."""

    done_at: datetime
    action: str
    detail: str


@dataclass(frozen=True, slots=True)
class Traces:
    """What is stored of an address; `subscribers` are the ids that it ever had, oldest first."""

    subscribers: tuple[SubscriberId, ...] = ()
    replies: tuple[ReplyTrace, ...] = ()
    keys: tuple[KeyTrace, ...] = ()
    received: tuple[InboundTrace, ...] = ()
    silent_days: tuple[tuple[date, Silence], ...] = ()
    enquiries: tuple[EnquiryTrace, ...] = ()
    deeds: tuple[DeedTrace, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What ended before these moments is forgotten.

    `strangers` is for answers to people who are no subscribers (any more), `confirmations` for
    questions whether somebody wants letters, which are counted for a month, `deeds` for what
    operators did (None: all of that stays).
    """

    replies: datetime
    strangers: datetime
    confirmations: datetime
    keys: datetime
    deliveries: datetime
    deeds: datetime | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many of each were forgotten. `days` are silent ones, with a slot or without."""

    replies: int = 0
    keys: int = 0
    deliveries: int = 0
    days: int = 0
    deeds: int = 0


class Archive(Protocol):
    """What is stored of people, as far as no other port tells or forgets it."""

    def traces(self, address: AddressKey) -> Traces:
        """Return what is stored of an address; everything empty where there is nothing."""
        ...

    def purge(self, deadlines: Deadlines) -> Forgotten:
        """Forget what is over and old, in small steps; what still waits is never forgotten.

        Messages of the outbox go on to be counted by `Outbox.accounting`, and what was sent in a
        letter is not offered again. Doing it twice is fine.
        """
        ...
