"""The `sources` section: one schema per kind of source."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, ValidationInfo

from newsletter.config.places import ConfigPath
from newsletter.config.scalars import Duration, WebUrl
from newsletter.model import SourceName
from newsletter.preferences import (
    Name,
    SchemaSection,
    nearest,
    one_word,
    quote,
    suggest,
    surroundings_of,
    text,
    whole,
    wrong,
)


def _catalogue_topic(value: object, info: ValidationInfo) -> str:
    """Return the name of a catalogue topic as the catalogue writes it."""
    around = surroundings_of(info)
    written = text(100)(value)
    if topic := around.topic(written):
        return topic.name
    names = [offered.topic.name for offered in around.catalogue.values()]
    raise wrong(
        f"{quote(written)} is no topic of the catalogue",
        suggestion=suggest(written, names, label="topics"),
    )


def _category(value: object) -> str:
    written = text(40)(value)
    if not re.fullmatch(r"[a-z-]+(\.[A-Za-z-]+)?", written):
        raise wrong(f"{quote(written)} is no arXiv category; write e.g. cs.LG")
    return written


def _not_empty(items: tuple[str, ...]) -> tuple[str, ...]:
    if not items:
        raise wrong(message="is empty", suggestion="name at least one")
    return items


class SourceSettings(SchemaSection):
    """What every source has. `every` is the interval at which `serve` collects it."""

    kind: str
    every: Duration = timedelta(hours=1)
    topics: tuple[Annotated[str, PlainValidator(_catalogue_topic)], ...] = ()
    """Catalogue topics that every entry of this source belongs to."""


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


class DailyPapersSettings(SourceSettings):
    """The daily list of a large model hub."""

    kind: Literal["daily-papers"]


class ArxivSettings(SourceSettings):
    """Announcements of arXiv."""

    kind: Literal["arxiv"]
    categories: Annotated[
        tuple[Annotated[str, PlainValidator(_category)], ...],
        Field(max_length=50, description="name arXiv categories, e.g. [cs.LG]"),
        AfterValidator(_not_empty),
    ]


class BiorxivSettings(SourceSettings):
    """Preprints of bioRxiv or medRxiv. No category means all of them."""

    kind: Literal["biorxiv"]
    server: Annotated[str, PlainValidator(one_word("biorxiv", "medrxiv"))] = "biorxiv"
    categories: Annotated[tuple[Name, ...], Field(max_length=50)] = ()


class FeedSettings(SourceSettings):
    """An RSS, Atom or JSON feed."""

    kind: Literal["feed"]
    url: WebUrl = Field(description="write the address of the feed")


_KINDS: Final[Mapping[str, type[SourceSettings]]] = {
    "file": FileSettings,
    "saved-page": SavedPageSettings,
    "daily-papers": DailyPapersSettings,
    "arxiv": ArxivSettings,
    "biorxiv": BiorxivSettings,
    "feed": FeedSettings,
}

KINDS_OF_THIS_RELEASE: Final = ("file", "saved-page")


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
