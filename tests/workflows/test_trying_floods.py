"""A trial of a document over days in which a flood was held and let go."""

from datetime import UTC, datetime, time, timedelta

from newsletter.indexing import build_index
from newsletter.model import (
    Admission,
    Cadence,
    EmailAddress,
    EntryContent,
    EntryId,
    Every,
    NewEntry,
    Preferences,
    SourceName,
    Topic,
)
from newsletter.testing import FakeClock
from newsletter.testing.stores import MemoryEntryStore
from newsletter.workflows import TrialPorts, try_out

FEED = SourceName("feed")
MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def put(store: MemoryEntryStore, name: str, admission: Admission, now: datetime) -> None:
    content = EntryContent(f"A robot named {name}")
    change = NewEntry(EntryId(name), content, FEED, frozenset(), (), admission)
    store.change([], lambda _: [change], now=now)


def test_what_came_while_a_flood_waited_is_not_hidden_by_it() -> None:
    store = MemoryEntryStore()
    put(store, "flood", Admission.HELD, MONDAY)
    put(store, "between", Admission.RELEASED, MONDAY + DAY)
    store.release(FEED)
    robots = Topic("robots", "Robots", query="robot")
    cadence = Cadence(Every.DAY, time(8), "UTC")
    preferences = Preferences(EmailAddress("ada@example.org"), None, cadence, (robots,))
    ports = TrialPorts(store, FakeClock(MONDAY + 3 * DAY), build_index)

    trial = try_out(preferences, (), ports, span=4 * DAY)

    shown = [[match.entry for match in edition.matches] for edition in trial.editions]
    assert shown == [["flood"], ["between"]]
