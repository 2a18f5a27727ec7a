"""Mail going out: what is rendered, what is handed over, and what the next hop said."""

from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.model.preferences import EmailAddress


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """A letter in both forms. `html` is None for a subscriber who asked for text alone."""

    subject: str
    text: str
    html: str | None


@dataclass(frozen=True, slots=True)
class EncodedEmail:
    """A letter in both forms, ready to be put into a message: quoted-printable, with CRLF."""

    subject: str
    text: bytes
    html: bytes | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """Sender, recipient and bytes (RFC 5321). `message` has CRLF line ends and no dot-stuffing.

    `is_clean` is the word of whoever assembled it that each of its lines ends in CRLF, that none begins
    with a dot and that all is ASCII: then nobody looks for that again. Never for what came from outside.
    """

    sender: EmailAddress
    recipient: EmailAddress
    message: bytes
    is_clean: bool = field(default=False, compare=False)


class SmtpPhase(StrEnum):
    """Where in the conversation something happened."""

    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    """From the first octet of the message to its final dot: before it, nothing was taken."""
    END_OF_DATA = "end-of-data"
    """After the final dot: without an answer nobody knows whether the message was taken."""


class ReceiptKind(StrEnum):
    """What the next hop said about one envelope."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"
    WITHHELD = "withheld"
    """We did not send: it was cancelled between the claim and the final dot."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer about one envelope. `code` is 0 where no reply came; `status` is RFC 3463, when given.

    `relay` names who gave it, empty where nobody was asked. `before` is what other relays said
    that were asked first, and said nothing of the recipient.
    """

    kind: ReceiptKind
    phase: SmtpPhase
    code: int = 0
    text: str = ""
    status: str | None = None
    relay: str = ""
    before: tuple["Receipt", ...] = ()

    def __str__(self) -> str:
        """Write `550 5.1.1 no such user (at rcpt)`."""
        reply = " ".join(part for part in (str(self.code or ""), self.text) if part)
        return f"{reply or self.kind} (at {self.phase})"
