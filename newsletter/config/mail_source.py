"""Settings of the sources that take mail."""

from typing import Annotated, Literal

from pydantic import Field, PlainValidator

from newsletter.config.source_settings import SourceSettings
from newsletter.errors import AddressError
from newsletter.preferences import quote, text, wrong
from newsletter.rules.addresses import parse_address


def _sender(value: object) -> str:
    """Return an address, or a domain: whatever stands after an @ in addresses."""
    written = text(320)(value)
    try:
        parse_address(written if "@" in written else f"somebody@{written}")
    except AddressError as error:
        raise wrong(f"{quote(written)} is no address and no domain ({error})") from error
    return written


class MailSettings(SourceSettings):
    """Newsletters that come to an address of the source's own, and entries that people hand in there."""

    kind: Literal["mail"]
    senders: Annotated[
        tuple[Annotated[str, PlainValidator(_sender)], ...], Field(alias="from", max_length=100)
    ] = ()
    """Addresses and domains; mail from elsewhere goes to the owner. Empty: who knows the address."""
