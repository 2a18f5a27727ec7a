"""The line about a pull that the operator reads."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import (
    Admission,
    EntryChange,
    EntryContent,
    EntryId,
    FetchedEntry,
    KnownEntry,
    NewEntry,
    Pull,
    RevisedEntry,
    SourceName,
    SourceReport,
    SourceState,
)
from newsletter.rules.collecting import Admitted, report_failure, report_pull, stored_at

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
FEED = SourceName("feed")
ONE = (FetchedEntry(FEED, "1", EntryContent("One")),)
KNOWN = KnownEntry(EntryId("k"))
REVISED = RevisedEntry(EntryId("r"), EntryContent("R"), (FEED,), frozenset(), ())


def new(admission: Admission = Admission.RELEASED) -> NewEntry:
    return NewEntry(EntryId("n"), EntryContent("N"), FEED, frozenset(), (), admission)


def line(pull: Pull, *changes: EntryChange, flood: str = "") -> SourceReport:
    admitted = Admitted(changes, flood)
    return report_pull(FEED, "feed", pull, admitted, pulled_at=NOW, duration=timedelta(seconds=2))


@pytest.mark.parametrize(
    ("pull", "changes", "state"),
    [
        (Pull(ONE), (new(),), SourceState.FRESH),
        (Pull(ONE), (REVISED,), SourceState.FRESH),
        (Pull(ONE), (KNOWN,), SourceState.UNCHANGED),
        (Pull(ONE), (new(Admission.PASSED),), SourceState.UNCHANGED),
        (Pull(()), (), SourceState.EMPTY),
        (Pull((), verdict=SourceState.UNCHANGED), (), SourceState.UNCHANGED),
        (Pull((), verdict=SourceState.EMPTY), (), SourceState.EMPTY),
        (Pull(ONE, verdict=SourceState.UNCHANGED), (new(),), SourceState.FRESH),
        (Pull(ONE, verdict=SourceState.STALE), (KNOWN,), SourceState.STALE),
        (Pull(ONE, ("why",), SourceState.STALE), (KNOWN,), SourceState.STALE),
        (Pull(ONE, verdict=SourceState.DEGRADED), (new(),), SourceState.DEGRADED),
        (Pull(ONE, ("one is broken",)), (new(),), SourceState.DEGRADED),
        (Pull((), ("all are broken",)), (), SourceState.FAILED),
        (Pull((), ("half failed",), SourceState.UNCHANGED), (), SourceState.DEGRADED),
    ],
)
def test_how_a_pull_ended_is_one_word(
    pull: Pull, changes: tuple[EntryChange, ...], state: SourceState
) -> None:
    assert line(pull, *changes).state is state


def test_new_held_and_passed_are_counted_apart() -> None:
    changes: tuple[EntryChange, ...] = (
        new(),
        new(),
        new(Admission.HELD),
        *([new(Admission.PASSED)] * 3),
        REVISED,
        KNOWN,
    )

    report = line(Pull(ONE * 10), *changes)

    assert (report.fetched, report.new, report.held, report.passed) == (10, 2, 1, 3)
    assert (report.merged, report.revised) == (4, 1)


def test_a_flood_is_told_with_the_way_out() -> None:
    report = line(Pull(ONE, ("an entry is broken",)), new(Admission.HELD), flood="Too many")

    assert report.state is SourceState.DEGRADED
    broken, flood = report.problems
    assert broken == "an entry is broken"
    assert flood.startswith("Too many; they wait")
    assert "`newsletter sources release feed`" in flood
    assert "`newsletter sources drop feed`" in flood


def test_the_note_of_the_source_stands_before_what_was_passed_over() -> None:
    note = "no list on a Saturday"
    assert line(Pull((), note=note)).note == note
    assert line(Pull(ONE, note=note), new(Admission.PASSED)).note == (
        "no list on a Saturday; 1 old one is known now and not sent"
    )


def test_a_pull_counts_as_stored_from_its_first_entries_on() -> None:
    failed = report_failure(FEED, "feed", "down", pulled_at=NOW, duration=timedelta(0))
    before = NOW - timedelta(days=1)

    assert stored_at(line(Pull(())), None) is None
    assert stored_at(failed, None) is None
    assert stored_at(line(Pull(ONE), KNOWN), None) == NOW
    assert stored_at(failed, before) == before
    assert stored_at(line(Pull(())), before) == NOW
