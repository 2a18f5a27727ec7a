"""Entries that letters may not show yet: kept by every entry store, offered by none."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model import (
    NO_RELEASE,
    Admission,
    Entry,
    EntryContent,
    EntryId,
    IdentityKey,
    NewEntry,
    ReleaseNo,
    RevisedEntry,
    SourceName,
)
from newsletter.ports import DecideChanges, EntryStore, HeldEntries
from newsletter.storage import Database, Entries
from newsletter.testing.stores import MemoryEntryStore

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FEED, BLOG = SourceName("feed"), SourceName("blog")
HELD, PASSED = Admission.HELD, Admission.PASSED
OpenStored = Callable[[str], Database]
Store = MemoryEntryStore | Entries


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, open_stored: OpenStored) -> Store:
    if request.param == "memory":
        return MemoryEntryStore()
    return Entries(open_stored(request.param))


def new(
    name: str, admission: Admission = Admission.RELEASED, *, source: SourceName = FEED
) -> NewEntry:
    keys = frozenset({IdentityKey(f"doi:{name}")})
    return NewEntry(EntryId(name), EntryContent(name), source, keys, (), admission)


def woken(name: str, *sources: SourceName) -> RevisedEntry:
    return RevisedEntry(
        EntryId(name), EntryContent(name), sources, frozenset(), (), is_released=True
    )


def put(store: EntryStore, *changes: NewEntry | RevisedEntry, now: datetime = NOW) -> None:
    store.change([], lambda _: changes, now=now)


def numbers(entries: Sequence[Entry]) -> list[tuple[str, int]]:
    return [(entry.id, entry.release_no) for entry in entries]


def test_every_store_keeps_both_ports(store: Store) -> None:
    as_store: EntryStore = store
    as_held: HeldEntries = store
    assert list(as_store.find()) == []
    assert as_held.held() == {}


def test_what_is_not_released_has_no_number_and_is_found_only_by_who_asks(store: Store) -> None:
    put(store, new("old", PASSED), new("a"), new("flood", HELD), new("b"))

    assert numbers(store.find()) == [("a", 1), ("b", 2)]
    assert numbers(store.released(above=NO_RELEASE)) == [("a", 1), ("b", 2)]
    assert store.last_release() == 2
    assert numbers(store.find(admission=None)) == [("old", 0), ("flood", 0), ("a", 1), ("b", 2)]
    assert [one.admission for one in store.find(admission=None)[:2]] == [PASSED, HELD]
    assert numbers(store.find(admission=HELD, source=FEED)) == [("flood", 0)]
    assert store.get([EntryId("old")])[EntryId("old")].release_no == NO_RELEASE


def test_identity_sees_what_is_not_released(store: Store) -> None:
    put(store, new("old", PASSED))
    seen: list[str] = []

    def look(found: object) -> Sequence[NewEntry]:
        assert isinstance(found, dict)
        seen.extend(entry.id for entries in found.values() for entry in entries)
        return ()

    decide: DecideChanges = look
    store.change([IdentityKey("doi:old")], decide, now=NOW)

    assert seen == ["old"]


def test_what_waits_is_counted_by_the_source_that_came_first(store: Store) -> None:
    put(store, new("a", HELD), new("b", HELD), new("c", HELD, source=BLOG), new("d", PASSED))
    put(store, RevisedEntry(EntryId("a"), EntryContent("a"), (FEED, BLOG), frozenset(), ()))

    assert store.held() == {BLOG: 1, FEED: 2}


def test_what_is_let_go_gets_the_next_numbers_as_it_was_first_seen(store: Store) -> None:
    put(store, new("z", HELD), new("b", HELD))
    put(store, new("now"), new("a", HELD), new("other", HELD, source=BLOG), now=LATER)

    assert store.release(FEED) == 3

    assert numbers(store.released(above=ReleaseNo(1))) == [("z", 2), ("b", 3), ("a", 4)]
    assert store.last_release() == 4
    assert store.held() == {BLOG: 1}
    assert store.get([EntryId("z")])[EntryId("z")].first_seen_at == NOW
    assert store.release(FEED) == 0


def test_what_is_dropped_stays_known_and_is_never_offered(store: Store) -> None:
    put(store, new("a", HELD), new("b", HELD, source=BLOG))

    assert store.drop(FEED) == 1

    assert store.held() == {BLOG: 1}
    assert store.get([EntryId("a")])[EntryId("a")].admission is PASSED
    assert store.release(FEED) == 0
    assert list(store.find()) == []


@pytest.mark.parametrize("admission", [HELD, PASSED])
def test_what_another_source_announces_as_news_is_released(
    store: Store, admission: Admission
) -> None:
    put(store, new("old", admission), new("a"))

    put(store, new("b"), woken("old", FEED, BLOG), new("c"), now=LATER)

    assert numbers(store.find()) == [("a", 1), ("b", 2), ("old", 3), ("c", 4)]
    (old,) = store.get([EntryId("old")]).values()
    assert (old.admission, old.sources) == (Admission.RELEASED, (FEED, BLOG))


def test_what_is_released_already_keeps_its_number(store: Store) -> None:
    put(store, new("a"), new("b"))
    put(store, woken("a", FEED, BLOG))

    assert numbers(store.find()) == [("a", 1), ("b", 2)]
    assert store.last_release() == 2


def test_an_entry_may_come_held_and_wake_in_one_pull(store: Store) -> None:
    put(store, new("a", HELD), woken("a", FEED, BLOG), new("b"))

    assert numbers(store.find()) == [("a", 1), ("b", 2)]
