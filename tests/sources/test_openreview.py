"""Venues with open reviews, read from answers written for these tests."""

import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from newsletter.errors import FetchError, SourceError
from newsletter.model import Link, LinkKind, Page, Pull, PullOrder, SourceName, SourceState
from newsletter.sources.openreview import OpenReviewSource
from newsletter.testing import FakeWeb

API = "https://reviews.example.org"
VENUE = "Gulls.cc/2026/Conference"
ODATE = 1_772_000_000_000


def asked(venue: str = VENUE, offset: int = 0) -> str:
    question = {"content.venueid": venue, "limit": 1000, "offset": offset, "sort": "cdate:desc"}
    return f"{API}/notes?{urlencode(question)}"


def answer(*notes: Any) -> Page:
    return Page("", 200, (), json.dumps({"notes": notes, "count": len(notes)}).encode())


def note(number: int = 1, **more: Any) -> dict[str, Any]:
    told = {
        "title": "Gulls that plan",
        "authors": ["Ada Example", "Ken Invented"],
        "abstract": "They plan.",
        "keywords": ["gulls"],
        "TLDR": "Gulls plan.",
        "pdf": "/pdf/abc.pdf",
        "venue": "Gulls 2026 Poster",
        "venueid": VENUE,
    } | more
    wrapped = {key: {"value": value} for key, value in told.items()}
    return {"id": f"n{number}", "forum": f"f{number}", "odate": ODATE + number, "content": wrapped}


def pull(web: FakeWeb, *venues: str, **settings: Any) -> Pull:
    source = OpenReviewSource(SourceName("r"), web, venues or (VENUE,), base=API, **settings)
    return source.pull(PullOrder(datetime(2026, 3, 1, tzinfo=UTC)))


def test_a_paper_keeps_everything_a_letter_could_tell() -> None:
    (found,) = pull(FakeWeb({asked(): answer(note())})).entries
    content = found.content
    assert found.source_id == "f1"
    assert content.title == "Gulls that plan"
    assert content.authors == ("Ada Example", "Ken Invented")
    assert (content.abstract, content.tldr) == ("They plan.", "Gulls plan.")
    assert (content.venue, content.keywords) == ("Gulls 2026 Poster", ("gulls",))
    assert content.published_on == date(2026, 2, 25)
    assert content.links == (
        Link(LinkKind.PAGE, "https://openreview.net/forum?id=f1"),
        Link(LinkKind.PDF, "https://openreview.net/pdf/abc.pdf"),
        Link(LinkKind.DISCUSSION, "https://openreview.net/forum?id=f1"),
    )


def test_values_may_come_bare_as_in_the_first_interface() -> None:
    bare = {"id": "x", "content": {"title": "Bare gulls", "authors": ["Ada Example"]}}
    (found,) = pull(FakeWeb({asked(): answer(bare)})).entries
    assert (found.source_id, found.content.title) == ("x", "Bare gulls")
    assert found.content.venue == VENUE


def test_the_latest_paper_comes_first() -> None:
    found = pull(FakeWeb({asked(): answer(note(1), note(3), note(2))}))
    assert [one.source_id for one in found.entries] == ["f3", "f2", "f1"]


def test_full_pages_are_followed() -> None:
    web = FakeWeb(
        {
            asked(): answer(*(note(number) for number in range(1000))),
            asked(offset=1000): answer(note(1000)),
        }
    )
    assert len(pull(web).entries) == 1001


def test_one_venue_that_fails_leaves_the_others() -> None:
    web = FakeWeb({asked(): answer(note())})
    found = pull(web, VENUE, "Other.cc/2026")
    assert len(found.entries) == 1
    assert found.problems[0].startswith("Other.cc/2026: ")


def test_guests_who_are_turned_away_are_told_to_sign_in() -> None:
    web = FakeWeb({asked(): FetchError("the server answers 403", status=403)})
    with pytest.raises(SourceError, match="set username and password"):
        pull(web)


def test_an_account_signs_in_first() -> None:
    token = Page("", 200, (), b'{"token": "t0ken"}')
    web = FakeWeb({f"{API}/login": token, asked(): answer(note())})
    pull(web, username="ada@example.org", password="pa55")
    login, notes = web.asked
    assert json.loads(login.body or b"") == {"id": "ada@example.org", "password": "pa55"}
    assert notes.headers == (("Authorization", "Bearer t0ken"),)


def test_a_venue_without_papers_is_empty() -> None:
    assert pull(FakeWeb({asked(): answer()})).verdict is SourceState.EMPTY


def test_odd_notes_stop_no_other() -> None:
    odd: list[Any] = [None, {"id": "x"}, note(1, title=""), note(2, authors="Ada", pdf=3)]
    late = note(3) | {"odate": 10**30, "pdate": "soon", "cdate": True}
    found = pull(FakeWeb({asked(): answer(*odd, late)}))
    assert [one.source_id for one in found.entries] == ["f2", "f3"]
    assert found.entries[1].announced_at is None
    assert len(found.problems) == 1, "equal problems are told once"
