"""What every store of public editions does."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from newsletter.model import (
    WHOLE,
    EntryId,
    Match,
    PublicDay,
    PublicEdition,
    Reason,
    ReasonKind,
    ReleaseNo,
    RevisionId,
    SourceName,
)
from newsletter.ports import Neighbour, PublicEditions, Shelf
from newsletter.storage import Database, PublicEditionStore
from newsletter.testing.public_editions import MemoryPublicEditions

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
PLANNED = datetime(2026, 11, 24, 0, 5, tzinfo=UTC)

OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def editions(request: pytest.FixtureRequest, open_stored: OpenStored) -> PublicEditions:
    if request.param == "memory":
        return MemoryPublicEditions()
    return PublicEditionStore(open_stored(request.param))


def match(name: str) -> Match:
    reason = Reason(ReasonKind.TOPIC, "Gulls & “owls”\n", ("gull",))
    source = SourceName("samples")
    return Match(EntryId(name), RevisionId(f"r-{name}"), 1.5, (reason,), (), ("gulls",), (source,))


def edition(topic: str, day: date, *names: str, also: tuple[str, ...] = ()) -> PublicEdition:
    shown, named = (tuple(map(match, some)) for some in (names, also))
    return PublicEdition(topic, day, PLANNED, 9, shown, named)


def public_day(day: date, *made: PublicEdition, release: int = 7) -> PublicDay:
    whole = () if any(one.topic == WHOLE for one in made) else (edition(WHOLE, day),)
    return PublicDay(day, ReleaseNo(release), (*whole, *made))


def test_an_edition_comes_back_as_it_was_kept(editions: PublicEditions) -> None:
    gulls = edition("gulls", MONDAY, "a", "b", also=("c",))
    written = editions.keep(public_day(MONDAY, gulls), since=MONDAY)
    assert {one.topic for one in written} == {WHOLE, "gulls"}
    assert editions.edition("gulls", MONDAY) == gulls
    assert editions.edition("gulls", MONDAY + DAY) is None
    assert editions.edition("owls", MONDAY) is None


def test_a_day_without_entries_is_planned_and_shown_nowhere(editions: PublicEditions) -> None:
    editions.keep(public_day(MONDAY), since=MONDAY)
    assert dict(editions.releases(since=MONDAY)) == {MONDAY: 7}
    assert editions.edition(WHOLE, MONDAY) is None
    assert list(editions.days(WHOLE)) == []
    assert dict(editions.shelves()) == {}
    assert list(editions.latest(WHOLE, limit=3)) == []


def test_what_is_there_stays_and_what_lacks_is_added(editions: PublicEditions) -> None:
    first = edition("gulls", MONDAY, "a")
    editions.keep(public_day(MONDAY, first), since=MONDAY)
    later = public_day(
        MONDAY, edition("gulls", MONDAY, "b"), edition("owls", MONDAY, "b"), release=12
    )
    written = editions.keep(later, since=MONDAY)
    assert [one.topic for one in written] == ["owls"]
    assert editions.edition("gulls", MONDAY) == first
    assert dict(editions.releases(since=MONDAY)) == {MONDAY: 7}


def test_no_topic_holds_an_entry_twice_whoever_plans(editions: PublicEditions) -> None:
    editions.keep(public_day(MONDAY, edition("gulls", MONDAY, "a", also=("b",))), since=MONDAY)
    tuesday = MONDAY + DAY
    both = (
        edition("gulls", tuesday, "a", "c", also=("b", "d")),
        edition("owls", tuesday, "a"),
        edition(WHOLE, tuesday, "a"),
    )
    editions.keep(public_day(tuesday, *both), since=MONDAY)
    assert editions.edition("gulls", tuesday) == edition("gulls", tuesday, "c", also=("d",))
    assert editions.edition("owls", tuesday) == both[1]
    wednesday = tuesday + DAY
    repeated = (
        edition("gulls", wednesday, "c", also=("e",)),
        edition(WHOLE, wednesday, "a", also=("z",)),
    )
    written = editions.keep(public_day(wednesday, *repeated), since=MONDAY)
    assert [(one.topic, one.matches) for one in written] == [(WHOLE, ())]
    assert editions.edition(WHOLE, wednesday) is None
    assert editions.edition("gulls", wednesday) is None


def test_what_a_topic_showed_is_known_from_a_day_on(editions: PublicEditions) -> None:
    editions.keep(public_day(MONDAY, edition("gulls", MONDAY, "a", also=("b",))), since=MONDAY)
    editions.keep(public_day(MONDAY + DAY, edition("gulls", MONDAY + DAY, "c")), since=MONDAY)
    assert editions.shown(since=MONDAY)["gulls"] == {"a", "b", "c"}
    assert editions.shown(since=MONDAY + DAY)["gulls"] == {"c"}
    assert "gulls" not in editions.shown(since=MONDAY + 2 * DAY)
    assert dict(editions.releases(since=MONDAY + DAY)) == {MONDAY + DAY: 7}


def test_days_are_counted_listed_and_stand_beside_each_other(editions: PublicEditions) -> None:
    for back in (0, 2, 5):
        day = MONDAY - back * DAY
        made = (edition("gulls", day, f"g{back}"), edition(WHOLE, day, f"w{back}"))
        editions.keep(public_day(day, *made), since=day)
    editions.keep(public_day(MONDAY - DAY), since=MONDAY)
    days = [MONDAY - 5 * DAY, MONDAY - 2 * DAY, MONDAY]
    assert dict(editions.shelves()) == {"gulls": Shelf(3, MONDAY), WHOLE: Shelf(3, MONDAY)}
    for topic in ("gulls", WHOLE):
        assert list(editions.days(topic)) == days
        assert list(editions.all_days()[topic]) == days
        beside = editions.around(topic, MONDAY - 2 * DAY)
        assert beside == (Neighbour(days[0], PLANNED), Neighbour(MONDAY, PLANNED))
        assert editions.around(topic, MONDAY)[1] is None
        assert editions.around(topic, days[0])[0] is None
        latest = editions.latest(topic, limit=2)
        assert [one.local_date for one in latest] == [MONDAY, MONDAY - 2 * DAY]
    assert list(editions.days("owls")) == []
