"""Subscriptions: the state of a person's consent, and suppressions, which are another fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from newsletter.errors import IllegalTransitionError
from newsletter.model.preferences import AddressKey, EmailAddress, Preferences
from newsletter.model.records import record

SubscriberId = NewType("SubscriberId", str)
"""Made by chance when an address is first seen; never derived from the address."""


class SubscriptionState(StrEnum):
    """Whether the person agreed. There is no row, or None, for an address never seen."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"


class SubscriptionEvent(StrEnum):
    """What can happen to a consent."""

    SUBSCRIBE = "subscribe"
    CONFIRM = "confirm"
    VOUCH = "vouch"
    """The operator states where the consent was given; logged with that statement."""
    UNSUBSCRIBE = "unsubscribe"
    UNDO = "undo"
    EXPIRE = "expire"
    ERASE = "erase"


_S = SubscriptionState
_E = SubscriptionEvent

SUBSCRIPTION_TRANSITIONS: Final[
    Mapping[tuple[SubscriptionState | None, SubscriptionEvent], SubscriptionState | None]
] = {
    (None, _E.SUBSCRIBE): _S.PENDING,
    (None, _E.VOUCH): _S.CONFIRMED,
    (_S.PENDING, _E.SUBSCRIBE): _S.PENDING,
    (_S.PENDING, _E.CONFIRM): _S.CONFIRMED,
    (_S.PENDING, _E.VOUCH): _S.CONFIRMED,
    (_S.PENDING, _E.UNSUBSCRIBE): _S.UNSUBSCRIBED,
    (_S.PENDING, _E.EXPIRE): None,
    (_S.PENDING, _E.ERASE): None,
    (_S.CONFIRMED, _E.SUBSCRIBE): _S.CONFIRMED,
    (_S.CONFIRMED, _E.CONFIRM): _S.CONFIRMED,
    (_S.CONFIRMED, _E.VOUCH): _S.CONFIRMED,
    (_S.CONFIRMED, _E.UNSUBSCRIBE): _S.UNSUBSCRIBED,
    (_S.CONFIRMED, _E.ERASE): None,
    (_S.UNSUBSCRIBED, _E.SUBSCRIBE): _S.PENDING,
    (_S.UNSUBSCRIBED, _E.UNSUBSCRIBE): _S.UNSUBSCRIBED,
    (_S.UNSUBSCRIBED, _E.UNDO): _S.CONFIRMED,
    (_S.UNSUBSCRIBED, _E.ERASE): None,
}
"""None means that the person is unknown (again)."""


def next_subscription_state(
    state: SubscriptionState | None, event: SubscriptionEvent
) -> SubscriptionState | None:
    """Return the state after `event`; raise IllegalTransitionError where the table has none."""
    try:
        return SUBSCRIPTION_TRANSITIONS[state, event]
    except KeyError:
        shown = state or "no subscription"
        message = f"{shown} cannot take {event}"
        raise IllegalTransitionError(message) from None


class SuppressionCause(StrEnum):
    """Why an address must not be mailed."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    BY_HAND = "by-hand"


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address that must not be mailed, and why."""

    address: AddressKey
    cause: SuppressionCause
    detail: str
    since_at: datetime


@record
class Subscriber:
    """A person with an address, as the database knows them.

    `preferences` is the last good document (None: there is none now, so nothing is sent);
    `confirmed_at` is None until the first confirmation; `cadence_since_at` is the moment from
    which the present cadence and zone count.
    """

    id: SubscriberId
    address: EmailAddress
    state: SubscriptionState
    since_at: datetime
    confirmed_at: datetime | None = None
    preferences: Preferences | None = None
    cadence_since_at: datetime | None = None
    suppression: Suppression | None = None


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One line of the append-only consent log."""

    subscriber: SubscriberId
    address: EmailAddress
    event: SubscriptionEvent
    at: datetime
    statement: str
    """The text shown to the person, or the operator's words for where consent was given."""
    evidence: str = ""
    """Message-ID and Authentication-Results, file and line, or peer, as far as there are any."""
