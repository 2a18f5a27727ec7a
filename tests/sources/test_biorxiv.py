"""Preprint servers for biology and medicine, read from answers written for these tests."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from newsletter.errors import FetchError, SourceError
from newsletter.model import Link, LinkKind, Page, Pull, PullOrder, SourceName, SourceState
from newsletter.sources.biorxiv import BiorxivSource
from newsletter.testing import FakeWeb

API = "https://api.example.org"
NOW = datetime(2026, 8, 4, 15, tzinfo=UTC)
DAYS = "2026-08-02/2026-08-04"


def asked(cursor: int = 0, days: str = DAYS, question: str = "") -> str:
    return f"{API}/details/biorxiv/{days}/{cursor}/json{question}"


def preprint(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "title": f"Gulls hear shapes {number}",
        "authors": "Example, A. B.; van der Invented, C.; The Gull Consortium",
        "author_corresponding_institution": "Invented University",
        "doi": f"10.64898/2026.08.01.00000{number}",
        "date": "2026-8-3",
        "version": "1",
        "license": "cc_by",
        "category": "animal behavior and cognition",
        "abstract": "BackgroundGulls hear. ResultsThey do. Methodsville is a town.",
        "published": "NA",
    } | more


def answer(*records: Any, total: object = None, status: str = "ok") -> Page:
    counted = {} if total is None else {"total": total}
    told = {"messages": [{"status": status} | counted], "collection": list(records)}
    return Page("", 200, (), json.dumps(told).encode())


def pull(web: FakeWeb, memory: dict[str, str] | None = None, **settings: Any) -> Pull:
    source = BiorxivSource(SourceName("preprints"), web, base=API, **settings)
    return source.pull(PullOrder(NOW, memory or {}))


def test_a_preprint_keeps_everything_a_letter_could_tell() -> None:
    (found,) = pull(FakeWeb({asked(): answer(preprint())})).entries
    place = "https://www.biorxiv.org/content/10.64898/2026.08.01.000001v1"
    content = found.content
    assert found.doi == found.source_id == "10.64898/2026.08.01.000001"
    assert (found.version, found.is_revision) == (1, False)
    assert content.authors == ("A. B. Example", "C. van der Invented", "The Gull Consortium")
    assert content.abstract == "Background: Gulls hear. Results: They do. Methodsville is a town."
    assert content.published_on == date(2026, 8, 3)
    assert content.organization == "Invented University"
    assert content.categories == ("animal behavior and cognition",)
    assert content.license == "cc_by"
    assert content.links == (
        Link(LinkKind.PAGE, place),
        Link(LinkKind.PDF, f"{place}.full.pdf"),
    )


def test_of_two_versions_the_later_is_kept_and_is_a_revision() -> None:
    records = [preprint(version="2"), preprint(version="1"), preprint(2, published="10.1000/J.1")]
    first, second = pull(FakeWeb({asked(): answer(*records)})).entries
    assert (first.version, first.is_revision) == (2, True)
    assert first.content.links[0].url.endswith("v2")
    assert second.content.links[-1].url == "https://doi.org/10.1000/j.1"


@pytest.mark.parametrize("total", [3, "3"])
def test_pages_follow_by_their_counts(total: object) -> None:
    web = FakeWeb(
        {
            asked(0): answer(preprint(1), preprint(2), total=total),
            asked(2): answer(preprint(3), total=total),
        }
    )
    assert len(pull(web).entries) == 3
    assert len(web.asked) == 2


def test_an_empty_page_in_the_middle_ends_the_list() -> None:
    web = FakeWeb({asked(0): answer(preprint(1), total=90), asked(1): answer(total=90)})
    assert len(pull(web).entries) == 1


@pytest.mark.parametrize("body", [b"", b" \n"])
def test_an_empty_answer_is_a_failure_although_it_says_200(body: bytes) -> None:
    with pytest.raises(SourceError, match="empty although it says 200"):
        pull(FakeWeb({asked(): Page("", 200, (), body)}))


def test_an_error_that_comes_as_200_is_a_failure() -> None:
    with pytest.raises(SourceError, match="the service says: interval too long"):
        pull(FakeWeb({asked(): answer(status="interval too long")}))


def test_no_posts_is_an_empty_day() -> None:
    found = pull(FakeWeb({asked(): answer(status="no posts found")}))
    assert (found.verdict, found.note) == (SourceState.EMPTY, "nothing was posted")


def test_each_category_is_asked_for_and_a_preprint_in_two_comes_once() -> None:
    one, two = "?category=cell_biology", "?category=neuroscience"
    web = FakeWeb(
        {
            asked(question=one): answer(preprint(1)),
            asked(question=two): answer(preprint(1), preprint(2)),
        }
    )
    assert len(pull(web, categories=("cell biology", "neuroscience")).entries) == 2


def test_what_came_before_something_broke_is_kept() -> None:
    web = FakeWeb(
        {
            asked(0): answer(preprint(1), total=60),
            asked(1): FetchError("the server answers 500", status=500),
        }
    )
    found = pull(web)
    assert (len(found.entries), found.problems) == (1, ("the server answers 500",))
    assert found.memory is None, "the days are asked for again"


def test_after_days_without_a_pull_all_of_them_are_asked_for() -> None:
    days = "2026-07-27/2026-08-04"
    found = pull(FakeWeb({asked(days=days): answer(preprint())}), {"read_until": "2026-07-28"})
    assert len(found.entries) == 1
    assert found.memory == {"read_until": "2026-08-04"}


def test_a_memory_that_is_no_day_is_forgotten() -> None:
    assert pull(FakeWeb({asked(): answer(preprint())}), {"read_until": "?"}).entries


def test_records_that_say_too_little_are_problems() -> None:
    found = pull(FakeWeb({asked(): answer(preprint(doi="x"), 7, preprint(title=""), preprint(2))}))
    assert len(found.entries) == 1
    assert len(found.problems) == 3
    assert "preprint 1 has no DOI or no title" in found.problems[0]
