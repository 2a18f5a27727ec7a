from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from newsletter.errors import StorageError, UnknownEntryError
from newsletter.model import (
    Entry,
    EntryChange,
    EntryContent,
    EntryId,
    IdentityKey,
    KnownEntry,
    Link,
    LinkKind,
    NewEntry,
    ReleaseNo,
    RevisedEntry,
    RevisionId,
    SourceName,
)
from newsletter.ports import DecideChanges, EntryStore
from newsletter.storage import Database, Entries
from newsletter.testing.stores import MemoryEntryStore

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PAGES = SourceName("pages")
OpenStored = Callable[[str], Database]
FEED = SourceName("feed")
RICH = EntryContent(
    title="Guarding $\\alpha$ — 守る \ud800",
    abstract="",
    authors=("Ada L.", "Grace H."),
    author_count=7,
    published_on=date(2026, 5, 4),
    upvotes=0,
    links=(Link(LinkKind.PAGE, "https://example.org/1"), Link(LinkKind.PDF, "https://e.org/p")),
    categories=("cs.LG",),
)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, open_stored: OpenStored) -> EntryStore:
    if request.param == "memory":
        return MemoryEntryStore()
    return Entries(open_stored(request.param))


def new(name: str, *keys: str, source: SourceName = PAGES, title: str = "A title") -> NewEntry:
    content = EntryContent(title=title)
    return NewEntry(EntryId(name), content, source, frozenset(map(IdentityKey, keys)), ("rl",))


def always(*changes: EntryChange) -> DecideChanges:
    return lambda _: changes


def put(store: EntryStore, *changes: EntryChange, now: datetime = NOW) -> None:
    store.change([], always(*changes), now=now)


def names(entries: Sequence[Entry]) -> list[str]:
    return [entry.id for entry in entries]


def test_an_empty_store_has_no_release_and_no_entries(store: EntryStore) -> None:
    assert store.last_release() == 0
    assert list(store.find()) == []
    assert store.get([EntryId("a")]) == {}
    assert store.contents([RevisionId("0")]) == {}


def test_a_new_entry_is_read_back_as_it_was_announced(store: EntryStore) -> None:
    change = NewEntry(EntryId("a"), RICH, PAGES, frozenset({IdentityKey("doi:1")}), ("rl",))

    put(store, change)

    (entry,) = store.find()
    assert entry.content == RICH
    assert (entry.sources, entry.topics, entry.keys) == ((PAGES,), ("rl",), change.keys)
    assert entry.first_seen_at == NOW
    assert store.contents([entry.revision]) == {entry.revision: RICH}


def test_release_numbers_follow_the_order_of_changes_and_always_rise(store: EntryStore) -> None:
    put(store, new("b"), new("a"))
    put(store, KnownEntry(EntryId("a")), new("c"))

    assert names(store.find()) == ["b", "a", "c"]
    assert [entry.release_no for entry in store.find()] == [1, 2, 3]
    assert store.last_release() == 3
    assert names(store.released(above=ReleaseNo(2))) == ["c"]


def test_decide_sees_all_entries_that_share_a_weak_key(store: EntryStore) -> None:
    put(store, new("a", "title:t", "doi:1"), new("b", "title:t"))
    seen: dict[IdentityKey, list[str]] = {}

    def look(found: Mapping[IdentityKey, Sequence[Entry]]) -> Sequence[EntryChange]:
        seen.update({key: names(entries) for key, entries in found.items() if entries})
        return [KnownEntry(EntryId("a"))]

    keys = [IdentityKey(key) for key in ("title:t", "doi:1", "doi:2")]
    changes = store.change(keys, look, now=NOW)

    assert seen == {"title:t": ["a", "b"], "doi:1": ["a"]}
    assert list(changes) == [KnownEntry(EntryId("a"))]


def test_a_revision_changes_all_but_release_and_first_sight(store: EntryStore) -> None:
    put(store, new("a", "title:t", title="Old"))
    old = store.find()[0]
    keys = frozenset({IdentityKey("title:u"), IdentityKey("doi:1")})

    revised = RevisedEntry(old.id, EntryContent("New"), (FEED, PAGES), keys, ("rl", "nlp"))
    put(store, revised, now=NOW + timedelta(days=1))

    (entry,) = store.find()
    assert entry.content.title == "New"
    assert (entry.sources, entry.keys, entry.topics) == ((FEED, PAGES), keys, ("rl", "nlp"))
    assert (entry.release_no, entry.first_seen_at) == (old.release_no, old.first_seen_at)
    assert store.contents([old.revision, entry.revision]) == {
        old.revision: EntryContent("Old"),
        entry.revision: EntryContent("New"),
    }


def test_an_entry_may_come_and_be_revised_in_one_pull(store: EntryStore) -> None:
    revised = RevisedEntry(EntryId("a"), EntryContent("New"), (PAGES, FEED), frozenset(), ())

    put(store, new("a"), revised, new("b"))

    assert [(entry.content.title, entry.release_no) for entry in store.find()] == [
        ("New", 1),
        ("A title", 2),
    ]


def test_the_same_content_has_the_same_revision(store: EntryStore) -> None:
    put(store, new("a"), new("b"), new("c", title="Another"))
    first, second, third = store.find()
    assert first.revision == second.revision != third.revision


def test_entries_are_found_by_first_sight_and_by_source(store: EntryStore) -> None:
    later = NOW + timedelta(hours=1)
    put(store, new("a"), new("b", source=FEED))
    put(store, new("c"), now=later)

    assert names(store.find(since=later)) == ["c"]
    assert names(store.find(source=PAGES)) == ["a", "c"]
    assert names(store.find(since=later, source=FEED)) == []
    assert names(store.find(up_to=ReleaseNo(2))) == ["a", "b"]
    assert names(store.find(since=later, up_to=ReleaseNo(2))) == []


def test_a_failed_change_leaves_everything_as_it_was(store: EntryStore) -> None:
    put(store, new("a"))
    stranger = RevisedEntry(EntryId("x"), EntryContent("X"), (PAGES,), frozenset(), ())

    with pytest.raises(UnknownEntryError):
        put(store, new("b"), stranger)
    with pytest.raises(StorageError):
        put(store, new("b"), new("a"))

    assert names(store.find()) == ["a"]
    put(store, new("b"))
    assert store.last_release() == 2


def test_many_entries_are_read_at_once(store: EntryStore) -> None:
    put(store, *(new(f"e{number}", f"doi:{number}") for number in range(1000)))
    found = store.get([EntryId(f"e{number}") for number in range(0, 1000, 2)])
    assert len(found) == 500
    assert found[EntryId("e998")].keys == {"doi:998"}
