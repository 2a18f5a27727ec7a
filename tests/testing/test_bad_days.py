"""Each fault of a service: the line about it, the entries and the letter of another, and the time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final

import pytest

from newsletter.model import SourceReport, SourceState
from newsletter.testing import FakeClock
from newsletter.testing.services import Fault, Services
from tests.testing.bad_days import BadDay, Desk, next_day, stopwatch
from tests.testing.conftest import WEDNESDAY

FRESH, UNCHANGED, EMPTY = SourceState.FRESH, SourceState.UNCHANGED, SourceState.EMPTY
STALE, DEGRADED, FAILED = SourceState.STALE, SourceState.DEGRADED, SourceState.FAILED

SHORT: Final = timedelta(seconds=0.4)
LONG: Final = timedelta(minutes=10)
LONGEST_REMARK: Final = 260
AGAIN: Final = "; the next pull asks again"
LOOK: Final = "look at the settings of this source"
PATHS: Final = {
    "daily-papers": "/api/daily_papers?date=2026-11-18&limit=100",
    "arxiv": "/rss/cs",
    "biorxiv": "/details/biorxiv/2026-11-16/2026-11-18/0/json",
    "crossref": "/works?…",
    "semantic-scholar": "/graph/v1/paper/search/bulk?…",
    "openreview": "/notes?…",
    "blogs": "/workshop/rss.xml",
}
"""What each source asks first, as a line of a report names it."""

WHAT = {"arxiv": "XML", "blogs": "feed"}

ANYWHERE: Final = (
    (Fault.RESET, f"breaks HTTP: Server disconnected without sending a response{AGAIN}"),
    (Fault.BREAK_OFF, "breaks HTTP: peer closed connection without sending complete message body"),
    (Fault.SERVER_ERROR, f"the server answers 500{AGAIN}"),
    (Fault.UNAVAILABLE, "the server is busy (503); ask again at 2026-11-18 15:"),
    (Fault.UNAVAILABLE_UNTIL, "the server is busy (503); ask again at 2026-11-18 15:"),
    (Fault.BUSY, "the server is busy (429); ask again at 2026-11-18 15:"),
    (Fault.NOT_FOUND, f"the server answers 404; nothing is there: {LOOK}"),
    (Fault.LOOP, "redirects in a circle, over http://127.0.0.1:PORT/"),
    (
        Fault.PRIVATE,
        (
            "redirects to http://10.20.30.40/feed: 10.20.30.40 is no public address; "
            "name 10.20.30.40 under http.allow if it may be asked"
        ),
    ),
    (
        Fault.METADATA,
        "redirects to http://169.254.169.254/latest/meta-data/: 169.254.169.254 is no public address",
    ),
    (Fault.HUGE, "0 bytes, which is the most that is read; look whether the address is right"),
    (Fault.BOMB, "0 bytes, which is the most that is read; look whether the address is right"),
)
"""What any service can do, and the words about it: it fails, and says where and what to do."""


@pytest.fixture
def day() -> Iterator[BadDay]:
    with Services(now=WEDNESDAY) as services:
        yield BadDay(services, Desk(FakeClock(WEDNESDAY)))


def neighbour(name: str) -> str:
    """Return the source that has a good day meanwhile."""
    return "biorxiv" if name == "daily-papers" else "daily-papers"


@dataclass(frozen=True)
class GoodDay:
    """What a source gives when nothing is wrong anywhere: ids of entries, and those of a letter."""

    entries: frozenset[str]
    letter: frozenset[str]


@cache
def good_day(name: str) -> GoodDay:
    with Services(now=WEDNESDAY) as services:
        day = BadDay(services, Desk(FakeClock(WEDNESDAY)))
        day.desk.collect(day.source(name))
        return what_came(day, name)


def what_came(day: BadDay, name: str) -> GoodDay:
    letter = day.desk.letter(name)
    shown = (*letter.matches, *letter.also_matched) if letter else ()
    titles = {one.id: one.content.title for one in day.desk.of(name)}
    return GoodDay(frozenset(titles.values()), frozenset(titles[one.entry] for one in shown))


def collect_beside_a_good_one(
    day: BadDay, name: str, deadline: timedelta = LONG, *, in_real_time: bool = False
) -> SourceReport:
    """Collect `name` and its neighbour at once; see that the neighbour lacks nothing, and in time."""
    other = neighbour(name)
    watch = stopwatch()
    make = day.source_in_real_time if in_real_time else day.source
    bad, good = day.desk.collect(make(name, deadline), day.source(other))
    assert watch() < 5
    if not in_real_time:
        assert day.times[name].waited_s <= deadline.total_seconds()
    assert (good.state, good.problems) == (FRESH, ())
    assert what_came(day, other) == good_day(other)
    assert good_day(other).letter
    for problem in bad.problems:
        assert len(problem) <= LONGEST_REMARK, problem
        assert "\n" not in problem
    return bad


def words_of(day: BadDay, report: SourceReport) -> str:
    return "\n".join(report.problems).replace(f":{day.services.port}/", ":PORT/")


def collect_again(day: BadDay, name: str) -> SourceReport:
    (report,) = day.desk.collect(day.source(name))
    return report


@pytest.mark.parametrize(("fault", "words"), ANYWHERE, ids=[str(fault) for fault, _ in ANYWHERE])
@pytest.mark.parametrize("name", PATHS)
def test_what_any_service_can_do_is_a_failure_that_stays_alone(
    day: BadDay, name: str, fault: Fault, words: str
) -> None:
    day.services.fault(name, fault)
    report = collect_beside_a_good_one(day, name)
    assert (report.state, report.fetched, len(report.problems)) == (FAILED, 0, 1)
    told = words_of(day, report)
    assert words in told
    where = f"http://127.0.0.1:PORT/{name}{PATHS[name]}: "
    assert re.sub(r"^[\w ./]+: (?=http)", "", told).startswith(where)

    day.services.mend()
    day.desk.clock.move(timedelta(hours=1))  # type: ignore[attr-defined]
    day.times[name].clock.move(timedelta(hours=1))
    assert collect_again(day, name).state is FRESH


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP])
@pytest.mark.parametrize("name", PATHS)
def test_a_service_that_is_too_slow_ends_at_its_deadline(
    day: BadDay, name: str, fault: Fault
) -> None:
    day.services.fault(name, fault)
    watch = stopwatch()
    report = collect_beside_a_good_one(day, name, SHORT, in_real_time=True)
    assert watch() < SHORT.total_seconds() + 1.5
    assert report.state is FAILED
    expected = f"no whole answer within 0.4 s{AGAIN}; if it stays slow, raise `deadline`"
    assert words_of(day, report).endswith(expected)
    assert report.duration < SHORT * 2


@pytest.mark.parametrize("fault", [Fault.LOGIN_PAGE, Fault.EMPTY_BODY, Fault.CUT])
@pytest.mark.parametrize("name", [name for name in PATHS if name != "blogs"])
def test_an_answer_that_is_something_else_says_what_it_is(
    day: BadDay, name: str, fault: Fault
) -> None:
    day.services.fault(name, fault)
    report = collect_beside_a_good_one(day, name)
    assert report.state is FAILED
    what = WHAT.get(name, "JSON")
    words = {
        Fault.LOGIN_PAGE: f"the answer is a web page, not {what}: a login or a proxy",
        Fault.EMPTY_BODY: "empty",
        Fault.CUT: f"the answer is no {what} (",
    }
    assert words[fault] in words_of(day, report)
    assert words_of(day, report).endswith(AGAIN)


@pytest.mark.parametrize("name", PATHS)
def test_a_service_that_moved_gives_all_it_has(day: BadDay, name: str) -> None:
    day.services.fault(name, Fault.MOVED)
    report = collect_beside_a_good_one(day, name)
    assert (report.state, report.problems) == (FRESH, ())
    assert {one.content.title for one in day.desk.of(name)} == good_day(name).entries


@dataclass(frozen=True)
class Case:
    """A fault of one service, and what the report says of a source that had a good day before."""

    name: str
    fault: Fault
    state: SourceState
    words: str = ""
    """In the problems or in the note."""
    under: str = ""
    times: int | None = None
    is_second_day: bool = False
    """Whether there was a good day before, so that the source remembers something."""
    is_whole: bool = False
    """Whether all entries of a good day come all the same."""

    def __str__(self) -> str:
        return f"{self.name}: {self.fault} {self.under}".strip()


CASES: Final = (
    Case("daily-papers", Fault.NO_LISTS, EMPTY, "the lists are empty"),
    Case("daily-papers", Fault.SERVER_ERROR, DEGRADED, f"the server answers 500{AGAIN}", times=1),
    Case("daily-papers", Fault.BUSY, FRESH, times=1, is_whole=True),
    Case("daily-papers", Fault.WRONG_CHARSET, FAILED, "no JSON (it is not in UTF-8)"),
    Case("arxiv", Fault.EMPTY, EMPTY, "nothing was announced: a holiday?", under="/rss"),
    Case("arxiv", Fault.ERROR_400, FAILED, "arXiv says: The feed cannot be built"),
    Case("arxiv", Fault.ERROR_200, FAILED, "correct `categories` of this source if it means them"),
    Case(
        "arxiv",
        Fault.ERROR_400,
        DEGRADED,
        "the entries are as the feeds tell them",
        under="/api/query",
        is_whole=True,
    ),
    Case(
        "arxiv",
        Fault.ERROR_200,
        DEGRADED,
        "the entries are as the feeds tell them",
        under="/api/query",
        is_whole=True,
    ),
    Case("arxiv", Fault.EMPTY, FRESH, under="/api/query", is_whole=True),
    Case("arxiv", Fault.EMPTY_PAGE, FRESH, is_whole=True),
    Case("arxiv", Fault.LAGGING, FRESH, is_whole=True),
    Case(
        "arxiv",
        Fault.BUSY,
        DEGRADED,
        "the server is busy (429)",
        under="/api/query",
        is_whole=True,
    ),
    Case("arxiv", Fault.BUSY, FRESH, times=1, is_whole=True),
    Case(
        "arxiv", Fault.NOT_ACCEPTABLE, FAILED, "the server is busy (406); ask again at 2026-11-18"
    ),
    Case("arxiv", Fault.SERVER_ERROR, DEGRADED, "cs: http://", times=1),
    Case("arxiv", Fault.SERVER_ERROR, DEGRADED, "stat: http://", under="/rss/stat"),
    Case("arxiv", Fault.STALE, STALE, "cs: the list of 2026-11-19 is that", is_second_day=True),
    Case("arxiv", Fault.REBUILT, FRESH, is_second_day=True),
    Case("arxiv", Fault.BAD_TOKEN, FRESH, is_second_day=True),
    Case("arxiv", Fault.WRONG_CHARSET, FAILED, "no XML (not well-formed (invalid token)"),
    Case("biorxiv", Fault.NO_POSTS, EMPTY, "nothing was posted"),
    Case("biorxiv", Fault.UNPADDED, FRESH, is_whole=True),
    Case(
        "biorxiv",
        Fault.EMPTY_BODY,
        FAILED,
        f"is empty although it says 200; the service is down{AGAIN}",
    ),
    Case("crossref", Fault.NOT_ACCEPTABLE, FAILED, f"it refuses what is asked: {LOOK}"),
    Case("semantic-scholar", Fault.NO_DATA, EMPTY, "no new paper answers the query"),
    Case("semantic-scholar", Fault.UNKNOWN_IDS, FRESH, is_whole=True),
    Case(
        "openreview", Fault.NO_GUESTS, FAILED, "guests are turned away: set username and password"
    ),
    Case("blogs", Fault.GONE, FAILED, "gone for good (410); remove this source, or correct `url`"),
    Case("blogs", Fault.EMPTY_BODY, FAILED, "the answer is no feed: it is empty"),
    Case(
        "blogs", Fault.LOGIN_PAGE, FAILED, "this is a web page, not a feed; `newsletter sources add"
    ),
    Case("blogs", Fault.CUT, DEGRADED, "the feed is not well-formed (line "),
    Case("blogs", Fault.WRONG_CHARSET, FRESH, is_whole=True),
    Case("blogs", Fault.SAME_GUIDS, FRESH),
    Case("blogs", Fault.NO_IDS, FRESH, is_whole=True),
    Case("blogs", Fault.NO_DATES, FRESH, is_whole=True),
    Case("blogs", Fault.FUTURE_DATES, FRESH, is_whole=True),
    Case("blogs", Fault.SCRIPTS, FRESH),
    Case("blogs", Fault.NO_VALIDATORS, FRESH, is_whole=True),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_fault_of_a_service_has_its_state_and_its_words(day: BadDay, case: Case) -> None:
    if case.is_second_day:
        collect_again(day, case.name)
        day.desk.clock.move(next_day(day.services, day) - day.desk.clock.now())  # type: ignore[attr-defined]
    day.services.fault(case.name, case.fault, under=case.under, times=case.times)

    if case.is_second_day:
        report = collect_again(day, case.name)
    else:
        report = collect_beside_a_good_one(day, case.name)

    assert report.state is case.state, (report.problems, report.note)
    assert case.words in f"{words_of(day, report)} {report.note}"
    if case.state in {FRESH, EMPTY}:
        assert report.problems == ()
    if case.is_whole:
        assert len(day.desk.of(case.name)) == len(good_day(case.name).entries)


def test_every_fault_that_the_server_knows_is_met_here() -> None:
    met = {fault for fault, _ in ANYWHERE} | {case.fault for case in CASES}
    elsewhere = {Fault.HANG, Fault.DRIP, Fault.MOVED, Fault.LOGIN_PAGE, Fault.CUT}
    assert met | elsewhere == set(Fault)


@pytest.mark.parametrize("name", ["arxiv", "blogs"])
def test_what_is_asked_again_and_did_not_change_is_unchanged(day: BadDay, name: str) -> None:
    collect_again(day, name)
    day.desk.clock.move(timedelta(hours=2))  # type: ignore[attr-defined]
    day.times[name].clock.move(timedelta(hours=2))
    report = collect_beside_a_good_one(day, name)
    assert (report.state, report.problems) == (UNCHANGED, ())
