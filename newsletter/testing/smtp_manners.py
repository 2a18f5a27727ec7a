"""How a test server behaves to everybody, and what it remembers."""

import hashlib
import ssl
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from newsletter.model import EmailAddress, Envelope


@dataclass(frozen=True, slots=True)
class Manners:
    r"""How a server behaves to everybody.

    `extensions` is what it offers after EHLO. With `tls` it encrypts from the first octet, or on
    STARTTLS when that is among the extensions. `holds_replies` answers MAIL and RCPT only once
    DATA was heard, as RFC 2920 allows: a client that does not pipeline never gets on.
    `messages_per_connection` ends a connection silently when it carried so many; `password` is
    the last line of an AUTH, in base64, that it accepts.

    | fault of a server | manners |
    | --- | --- |
    | hangs up at once | `greeting=""` |
    | refuses everybody, or is too busy | `greeting="554 5.7.1 no"`, `"421 4.3.2 later"` |
    | keeps us waiting for its greeting | `greeting_delay_s` |
    | allows few connections (421) | `most_connections` |
    | STARTTLS is stripped on the way | `extensions` without it |
    | STARTTLS is refused | `starttls_reply="454 4.7.0 not now"` |
    | words are put into the encrypted conversation | `starttls_reply="220 go\r\n250 injected"` |
    | a certificate nobody trusts | `tls` |
    | a password that is wrong (535) | `password` |
    | wants us to sign in (530 at MAIL) | `needs_login` |
    """

    extensions: tuple[str, ...] = ("PIPELINING", "SIZE 1000000", "8BITMIME", "SMTPUTF8")
    greeting: str = "220 test.example ready"
    greeting_delay_s: float = 0.0
    tls: ssl.SSLContext | None = None
    starttls_reply: str = "220 2.0.0 go ahead"
    password: str = ""
    needs_login: bool = False
    messages_per_connection: int | None = None
    most_connections: int | None = None
    holds_replies: bool = False
    knows_ehlo: bool = True
    always_354: bool = False
    """Says 354 to DATA although every recipient was refused (RFC 2920 section 3.1 allows it)."""
    is_lmtp: bool = False
    """Speaks RFC 2033: LHLO, and after the dot one answer for each recipient."""


@dataclass(slots=True)
class Record:
    """What a server saw. `unfinished` counts messages whose final dot never came.

    `tries` counts RCPT for each recipient, `offers` MAIL for each sender; `accepted` is how often
    which message, by its SHA-256, was taken for a recipient. `witness` is told of each message
    and its recipient when the final dot has come and nothing was answered yet.
    """

    envelopes: list[Envelope] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    most_open: int = 0
    unfinished: int = 0
    tries: Counter[str] = field(default_factory=Counter)
    offers: Counter[str] = field(default_factory=Counter)
    accepted: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    witness: Callable[[str, bytes], None] = lambda *_: None

    def keep(self, sender: str, recipients: list[str], message: bytes) -> None:
        """Remember a message that was taken."""
        digest = hashlib.sha256(message).hexdigest()
        for recipient in recipients:
            self.witness(recipient, message)
            self.accepted[recipient][digest] += 1
            self.envelopes.append(Envelope(EmailAddress(sender), EmailAddress(recipient), message))
