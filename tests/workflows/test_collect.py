"""COLLECT over a real database: entries first, then what a source remembers; no source stops another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Event

import pytest

from newsletter.errors import SourceError, StorageError
from newsletter.model import (
    Admission,
    EntryContent,
    FetchedEntry,
    Memory,
    Pull,
    PullOrder,
    PullStep,
    SourceName,
    SourceReport,
    SourceState,
)
from newsletter.rules.collecting import SourceTerms
from newsletter.storage import Database, Entries, SourceReports
from newsletter.testing import FakeClock, FakeSource
from newsletter.testing.stores import MemoryEntryStore, MemorySourceLog
from newsletter.workflows import CollectPorts, collect, rehearse

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SHORT = timedelta(milliseconds=50)
FEED, SLOTH, BROKEN = SourceName("feed"), SourceName("sloth"), SourceName("broken")
OpenStored = Callable[[str], Database]


def announce(source: str, number: int, day: date | None = None) -> FetchedEntry:
    content = EntryContent(f"Number {number}", published_on=day)
    return FetchedEntry(SourceName(source), str(number), content, doi=f"10.1000/{number}")


def some(source: str, count: int, day: date | None = None) -> tuple[FetchedEntry, ...]:
    return tuple(announce(source, number, day) for number in range(count))


class LoggingLog(MemorySourceLog):
    """Tells in which order it was used, and how many entries were stored by then."""

    def __init__(self, entries: MemoryEntryStore) -> None:
        super().__init__()
        self._entries = entries
        self.story: list[tuple[str, int]] = []

    def record(self, report: SourceReport) -> None:
        self.story.append(("record", len(self._entries.find())))
        super().record(report)

    def remember(self, source: SourceName, memory: Memory) -> None:
        self.story.append(("remember", len(self._entries.find())))
        super().remember(source, memory)


class FullStore(MemoryEntryStore):
    """Cannot be written."""

    def change(self, *_: object, **__: object) -> Sequence[object]:  # type: ignore[override]
        message = "no room"
        raise StorageError(message)


class PuzzledStore(MemoryEntryStore):
    """Meets a fault of ours."""

    def change(self, *_: object, **__: object) -> Sequence[object]:  # type: ignore[override]
        message = "a rule"
        raise KeyError(message)


@dataclass
class Desk:
    """What collecting needs, in memory."""

    entries: MemoryEntryStore = field(default_factory=MemoryEntryStore)
    log: MemorySourceLog = field(default_factory=MemorySourceLog)
    terms: Mapping[SourceName, SourceTerms] = field(default_factory=dict)
    low_trust: frozenset[SourceName] = frozenset()

    def ports(self, now: datetime = NOW) -> CollectPorts:
        return CollectPorts(self.entries, self.log, FakeClock(now), self.terms, self.low_trust)

    def collect(self, *sources: FakeSource, now: datetime = NOW) -> tuple[SourceReport, ...]:
        return collect(sources, self.ports(now))


@dataclass
class HangingSource:
    """Answers only when `wake` is set."""

    wake: Event
    name: SourceName = SLOTH
    kind: str = "fake"

    def pull(self, order: PullOrder) -> Pull:
        del order
        self.wake.wait(10)
        return Pull(some(self.name, 3))


@pytest.fixture
def sloth() -> Iterator[HangingSource]:
    source = HangingSource(Event())
    yield source
    source.wake.set()


def test_a_source_gets_back_what_it_left() -> None:
    desk = Desk()
    source = FakeSource("feed", Pull(some("feed", 1), memory={"etag": '"1"'}), Pull(()))

    desk.collect(source)
    desk.collect(source)
    desk.collect(source)

    assert [dict(order.memory) for order in source.orders] == [{}, {"etag": '"1"'}, {"etag": '"1"'}]


def test_what_a_source_remembers_is_kept_after_its_entries_are_stored() -> None:
    entries = MemoryEntryStore()
    log = LoggingLog(entries)
    pull = Pull(some("feed", 3), memory={"etag": "1"})

    Desk(entries, log).collect(FakeSource("feed", pull))

    assert log.story == [("record", 3), ("remember", 3)]


def test_nothing_is_remembered_of_a_pull_that_was_not_stored() -> None:
    desk = Desk(entries=FullStore())
    pull = Pull(some("feed", 1), memory={"etag": "1"})

    with pytest.raises(StorageError):
        desk.collect(FakeSource("feed", pull))

    assert desk.log.memory(FEED) == {}


def test_nothing_is_remembered_of_a_pull_that_failed() -> None:
    desk = Desk()
    desk.collect(FakeSource("feed", SourceError("down")))
    assert desk.log.memory(FEED) == {}
    assert desk.log.last_stored(FEED) is None


def test_a_first_pull_that_failed_does_not_count(
    open_stored: OpenStored,
) -> None:
    database = open_stored("sqlite")
    entries, log = Entries(database), SourceReports(database)
    old, new = announce("feed", 1, date(2026, 11, 1)), announce("feed", 2, date(2026, 11, 20))
    late = announce("feed", 3, date(2026, 11, 2))
    source = FakeSource("feed", SourceError("down"), (old, new), SourceError("down"), (late,))

    reports = [
        collect([source], CollectPorts(entries, log, FakeClock(NOW + timedelta(hours=hour))))[0]
        for hour in range(4)
    ]

    assert [(one.state, one.new, one.passed) for one in reports] == [
        (SourceState.FAILED, 0, 0),
        (SourceState.FRESH, 1, 1),
        (SourceState.FAILED, 0, 0),
        (SourceState.FRESH, 1, 0),
    ]
    assert [entry.content.title for entry in entries.find()] == ["Number 2", "Number 3"]


def test_what_was_passed_over_is_news_when_another_source_brings_it() -> None:
    desk = Desk()
    feed = FakeSource(
        "feed", (announce("feed", 1, date(2026, 11, 1)), announce("feed", 2, NOW.date()))
    )
    blog = FakeSource(
        "blog", (announce("blog", 9, NOW.date()),), (announce("blog", 1, date(2026, 11, 1)),)
    )

    desk.collect(feed)
    desk.collect(blog)
    desk.collect(feed)
    assert len(desk.entries.find()) == 2

    (report,) = desk.collect(blog)

    assert (report.state, report.revised) == (SourceState.FRESH, 1)
    assert [entry.content.title for entry in desk.entries.find()] == [
        "Number 2",
        "Number 9",
        "Number 1",
    ]


def test_a_flood_is_held_until_the_operator_lets_it_go() -> None:
    desk = Desk(terms={FEED: SourceTerms(at_most_new=20)})
    feed = FakeSource("feed", some("feed", 5), some("feed", 40), some("feed", 42))

    desk.collect(feed)
    (flood,) = desk.collect(feed)
    (after,) = desk.collect(feed)

    assert (flood.state, flood.new, flood.held) == (SourceState.DEGRADED, 0, 35)
    assert "newsletter sources release feed" in flood.problems[0]
    assert (after.state, after.new, after.held) == (SourceState.FRESH, 2, 0)
    assert desk.entries.held() == {FEED: 35}
    assert desk.entries.release(FEED) == 35
    assert [entry.release_no for entry in desk.entries.find()] == list(range(1, 43))


def test_the_trust_of_a_source_counts_when_its_entries_are_merged() -> None:
    desk = Desk(low_trust=frozenset({SourceName("crowd")}))
    loud = FetchedEntry(
        SourceName("crowd"), "1", EntryContent("NUMBER ONE!!!", upvotes=3), doi="10.1000/1"
    )

    desk.collect(FakeSource("feed", (announce("feed", 1),)))
    desk.collect(FakeSource("crowd", (loud,)))

    (entry,) = desk.entries.find()
    assert entry.content == EntryContent("Number 1", upvotes=3)


def test_a_source_that_hangs_is_reported_and_the_others_go_on(sloth: HangingSource) -> None:
    desk = Desk()
    feed = FakeSource("feed", some("feed", 2))

    slow, quick = collect([sloth, feed], desk.ports(), patience=SHORT)

    assert slow.state is SourceState.FAILED
    assert "has not answered" in slow.problems[0]
    assert (quick.state, quick.new) == (SourceState.FRESH, 2)
    assert desk.log.last()[sloth.name] == slow


def test_more_sources_that_hang_than_are_pulled_at_once_keep_nobody_out(
    sloth: HangingSource,
) -> None:
    desk = Desk()
    sloths = [HangingSource(sloth.wake, SourceName(f"sloth-{number}")) for number in range(9)]
    feed = FakeSource("feed", some("feed", 2))

    *slow, quick = collect([*sloths, feed], desk.ports(), patience=SHORT)

    assert {report.state for report in slow} == {SourceState.FAILED}
    assert quick.state is SourceState.FRESH


def test_what_comes_too_late_is_not_stored(sloth: HangingSource) -> None:
    desk = Desk()
    sloths = [HangingSource(sloth.wake, SourceName(f"sloth-{number}")) for number in range(8)]
    feed = FakeSource("feed", some("feed", 1))

    def wake(_: SourceReport) -> None:
        sloth.wake.set()

    first, *_ = collect([*sloths, feed], desk.ports(), wake, patience=SHORT)

    assert first.state is SourceState.FAILED
    assert list(desk.entries.find(source=sloths[0].name)) == []


def test_entries_that_cannot_be_merged_are_a_report_of_their_source() -> None:
    desk = Desk(entries=PuzzledStore())

    (report,) = desk.collect(FakeSource("feed", Pull(some("feed", 1), memory={"etag": "1"})))

    assert (report.state, report.fetched) == (SourceState.FAILED, 0)
    assert "cannot be merged: KeyError" in report.problems[0]
    assert desk.log.memory(FEED) == {}


def test_each_report_is_told_as_soon_as_it_is_there() -> None:
    told: list[str] = []
    sources = [FakeSource("feed", some("feed", 1)), FakeSource("blog", SourceError("down"))]

    reports = collect(sources, Desk().ports(), lambda report: told.append(report.name))

    assert [report.name for report in reports] == ["feed", "blog"]
    assert sorted(told) == ["blog", "feed"]


def test_a_source_that_breaks_its_promise_stops_nobody() -> None:
    @dataclass
    class Broken:
        name: SourceName = BROKEN
        kind: str = "fake"

        def pull(self, order: PullOrder) -> Pull:
            raise ZeroDivisionError(order.now)

    broken, feed = collect([Broken(), FakeSource("feed", some("feed", 1))], Desk().ports())

    assert "ZeroDivisionError" in broken.problems[0]
    assert feed.state is SourceState.FRESH


def test_a_rehearsal_tells_what_would_come_and_changes_nothing() -> None:
    desk = Desk()
    desk.collect(FakeSource("feed", Pull(some("feed", 2), memory={"etag": "1"})))
    before = (desk.entries.find(admission=None), desk.log.last(), desk.log.memory(FEED))
    source = FakeSource("feed", Pull(some("feed", 3), memory={"etag": "2"}))
    steps: list[PullStep] = []

    rehearsal = rehearse(source, desk.ports(), steps.append)

    assert (rehearsal.report.new, rehearsal.report.fetched) == (1, 3)
    assert [type(one).__name__ for one in rehearsal.admitted.changes] == [
        "KnownEntry",
        "KnownEntry",
        "NewEntry",
    ]
    assert source.orders[0].memory == {}
    source.orders[0].on_step(PullStep("GET"))
    assert steps == [PullStep("GET")]
    after = (desk.entries.find(admission=None), desk.log.last(), desk.log.memory(FEED))
    assert after == before


def test_a_rehearsal_of_a_source_that_fails_is_a_report() -> None:
    rehearsal = rehearse(FakeSource("feed", SourceError("down")), Desk().ports(), lambda _: None)

    assert rehearsal.report.state is SourceState.FAILED
    assert rehearsal.report.problems == ("down",)
    assert rehearsal.filed == ()


def test_nothing_that_waits_is_offered_to_letters() -> None:
    desk = Desk(terms={FEED: SourceTerms(at_most_new=1)})
    desk.collect(FakeSource("feed", some("feed", 2)))

    assert desk.entries.last_release() == 0
    assert list(desk.entries.find()) == []
    assert {one.admission for one in desk.entries.find(admission=None)} == {Admission.HELD}
