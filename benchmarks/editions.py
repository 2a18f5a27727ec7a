"""Editions for made-up subscribers over the sample papers."""

import random
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from newsletter.model import (
    Edition,
    EmailAddress,
    EntryContent,
    EntryId,
    LetterFormat,
    Letterhead,
    Link,
    LinkKind,
    Match,
    Reader,
    Reason,
    ReasonKind,
    RevisionId,
    Slot,
    SourceName,
    SubscriberId,
)
from newsletter.rules.addresses import edition_id

ROOT: Final = Path(__file__).parents[1]
ENTRIES: Final = 10
ALSO: Final = 5
NEWS: Final = EmailAddress("news@letters.example.org")
LETTERHEAD: Final = Letterhead(
    name="The Shore Letter",
    url="https://letters.example.org",
    domain="letters.example.org",
    from_address=NEWS,
    from_name="The Shore Letter",
    postal_address="The Shore Letter, 1 Quay, 5003 Bergen, Norway",
    owner=NEWS,
)
_DAY: Final = date(2026, 11, 23)
_BEGINS: Final = datetime(2026, 11, 23, 7, tzinfo=UTC)
_TOPICS: Final = {
    "Language models": ("language", "model"),
    "Agents and their tools": ("agent", "tool", "planning"),
    "Reinforcement learning": ("reinforcement", "reward"),
    "Vision": ("image", "video"),
    "Safety and guardrails": ("safety", "alignment", "jailbreak"),
}


def read_papers() -> dict[RevisionId, EntryContent]:
    """Return the sample papers, the richer ones first, with what else a letter can show of a paper."""
    rows = yaml.safe_load((ROOT / "samples" / "entries.yaml").read_text("utf-8"))["entries"]
    rows.sort(key=lambda row: -len(row["abstract"]))
    return {RevisionId(f"{place:064x}"): _content(row) for place, row in enumerate(rows)}


def _content(row: dict[str, str | list[str]]) -> EntryContent:
    page = f"https://papers.example.org/abs/{row['id']}"
    return EntryContent(
        title=str(row["title"]),
        abstract=str(row["abstract"]),
        authors=tuple(row.get("authors", ())),
        organization="Institute of Shore Birds",
        published_on=date(2026, 11, 21),
        upvotes=31,
        comments=3,
        links=(
            Link(LinkKind.PAGE, page),
            Link(LinkKind.PDF, f"{page}.pdf"),
            Link(LinkKind.CODE, f"https://code.example.org/{row['id']}"),
            Link(LinkKind.DISCUSSION, f"https://talk.example.org/{row['id']}"),
        ),
    )


def make_edition(number: int, papers: list[RevisionId]) -> Edition:
    """Return the edition of subscriber `number`: the first ten of `papers`, and titles of five more."""
    subscriber = SubscriberId(f"{number:016x}")  # as the program makes them
    slot = Slot(_DAY, _BEGINS, "Europe/Paris")
    topics = random.Random(number).sample(sorted(_TOPICS), 3)  # noqa: S311 - no secret
    matches = tuple(
        _match(paper, topics[int(paper, 16) % len(topics)]) for paper in papers[: ENTRIES + ALSO]
    )
    return Edition(
        id=edition_id(subscriber, slot),
        reader=Reader(
            subscriber,
            EmailAddress(f"reader.{number}@mail.example.net"),
            f"Reader Number {number}",
            LetterFormat.HTML,
            tuple(topics),
        ),
        slot=slot,
        planned_at=_BEGINS,
        matches=matches[:ENTRIES],
        also_matched=matches[ENTRIES:],
        new_count=143 + number % 50,
        since=date(2026, 11, 20),
        dressing=RevisionId("d"),
    )


@lru_cache(maxsize=1_024)  # editions that are read from a database share their matches
def _match(paper: RevisionId, title: str) -> Match:
    reason = Reason(ReasonKind.TOPIC, title, _TOPICS[title])
    source = SourceName("samples")
    return Match(EntryId(f"paper:{paper[-4:]}"), paper, 1.0, (reason,), sources=(source,))
