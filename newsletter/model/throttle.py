"""Throttles: how fast letters may leave, and where nothing may leave for a while."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from newsletter.model.outbox import OutboxItem

LaneName = NewType("LaneName", str)
"""`all`, `relay smtp.example.org:587` or `domain example.org`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the operator allows; None is without limit. `per_domain` is for each minute."""

    per_minute: int | None = None
    per_day: int | None = None
    """From midnight to midnight UTC."""
    per_domain: Mapping[str, int] = field(default_factory=dict)
    """By domain, or by the name of a group."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """Domains that share a lane (one provider's), each with the name of its group."""


@dataclass(frozen=True, slots=True)
class MailHosts:
    """Which servers take the mail of a domain, as the DNS said at `asked_at`.

    `hosts` are those of the lowest preference (RFC 5321 section 5.1), in lower case and without the
    last dot; none where the domain names none, or takes no mail (RFC 7505). `trouble` says why
    the last look-up failed, empty where it did not; `hosts` are then what was known before.
    """

    domain: str
    hosts: tuple[str, ...]
    asked_at: datetime
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Somebody's letter was refused on account of us. `who` tells recipients apart and names none."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Lane:
    """One way that letters take, with what all workers must know of it.

    `free_at` is when the next letter may leave, None when one may at once. `used` counts the
    letters of `day` (UTC). `halvings` says how often the rate was halved until `slowed_at`; it
    comes back step by step. A breaker is open since `opened_at`: then nothing leaves but one
    letter at `probe_at`, and `probes` counts those. Moments are of the machine's clock.
    """

    free_at: datetime | None = None
    day: date | None = None
    used: int = 0
    halvings: int = 0
    slowed_at: datetime | None = None
    refusals: tuple[Refusal, ...] = ()
    opened_at: datetime | None = None
    probe_at: datetime | None = None
    probes: int = 0
    reason: str = ""
    """What the other side said when the breaker opened or the rate was halved last."""
    told_at: datetime | None = None
    """When the owner was told of the breaker; kept for a day, so that nobody is told each hour."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """What holds at one moment: the operator's limits, how many relays there are, the real time."""

    now: datetime
    limits: Limits = Limits()
    relays: int = 1


@dataclass(frozen=True, slots=True)
class Room:
    """What may leave now: at most `total` letters (None: any number).

    `caps` has the most for each domain that is not free, 0 for one that must be left alone.
    `again_at` is when a lane that is full only for a moment has room again, None if there is none.
    """

    total: int | None = None
    caps: Mapping[str, int] = field(default_factory=dict)
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A claimed message and the moment for which its leaving is booked; None: at once."""

    item: OutboxItem
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What was claimed, and what was seen of the lanes.

    With no turn and an `again_at`, more may be claimed at that moment.
    """

    turns: tuple[Turn, ...] = ()
    again_at: datetime | None = None
    lanes: Mapping[LaneName, Lane] = field(default_factory=dict)


class BlameKind(StrEnum):
    """What the other side has against us, whoever the recipient is."""

    TOO_FAST = "too-fast"
    POLICY = "policy"
    LOGIN = "login"
    """It wants us to log in, or does not like how we did: one such answer is enough."""


@dataclass(frozen=True, slots=True)
class Blame:
    """A refusal of us. `is_of_relay` holds where nothing was said about the recipient yet."""

    kind: BlameKind
    is_of_relay: bool
