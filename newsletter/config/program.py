"""The small sections: mail coming in, web pages, matching, log, and where documents stand."""

from typing import Annotated

from pydantic import Field, PlainValidator

from newsletter.config.places import ConfigPath
from newsletter.config.scalars import Domain, HeaderName, Host, ListeningPort, Port, ProxyNetwork
from newsletter.config.secrets import Secret
from newsletter.preferences import Name, SchemaSection, YesNo, one_word, text


class LmtpSettings(SchemaSection):
    """Where the program takes mail from an MTA (RFC 2033)."""

    host: Host = "127.0.0.1"
    port: ListeningPort = 2424


class SmtpSettings(SchemaSection):
    """Where the program takes mail from everybody (RFC 5321), for a host without an MTA."""

    host: Host = "127.0.0.1"
    port: ListeningPort = 2525


class ImapSettings(SchemaSection):
    """A mailbox that the program empties, over TLS."""

    host: Host = Field(description="name the IMAP server")
    port: Port = 993
    username: Name = Field(description="write the login of the mailbox")
    password: Secret = Field(description="write {env: NAME} or {file: PATH}")
    folder: Name = "INBOX"


class InboundSettings(SchemaSection):
    """How answers, commands and bounces come in. None: not this way."""

    lmtp: LmtpSettings | None = None
    smtp: SmtpSettings | None = None
    imap: ImapSettings | None = None
    maildir: ConfigPath | None = None
    """A folder that an MTA on this machine delivers into, with `new` and `cur` in it."""
    trusted_authserv_id: Domain | None = None
    """Whose Authentication-Results (RFC 8601) are believed; None: nobody's."""

    @property
    def is_open(self) -> bool:
        """Whether mail comes in by any way."""
        return any((self.lmtp, self.smtp, self.imap, self.maildir))


class WebSettings(SchemaSection):
    """Where the web pages are served; a server with a certificate stands in front of it."""

    host: Host = "127.0.0.1"
    port: ListeningPort = 8080
    admin_token: Secret | None = None
    """Opens the operator's pages; None: there are none, unless `operator_header` is set."""
    proxies: tuple[ProxyNetwork, ...] = ()
    """Our own servers in front: what they say of who asks is believed."""
    operator_header: HeaderName | None = None
    """In which header one of `proxies` names the operator whom it let in; None: nobody comes in so."""
    archive: YesNo = True
    """Whether the public editions and their feeds are shown."""


class HttpSettings(SchemaSection):
    """How the program asks other servers for what is new."""

    contact: Annotated[str | None, PlainValidator(text(300))] = None
    """An address or page that every request names; None: the owner's address."""
    allow: tuple[Host, ...] = ()
    """Hosts that may be asked although they have private addresses, e.g. a server in the house."""


class MatchingSettings(SchemaSection):
    """How topics find entries."""

    semantic: Annotated[str, PlainValidator(one_word("auto", "on", "off"))] = "auto"
    model: Annotated[str | None, PlainValidator(text(1_000))] = None
    """A known model by its name, else a folder, relative to config.yaml; None: the best that is there."""


class LogSettings(SchemaSection):
    """What the program says of its work, and how much."""

    format: Annotated[str, PlainValidator(one_word("text", "json"))] = "text"
    level: Annotated[str, PlainValidator(one_word("debug", "info", "warning", "error"))] = "info"


class SubscribersSettings(SchemaSection):
    """Where the preferences documents stand."""

    store: Annotated[str, PlainValidator(one_word("directory", "database"))] = "directory"
    path: ConfigPath | None = None
