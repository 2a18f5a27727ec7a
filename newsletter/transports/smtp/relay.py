"""The next hop: where it is, how we prove who we are, and how long we wait for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from newsletter.errors import ConfigError

HIGHEST_PORT: Final = 65535
MESSAGES_PER_CONNECTION: Final = 100
"""Some servers end a connection after so many; greeting again costs little beside that many messages."""


class Protocol(StrEnum):
    """How the next hop is spoken to."""

    SMTP = "smtp"
    """RFC 5321."""
    LMTP = "lmtp"
    """RFC 2033: the same, with a greeting of its own and an answer for each recipient after the dot."""


class Tls(StrEnum):
    """How the conversation is encrypted. There is no "if possible": that would be a downgrade."""

    NONE = "none"
    STARTTLS = "starttls"
    """Plain first, then RFC 3207; ends the conversation when the relay does not offer it."""
    TLS = "tls"
    """From the first octet (RFC 8314)."""


class Mechanism(StrEnum):
    """How we prove who we are (RFC 4954)."""

    PLAIN = "plain"
    """RFC 4616: name and password together."""
    LOGIN = "login"
    """The same, one after the other; never a standard, and on some servers all there is."""
    XOAUTH2 = "xoauth2"
    """Name and access token, as two large providers ask for it."""


@dataclass(frozen=True, slots=True)
class Relay:
    """One server that takes our mail, by SMTP or LMTP.

    With `socket_path` it is reached through that Unix socket; `host` is then only its name.
    `helo_name` is the name we greet with; None: the address literal of our end of the connection
    (RFC 5321 section 4.1.3). A password without TLS is a ConfigError unless
    `sends_password_in_clear` says that the operator wants it. `read_token` takes the place of the
    password and is asked at every new connection, because a token lives for an hour; it may raise
    ConfigError. `mechanism` None: PLAIN, else LOGIN, as the server offers; with a token XOAUTH2.
    A connection carries `messages_per_connection` messages at most.
    """

    host: str
    port: int = 25
    tls: Tls = Tls.NONE
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    helo_name: str | None = None
    sends_password_in_clear: bool = False
    protocol: Protocol = Protocol.SMTP
    socket_path: Path | None = None
    mechanism: Mechanism | None = None
    read_token: Callable[[], str] | None = field(default=None, repr=False)
    messages_per_connection: int = MESSAGES_PER_CONNECTION

    def __post_init__(self) -> None:
        """Raise ConfigError with every reason why no conversation could be held like this."""
        problems = [text for is_wrong, text in self._rules() if is_wrong]
        if problems:
            raise ConfigError("; ".join(problems))

    @property
    def name(self) -> str:
        """Return `host:port`, or the path of the socket, for messages."""
        return str(self.socket_path) if self.socket_path else f"{self.host}:{self.port}"

    def _rules(self) -> tuple[tuple[bool, str], ...]:
        return (*self._rules_of_place(), *self._rules_of_login())

    def _rules_of_place(self) -> tuple[tuple[bool, str], ...]:
        return (
            (not self.host.isprintable() or not self.host.strip(), "relay: host is no name"),
            (not 0 < self.port <= HIGHEST_PORT, f"relay: port {self.port} is not 1 to 65535"),
            (
                self.socket_path is not None and self.tls is not Tls.NONE,
                f"relay {self.name}: a socket of this machine is not encrypted; set tls: none",
            ),
            (
                not _is_word(self.helo_name or "x"),
                f"relay {self.name}: helo name is no host name",
            ),
            (
                self.messages_per_connection < 1,
                f"relay {self.name}: a connection carries at least 1 message",
            ),
        )

    def _rules_of_login(self) -> tuple[tuple[bool, str], ...]:
        has_password, has_token = self.password is not None, self.read_token is not None
        secrets = (self.username or "") + (self.password or "")
        is_plain = self.tls is Tls.NONE and not self.sends_password_in_clear
        wants_token = self.mechanism is Mechanism.XOAUTH2
        return (
            (
                (has_password or has_token) != (self.username is not None),
                "relay: username and password go together; give both or none",
            ),
            (has_password and has_token, "relay: give a password or a token, not both"),
            (
                self.mechanism is not None and has_token != wants_token,
                "relay: a token goes with xoauth2, a password with plain and login",
            ),
            (
                (has_password or has_token) and is_plain,
                f"relay {self.name}: a password needs TLS; set tls: starttls or tls: tls",
            ),
            ("\0" in secrets, f"relay {self.name}: a username or password cannot hold NUL"),
        )


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long we wait; the defaults are the minimum that RFC 5321 section 4.5.3.2 asks for.

    A shorter `end_of_data` makes repeats: the relay took the message and we never learn it.
    `idle` is for how long an unused connection is kept, `quit` how long a farewell may take.
    """

    connect: timedelta = timedelta(minutes=5)
    greeting: timedelta = timedelta(minutes=5)
    command: timedelta = timedelta(minutes=5)
    data: timedelta = timedelta(minutes=2)
    block: timedelta = timedelta(minutes=3)
    end_of_data: timedelta = timedelta(minutes=10)
    idle: timedelta = timedelta(seconds=30)
    quit: timedelta = timedelta(seconds=2)


def _is_word(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text
