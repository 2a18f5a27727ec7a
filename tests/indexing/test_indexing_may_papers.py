"""The index on a month of real papers; skipped where they are not at hand."""

import gzip
import json
import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TypedDict

import pytest

from newsletter.indexing import LexicalIndex, build_index
from newsletter.model import Entry, EntryContent, EntryId, ReleaseNo, RevisionId, SourceName, Topic
from newsletter.rules.matching import in_daily_letters

_BESIDE = Path(__file__).parents[3] / "shared"
_PAPERS = Path(os.environ.get("NEWSLETTER_SHARED", _BESIDE)) / "data" / "arxiv" / "2026-05.jsonl.gz"

pytestmark = pytest.mark.skipif(
    not _PAPERS.exists(), reason="the shared collection of May papers is not here"
)


class Paper(TypedDict):
    id: str
    title: str
    summary: str
    authors: list[str]
    categories: list[str]
    first_seen: str


def as_entry(paper: Paper) -> Entry:
    content = EntryContent(
        paper["title"],
        paper["summary"],
        authors=tuple(paper["authors"]),
        categories=tuple(paper["categories"]),
        published_on=date.fromisoformat(paper["first_seen"]),
    )
    moment = datetime.combine(date.fromisoformat(paper["first_seen"]), time(6), UTC)
    name = paper["id"]
    return Entry(
        EntryId(name), RevisionId(name), content, (SourceName("arxiv"),), moment, ReleaseNo(1)
    )


@pytest.fixture(scope="module")
def papers() -> list[Entry]:
    with gzip.open(_PAPERS, "rt", encoding="utf-8") as lines:
        return [as_entry(json.loads(line)) for line in lines]


@pytest.fixture(scope="module")
def index(papers: list[Entry]) -> LexicalIndex:
    return build_index(papers)


def titles(index: LexicalIndex, papers: list[Entry], topic: Topic) -> list[str]:
    answers = in_daily_letters(topic, index.answer(topic), papers)
    found = [paper for paper in papers if paper.id in answers]
    return [
        paper.content.title for paper in sorted(found, key=lambda paper: -answers[paper.id].score)
    ]


@pytest.mark.parametrize(
    ("about", "word", "fewest", "most"),
    [
        ("offline reinforcement learning", "offline", 10, 60),
        ("safety guardrails", "guardrail", 10, 40),
        ("robot manipulation", "robot", 10, 90),
        ("recommender systems", "recommend", 10, 60),
    ],
)
def test_the_first_answers_speak_of_the_topic(
    index: LexicalIndex, papers: list[Entry], about: str, word: str, fewest: int, most: int
) -> None:
    found = titles(index, papers, Topic("topic", "Topic", about=about))

    assert fewest <= len(found) <= most
    assert word in found[0].lower()
