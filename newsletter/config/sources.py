"""The `sources` section: one schema per kind of source."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, PlainValidator, ValidationInfo

from newsletter.config.mail_source import MailSettings
from newsletter.config.places import ConfigPath
from newsletter.config.source_settings import SourceSettings
from newsletter.config.web_sources import (
    ArxivSettings,
    BiorxivSettings,
    CrossrefSettings,
    DailyPapersSettings,
    FeedSettings,
    OpenReviewSettings,
    SemanticScholarSettings,
)
from newsletter.model import SourceName
from newsletter.preferences import nearest, quote, text, whole, wrong


class FileSettings(SourceSettings):
    """Entries in a JSONL, YAML or CSV file."""

    kind: Literal["file"]
    path: ConfigPath = Field(description="name the file, e.g. samples/entries.yaml")


class SavedPageSettings(SourceSettings):
    """Pages of a hub that somebody saved as text. `path` may hold `*`."""

    kind: Literal["saved-page"]
    path: ConfigPath = Field(description='name the files, e.g. "pages/*.txt"')
    year: Annotated[int | None, PlainValidator(whole(1990, 2100))] = None
    """Only for pages that show none."""


_KINDS: Final[Mapping[str, type[SourceSettings]]] = {
    "file": FileSettings,
    "saved-page": SavedPageSettings,
    "daily-papers": DailyPapersSettings,
    "arxiv": ArxivSettings,
    "biorxiv": BiorxivSettings,
    "crossref": CrossrefSettings,
    "semantic-scholar": SemanticScholarSettings,
    "openreview": OpenReviewSettings,
    "feed": FeedSettings,
    "mail": MailSettings,
}


def _by_kind(value: object, info: ValidationInfo) -> object:
    if not isinstance(value, dict) or value.get("kind") is None:
        shown = ", ".join(_KINDS)
        raise wrong(message="needs a kind", suggestion=f"write {{kind: …}}, one of {shown}")
    kind = value["kind"]
    if not isinstance(kind, str) or kind not in _KINDS:
        near = nearest(kind, _KINDS) if isinstance(kind, str) else None
        raise wrong(
            f"{quote(str(kind))} is none of {' | '.join(_KINDS)}",
            suggestion=f'did you mean "{near}"?' if near else None,
            at=("kind",),
        )
    return _KINDS[kind].model_validate(value, context=info.context)


def _source_name(value: object) -> SourceName:
    written = text(40)(value)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", written):
        raise wrong(message="is no name of a source; use letters, digits, - and _")
    return SourceName(written)


Sources = Mapping[
    Annotated[SourceName, PlainValidator(_source_name)],
    Annotated[SourceSettings, BeforeValidator(_by_kind)],
]
