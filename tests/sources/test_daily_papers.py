"""The daily list of a model hub, read from pages written for these tests."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from newsletter.errors import FetchError, SourceError
from newsletter.model import Link, LinkKind, Page, Pull, PullOrder, SourceName, SourceState
from newsletter.sources.daily_papers import DailyPapersSource
from newsletter.testing import FakeWeb

HUB = "https://hub.example.org"
WEDNESDAY = datetime(2026, 5, 20, 15, tzinfo=UTC)
SUNDAY = datetime(2026, 5, 24, 15, tzinfo=UTC)


def listed(day: str, **query: str) -> str:
    more = "".join(f"&{key}={value}" for key, value in query.items())
    return f"{HUB}/api/daily_papers?date={day}&limit=100{more}"


def page(*papers: Any, link: str | None = None) -> Page:
    headers = (("Link", link),) if link else ()
    return Page("", 200, headers, json.dumps(papers).encode())


def paper(number: int = 1, **inner: Any) -> dict[str, Any]:
    """Return one paper as the hub wraps it: the wrapper's date lies on another day."""
    told = {
        "id": f"2605.0000{number}",
        "title": f"Gulls that plan {number}",
        "summary": "Gulls plan.\nThey plan \\textbf{well}, by 71.1\\%.",
        "authors": [
            {"_id": "a1", "name": "Ada Example", "hidden": False},
            {"_id": "a2", "name": "Not To Be Named", "hidden": True},
        ],
        "publishedAt": "2026-05-18T00:00:00.000Z",
        "submittedOnDailyAt": "2026-05-20T00:00:00.000Z",
        "upvotes": 0,
    }
    return {"paper": told | inner, "publishedAt": "2026-05-17T20:00:00.000Z", "numComments": 2}


def source(web: FakeWeb, **settings: Any) -> DailyPapersSource:
    return DailyPapersSource(SourceName("papers"), web, base=HUB, **settings)


def pull(web: FakeWeb, now: datetime = WEDNESDAY, **settings: Any) -> Pull:
    return source(web, **settings).pull(PullOrder(now))


def days_of(web: FakeWeb) -> list[str]:
    return [ask.url.partition("date=")[2].partition("&")[0] for ask in web.asked]


def web_of(**lists: Page) -> FakeWeb:
    """Return a hub with these lists, `d2026_05_20=…`; those of the other days are empty."""
    days = (date(2026, 5, day).isoformat() for day in range(1, 31))
    pages = {listed(day): page() for day in days}
    return FakeWeb(pages | {listed(key[1:].replace("_", "-")): one for key, one in lists.items()})


def test_a_paper_keeps_everything_a_letter_could_tell() -> None:
    rich = paper(
        githubRepo="https://code.example.org/gulls",
        githubStars=12,
        projectPage="https://gulls.example.org/",
        ai_summary="Gulls plan well.",
        ai_keywords=["gulls", "planning"],
        organization={"name": "gull-lab", "fullname": "Gull Lab"},
        mediaUrls=["https://cdn.example.org/gulls.mp4", "/relative.png"],
    )
    (found,) = pull(web_of(d2026_05_20=page(rich))).entries

    content = found.content
    assert found.source_id == found.arxiv_id == "2605.00001"
    assert found.announced_at == datetime(2026, 5, 20, tzinfo=UTC)
    assert content.published_on == date(2026, 5, 18)
    assert content.authors == ("Ada Example",)
    assert content.abstract == "Gulls plan. They plan \\textbf{well}, by 71.1\\%."
    assert (content.upvotes, content.comments, content.code_stars) == (0, 2, 12)
    assert (content.tldr, content.keywords) == ("Gulls plan well.", ("gulls", "planning"))
    assert content.organization == "Gull Lab"
    assert content.links == (
        Link(LinkKind.PAGE, "https://arxiv.org/abs/2605.00001"),
        Link(LinkKind.PDF, "https://arxiv.org/pdf/2605.00001"),
        Link(LinkKind.CODE, "https://code.example.org/gulls"),
        Link(LinkKind.PROJECT, "https://gulls.example.org/"),
        Link(LinkKind.DISCUSSION, f"{HUB}/papers/2605.00001"),
        Link(LinkKind.MEDIA, "https://cdn.example.org/gulls.mp4"),
    )


def test_lost_zeros_of_an_id_are_put_back() -> None:
    (found,) = pull(web_of(d2026_05_20=page(paper(id="2605.105")))).entries
    assert found.arxiv_id == "2605.00105"


def test_a_paper_that_is_on_no_preprint_server_links_to_the_hub() -> None:
    (found,) = pull(web_of(d2026_05_20=page(paper(id="gull-report")))).entries
    assert found.arxiv_id is None
    assert found.content.links[0] == Link(LinkKind.PAGE, f"{HUB}/papers/gull-report")


def test_the_last_lists_are_read_again_since_they_grow() -> None:
    web = web_of()
    pull(web)
    assert days_of(web) == ["2026-05-20", "2026-05-19", "2026-05-18"]


