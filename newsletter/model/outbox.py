"""The outbox: messages that must still go. One way out, for editions and answers alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from newsletter.errors import IllegalTransitionError
from newsletter.model.editions import EditionId, Slot
from newsletter.model.preferences import EmailAddress
from newsletter.model.subscriptions import SubscriberId

OutboxId = NewType("OutboxId", int)


class OutboxState(StrEnum):
    """Where one message stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    IN_DATA = "in-data"
    """Recorded before the final dot: from here on it may have been taken."""
    DEFERRED = "deferred"
    UNCERTAIN = "uncertain"
    """The final dot was sent and no answer recorded: the window that SMTP leaves open."""
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class OutboxEvent(StrEnum):
    """What can happen to one message."""

    CLAIM = "claim"
    BEGIN_DATA = "begin-data"
    ACCEPT = "accept"
    DEFER = "defer"
    REJECT = "reject"
    LOSE_REPLY = "lose-reply"
    LEASE_EXPIRED = "lease-expired"
    EXPIRE = "expire"
    POISON = "poison"
    CANCEL = "cancel"
    RETRY = "retry"
    """By hand."""


_S = OutboxState
_E = OutboxEvent

OUTBOX_TRANSITIONS: Final[Mapping[tuple[OutboxState, OutboxEvent], OutboxState]] = {
    (_S.QUEUED, _E.CLAIM): _S.CLAIMED,
    (_S.QUEUED, _E.EXPIRE): _S.FAILED,
    (_S.QUEUED, _E.POISON): _S.FAILED,
    (_S.QUEUED, _E.CANCEL): _S.CANCELLED,
    (_S.QUEUED, _E.RETRY): _S.QUEUED,
    (_S.DEFERRED, _E.CLAIM): _S.CLAIMED,
    (_S.DEFERRED, _E.EXPIRE): _S.FAILED,
    (_S.DEFERRED, _E.POISON): _S.FAILED,
    (_S.DEFERRED, _E.CANCEL): _S.CANCELLED,
    (_S.DEFERRED, _E.RETRY): _S.QUEUED,
    (_S.CLAIMED, _E.BEGIN_DATA): _S.IN_DATA,
    (_S.CLAIMED, _E.DEFER): _S.DEFERRED,
    (_S.CLAIMED, _E.REJECT): _S.FAILED,
    (_S.CLAIMED, _E.LEASE_EXPIRED): _S.DEFERRED,
    (_S.CLAIMED, _E.EXPIRE): _S.FAILED,
    (_S.CLAIMED, _E.POISON): _S.FAILED,
    (_S.CLAIMED, _E.CANCEL): _S.CANCELLED,
    (_S.IN_DATA, _E.ACCEPT): _S.SENT,
    (_S.IN_DATA, _E.DEFER): _S.DEFERRED,
    (_S.IN_DATA, _E.REJECT): _S.FAILED,
    (_S.IN_DATA, _E.LOSE_REPLY): _S.UNCERTAIN,
    (_S.IN_DATA, _E.LEASE_EXPIRED): _S.UNCERTAIN,
    (_S.UNCERTAIN, _E.CLAIM): _S.CLAIMED,
    (_S.UNCERTAIN, _E.ACCEPT): _S.SENT,
    (_S.UNCERTAIN, _E.REJECT): _S.FAILED,
    (_S.UNCERTAIN, _E.CANCEL): _S.CANCELLED,
    (_S.UNCERTAIN, _E.RETRY): _S.QUEUED,
    (_S.FAILED, _E.RETRY): _S.QUEUED,
}
"""SENT and CANCELLED take no event. CLAIM of UNCERTAIN is the policy `resend`, once."""

WAITING: Final = frozenset({_S.QUEUED, _S.CLAIMED, _S.IN_DATA, _S.DEFERRED})


def next_outbox_state(state: OutboxState, event: OutboxEvent) -> OutboxState:
    """Return the state after `event`; raise IllegalTransitionError where the table has none."""
    try:
        return OUTBOX_TRANSITIONS[state, event]
    except KeyError:
        message = f"{state} cannot take {event}"
        raise IllegalTransitionError(message) from None


class OutboxKind(StrEnum):
    """What kind of message waits: a letter of a slot, or an answer to a person."""

    EDITION = "edition"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One message of the outbox. `attempts` counts claims; `crashes` those that ended in none of our words.

    `resends` counts the times an UNCERTAIN one was claimed again. `message_sha256` is that of the
    bytes of the last BEGIN_DATA, None before the first.
    """

    id: OutboxId
    kind: OutboxKind
    subscriber: SubscriberId
    recipient: EmailAddress
    state: OutboxState
    begin_by: datetime
    retry_until: datetime
    edition: EditionId | None = None
    slot: Slot | None = None
    attempts: int = 0
    crashes: int = 0
    resends: int = 0
    not_before: datetime | None = None
    message_id: str | None = None
    message_sha256: str | None = None
    last_reply: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """What must be written down before the final dot of one message may be sent.

    `message_sha256` is that of the bytes that are about to leave.
    """

    item: OutboxId
    message_id: str
    message_sha256: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """The end of one try, to be written down. `not_before` is when a deferred one may be tried again.

    Without `is_try` nobody was asked: the claim does not count.
    """

    item: OutboxId
    event: OutboxEvent
    reply: str
    not_before: datetime | None = None
    is_crash: bool = False
    is_try: bool = True


@dataclass(frozen=True, slots=True)
class Accounting:
    """planned = sent + failed + cancelled + uncertain + waiting, at every moment."""

    sent: int = 0
    failed: int = 0
    cancelled: int = 0
    uncertain: int = 0
    waiting: int = 0

    @property
    def planned(self) -> int:
        """Everything that ever entered the outbox and is still kept."""
        return self.sent + self.failed + self.cancelled + self.uncertain + self.waiting
