from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from newsletter.testing.services import Fault, Services
from tests.testing.asking import ask

LISTS = "daily-papers/api/daily_papers"
MIDNIGHT = "T00:00:00.000Z"


def listed(services: Services, query: str) -> list[dict[str, Any]]:
    answer = ask(services, f"{LISTS}?{query}")
    assert answer.status == 200, answer.body
    found: list[dict[str, Any]] = answer.json()
    return found


def everything(services: Services) -> list[dict[str, Any]]:
    return listed(services, "limit=100")


def test_a_list_is_an_array_of_wrappers_with_an_inner_paper(services: Services) -> None:
    first = listed(services, "date=2026-11-17")[0]
    assert first["title"] == first["paper"]["title"]
    assert first["summary"] == first["paper"]["summary"]
    assert first["submittedBy"].keys() >= {"isHf", "followerCount", "isUserFollowing"}
    assert "user" not in first["submittedBy"]
    assert first["paper"]["submittedOnDailyBy"]["user"].startswith("reader-")
    assert isinstance(first["numComments"], int)
    assert first["thumbnail"].endswith(f"/{first['paper']['id']}.png")


def test_the_day_of_the_list_is_inside_and_the_outer_date_is_four_hours_early(
    services: Services,
) -> None:
    for one in listed(services, "date=2026-11-17"):
        assert one["paper"]["submittedOnDailyAt"] == "2026-11-17" + MIDNIGHT
        inner = datetime.fromisoformat(one["paper"]["publishedAt"])
        outer = datetime.fromisoformat(one["publishedAt"])
        assert one["paper"]["publishedAt"].endswith(MIDNIGHT)
        assert inner - outer == timedelta(hours=4)
        assert inner.date() < datetime(2026, 11, 17, tzinfo=UTC).date()


def test_what_there_is_not_is_absent(services: Services) -> None:
    papers = [one["paper"] for one in everything(services)]
    for name in ("projectPage", "githubRepo", "ai_summary", "organization", "mediaUrls"):
        having = [paper for paper in papers if name in paper]
        assert 0 < len(having) < len(papers), name
        assert all(paper[name] for paper in having)
    assert all(("ai_summary" in paper) == ("ai_keywords" in paper) for paper in papers)


def test_the_traps_of_real_lists_are_there(services: Services) -> None:
    found = everything(services)
    papers = [one["paper"] for one in found]
    media = [address for paper in papers for address in paper.get("mediaUrls", ())]
    assert any(address.endswith(".mp4") for address in media)
    assert any(one["submittedBy"]["avatarUrl"].startswith("/avatars/") for one in found)
    assert any(paper["upvotes"] == 0 for paper in papers)
    assert any("\n" in paper["summary"] for paper in papers)
    assert any(author["hidden"] for paper in papers for author in paper["authors"])
    claims = [one for paper in papers for one in paper["authors"] if "status" in one]
    assert claims
    assert claims[0]["user"]["name"]


def test_pages_are_linked_until_the_last_and_after_it_there_is_nothing(services: Services) -> None:
    everyone = everything(services)
    found: list[dict[str, Any]] = []
    target = f"{LISTS}?limit=7"
    while target:
        answer = ask(services, target)
        found += answer.json()
        link = answer.headers.get("Link", "")
        target = link[2:].partition(">")[0]
        if link:
            assert link.startswith("</daily-papers/api/daily_papers?p=")
            assert link.endswith('>; rel="next"')
    assert [one["paper"]["id"] for one in found] == [one["paper"]["id"] for one in everyone]
    assert listed(services, "p=100") == []


@pytest.mark.parametrize("day", ["2026-11-14", "2026-11-15"])
def test_weekends_have_an_empty_list(services: Services, day: str) -> None:
    assert listed(services, f"date={day}") == []


@pytest.mark.parametrize(
    "query", ["date=2025-13-40", "date=2026-11-19", "limit=101", "p=-1", "sort=upvotes"]
)
def test_what_cannot_be_listed_is_refused(services: Services, query: str) -> None:
    answer = ask(services, f"{LISTS}?{query}")
    assert answer.status == 400
    assert answer.json()["error"]


def test_the_next_list_opens_at_half_past_nine_in_new_york(services: Services) -> None:
    services.advance(timedelta(hours=11, minutes=29))
    assert ask(services, f"{LISTS}?date=2026-11-19").status == 400
    services.advance(timedelta(minutes=1))
    assert ask(services, f"{LISTS}?date=2026-11-19").status == 200


def test_a_list_grows_for_days_and_so_do_upvotes(services: Services) -> None:
    before = {
        one["paper"]["id"]: one["paper"]["upvotes"] for one in listed(services, "date=2026-11-18")
    }
    services.advance(timedelta(days=4))
    after = {
        one["paper"]["id"]: one["paper"]["upvotes"] for one in listed(services, "date=2026-11-18")
    }
    assert before.keys() < after.keys()
    assert sum(after[one] for one in before) > sum(before.values())


def test_a_dated_list_is_ordered_by_upvotes(services: Services) -> None:
    votes = [one["paper"]["upvotes"] for one in listed(services, "date=2026-11-12")]
    assert votes == sorted(votes, reverse=True)


def test_weeks_and_months_hold_their_days(services: Services) -> None:
    month = {one["paper"]["id"] for one in listed(services, "month=2026-11&limit=100")}
    week = {one["paper"]["id"] for one in listed(services, "week=2026-W47&limit=100")}
    friday = {one["paper"]["id"] for one in listed(services, "date=2026-11-13")}
    assert friday
    assert friday < week < month


def test_one_paper_is_flat_and_names_what_was_built_on_it(services: Services) -> None:
    wrapper = listed(services, "date=2026-11-17")[0]
    paper = ask(services, f"daily-papers/api/papers/{wrapper['paper']['id']}").json()
    assert wrapper["paper"].items() <= paper.items()
    assert paper["numTotalModels"] == 0
    assert "numComments" not in paper
    assert ask(services, "daily-papers/api/papers/2611.99999").status == 404


def test_a_search_loses_the_zeros_of_an_id(services: Services) -> None:
    found = ask(services, "daily-papers/api/papers/search?q=learning").json()
    assert any(len(one["paper"]["id"]) < len("2611.00000") for one in found)


def test_the_quota_is_told_and_then_enforced(services: Services) -> None:
    answer = ask(services, f"{LISTS}?limit=1")
    assert answer.headers["RateLimit"].startswith('"api";r=499;t=')
    services.fault("daily-papers", Fault.BUSY)
    busy = ask(services, f"{LISTS}?limit=1")
    assert busy.status == 429
    assert busy.headers["RateLimit"] == '"api";r=0;t=55'
    assert busy.headers["RateLimit-Policy"] == '"fixed window";"api";q=500;w=300'


def test_lists_can_be_empty(services: Services) -> None:
    services.fault("daily-papers", Fault.NO_LISTS)
    assert listed(services, "date=2026-11-17") == []
