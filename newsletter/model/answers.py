"""Messages to people that are no letters, and the tokens that they carry."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from newsletter.model.inbound import InboundId
from newsletter.model.preferences import AddressKey, EmailAddress
from newsletter.model.subscriptions import SubscriberId

TokenHash = NewType("TokenHash", str)
"""SHA-256 of a token, in hex: all that is stored of it."""


class ReplyKind(StrEnum):
    """What a message to a person is for."""

    CONFIRMATION = "confirmation"
    """Asks whether the person wants letters; goes to addresses that anybody may have named."""
    ANSWER = "answer"
    """Answers a message of the person."""
    NOTICE = "notice"
    """Tells of something that happened, unasked: a welcome, a goodbye with the way back."""
    FORWARD = "forward"
    """A person's mail that is no command, for the owner."""
    PROBE = "probe"
    """Asks an address that bounced whether it still takes mail, before it is suppressed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A message that waits in the outbox as it will leave, byte for byte.

    `sender` is that of the envelope, "" the null sender. `to_key` is the folded address, by
    which limits are counted; `answers` the message that it answers, None for one that nobody asked
    for. The bytes of one that `holds_token` are wiped once it was sent.
    """

    kind: ReplyKind
    subscriber: SubscriberId | None
    recipient: EmailAddress
    to_key: AddressKey
    sender: str
    message_id: str
    message: bytes = field(repr=False)
    answers: InboundId | None = None
    holds_token: bool = False


class KeyPurpose(StrEnum):
    """What a random token lets its holder do."""

    CONFIRM = "confirm"
    """Confirm a subscription: once, for seven days."""
    PREFERENCES = "preferences"
    """Read and change the preferences of one subscriber, for 90 days."""
    UNDO = "undo"
    """Take back an unsubscribe, for 14 days."""


@dataclass(frozen=True, slots=True)
class Key:
    """A token that was given out, as it is stored."""

    hash: TokenHash
    purpose: KeyPurpose
    subscriber: SubscriberId
    address: AddressKey
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None = None
    wish: str = ""
    """The preferences document that comes into force with a confirmation, where there is none yet."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an answer: plain text, one line however long."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines that belong together: a term with what is to be said of it, which may be empty."""

    rows: tuple[tuple[str, str], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class DocumentBlock:
    """A preferences document to be edited in a reply: it stands between the two marker lines."""

    text: str


@dataclass(frozen=True, slots=True)
class Button:
    """One step that a person may take. `href` is https, or mailto of an address that obeys."""

    label: str
    href: str


Block = Paragraph | Listing | DocumentBlock | Button


@dataclass(frozen=True, slots=True)
class Answer:
    """What a message to a person says, before it is rendered; all texts are plain.

    `reason` says why the person gets it, in one sentence; it stands in the foot with the postal address.
    """

    subject: str
    headline: str
    blocks: tuple[Block, ...]
    reason: str
