"""The `delivery` section: over which servers letters go, and how fast."""

from collections.abc import Mapping
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

from newsletter.config.scalars import Domain, Host, Port, is_local
from newsletter.config.secrets import Secret
from newsletter.preferences import (
    Name,
    SchemaSection,
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


_PORTS: Final = {Tls.NONE: 25, Tls.STARTTLS: 587, Tls.TLS: 465}
"""RFC 5321 section 4.5.4.2, RFC 6409 and RFC 8314 section 3.3."""


class RelaySettings(SchemaSection):
    """One SMTP server that takes our letters."""

    host: Host = Field(description="name the SMTP server")
    port: Port | None = None
    tls: Annotated[Tls, PlainValidator(one_of(Tls))] = Tls.STARTTLS
    username: Name | None = None
    password: Secret | None = None

    @model_validator(mode="after")
    def _keeps_its_password(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise wrong(message="needs both username and password, or neither")
        if self.password and self.tls is Tls.NONE and not is_local(self.host):
            raise wrong(
                message="would send the password unencrypted",
                suggestion="write tls: starttls or tls: tls",
                at=("tls",),
            )
        return self

    @property
    def port_number(self) -> int:
        """The port as written, else the usual one: 25, with starttls 587, with tls 465."""
        return _PORTS[self.tls] if self.port is None else self.port


class ThrottleSettings(SchemaSection):
    """How many letters may leave; None is without limit."""

    per_minute: Annotated[int | None, PlainValidator(whole(1, 10_000_000))] = None
    per_day: Annotated[int | None, PlainValidator(whole(1, 1_000_000_000))] = None
    per_domain: Mapping[Domain, Annotated[int, PlainValidator(whole(1, 10_000_000))]] = Field(
        default_factory=dict
    )
    """Per minute, for each domain of recipients."""


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