def test_days_of_a_weekend_do_not_count_as_lists() -> None:
    web = web_of()
    pull(web, datetime(2026, 5, 25, 15, tzinfo=UTC))
    assert days_of(web) == ["2026-05-25", "2026-05-24", "2026-05-23", "2026-05-22", "2026-05-21"]


@pytest.mark.parametrize(("minute", "latest"), [(29, "2026-05-20"), (30, "2026-05-21")])
def test_the_list_of_tomorrow_opens_in_the_evening_of_new_york(minute: int, latest: str) -> None:
    web = web_of()
    pull(web, datetime(2026, 5, 21, 1, minute, tzinfo=UTC))
    assert days_of(web)[0] == latest


def test_pages_are_followed_and_a_paper_on_two_of_them_comes_once() -> None:
    following = '</api/daily_papers?date=2026-05-20&limit=100&p=1>; rel="next"'
    web = web_of(d2026_05_20=page(paper(1), paper(2), link=following))
    web.put(listed("2026-05-20", p="1"), page(paper(2), paper(3)))
    assert [one.source_id[-1] for one in pull(web).entries] == ["1", "2", "3"]


def test_a_next_page_that_is_the_same_page_ends_the_list() -> None:
    own = listed("2026-05-20")
    assert len(pull(web_of(d2026_05_20=page(paper(), link=f'<{own}>; rel="next"'))).entries) == 1


def test_a_next_page_at_another_host_is_not_followed() -> None:
    link = '<https://elsewhere.example.com/p2>; rel="next"'
    web = web_of(d2026_05_20=page(paper(), link=link))
    found = pull(web)
    assert len(found.entries) == 1
    assert "another host" in found.problems[0]
    assert all(ask.url.startswith(HUB) for ask in web.asked)


def test_an_empty_weekend_is_told_from_empty_lists() -> None:
    assert pull(web_of(), SUNDAY).note == "no lists on a weekend"
    empty = pull(web_of())
    assert (empty.verdict, empty.note) == (SourceState.EMPTY, "the lists are empty")


def test_a_day_that_is_not_open_yet_is_no_failure() -> None:
    web = web_of(d2026_05_19=page(paper()))
    web.put(listed("2026-05-20"), FetchError("not yet", status=400))
    found = pull(web)
    assert (len(found.entries), found.problems) == (1, ())


def test_one_list_that_fails_leaves_the_others() -> None:
    web = web_of(d2026_05_20=page(paper()))
    web.put(listed("2026-05-19"), FetchError("the hub answers 500", status=500))
    found = pull(web)
    assert (len(found.entries), found.problems) == (1, ("the hub answers 500",))


def test_when_every_list_fails_the_source_fails() -> None:
    with pytest.raises(SourceError, match="404"):
        pull(FakeWeb())


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"error": "x"}', b"[" * 100_000])
def test_what_is_no_list_of_papers_is_an_error_with_its_place(body: bytes) -> None:
    web = FakeWeb({listed(day): Page("", 200, (), body) for day in ("2026-05-20", "2026-05-19")})
    with pytest.raises(SourceError, match="api/daily_papers"):
        pull(web, look_back=1)


def test_papers_without_id_or_title_are_problems_and_the_others_stay() -> None:
    odd: list[Any] = [7, None, "text", {}, {"paper": []}, paper(title=None), paper(2)]
    found = pull(web_of(d2026_05_20=page(*odd)))
    assert [one.source_id for one in found.entries] == ["2605.00002"]
    assert len(found.problems) == 6
    assert "paper 1 has no id or no title" in found.problems[0]


def test_values_of_the_wrong_type_are_as_if_they_were_not_there() -> None:
    odd = paper(
        summary=["x"], authors="Ada", upvotes=-3, githubStars=True, projectPage="javascript:x()",
        ai_keywords=[1, None, "gulls"], organization="Lab", submittedOnDailyAt="soon",
        publishedAt="2026-02-30",
    )  # fmt: skip
    (found,) = pull(web_of(d2026_05_20=page(odd))).entries
    content = found.content
    assert (content.abstract, content.authors, content.upvotes) == (None, (), None)
    assert (content.code_stars, content.organization, content.published_on) == (None, None, None)
    assert content.keywords == ("1", "gulls")
    assert found.announced_at is None
    assert {link.kind for link in content.links} == {
        LinkKind.PAGE, LinkKind.PDF, LinkKind.DISCUSSION,
    }  # fmt: skip


def test_trending_is_one_list_without_a_day() -> None:
    url = f"{HUB}/api/daily_papers?sort=trending&limit=100"
    web = FakeWeb({url: page(paper())})
    assert len(pull(web, is_trending=True).entries) == 1


def test_a_token_is_sent_and_json_asked_for() -> None:
    web = web_of()
    pull(web, token="hf_secret")
    assert all(ask.headers == (("Authorization", "Bearer hf_secret"),) for ask in web.asked)
    assert {ask.accept for ask in web.asked} == {"application/json"}
    assert {manners.pace for manners in web.manners} == {"daily-papers"}
