"""Settings of the sources that are services or feeds of the web."""

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainValidator

from newsletter.config.scalars import Duration, WebUrl
from newsletter.config.secrets import Secret
from newsletter.config.source_settings import ServiceSettings, WebSourceSettings, not_empty
from newsletter.preferences import Name, YesNo, one_word, quote, text, whole, wrong


def _category(value: object) -> str:
    written = text(40)(value)
    if not re.fullmatch(r"[a-z-]+(\.[A-Za-z-]+)?", written):
        raise wrong(f"{quote(written)} is no arXiv category; write e.g. cs.LG")
    return written


def _venue(value: object) -> str:
    written = text(200)(value)
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)+", written, re.ASCII):
        raise wrong(f"{quote(written)} is no venue; write e.g. ICLR.cc/2026/Conference")
    return written


Query = Annotated[str, PlainValidator(text(1_000))]


class DailyPapersSettings(ServiceSettings):
    """The daily list of a large model hub."""

    kind: Literal["daily-papers"]
    list: Annotated[str, PlainValidator(one_word("daily", "trending"))] = "daily"
    look_back: Annotated[int, PlainValidator(whole(1, 14))] = 3
    """Days; lists grow for some days after their own."""
    token: Secret | None = None


class ArxivSettings(ServiceSettings):
    """Announcements of arXiv."""

    kind: Literal["arxiv"]
    categories: Annotated[
        tuple[Annotated[str, PlainValidator(_category)], ...],
        Field(max_length=50, description="name arXiv categories, e.g. [cs.LG]"),
        AfterValidator(not_empty),
    ]
    deadline: Duration = timedelta(minutes=10)
    enrich: YesNo = True
    """Ask the query API for comments, DOIs and whole author lists."""
    back_fill: YesNo = True
    """After days without a pull, ask OAI-PMH for what the feed no longer shows."""


class BiorxivSettings(ServiceSettings):
    """Preprints of bioRxiv or medRxiv. No category means all of them."""

    kind: Literal["biorxiv"]
    server: Annotated[str, PlainValidator(one_word("biorxiv", "medrxiv"))] = "biorxiv"
    categories: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    look_back: Annotated[int, PlainValidator(whole(1, 14))] = 2
    """Days."""


class CrossrefSettings(ServiceSettings):
    """Works registered with Crossref that answer a query."""

    kind: Literal["crossref"]
    query: Query = Field(description="write what to look for in titles, authors and journals")
    types: tuple[
        Annotated[
            str,
            PlainValidator(
                one_word("posted-content", "journal-article", "proceedings-article", "book-chapter")
            ),
        ],
        ...,
    ] = ("posted-content", "journal-article")
    look_back: Annotated[int, PlainValidator(whole(1, 30))] = 3
    """Days since a work was registered."""


class SemanticScholarSettings(ServiceSettings):
    """Papers that Semantic Scholar finds for a query."""

    kind: Literal["semantic-scholar"]
    query: Query = Field(description="write what to look for; + | - and quotes are understood")
    key: Secret | None = None
    look_back: Annotated[int, PlainValidator(whole(1, 60))] = 7
    """Days since a paper was published."""


class OpenReviewSettings(ServiceSettings):
    """Papers of venues at OpenReview."""

    kind: Literal["openreview"]
    venues: Annotated[
        tuple[Annotated[str, PlainValidator(_venue)], ...],
        Field(max_length=20, description="name venues, e.g. [ICLR.cc/2026/Conference]"),
        AfterValidator(not_empty),
    ]
    username: Name | None = None
    password: Secret | None = None


class FeedSettings(WebSourceSettings):
    """An RSS, Atom, RDF or JSON feed."""

    kind: Literal["feed"]
    url: WebUrl = Field(description="write the address of the feed")
