"""The `newsletter` section: who writes to people."""

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field, PlainValidator, model_validator

from newsletter.config.scalars import BaseUrl, Domain
from newsletter.config.secrets import Secret
from newsletter.errors import AddressError
from newsletter.model import EmailAddress, Letterhead
from newsletter.preferences import Address, Name, Paragraph, SchemaSection, text, wrong
from newsletter.rules.addresses import domain_of, parse_mailbox


@dataclass(frozen=True, slots=True)
class Sender:
    """The From of every letter. `name` is empty where only the address is written."""

    name: str
    address: EmailAddress


def _sender(value: object) -> Sender:
    try:
        return Sender(*parse_mailbox(text(320)(value)))
    except AddressError as error:
        raise wrong(str(error), suggestion='write "Name <address>"') from error


class NewsletterSettings(SchemaSection):
    """Name, addresses and secret of this newsletter."""

    name: Name = Field(description="write what people shall call this newsletter")
    sender: Annotated[Sender, PlainValidator(_sender)] = Field(
        alias="from", description='write the sender of all letters as "Name <address>"'
    )
    owner: Address = Field(
        description="write the address of the person who runs it: alarms and questions go there"
    )
    postal_address: Paragraph = Field(
        description="write the postal address that each letter must show"
    )
    url: BaseUrl | None = None
    domain: Domain | None = None
    secret: Secret | None = None

    @model_validator(mode="after")
    def _name_is_plain(self) -> Self:
        if "@" in self.name:
            raise wrong(message="holds an @, which readers take for an address", at=("name",))
        return self

    @property
    def mail_domain(self) -> str:
        """Where subscribe@ and bounce+TOKEN@ live: `domain`, else that of `from`."""
        return self.domain or domain_of(self.sender.address)

    @property
    def public_url(self) -> str | None:
        """Base of the links in letters; None without an https address."""
        return self.url if self.url and self.url.startswith("https://") else None

    def letterhead(self, *, takes_mail: bool = False) -> Letterhead:
        """Return what every letter shows of its sender; `takes_mail` is told by `inbound`."""
        return Letterhead(
            name=self.name,
            url=self.public_url,
            domain=self.mail_domain,
            from_address=self.sender.address,
            from_name=self.sender.name or self.name,
            postal_address=self.postal_address,
            owner=self.owner,
            takes_mail=takes_mail,
        )
