"""Whether a source asks for what another one asks for already."""

from collections.abc import Mapping
from typing import Final

from newsletter.config import (
    ArxivSettings,
    BiorxivSettings,
    CrossrefSettings,
    DailyPapersSettings,
    FeedSettings,
    FileSettings,
    OpenReviewSettings,
    SavedPageSettings,
    SemanticScholarSettings,
    SourceSettings,
)
from newsletter.errors import FetchError
from newsletter.model import SourceName
from newsletter.rules.fetching import read_place

_ALL: Final = "*"


def known_as(
    settings: SourceSettings, sources: Mapping[SourceName, SourceSettings]
) -> SourceName | None:
    """Return the first of `sources` that asks for all that `settings` ask for; None without one."""
    return next((name for name, known in sources.items() if _covers(known, settings)), None)


def _covers(known: SourceSettings, settings: SourceSettings) -> bool:
    if known.kind != settings.kind:
        return False
    has, wants = _asked(known), _asked(settings)
    return bool(wants) and (wants <= has or _everything(settings) in has)


def _asked(settings: SourceSettings) -> frozenset[str]:  # noqa: PLR0911  one for each kind
    """Return what a source asks for; empty where that cannot be compared."""
    match settings:
        case FeedSettings():
            return frozenset({_place(settings.url)})
        case DailyPapersSettings():
            return frozenset({settings.list})
        case ArxivSettings():
            return frozenset(settings.categories)
        case BiorxivSettings():
            named = (one.lower().replace("_", " ") for one in settings.categories or (_ALL,))
            return frozenset(f"{settings.server} {one}" for one in named)
        case CrossrefSettings() | SemanticScholarSettings():
            return frozenset({" ".join(settings.query.lower().split())})
        case OpenReviewSettings():
            return frozenset(settings.venues)
        case FileSettings() | SavedPageSettings():
            return frozenset({str(settings.path.resolve())})
        case _:
            return frozenset()


def _everything(settings: SourceSettings) -> str | None:
    """Return what stands for all that such a source could ask for."""
    return f"{settings.server} {_ALL}" if isinstance(settings, BiorxivSettings) else None


def _place(url: str) -> str:
    """Return where a feed stands, the same for http and https, with and without a slash at its end."""
    try:
        place = read_place(url)
    except FetchError:
        return url
    return f"{place.netloc}{place.target}".rstrip("/")
