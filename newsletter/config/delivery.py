"""The `delivery` section: over which servers letters go, and how fast."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationInfo,
    model_validator,
)

from newsletter.config.places import ConfigPath
from newsletter.config.scalars import Domain, Host, Port, is_local
from newsletter.config.secrets import Secret
from newsletter.model import Limits
from newsletter.preferences import (
    Name,
    SchemaSection,
    YesNo,
    one_of,
    plain_text,
    quote,
    suggest,
    whole,
    wrong,
)

EMBEDDED: Final = "embedded"


class Tls(StrEnum):
    """How the connection to a server is encrypted; there is never a downgrade."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class OnUncertain(StrEnum):
    """What becomes of a letter of which nobody knows whether the server took it."""

    RESEND = "resend"
    HOLD = "hold"


class Protocol(StrEnum):
    """How a server is spoken to."""

    SMTP = "smtp"
    LMTP = "lmtp"


class Auth(StrEnum):
    """How we prove to a server who we are."""

    PLAIN = "plain"
    LOGIN = "login"
    XOAUTH2 = "xoauth2"


_PORTS: Final = {Tls.NONE: 25, Tls.STARTTLS: 587, Tls.TLS: 465}
"""RFC 5321 section 4.5.4.2, RFC 6409 and RFC 8314 section 3.3."""
_LMTP_PORT: Final = 24
"""RFC 2033 section 5 forbids 25; this one is for any private mail system (RFC 1700)."""


class RelaySettings(SchemaSection):
    """One SMTP or LMTP server that takes our letters."""

    host: Host | None = None
    socket: ConfigPath | None = None
    port: Port | None = None
    protocol: Annotated[Protocol, PlainValidator(one_of(Protocol))] = Protocol.SMTP
    tls: Annotated[Tls, PlainValidator(one_of(Tls))] = Tls.STARTTLS
    username: Name | None = None
    password: Secret | None = None
    token: Secret | None = None
    auth: Annotated[Auth | None, PlainValidator(one_of(Auth))] = None
    weight: Annotated[int, PlainValidator(whole(1, 1_000))] = 1
    connections: Annotated[int | None, PlainValidator(whole(1, 1_000))] = None
    """None: as many as `delivery.connections` says."""
    per_minute: Annotated[int | None, PlainValidator(whole(1, 100_000))] = None
    """How many letters this server takes; None is without limit."""
    messages_per_connection: Annotated[int, PlainValidator(whole(1, 1_000_000))] = 100

    @model_validator(mode="after")
    def _is_one_place(self) -> Self:
        if (self.host is None) == (self.socket is None):
            raise wrong(message="needs either the host of a server, or a socket")
        if self.socket and self.port:
            raise wrong(message="a socket has no port", suggestion="leave it out", at=("port",))
        if self.socket and "tls" in self.model_fields_set and self.tls is not Tls.NONE:
            raise wrong(message="a socket of this machine is not encrypted", at=("tls",))
        return self

    @model_validator(mode="after")
    def _signs_in_one_way(self) -> Self:
        if self.password and self.token:
            raise wrong(message="needs a password or a token, not both", at=("token",))
        if (self.username is None) != (self.password is None and self.token is None):
            raise wrong(message="needs both username and password, or neither")
        needs_token = self.auth is Auth.XOAUTH2
        if self.auth and (self.token is None if needs_token else self.password is None):
            needed = "token" if needs_token else "password"
            raise wrong(message=f"{self.auth} needs a username and a {needed}", at=("auth",))
        return self

    @model_validator(mode="after")
    def _keeps_its_password(self) -> Self:
        has_secret = bool(self.password or self.token)
        if has_secret and self.encryption is Tls.NONE and not is_local(self.host or "localhost"):
            raise wrong(
                message="would send the password unencrypted",
                suggestion="write tls: starttls or tls: tls",
                at=("tls",),
            )
        return self

    @property
    def encryption(self) -> Tls:
        """The encryption as written, else starttls; none through a socket."""
        return Tls.NONE if self.socket else self.tls

    @property
    def port_number(self) -> int:
        """The port as written, else the usual one: 25, with starttls 587, with tls 465; for LMTP 24."""
        if self.port is not None:
            return self.port
        return _LMTP_PORT if self.protocol is Protocol.LMTP else _PORTS[self.tls]


