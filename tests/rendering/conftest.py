from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from newsletter.model import (
    EmailAddress,
    EntryContent,
    EntryId,
    Letter,
    LetterEntry,
    LetterFormat,
    Letterhead,
    LetterLinks,
    Link,
    LinkKind,
    Reader,
    Slot,
    SourceName,
    SubscriberId,
)
from newsletter.ports import Renderer
from newsletter.rendering import make_renderer, read_templates

TEMPLATES = Path(__file__).parents[2] / "templates"
TEXT = "Gulls were counted by hand and by a net. The net was faster. The hand was right more often."


def full_entry(title: str = "Counting gulls with a small net", number: int = 1) -> LetterEntry:
    page = f"https://papers.example/abs/{number}?a=1&b=2"
    content = EntryContent(
        title=title,
        abstract=TEXT,
        authors=("Oda Fisk", "Per Strand", "R. Moe", "Kari Lund", "Nils Vik", "Eva Dahl"),
        author_count=16,
        organization="Institute of Shore Birds",
        published_on=date(2026, 11, 21),
        upvotes=1_200,
        comments=3,
        links=(
            Link(LinkKind.PAGE, page),
            Link(LinkKind.PDF, f"https://papers.example/pdf/{number}"),
            Link(LinkKind.CODE, "https://code.example/gulls"),
            Link(LinkKind.DISCUSSION, f"https://talk.example/{number}"),
        ),
    )
    return LetterEntry(
        id=EntryId(f"test:{number}"),
        content=content,
        sources=(SourceName("shore"), SourceName("birds")),
        summary=TEXT,
        reasons=("Gulls: “gull”, “net”", "you follow Oda Fisk"),
    )


READER = Reader(
    subscriber=SubscriberId("s1"),
    address=EmailAddress("ada@example.org"),
    name="Ada",
    format=LetterFormat.HTML,
    topics=("Gulls", "Nets"),
)
LINKS = LetterLinks(
    unsubscribe_mailto="mailto:leave+token@news.example.org?subject=unsubscribe",
    preferences_mailto="mailto:news@news.example.org?subject=show",
    help_mailto="mailto:help@news.example.org?subject=help",
)
LETTERHEAD = Letterhead(
    name="The Shore Letter",
    url=None,
    domain="news.example.org",
    from_address=EmailAddress("news@news.example.org"),
    from_name="The Shore Letter",
    postal_address="The Shore Letter, 1 Quay,\nBergen, Norway",
    owner=EmailAddress("owner@example.org"),
)


def build_letter(
    *entries: LetterEntry,
    also: tuple[LetterEntry, ...] = (),
    note: str | None = None,
    reader: Mapping[str, Any] = MappingProxyType({}),
    links: Mapping[str, str] = MappingProxyType({}),
) -> Letter:
    """Build a letter to Ada; `reader` and `links` change some of their fields."""
    return Letter(
        letterhead=LETTERHEAD,
        reader=replace(READER, **reader),
        slot=Slot(date(2026, 11, 23), datetime(2026, 11, 23, 7, tzinfo=UTC), "Europe/Paris"),
        subject="Counting gulls, and 1 more",
        preheader="What the net missed",
        headline="2 entries for you out of 14 new since Friday",
        entries=entries,
        also_matched=also,
        links=replace(LINKS, **links),
        note=note,
    )


@pytest.fixture(scope="session")
def templates() -> dict[str, str]:
    return read_templates([TEMPLATES])


@pytest.fixture(scope="session")
def renderer(templates: dict[str, str]) -> Renderer:
    return make_renderer(templates)


@pytest.fixture(scope="session")
def make_letter() -> Callable[..., Letter]:
    return build_letter


@pytest.fixture(scope="session")
def make_entry() -> Callable[..., LetterEntry]:
    return full_entry
