"""The whole of config.yaml, typed."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Self

from pydantic import Field, PlainValidator, PrivateAttr, ValidationInfo, model_validator

from newsletter.config.catalogue import SHIPPED
from newsletter.config.delivery import DeliverySettings
from newsletter.config.identity import NewsletterSettings
from newsletter.config.places import ConfigPath, folder_of
from newsletter.config.program import (
    HttpSettings,
    InboundSettings,
    LogSettings,
    MatchingSettings,
    SubscribersSettings,
    WebSettings,
)
from newsletter.config.secrets import SecretKind, SecretRef
from newsletter.config.sources import Sources
from newsletter.config.topics import Topics
from newsletter.model import CatalogueTopic, Letterhead, Preferences
from newsletter.preferences import (
    UNNAMED,
    PreferencesSection,
    SchemaSection,
    Surroundings,
    quote,
    text,
    wrong,
)

_SQLITE: Final = "sqlite:///"
_POSTGRESQL: Final = "postgresql://"


def _database(value: object, info: ValidationInfo) -> str:
    """Return the URL with an absolute path; four slashes are an absolute path as written."""
    written = text(500)(value)
    path = written.removeprefix(_SQLITE)
    if written.startswith(_SQLITE) and re.fullmatch(r"[^?#:]+", path):
        return f"{_SQLITE}{folder_of(info) / path}"
    if written.startswith(_POSTGRESQL):
        return written
    scheme = written.partition(":")[0]  # what follows may hold a password
    raise wrong(
        f"{quote(scheme)} does not begin a database that is known here",
        suggestion="write sqlite:///data/newsletter.db",
    )


class Config(SchemaSection):
    """What the operator wrote, with every default. Every path is absolute."""

    newsletter: NewsletterSettings = Field(
        description="it needs at least name, from, owner and postal_address"
    )
    data: ConfigPath = Field(default=Path("data"), validate_default=True)
    database: Annotated[str | None, PlainValidator(_database)] = None
    subscribers: SubscribersSettings = SubscribersSettings()
    sources: Sources = Field(default_factory=dict)
    catalogue_named: Annotated[str | None, PlainValidator(text(1_000))] = Field(
        default=None, alias="catalogue"
    )
    """A catalogue of the program's or a file; its topics are among `topics` (config.catalogue)."""
    topics: Topics = Field(default_factory=dict)
    defaults: PreferencesSection = PreferencesSection()
    delivery: DeliverySettings = DeliverySettings()
    inbound: InboundSettings = InboundSettings()
    web: WebSettings = WebSettings()
    http: HttpSettings = HttpSettings()
    matching: MatchingSettings = MatchingSettings()
    log: LogSettings = LogSettings()

    _folder: Path = PrivateAttr(default=Path())

    @model_validator(mode="after")
    def _remember_folder(self, info: ValidationInfo) -> Self:
        self._folder = folder_of(info)
        return self

    @property
    def folder(self) -> Path:
        """Where config.yaml lies."""
        return self._folder

    @property
    def templates(self) -> Path:
        """Where the operator's own templates lie; the folder may be missing."""
        return self._folder / "templates"

    @property
    def subscribers_path(self) -> Path:
        """The folder of the preferences documents; by default `subscribers` beside config.yaml."""
        return self.subscribers.path or self._folder / "subscribers"

    @property
    def database_url(self) -> str:
        """The database; by default `newsletter.db` in the data folder."""
        return self.database or f"{_SQLITE}{self.data / 'newsletter.db'}"

    @property
    def secret(self) -> SecretRef:
        """What tokens are signed with; by default the file `secret` in the data folder."""
        default = SecretRef(SecretKind.FILE, str(self.data / "secret"), "newsletter.secret")
        return self.newsletter.secret or default

    @property
    def catalogue_path(self) -> Path | None:
        """The operator's own catalogue file; None where there is none."""
        named = self.catalogue_named
        return self._folder / named if named and named not in SHIPPED else None

    def catalogue(self) -> Mapping[str, CatalogueTopic]:
        """Return the topics that subscribers can name: those of the catalogue named, then those written."""
        topics = {name: section.topic(name) for name, section in self.topics.items()}
        return MappingProxyType(topics)

    def default_preferences(self) -> Preferences:
        """Return what a document starts from; its address is empty."""
        base = Preferences(email=UNNAMED)
        return self.defaults.over(Surroundings(self.catalogue(), base))

    def letterhead(self) -> Letterhead:
        """Return what every letter shows of its sender."""
        return self.newsletter.letterhead(takes_mail=self.inbound.is_open)