class ThrottleSettings(SchemaSection):
    """How many letters may leave; None is without limit."""

    per_minute: Annotated[int | None, PlainValidator(whole(1, 10_000_000))] = None
    per_day: Annotated[int | None, PlainValidator(whole(1, 1_000_000_000))] = None
    per_domain: Mapping[Domain, Annotated[int, PlainValidator(whole(1, 10_000_000))]] = Field(
        default_factory=dict
    )
    """Per minute, for each domain of recipients, or each group of domains."""
    groups: Mapping[Domain, Annotated[tuple[Domain, ...], Field(min_length=1, max_length=100)]] = (
        Field(default_factory=dict)
    )
    """Domains of one provider, which share one pace and one breaker."""
    by_mx: YesNo | None = None
    """Whether providers are found out from the DNS; None: where a domain has a limit."""

    @model_validator(mode="after")
    def _counts_each_domain_once(self) -> Self:
        seen: dict[str, str] = {}
        for group, domains in self.groups.items():
            for domain in domains:
                if seen.setdefault(domain, group) != group:
                    message = f"{quote(domain)} stands in {seen[domain]} already"
                    raise wrong(message=message, at=("groups", group))
                if domain in self.per_domain and domain != group:
                    instead = f"write {group}: {self.per_domain[domain]} in its place"
                    message = f"{quote(domain)} is counted with its group {group}"
                    raise wrong(message=message, suggestion=instead, at=("per_domain", domain))
        return self

    def limits(self) -> Limits:
        """Return what delivery must keep to."""
        groups = {domain: name for name, domains in self.groups.items() for domain in domains}
        return Limits(self.per_minute, self.per_day, dict(self.per_domain), groups)


class DkimSettings(SchemaSection):
    """One key that signs letters (RFC 6376)."""

    selector: Domain = Field(description="write the name under which the key stands in the DNS")
    domain: Domain = Field(description="write the domain that signs, that of newsletter.from")
    key: Secret = Field(description="write {file: PATH} of the private key")


def _relays(value: object, info: ValidationInfo) -> object:
    """Tell the word `embedded` from a list, so that each has its own complaints."""
    if value == EMBEDDED:
        return EMBEDDED
    if isinstance(value, str):
        near = suggest(value, (EMBEDDED,), label="write")
        raise wrong(message='is neither "embedded" nor a list of servers', suggestion=near)
    if not value:
        raise wrong(message="names no server", suggestion="name one, or write relays: embedded")
    return _RELAY_LIST.validate_python(value, context=info.context)


_RELAY_LIST: Final = TypeAdapter[tuple[RelaySettings, ...]](
    Annotated[tuple[RelaySettings, ...], Field(max_length=20)]
)


def _workers(value: object) -> int | Literal["auto"]:
    written = plain_text(value)
    if not written.isdecimal() and written != "auto":
        raise wrong(f'{quote(written)} is neither a number nor "auto"')
    return "auto" if written == "auto" else whole(1, 256)(written)


class DeliverySettings(SchemaSection):
    """How letters leave. Embedded is the trial server inside the program."""

    relays: Annotated[tuple[RelaySettings, ...] | Literal["embedded"], BeforeValidator(_relays)] = (
        "embedded"
    )
    workers: Annotated[int | Literal["auto"], PlainValidator(_workers)] = "auto"
    connections: Annotated[int, PlainValidator(whole(1, 1_000))] = 10
    throttle: ThrottleSettings = ThrottleSettings()
    on_uncertain: Annotated[OnUncertain, PlainValidator(one_of(OnUncertain))] = OnUncertain.RESEND
    dkim: Annotated[tuple[DkimSettings, ...], Field(max_length=4)] = ()

    def limits(self) -> Limits:
        """Return what delivery must keep to: no more than all servers together take."""
        limits = self.throttle.limits()
        relays = () if isinstance(self.relays, str) else self.relays
        rates = [relay.per_minute for relay in relays if relay.per_minute is not None]
        if not relays or len(rates) < len(relays):
            return limits
        known = [] if limits.per_minute is None else [limits.per_minute]
        return replace(limits, per_minute=min(*known, sum(rates)) if known else sum(rates))

    @property
    def groups_by_mx(self) -> bool:
        """Whether the DNS says which domains share a lane: not for letters that stay in this program."""
        if self.relays == EMBEDDED:
            return False
        wish = self.throttle.by_mx
        return bool(self.throttle.per_domain) if wish is None else wish

    @property
    def letters_at_once(self) -> int:
        """How many letters each worker has in hand: two for each connection, so that none of them waits."""
        relays = () if isinstance(self.relays, str) else self.relays
        connections = sum(relay.connections or self.connections for relay in relays)
        return 2 * (connections or self.connections)
