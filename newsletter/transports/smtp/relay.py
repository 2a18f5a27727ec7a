"""The next hop: where it is, how we prove who we are, and how long we wait for it."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from newsletter.errors import ConfigError

HIGHEST_PORT = 65535


class Tls(StrEnum):
    """How the conversation is encrypted. There is no "if possible": that would be a downgrade."""

    NONE = "none"
    STARTTLS = "starttls"
    """Plain first, then RFC 3207; ends the conversation when the relay does not offer it."""
    TLS = "tls"
    """From the first octet (RFC 8314)."""


@dataclass(frozen=True, slots=True)
class Relay:
    """One SMTP server that takes our mail.

    `helo_name` is the name we greet with; None: the address literal of our end of the connection
    (RFC 5321 section 4.1.3). A password without TLS is a ConfigError unless
    `sends_password_in_clear` says that the operator wants it.
    """

    host: str
    port: int = 25
    tls: Tls = Tls.NONE
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    helo_name: str | None = None
    sends_password_in_clear: bool = False

    def __post_init__(self) -> None:
        """Raise ConfigError with every reason why no conversation could be held like this."""
        problems = [text for is_wrong, text in self._rules() if is_wrong]
        if problems:
            raise ConfigError("; ".join(problems))

    @property
    def name(self) -> str:
        """Return `host:port`, for messages."""
        return f"{self.host}:{self.port}"

    def _rules(self) -> tuple[tuple[bool, str], ...]:
        has_password = self.password is not None
        secrets = (self.username or "") + (self.password or "")
        is_plain = self.tls is Tls.NONE and not self.sends_password_in_clear
        return (
            (not self.host.isprintable() or not self.host.strip(), "relay: host is no name"),
            (not 0 < self.port <= HIGHEST_PORT, f"relay: port {self.port} is not 1 to 65535"),
            (
                has_password != (self.username is not None),
                "relay: username and password go together; give both or none",
            ),
            (
                has_password and is_plain,
                f"relay {self.name}: a password needs TLS; set tls: starttls or tls: tls",
            ),
            ("\0" in secrets, f"relay {self.name}: a username or password cannot hold NUL"),
            (
                not _is_word(self.helo_name or "x"),
                f"relay {self.name}: helo name is no host name",
            ),
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
