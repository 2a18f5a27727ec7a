"""arXiv's announcements, told more fully by its API, and made up for by its records."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from newsletter.errors import FetchError, SourceError
from newsletter.model import Link, LinkKind, Page, Pull, PullOrder, SourceName, SourceState
from newsletter.sources.arxiv import ArxivSource
from newsletter.testing import FakeWeb
from tests.sources.arxiv_pages import (
    api,
    api_entry,
    api_error,
    error_feed,
    feed,
    item,
    no_records,
    record,
    records,
)

BASE = "https://a.example.org"
WEDNESDAY = datetime(2026, 5, 20, 12, tzinfo=UTC)
SATURDAY = datetime(2026, 5, 23, 12, tzinfo=UTC)
NO_API: dict[str, Any] = {"is_enriched": False}


def rss(category: str = "cs.LG") -> str:
    return f"{BASE}/rss/{category}"


def asked_api(*ids: str) -> str:
    return f"{BASE}/api/query?id_list={','.join(ids)}&max_results={len(ids)}"


def asked_oai(first: str, last: str, name: str = "cs%3Acs%3ALG") -> str:
    asked = f"verb=ListRecords&metadataPrefix=arXiv&from={first}&until={last}&set={name}"
    return f"{BASE}/oai?{asked}"


def pull(
    web: FakeWeb,
    *categories: str,
    now: datetime = WEDNESDAY,
    memory: Mapping[str, str] | None = None,
    **settings: Any,
) -> Pull:
    source = ArxivSource(SourceName("arxiv"), web, categories or ("cs.LG",), base=BASE, **settings)
    return source.pull(PullOrder(now, memory or {}))


def test_a_paper_of_the_feed_keeps_everything_it_tells() -> None:
    more = "<arxiv:DOI>10.1000/G</arxiv:DOI><arxiv:journal_reference>J. Birds</arxiv:journal_reference>"
    told = item(creator=r"Paulo Andr\'e, C D (Invented University, City), E", more=more)
    (found,) = pull(FakeWeb({rss(): feed(told)}), **NO_API).entries
    content = found.content
    assert (found.arxiv_id, found.version, found.doi) == ("2605.00001", 1, "10.1000/g")
    assert found.announced_at == datetime(2026, 5, 20, 4, tzinfo=UTC)
    assert content.abstract == "They plan well."
    assert content.authors == ("Paulo André", "C D", "E")
    assert content.affiliations == ("Invented University, City",)
    assert (content.venue, content.license) == ("J. Birds", "http://l.example.org/by/4.0/")
    assert content.published_on == date(2026, 5, 20)
    assert content.links == (
        Link(LinkKind.PAGE, "https://arxiv.org/abs/2605.00001"),
        Link(LinkKind.PDF, "https://arxiv.org/pdf/2605.00001"),
        Link(LinkKind.PAGE, "https://doi.org/10.1000/g"),
    )


def test_a_mirror_may_have_the_atom_form() -> None:
    body = (
        '<feed xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.w3.org/2005/Atom">'
        "<title>cs.LG updates</title><updated>2026-05-20T04:00:19.8+00:00</updated>"
        "<entry><id>oai:arXiv.org:2605.00001v1</id><title>Gulls</title><summary>arXiv:2605.00001v1 "
        'Announce Type: cross\nAbstract: They plan.</summary><category term="cs.LG"/>'
        "<published>2026-05-20T00:00:00-04:00</published><arxiv:announce_type>cross"
        "</arxiv:announce_type><dc:creator>Ada Example</dc:creator></entry></feed>"
    )
    found = pull(FakeWeb({rss(): Page("", 200, (), body.encode())}), **NO_API)
    (entry,) = found.entries
    assert (entry.content.title, entry.content.abstract) == ("Gulls", "They plan.")
    assert entry.content.categories == ("cs.LG",)
    assert entry.announced_at == datetime(2026, 5, 20, 4, tzinfo=UTC)
    assert found.verdict is None, "it is the list that is due"


def test_a_paper_may_be_called_0() -> None:
    assert pull(FakeWeb({rss(): feed(item(title="0"))}), **NO_API).entries[0].content.title == "0"


def test_the_api_tells_more_of_what_is_new() -> None:
    web = FakeWeb({rss(): feed(item(creator=r"Ad\'a Example, Ken Invented"))})
    web.put(asked_api("2605.00001"), api(api_entry(version=2)))
    (found,) = pull(web).entries
    content = found.content
    assert (found.version, found.doi) == (2, "10.1000/gulls")
    assert content.authors == ("Adá Example", "Ken Invented"), "in Unicode, not in TeX"
    assert (content.remark, content.venue) == ("12 pages, 3 figures", "J. Inv. Birds 7")
    assert content.categories == ("cs.LG", "cs.AI", "I.2.6")
    assert content.published_on == date(2026, 5, 18)
    assert content.affiliations == ("Invented University",)


def test_the_api_is_not_asked_again_about_what_it_told() -> None:
    web = FakeWeb({rss(): feed(item())})
    web.put(asked_api("2605.00001"), api(api_entry()))
    first = pull(web)
    pull(web, memory=first.memory)
    assert [ask.url for ask in web.asked] == [rss(), asked_api("2605.00001"), rss()]


def test_what_the_api_does_not_know_yet_is_asked_for_at_the_next_pull() -> None:
    web = FakeWeb({rss(): (feed(item()), Page("", 304))})
    web.put(asked_api("2605.00001"), api(), api(api_entry()))
    first = pull(web)
    second = pull(web, memory=first.memory)
    assert second.entries[0].content.remark == "12 pages, 3 figures"
    third = pull(web, memory=second.memory)
    assert (third.entries, third.verdict) == ((), SourceState.UNCHANGED)


@pytest.mark.parametrize(
    "answer",
    [
        api_error("incorrect id format", 400),
        api_error("incorrect id format", 200),
        FetchError("busy", status=429),
        Page("", 200, (), b"Rate exceeded."),
    ],
)
def test_without_the_api_the_letter_is_told_by_the_feeds_alone(answer: Page | FetchError) -> None:
    web = FakeWeb({rss(): feed(item())})
    web.put(asked_api("2605.00001"), answer)
    found = pull(web)
    assert len(found.entries) == 1
    assert found.problems[0].endswith("the entries are as the feeds tell them")
    assert found.memory is not None
    assert "2605.00001" in found.memory["pending"]


def test_a_paper_in_two_lists_is_one_entry_with_all_categories() -> None:
    new = item(categories=("cs.LG", "stat.ML"))
    cross = item(kind="cross", categories=("stat.ML", "math.ST"))
    web = FakeWeb({rss("stat.ML"): feed(cross), rss(): feed(new)})
    (found,) = pull(web, "stat.ML", "cs.LG", **NO_API).entries
    assert found.content.categories == ("stat.ML", "math.ST", "cs.LG")
    assert not found.is_revision


def test_replacements_are_revisions_and_the_api_is_not_asked_about_them() -> None:
    kinds = [item(kind="replace", version=2), item("2605.00002", kind="replace-cross", version=3)]
    web = FakeWeb({rss(): feed(*kinds)})
    found = pull(web)
    assert [(one.version, one.is_revision) for one in found.entries] == [(2, True), (3, True)]
    assert len(web.asked) == 1


def test_validators_go_back_as_they_came_although_they_lack_quotes() -> None:
    web = FakeWeb({rss(): feed(item(), etag="bare0a1b")})
    first = pull(web, **NO_API)
    pull(web, memory=first.memory, **NO_API)
    assert web.asked[1].validators.etag == "bare0a1b"


def test_the_same_list_again_is_unchanged_and_tells_its_papers_all_the_same() -> None:
    web = FakeWeb({rss(): feed(item())})
    first = pull(web, **NO_API)
    again = pull(web, memory=first.memory, **NO_API)
    assert (len(again.entries), again.verdict) == (1, None)


def test_an_old_list_under_a_new_date_is_stale() -> None:
    web = FakeWeb({rss(): feed(item(), day="Tue, 19 May 2026")})
    first = pull(web, now=datetime(2026, 5, 19, 12, tzinfo=UTC), **NO_API)
    web.put(rss(), feed(item(day="Wed, 20 May 2026"), day="Wed, 20 May 2026"))
    found = pull(web, memory=first.memory, **NO_API)
    assert found.verdict is SourceState.STALE
    assert found.note == "cs.LG: the list of 2026-05-20 is that of 2026-05-19 again"
    later = pull(web, memory=found.memory, **NO_API)
    assert later.verdict is SourceState.STALE, "it is asked for again until a new list is there"
    assert web.asked[-1].validators.etag == "0a1b"


def test_a_list_that_is_late_is_stale() -> None:
    found = pull(FakeWeb({rss(): feed(item(), day="Tue, 19 May 2026")}), **NO_API)
    assert found.verdict is SourceState.STALE
    assert found.note == "cs.LG: the list is of 2026-05-19, that of 2026-05-20 is due"
    assert len(found.entries) == 1


@pytest.mark.parametrize(
    ("now", "day", "note"),
    [
        (SATURDAY, "Sat, 23 May 2026", "nothing is announced on a weekend"),
        (WEDNESDAY, "Wed, 20 May 2026", "nothing was announced: a holiday?"),
    ],
)
def test_a_list_without_papers_is_empty(now: datetime, day: str, note: str) -> None:
    found = pull(FakeWeb({rss(): feed(day=day)}), now=now, **NO_API)
    assert (found.verdict, found.note) == (SourceState.EMPTY, note)


def test_an_error_feed_is_a_failure_with_its_reason() -> None:
    with pytest.raises(SourceError, match=r"bad archive cs\.XX; correct `categories`"):
        pull(FakeWeb({rss(): error_feed("bad archive cs.XX")}), **NO_API)


def test_one_category_that_fails_leaves_the_others() -> None:
    web = FakeWeb({rss(): feed(item()), rss("cs.XX"): error_feed("bad archive")})
    found = pull(web, "cs.XX", "cs.LG", **NO_API)
    assert len(found.entries) == 1
    assert found.problems[0].startswith("cs.XX: ")
    assert found.memory is not None
    assert found.memory["cs.XX"] == ""


def test_a_full_feed_is_told_since_new_papers_are_the_first_to_be_cut() -> None:
    many = (item(f"2605.{number:05}") for number in range(1, 2001))
    found = pull(FakeWeb({rss(): feed(*many)}), **NO_API)
    assert "the feed is full at 2000 papers" in found.problems[0]


def test_days_without_a_pull_are_made_up_for_by_the_records() -> None:
    web = FakeWeb({rss(): feed(item(), day="Wed, 20 May 2026")})
    monday = {"cs.LG": '{"dated": "2026-05-15", "digest": "x"}'}
    web.put(
        asked_oai("2026-05-16", "2026-05-19"),
        records(record("2605.00007", date(2026, 5, 18)), token="t/1"),
    )
    web.put(
        f"{BASE}/oai?verb=ListRecords&resumptionToken=t%2F1",
        records(
            record("2412.00008", date(2024, 12, 1)),
            record("2605.1", date(2026, 5, 1), deleted=True),
        ),
    )
    found = pull(web, memory=monday, **NO_API)
    told = {one.arxiv_id: one for one in found.entries}
    assert list(told) == ["2605.00001", "2605.00007", "2412.00008"]
    assert told["2412.00008"].is_revision, "made long before: it was announced before"
    rested = told["2605.00007"].content
    assert rested.title == "Gulls that rest"
    assert (rested.abstract, rested.remark) == ("They rest.", "5 pages")
    assert rested.authors == ("Ada Example",)
    assert rested.categories == ("cs.LG", "stat.ML")


def test_a_weekend_is_no_gap() -> None:
    web = FakeWeb({rss(): feed(item(), day="Mon, 18 May 2026")})
    friday = {"cs.LG": '{"dated": "2026-05-15", "digest": "x"}'}
    pull(web, now=datetime(2026, 5, 18, 12, tzinfo=UTC), memory=friday, **NO_API)
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    ("answer", "problems"),
    [(no_records(), 0), (no_records("badArgument"), 1), (FetchError("down", status=503), 1)],
)
def test_records_that_do_not_come_are_a_problem_and_none_at_all_is_not(
    answer: Page | FetchError, problems: int
) -> None:
    web = FakeWeb({rss(): feed(item()), asked_oai("2026-05-16", "2026-05-19"): answer})
    last = {"cs.LG": '{"dated": "2026-05-15", "digest": "x"}'}
    found = pull(web, memory=last, **NO_API)
    assert (len(found.entries), len(found.problems)) == (1, problems)


@pytest.mark.parametrize(
    "memory", [{"cs.LG": "?"}, {"cs.LG": "[]"}, {"cs.LG": '{"dated": 5}'}, {"pending": "x@y z"}]
)
def test_a_memory_that_cannot_be_read_is_forgotten(memory: Mapping[str, str]) -> None:
    assert len(pull(FakeWeb({rss(): feed(item())}), memory=memory, **NO_API).entries) == 1


def test_items_without_an_id_or_a_title_stop_no_other() -> None:
    broken = "<item><title>No id</title></item>"
    found = pull(FakeWeb({rss(): feed(broken, item("2605.00002", title=" "), item())}), **NO_API)
    assert len(found.entries) == 1
    assert len(found.problems) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html><body>Sorry</body></html>", feed(item()).body[:-40],
        b'<!DOCTYPE x [<!ENTITY a "aa">]>' + feed(item()).body, feed(item()).body.decode().encode("utf-16"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_an_error_with_its_place(body: bytes) -> None:
    with pytest.raises(SourceError, match=r"rss/cs\.LG"):
        pull(FakeWeb({rss(): Page("", 200, (), body)}), **NO_API)


def test_all_services_share_one_slow_pace() -> None:
    web = FakeWeb({rss(): feed(item())})
    pull(web, **NO_API)
    (manners,) = web.manners
    assert (manners.pace, manners.interval.total_seconds()) == ("arxiv", 3)
    assert {406, 429, 503} <= manners.busy
