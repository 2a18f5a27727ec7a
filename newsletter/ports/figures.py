"""Numbers for the operator, counted where everything is kept, and a few people found by their address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from newsletter.model import (
    EmailAddress,
    OutboxId,
    OutboxItem,
    OutboxState,
    SubscriberId,
    SubscriptionEvent,
    SubscriptionState,
    SuppressionCause,
)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of one kind there are at one moment."""

    at: datetime
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class MessageTally:
    """All messages that ever entered the outbox, by the state they are in; forgotten ones too.

    `planned` is counted without a look at their states, so that the two can be compared. `given` is
    how many numbers were given: more than `planned` by those erased together with their people, and
    by those of refused plans.
    """

    planned: int
    states: Mapping[OutboxState, int]
    given: int


@dataclass(frozen=True, slots=True)
class TroubleCount:
    """How many messages are in one of the states that mean trouble, and the latest answer to one."""

    count: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class PersonFound:
    """A person whose address has what was looked for."""

    id: SubscriberId
    address: EmailAddress
    state: SubscriptionState


QueuePlace = tuple[datetime, OutboxId]
"""Of a message in the order of slots: the beginning of its slot, and its number."""


class Figures(Protocol):
    """What is counted for the operator. Nothing here is quick for millions: ask once a minute."""

    def tally(self) -> MessageTally:
        """Count all messages, all at one moment."""
        ...

    def letters(self, *, since: datetime) -> Sequence[Counted]:
        """Count letters whose slots began at `since` or later, by beginning and state."""
        ...

    def oldest_waiting(self) -> datetime | None:
        """Return since when the message waits that waits longest; None: none does."""
        ...

    def trouble(self, state: OutboxState, *, since: datetime | None = None) -> TroubleCount:
        """Count the messages in `state`; with `since` those that came into it after that.

        With `since`, messages whose slots began over two weeks before it are not looked at.
        """
        ...

    def people(self) -> Mapping[SubscriptionState, int]:
        """Count the subscribers by state."""
        ...

    def consents(
        self, events: frozenset[SubscriptionEvent], *, since: datetime
    ) -> Sequence[Counted]:
        """Count what people said since then, by moment and event."""
        ...

    def entries(self, *, since: datetime) -> Sequence[Counted]:
        """Count the released entries first seen since then, by moment and first source."""
        ...

    def suppressed(self) -> Sequence[tuple[datetime, SuppressionCause]]:
        """Return since when and why each suppressed address is."""
        ...

    def bounced(self) -> Sequence[str]:
        """Return what is kept of every address that bounced, as JSON (see rules.bounces)."""
        ...

    def aside(self) -> int:
        """Count the received messages that are set aside for a person."""
        ...


class Register(Protocol):
    """Look-ups for the operator: a few people, a page of messages; never everybody."""

    def people(self, part: str, *, limit: int) -> Sequence[PersonFound]:
        """Return people whose address has `part` in it, upper and lower case alike, by address."""
        ...

    def wish(self, subscriber: SubscriberId) -> str:
        """Return the document that a person asked for when last asked to confirm; "" for none."""
        ...

    def messages(
        self, states: frozenset[OutboxState], *, below: QueuePlace | None, limit: int
    ) -> Sequence[tuple[QueuePlace, OutboxItem]]:
        """Return messages in these states with their places, the latest slot first: those behind a place."""
        ...
