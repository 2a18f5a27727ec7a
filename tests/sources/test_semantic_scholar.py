"""A search service for papers, read from answers written for these tests."""

import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from newsletter.errors import SourceError
from newsletter.model import Link, LinkKind, Page, Pull, PullOrder, SourceName, SourceState
from newsletter.sources.semantic_scholar import SemanticScholarSource
from newsletter.testing import FakeWeb

API = "https://scholar.example.org"
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


def asked(token: str | None = None) -> str:
    question = {
        "query": "gull +planning",
        "fields": (
            "paperId,externalIds,url,title,abstract,venue,publicationVenue,year,publicationDate,"
            "authors,citationCount,fieldsOfStudy,openAccessPdf"
        ),
        "publicationDateOrYear": "2026-03-03:2026-03-10",
        "sort": "publicationDate:desc",
    } | ({"token": token} if token else {})
    return f"{API}/graph/v1/paper/search/bulk?{urlencode(question)}"


def answer(value: object) -> Page:
    return Page("", 200, (), json.dumps(value).encode())


def paper(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "paperId": f"abc{number}",
        "externalIds": {"ArXiv": f"2603.0000{number}", "DOI": "10.1000/J.1", "CorpusId": 7},
        "url": f"https://scholar.example.org/paper/abc{number}",
        "title": f"Gulls that plan {number}",
        "abstract": None,
        "venue": "Invented Conference",
        "publicationDate": "2026-03-08",
        "authors": [{"authorId": "1", "name": "Ada Example"}, {"authorId": "2", "name": None}],
        "fieldsOfStudy": ["Biology"],
        "openAccessPdf": {"url": "https://j.example.org/1.pdf", "license": "CCBY"},
        "tldr": {"model": "m", "text": "Gulls plan."},
    } | more


def pull(web: FakeWeb, **settings: Any) -> Pull:
    source = SemanticScholarSource(
        SourceName("scholar"), web, "gull +planning", base=API, **settings
    )
    return source.pull(PullOrder(NOW))


def test_a_paper_keeps_everything_a_letter_could_tell() -> None:
    (found,) = pull(FakeWeb({asked(): answer({"total": 1, "data": [paper()]})})).entries
    content = found.content
    assert (found.arxiv_id, found.doi) == ("2603.00001", "10.1000/j.1")
    assert found.announced_at == datetime(2026, 3, 8, tzinfo=UTC)
    assert (content.abstract, content.tldr) == (None, "Gulls plan.")
    assert content.authors == ("Ada Example",)
    assert content.published_on == date(2026, 3, 8)
    assert (content.venue, content.license) == ("Invented Conference", "CCBY")
    assert content.categories == ("Biology",)
    assert content.links == (
        Link(LinkKind.PAGE, "https://arxiv.org/abs/2603.00001"),
        Link(LinkKind.PAGE, "https://doi.org/10.1000/j.1"),
        Link(LinkKind.PAGE, "https://scholar.example.org/paper/abc1"),
        Link(LinkKind.PDF, "https://j.example.org/1.pdf"),
    )


def test_an_answer_without_data_is_an_empty_one() -> None:
    found = pull(FakeWeb({asked(): answer({"total": 0, "offset": 0})}))
    assert (found.verdict, found.note) == (SourceState.EMPTY, "no new paper answers the query")


def test_tokens_are_followed_until_there_is_none() -> None:
    web = FakeWeb(
        {
            asked(): answer({"data": [paper(1)], "token": "t/1+"}),
            asked("t/1+"): answer({"data": [paper(2)], "token": None}),
        }
    )
    assert len(pull(web).entries) == 2


def test_null_among_the_papers_and_papers_without_a_title_stop_no_other() -> None:
    found = pull(FakeWeb({asked(): answer({"data": [None, paper(1, title=None), paper(2)]})}))
    assert len(found.entries) == 1
    assert found.problems == ("a paper of the answer has no id or no title: left out",)


def test_an_error_that_comes_as_200_is_a_failure() -> None:
    with pytest.raises(SourceError, match="the service says: bad query"):
        pull(FakeWeb({asked(): answer({"error": "bad query"})}))


def test_a_key_is_sent_and_without_one_the_pace_is_slower() -> None:
    web = FakeWeb({asked(): answer({"data": []})})
    pull(web, key="secret")
    pull(web)
    assert [ask.headers for ask in web.asked] == [(("x-api-key", "secret"),), ()]
    assert [manners.interval.total_seconds() for manners in web.manners] == [1, 3]
