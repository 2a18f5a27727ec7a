"""Mail coming in: what is stored before anybody looks at it, and what a look finds."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from newsletter.model.preferences import EmailAddress

InboundId = NewType("InboundId", int)


class InboundState(StrEnum):
    """Where one received message stands."""

    RECEIVED = "received"
    """Stored, and not looked at yet."""
    HANDLED = "handled"
    ASIDE = "aside"
    """It could not be read, or took too long: kept for a person, and for a replay."""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message as it came in. `sender` "" is the null sender (RFC 5321 4.5.5).

    `sender` and `recipient` are those of the envelope as it was given; None where the way in does
    not tell (a mailbox), then the fields of the message must do. `tries` counts the looks that
    began, `note` says what became of it.
    """

    id: InboundId
    raw: bytes = field(repr=False)
    sender: str | None
    recipient: str | None
    received_at: datetime
    state: InboundState = InboundState.RECEIVED
    tries: int = 0
    note: str = ""


class InboundKind(StrEnum):
    """What a message is, in the order in which that is asked."""

    COMPLAINT = "complaint"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    COMMAND = "command"
    OTHER = "other"
    """A human mail that is no command: it goes to the owner."""
    REFUSED = "refused"
    """Over a limit, a loop, or without an address that could be answered."""


class BounceClass(StrEnum):
    """What a bounce says of the address."""

    HARD = "hard"
    """There is no such mailbox."""
    SOFT = "soft"
    """It may work again: full, busy, slow, or the report does not say."""
    POLICY = "policy"
    """The message was refused for what it is or where it came from: nothing is said of the address."""


@dataclass(frozen=True, slots=True)
class BounceReport:
    """What a report says of one recipient. `status` is RFC 3463 (`5.1.1`), None when it tells none.

    `diagnosis` is what the other side wrote, one line; `recipient` as the report names it.
    """

    kind: BounceClass
    status: str | None = None
    recipient: str | None = None
    diagnosis: str = ""


@dataclass(frozen=True, slots=True)
class InboundMail:
    """A message as far as the program reads it. All texts are decoded; control characters are gone.

    `from_address` is None when the From field holds none, or several, or one that cannot be
    written to. `plain` is the text of the first text/plain part, `html` that of the first text/html
    part, None where there is none. `fields` maps a lower-case name to the decoded values of all
    fields of that name, topmost first.
    """

    sender: str | None
    recipient: str | None
    from_address: EmailAddress | None
    from_name: str
    subject: str
    message_id: str | None
    references: tuple[str, ...]
    plain: str | None
    html: str | None
    fields: dict[str, tuple[str, ...]]
    is_flowed: bool = False
    """`plain` is format=flowed (RFC 3676); `is_delsp` that its spaces are to be deleted."""
    is_delsp: bool = False
    reports: tuple["ReportPart", ...] = ()
    """The parts of a report (RFC 6522) and messages that are attached, in their order."""
    reply_to: EmailAddress | None = None
    """The one address of the Reply-To field, None as for `from_address`. Nobody vouches for it."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A mail that came in for a source. `number` counts up in the order in which they are kept."""

    number: int
    raw: bytes = field(repr=False)
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A part of a report: its type, its groups of fields, and its text.

    `media_type` is lower-case, `message/delivery-status`, `message/feedback-report`,
    `message/rfc822` or `text/rfc822-headers`; `groups` hold the fields of each group of lines (names in
    lower case), for an attached message one group: its header.
    """

    media_type: str
    groups: tuple[dict[str, tuple[str, ...]], ...]
    text: str = ""


class CommandName(StrEnum):
    """One wish in a message."""

    SUBSCRIBE = "subscribe"
    CONFIRM = "confirm"
    ADD = "add"
    DELETE = "del"
    SET = "set"
    CADENCE = "cadence"
    AT_MOST = "at most"
    SHOW = "show"
    TOPICS = "topics"
    STATUS = "status"
    WHY = "why"
    LIKE = "like"
    DISLIKE = "dislike"
    PAUSE = "pause"
    RESUME = "resume"
    UNSUBSCRIBE = "unsubscribe"
    EXPORT = "export"
    ERASE = "erase"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Command:
    """A wish that was understood. `arguments` are words of the person, or values written in one way.

    `line` counts the lines of the body from 1; 0 is the subject.
    """

    name: CommandName
    arguments: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Misunderstanding:
    """A line that looks like a command and is none; `suggestion` is the nearest, None when none is near."""

    line: int
    text: str
    reason: str
    suggestion: str | None = None
