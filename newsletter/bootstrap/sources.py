"""From the settings of a source to its adapter."""

from datetime import timedelta
from pathlib import Path
from typing import TypedDict

from newsletter.bootstrap.mail_sources import make_mail_source
from newsletter.bootstrap.web import make_web
from newsletter.config import (
    ArxivSettings,
    BiorxivSettings,
    Config,
    CrossrefSettings,
    DailyPapersSettings,
    FeedSettings,
    FileSettings,
    MailSettings,
    OpenReviewSettings,
    SavedPageSettings,
    SecretRef,
    SemanticScholarSettings,
    ServiceSettings,
    SourceSettings,
)
from newsletter.errors import ConfigError
from newsletter.model import SourceName
from newsletter.ports import Postbag, Source, Web
from newsletter.rules.addresses import Secrets
from newsletter.sources import (
    ArxivSource,
    BiorxivSource,
    CrossrefSource,
    DailyPapersSource,
    FeedSource,
    FileSource,
    OpenReviewSource,
    SavedPageSource,
    SemanticScholarSource,
)
from newsletter.storage import Database, PaceStore


def make_sources(
    config: Config, database: Database, postbag: Postbag, secrets: Secrets
) -> tuple[Source, ...]:
    """Return the adapters of all sources. Raises ConfigError as `make_source` does."""
    web = make_web(config, PaceStore(database))
    contact = config.http.contact or config.newsletter.owner
    domain = config.letterhead().domain
    return tuple(
        make_mail_source(name, one, postbag, secrets, domain)
        if isinstance(one, MailSettings)
        else make_source(name, one, web, contact)
        for name, one in config.sources.items()
    )


def make_source(name: SourceName, settings: SourceSettings, web: Web, contact: str) -> Source:
    """Return the adapter of one source; `contact` is an address that services can write to.

    Raises ConfigError where a secret that is named is not there.
    """
    match settings:
        case FileSettings():
            return FileSource(name, settings.path, settings.topics)
        case SavedPageSettings():
            root = Path(settings.path.anchor)
            return SavedPageSource(name, str(settings.path), root, settings.year, settings.topics)
        case FeedSettings():
            return FeedSource(name, web, settings.url, settings.deadline, settings.topics)
        case ServiceSettings():
            return _make_service_source(name, settings, web, contact)
        case _:
            message = f"sources.{name}: kind {settings.kind} comes with a later release"
            raise ConfigError(message)


def _make_service_source(
    name: SourceName, settings: ServiceSettings, web: Web, contact: str
) -> Source:
    shared = _Shared(
        base=settings.base.rstrip("/") if settings.base else None,
        deadline=settings.deadline,
        topics=settings.topics,
    )
    match settings:
        case DailyPapersSettings():
            is_trending = settings.list == "trending"
            token = _secret(settings.token)
            return DailyPapersSource(name, web, settings.look_back, is_trending, token, **shared)
        case ArxivSettings():
            ways = (settings.enrich, settings.back_fill)
            return ArxivSource(name, web, settings.categories, *ways, **shared)
        case BiorxivSettings():
            days = settings.look_back
            return BiorxivSource(name, web, settings.server, settings.categories, days, **shared)
        case CrossrefSettings():
            query, types, days = settings.query, settings.types, settings.look_back
            return CrossrefSource(name, web, query, types, contact, days, **shared)
        case SemanticScholarSettings():
            query, key, days = settings.query, _secret(settings.key), settings.look_back
            return SemanticScholarSource(name, web, query, key, days, **shared)
        case OpenReviewSettings():
            account = (settings.username, _secret(settings.password))
            return OpenReviewSource(name, web, settings.venues, *account, **shared)
        case _:
            message = f"sources.{name}: kind {settings.kind} is no service"
            raise ConfigError(message)


class _Shared(TypedDict):
    """What every source that asks a service takes."""

    base: str | None
    deadline: timedelta
    topics: tuple[str, ...]


def _secret(reference: SecretRef | None) -> str | None:
    return reference.read() if reference else None
