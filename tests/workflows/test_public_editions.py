"""Public editions are decided as letters are, once for each day that is over."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.indexing import build_index
from newsletter.model import (
    LIBRARY,
    WHOLE,
    Admission,
    Cadence,
    EmailAddress,
    EntryContent,
    EntryId,
    NewEntry,
    Preferences,
    RevisedEntry,
    SourceName,
    Topic,
)
from newsletter.testing import FakeClock
from newsletter.testing.public_editions import MemoryPublicEditions
from newsletter.testing.stores import MemoryEntryStore
from newsletter.workflows import (
    PublicOrder,
    TrialPorts,
    missing_days,
    past_days,
    plan_public_editions,
)

FEED, LETTERS = SourceName("feed"), SourceName("letters")
MONDAY = date(2026, 11, 23)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
GULLS = Topic("gulls", "Gulls", query="gull")
OWLS = Topic("owls", "Owls", query="owl")


class World:
    """A store of entries, a clock, and the archive."""

    def __init__(self, timezone: str = "UTC", at_most: int = 10) -> None:
        self.entries = MemoryEntryStore()
        self.clock = FakeClock(MIDNIGHT)
        self.editions = MemoryPublicEditions()
        preferences = Preferences(
            EmailAddress("nobody@example.org"), cadence=Cadence(timezone=timezone), at_most=at_most
        )
        self.order = PublicOrder(preferences, (GULLS, OWLS), (OWLS,), frozenset({LETTERS}))

    def put(
        self,
        name: str,
        at: datetime,
        source: SourceName = FEED,
        admission: Admission = Admission.RELEASED,
    ) -> None:
        content = EntryContent(f"{name} of the shore")
        change = NewEntry(EntryId(name), content, source, frozenset(), (), admission)
        self.entries.change([], lambda _: [change], now=at)

    def plan(self, now: datetime, days: Sequence[date] | None = None) -> list[date]:
        self.clock = FakeClock(now)
        ports = TrialPorts(self.entries, self.clock, build_index)
        wanted = missing_days(self.order, self.editions, now=now) if days is None else days
        planned = plan_public_editions(wanted, self.order, ports, self.editions)
        return [day for day, _ in planned]

    def shown(self, topic: str, day: date) -> set[str]:
        found = self.editions.edition(topic, day)
        return {str(match.entry) for match in found.matches} if found else set()


def test_a_day_that_is_over_gets_an_edition_of_each_topic_and_of_the_whole() -> None:
    world = World()
    world.put("gull", MIDNIGHT + HOUR)
    world.put("owl", MIDNIGHT + 2 * HOUR)
    world.put("gull and owl", MIDNIGHT + DAY + HOUR)
    world.plan(MIDNIGHT + DAY + 2 * HOUR)
    assert world.shown("gulls", MONDAY) == {"gull"}
    assert world.shown("owls", MONDAY) == {"owl"}
    assert world.shown(WHOLE, MONDAY) == {"owl"}
    found = world.editions.edition("gulls", MONDAY)
    assert found
    assert found.new_count == 2
    assert found.planned_at == MIDNIGHT + DAY + 2 * HOUR
    assert [reason.subject for reason in found.matches[0].reasons] == ["Gulls"]


def test_a_planned_day_is_not_planned_again_and_today_is_not_over() -> None:
    world = World()
    world.put("gull", MIDNIGHT + HOUR)
    now = MIDNIGHT + DAY + HOUR
    assert world.plan(now)[-1] == MONDAY
    assert world.plan(now) == []
    world.put("late gull", MIDNIGHT + 2 * HOUR)
    world.plan(now, [MONDAY])
    assert world.shown("gulls", MONDAY) == {"gull"}


def test_after_a_pause_the_last_seven_days_are_planned() -> None:
    world = World()
    for back in range(10):
        world.put(f"gull {back}", MIDNIGHT - back * DAY + HOUR)
    planned = world.plan(MIDNIGHT + DAY + HOUR)
    assert planned == [MONDAY - back * DAY for back in range(6, -1, -1)]
    assert world.shown("gulls", MONDAY - 6 * DAY) == {"gull 6"}
    assert world.shown("gulls", MONDAY - 7 * DAY) == set()


def test_a_day_is_the_operators_local_day() -> None:
    world = World("Pacific/Auckland")  # 13 hours ahead in November
    world.put("gull", MIDNIGHT + 12 * HOUR)  # the 24th there
    world.plan(MIDNIGHT + DAY)
    assert world.shown("gulls", MONDAY) == set()
    world.plan(MIDNIGHT + 2 * DAY)
    assert world.shown("gulls", MONDAY + DAY) == {"gull"}


def test_a_day_of_another_length_loses_nothing() -> None:
    world = World("Europe/Paris")
    begins = datetime(2026, 10, 24, 22, tzinfo=UTC)  # the 25th has 25 hours
    for hours in (0, 24):
        world.put(f"gull {hours}", begins + hours * HOUR)
    world.put("gull of the next day", begins + 25 * HOUR)
    world.plan(begins + 26 * HOUR)
    assert world.shown("gulls", date(2026, 10, 25)) == {"gull 0", "gull 24"}


def test_what_was_let_go_after_its_day_comes_with_the_next_day() -> None:
    world = World()
    world.put("held gull", MIDNIGHT + HOUR, admission=Admission.HELD)
    world.put("gull", MIDNIGHT + 2 * HOUR)
    world.plan(MIDNIGHT + DAY + HOUR)
    world.put("new gull", MIDNIGHT + DAY + 2 * HOUR)
    world.entries.release(FEED)
    world.plan(MIDNIGHT + 2 * DAY + HOUR)
    assert world.shown("gulls", MONDAY) == {"gull"}
    assert world.shown("gulls", MONDAY + DAY) == {"held gull", "new gull"}


def test_what_is_over_at_most_is_named_and_never_comes_again() -> None:
    world = World(at_most=2)
    for number in range(3):
        world.put(f"gull {number}", MIDNIGHT + HOUR)
    world.plan(MIDNIGHT + DAY + HOUR)
    found = world.editions.edition("gulls", MONDAY)
    assert found
    assert (len(found.matches), len(found.also_matched)) == (2, 1)
    world.put("gull 3", MIDNIGHT + DAY + 2 * HOUR)
    world.plan(MIDNIGHT + 2 * DAY + HOUR)
    assert world.shown("gulls", MONDAY + DAY) == {"gull 3"}


def test_what_came_by_mail_alone_is_nobodys_business() -> None:
    world = World()
    world.put("mailed gull", MIDNIGHT + HOUR, LETTERS)
    world.put("gull", MIDNIGHT + HOUR)
    world.put("brought gull", MIDNIGHT + HOUR, LIBRARY)
    both = RevisedEntry(
        EntryId("gull"), EntryContent("gull of the shore"), (LETTERS, FEED), frozenset(), ()
    )
    world.entries.change([], lambda _: [both], now=MIDNIGHT + HOUR)
    world.plan(MIDNIGHT + DAY + HOUR)
    found = world.editions.edition("gulls", MONDAY)
    assert found
    assert [(match.entry, match.sources) for match in found.matches] == [("gull", (FEED,))]
    assert found.new_count == 1


def test_two_who_plan_at_once_write_one_edition() -> None:
    world = World()
    world.put("gull", MIDNIGHT + HOUR)
    now = MIDNIGHT + DAY + HOUR
    ports = TrialPorts(world.entries, FakeClock(now), build_index)
    days = past_days(world.order, 1, now=now)
    one, other = (plan_public_editions(days, world.order, ports, world.editions) for _ in range(2))
    first, second = dict(one), dict(other)
    assert {new.topic for new in first[MONDAY]} == {WHOLE, "gulls"}
    assert second[MONDAY] == []


def test_who_is_told_to_stop_stops_between_two_days() -> None:
    world = World()
    ports = TrialPorts(world.entries, world.clock, build_index)
    days = [MONDAY, MONDAY + DAY]
    answers = iter((False, True))
    planned = plan_public_editions(
        days, world.order, ports, world.editions, is_stopping=lambda: next(answers)
    )
    assert [day for day, _ in planned] == [MONDAY]


def test_a_new_topic_gets_days_that_were_planned_without_it() -> None:
    world = World()
    world.put("tern", MIDNIGHT + HOUR)
    now = MIDNIGHT + DAY + HOUR
    world.plan(now)
    terns = Topic("terns", "Terns", query="tern")
    world.order = PublicOrder(world.order.preferences, (GULLS, OWLS, terns), (OWLS,))
    world.plan(now, [MONDAY])
    assert world.shown("terns", MONDAY) == {"tern"}


@settings(max_examples=40, deadline=None)
@given(
    seen=st.lists(
        st.tuples(st.integers(0, 95), st.booleans(), st.sampled_from(["gull", "owl", "gull owl"])),
        max_size=14,
    ),
    plans=st.lists(st.integers(12, 140), min_size=1, max_size=6),
)
def test_no_topic_ever_shows_an_entry_twice_and_none_is_lost(
    seen: Iterable[tuple[int, bool, str]], plans: Iterable[int]
) -> None:
    world = World(at_most=50)
    every = list(enumerate(sorted(seen)))
    for number, (hours, is_held, words) in every:
        admission = Admission.HELD if is_held else Admission.RELEASED
        world.put(f"{words} {number}", MIDNIGHT + hours * HOUR, admission=admission)
    moments = sorted(plans)
    half = len(moments) // 2
    for place, hours in enumerate(moments):
        if place == half:
            world.entries.release(FEED)
        world.plan(MIDNIGHT + hours * HOUR)
    world.entries.release(FEED)
    world.plan(MIDNIGHT + 170 * HOUR)
    days = world.editions.days("gulls")
    shown = [name for day in days for name in world.shown("gulls", day)]
    assert len(shown) == len(set(shown))
    assert set(shown) == {f"{words} {n}" for n, (_, _, words) in every if "gull" in words}
