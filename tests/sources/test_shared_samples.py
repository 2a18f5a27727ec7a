"""Recorded answers of real services, where copies of them are at hand: nothing they say is lost."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import FetchError
from newsletter.model import (
    Ask,
    FetchedEntry,
    Link,
    LinkKind,
    Page,
    Pull,
    PullOrder,
    SourceName,
    SourceState,
)
from newsletter.sources import (
    ArxivSource,
    BiorxivSource,
    CrossrefSource,
    DailyPapersSource,
    FeedSource,
    SemanticScholarSource,
)
from newsletter.sources.arxiv.api import read_answer
from newsletter.testing import FakeWeb


@pytest.fixture
def samples() -> Path:
    beside = Path(__file__).parents[3] / "shared"
    folder = Path(os.environ.get("NEWSLETTER_SHARED", beside)) / "data" / "samples"
    if not folder.is_dir():
        pytest.skip("the shared samples are not here; NEWSLETTER_SHARED can name their folder")
    return folder


class OnePage(FakeWeb):
    """Gives one page first, whatever is asked for, then empty ones."""

    def __init__(
        self, body: bytes, then: bytes, *headers: tuple[str, str], status: int = 200
    ) -> None:
        super().__init__()
        self._first = Page("", status, headers, body)
        self._then = Page("", 200, (), then)

    def fetch(self, ask: Ask) -> Page:
        self.put(ask.url, self._then if self.asked else self._first)
        return super().fetch(ask)


def pull(make: Callable[[FakeWeb], Any], web: FakeWeb, now: datetime) -> Pull:
    found = make(web).pull(PullOrder(now))
    assert isinstance(found, Pull)
    return found


def links(entry: FetchedEntry, kind: LinkKind) -> list[str]:
    return [link.url for link in entry.content.links if link.kind is kind]


def listed(value: str | None) -> list[str]:
    return [] if value is None else [value]


@pytest.mark.parametrize(
    "name", ["daily_papers_2026-05-18.3-entries", "daily_papers_2026-05-18.inner-paper-objects"]
)
def test_papers_of_the_hub(samples: Path, name: str) -> None:
    body = (samples / "hf" / f"{name}.json").read_bytes()
    now = datetime(2026, 5, 18, 15, tzinfo=UTC)
    found = pull(lambda web: DailyPapersSource(SourceName("p"), web), OnePage(body, b"[]"), now)

    wrappers = json.loads(body)
    assert len(found.entries) == len(wrappers)
    assert found.problems == ()
    for wrapper, entry in zip(wrappers, found.entries, strict=True):
        paper, content = wrapper.get("paper", wrapper), entry.content
        assert entry.arxiv_id == paper["id"]
        assert content.title == paper["title"]
        assert (content.abstract or "").split() == paper["summary"].split()
        assert list(content.authors) == [one["name"] for one in paper["authors"]]
        assert f"{content.published_on}" == paper["publishedAt"][:10]
        assert f"{entry.announced_at:%Y-%m-%d}" == paper["submittedOnDailyAt"][:10]
        assert content.upvotes == paper["upvotes"]
        assert content.comments == wrapper.get("numComments")
        assert content.tldr == paper.get("ai_summary")
        assert list(content.keywords) == paper.get("ai_keywords", [])
        assert content.organization == paper.get("organization", {}).get("fullname")
        assert content.code_stars == paper.get("githubStars")
        assert links(entry, LinkKind.PROJECT) == listed(paper.get("projectPage"))
        assert links(entry, LinkKind.CODE) == listed(paper.get("githubRepo"))
        media = [*paper.get("mediaUrls", []), *listed(wrapper.get("thumbnail"))]
        assert links(entry, LinkKind.MEDIA) == media


def test_the_details_of_a_paper_of_the_hub(samples: Path) -> None:
    told = json.loads((samples / "hf" / "paper_detail_2605.06554.json").read_bytes())
    web = OnePage(json.dumps([told]).encode(), b"[]")
    now = datetime(2026, 5, 18, 15, tzinfo=UTC)
    (entry,) = pull(lambda web: DailyPapersSource(SourceName("p"), web), web, now).entries
    assert (entry.content.upvotes, entry.content.code_stars) == (21, 25)
    assert entry.content.organization == "NousResearch"


def test_a_feed_of_arxiv(samples: Path) -> None:
    body = (samples / "arxiv_rss" / "atom_cs.AI_2025-08-20.mixed.xml").read_bytes()
    now = datetime(2025, 8, 20, 12, tzinfo=UTC)

    def make(web: FakeWeb) -> ArxivSource:
        return ArxivSource(SourceName("a"), web, ("cs.AI",), is_enriched=False)

    found = pull(make, OnePage(body, b""), now)
    assert (len(found.entries), found.problems, found.verdict) == (7, (), None)
    first = found.entries[0]
    assert (first.arxiv_id, first.version) == ("2508.13426", 1)
    assert first.content.categories == ("cs.CL", "cs.AI")
    assert first.content.authors == ("Chunhua Liu", "Kabir Manandhar Shrestha", "Sukai Huang")
    assert first.content.license == "http://creativecommons.org/licenses/by-nc-sa/4.0/"
    assert first.content.abstract
    assert first.content.abstract.startswith("As large language models")
    assert all(
        entry.announced_at == datetime(2025, 8, 20, 4, tzinfo=UTC) for entry in found.entries
    )


def test_a_holiday_of_arxiv(samples: Path) -> None:
    body = (samples / "arxiv_rss" / "rss_physics_2025-12-31.empty-holiday.xml").read_bytes()
    source = ArxivSource(SourceName("a"), OnePage(body, b""), ("physics",))
    found = source.pull(PullOrder(datetime(2025, 12, 31, 12, tzinfo=UTC)))
    assert (found.entries, found.verdict) == ((), SourceState.EMPTY)


@pytest.mark.parametrize(
    ("name", "papers", "comments", "affiliations"),
    [
        ("id_2104.12255v1_s0_m100_6ae69987ffe1", 1, 0, 0),
        ("id_astro-ph_0601001_s0_m100_3150dca9dc76", 1, 1, 1),
        ("q_testing_s0_m10_bc5a6c384fe9", 10, None, None),
        ("q_testing_s10_m10_34e56e15aaac", 10, None, None),
    ],
)
def test_answers_of_arxivs_api(
    samples: Path, name: str, papers: int, comments: int | None, affiliations: int | None
) -> None:
    told = json.loads((samples / "arxiv_api" / f"{name}.json").read_text(encoding="utf-8"))
    body = told["body"]
    found = list(read_answer(Page(told["url"], told["status_code"], (), body.encode())))
    contents = [paper.content for paper in found]
    assert len(contents) == papers
    assert all(content.abstract and content.published_on and content.title for content in contents)
    assert sum(len(content.authors) for content in contents) == body.count("<name>")
    assert sum(bool(content.remark) for content in contents) == body.count("<arxiv:comment>")
    assert sum(bool(content.venue) for content in contents) == body.count("<arxiv:journal_ref>")
    assert sum(bool(paper.doi) for paper in found) == body.count("<arxiv:doi>")
    if comments is not None:
        assert sum(bool(content.remark) for content in contents) == comments
        assert sum(bool(content.affiliations) for content in contents) == affiliations


def test_an_error_of_arxivs_api_is_never_a_paper(samples: Path) -> None:
    name = "id_abc_s0_m100_b79c8dcf6bc3.json"
    told = json.loads((samples / "arxiv_api" / name).read_text(encoding="utf-8"))
    page = Page(told["url"], told["status_code"], (), told["body"].encode())
    with pytest.raises(FetchError, match="incorrect id format for abc"):
        list(read_answer(page))


def test_a_preprint(samples: Path) -> None:
    name = "details_biorxiv_2026-08-01_2026-08-02_0.trimmed-real.json"
    body = (samples / "biorxiv" / name).read_bytes()
    web = OnePage(body, b'{"messages":[{"status":"ok"}],"collection":[]}')
    now = datetime(2026, 8, 2, 12, tzinfo=UTC)
    (entry,) = pull(lambda web: BiorxivSource(SourceName("b"), web), web, now).entries
    told = json.loads(body)["collection"][0]
    content = entry.content
    assert (entry.doi, entry.version) == (told["doi"], 1)
    assert content.title == told["title"]
    assert content.abstract == told["abstract"]
    assert content.authors == ("M. Loconsole", "C. Xue", "E. Garcia-Pelegrin")
    assert content.organization == told["author_corresponding_institution"]
    assert content.categories == (told["category"],)
    assert content.license == told["license"]
    assert f"{content.published_on}" == told["date"]


def test_works_of_the_registry_and_its_error(samples: Path) -> None:
    def source(web: FakeWeb) -> CrossrefSource:
        return CrossrefSource(SourceName("c"), web, "ecology", ("posted-content",), "a@example.org")

    told = json.loads((samples / "crossref" / "works_select.json").read_bytes())
    web = OnePage(json.dumps(told["body"]).encode(), b"{}", *told["headers"].items())
    found = pull(source, web, datetime(2026, 9, 8, tzinfo=UTC))
    items = told["body"]["message"]["items"]
    assert [(one.doi, one.content.title) for one in found.entries] == [
        (item["DOI"], item["title"][0]) for item in items
    ]
    wrong = json.loads((samples / "crossref" / "works_cursor_bad_value.json").read_bytes())
    web = OnePage(json.dumps(wrong["body"]).encode(), b"{}", status=wrong["status"])
    with pytest.raises(FetchError, match="404"):
        pull(source, web, datetime(2026, 9, 8, tzinfo=UTC))


def test_a_search_that_finds_nothing(samples: Path) -> None:
    told = json.loads((samples / "semanticscholar" / "empty_paginated_results.json").read_bytes())
    web = OnePage(json.dumps(told["body"]).encode(), b"{}")
    source = SemanticScholarSource(SourceName("s"), web, "n0 r3sult")
    assert source.pull(PullOrder(datetime(2026, 9, 8, tzinfo=UTC))).verdict is SourceState.EMPTY


def test_a_json_feed(samples: Path) -> None:
    body = (samples / "jsonfeed" / "complete_valid.json").read_bytes()
    url = "https://example.com/feed.json"
    web = FakeWeb({url: Page(url, 200, (), body)})
    (entry,) = (
        FeedSource(SourceName("j"), web, url)
        .pull(PullOrder(datetime(2026, 1, 1, tzinfo=UTC)))
        .entries
    )
    content = entry.content
    assert entry.source_id == "https://example.com/item1"
    assert (content.title, content.abstract) == ("Test Item", "Test content")
    assert content.authors == ("Test Author",)
    assert content.categories == ("test", "example")
    assert content.language == "en-US"
    assert content.links == (Link(LinkKind.PAGE, "https://example.com/item1.html"),)
    assert entry.announced_at == datetime(2024, 1, 1, 12, tzinfo=UTC)
