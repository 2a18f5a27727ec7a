"""A source of low trust only fills gaps of what the others said."""

from dataclasses import fields, replace
from datetime import UTC, datetime

from hypothesis import given

from newsletter.model import (
    Entry,
    EntryContent,
    FetchedEntry,
    IdentityKey,
    KnownEntry,
    NewEntry,
    ReleaseNo,
    RevisedEntry,
    RevisionId,
    SourceName,
)
from newsletter.rules.identity import file_announcements, fill, merge, reconcile
from tests.rules.drawn_contents import ANNOUNCED

DESK, CROWD, MOB = SourceName("desk"), SourceName("crowd"), SourceName("mob")
LOW = frozenset({CROWD, MOB})


@given(ANNOUNCED, ANNOUNCED)
def test_filling_once_more_changes_nothing(said: EntryContent, hint: EntryContent) -> None:
    filled = fill(said, hint)

    assert fill(filled, hint) == filled
    assert fill(filled, said) == filled


@given(ANNOUNCED, ANNOUNCED)
def test_nothing_that_is_said_changes(said: EntryContent, hint: EntryContent) -> None:
    filled = fill(said, hint)

    for field in fields(EntryContent):
        before, after = getattr(said, field.name), getattr(filled, field.name)
        if field.name == "links":
            assert after[: len(before)] == before
        elif before not in (None, ()):
            assert after == before, field.name


@given(ANNOUNCED, ANNOUNCED)
def test_every_gap_is_filled(said: EntryContent, hint: EntryContent) -> None:
    filled = fill(said, hint)

    for field in fields(EntryContent):
        if getattr(said, field.name) in (None, ()) and not field.name.startswith("author"):
            assert getattr(filled, field.name) == getattr(hint, field.name), field.name
    counts = (said.author_count, hint.author_count)
    assert (filled.author_count is None) is (counts == (None, None))
    assert filled.author_count is None or filled.author_count >= len(filled.authors)


def test_authors_that_contradict_their_number_fill_no_gap() -> None:
    said = EntryContent("Silt", author_count=2)

    assert fill(said, EntryContent("Silt", authors=("A", "B", "C"))).authors == ()
    assert fill(said, EntryContent("Silt", authors=("A", "B"))).authors == ("A", "B")


def announce(source: SourceName, content: EntryContent) -> FetchedEntry:
    return FetchedEntry(source, "1", content, doi="10.1000/1")


def stored(content: EntryContent, *sources: SourceName) -> dict[IdentityKey, list[Entry]]:
    (change,) = reconcile([announce(sources[0], content)], {})
    assert isinstance(change, NewEntry)
    entry = Entry(
        change.id,
        RevisionId("r"),
        change.content,
        sources,
        datetime(2026, 11, 23, tzinfo=UTC),
        ReleaseNo(1),
        change.keys,
    )
    return {key: [entry] for key in change.keys}


@given(ANNOUNCED, ANNOUNCED, ANNOUNCED)
def test_the_order_of_a_call_does_not_matter(
    said: EntryContent, hint: EntryContent, rumour: EntryContent
) -> None:
    told = (announce(DESK, said), announce(CROWD, hint), announce(MOB, rumour))

    results = []
    for order in ((0, 1, 2), (1, 0, 2), (1, 2, 0)):
        (change,) = reconcile([told[place] for place in order], {}, low_trust=LOW)
        assert isinstance(change, NewEntry)
        results.append(change.content)

    assert results[0] == results[1] == results[2] == fill(said, merge(hint, rumour))


def test_a_stored_entry_of_a_trusted_source_keeps_what_it_says() -> None:
    known = stored(EntryContent("Silt", abstract="It sinks."), DESK)
    loud = EntryContent("SILT IN ALL HARBOURS", abstract="It sinks, and more.", upvotes=9)

    (change,) = reconcile([announce(CROWD, loud)], known, low_trust=LOW)

    assert isinstance(change, RevisedEntry)
    assert change.content == EntryContent("Silt", abstract="It sinks.", upvotes=9)
    assert change.sources == (DESK, CROWD)


def test_a_trusted_source_has_the_last_word_on_what_only_others_said() -> None:
    known = stored(EntryContent("SILT IN ALL HARBOURS", abstract="It sinks!!!", upvotes=9), CROWD)

    (change,) = reconcile([announce(DESK, EntryContent("Silt"))], known, low_trust=LOW)

    assert isinstance(change, RevisedEntry)
    assert change.content == EntryContent("Silt", abstract="It sinks!!!", upvotes=9)


def test_among_sources_of_low_trust_the_richest_wins() -> None:
    known = stored(EntryContent("Silt"), CROWD)
    longer = EntryContent("Silt in harbours")

    (change,) = reconcile([announce(MOB, longer)], known, low_trust=LOW)

    assert isinstance(change, RevisedEntry)
    assert change.content == longer


def test_a_source_of_low_trust_that_says_the_same_again_changes_nothing() -> None:
    hint = EntryContent("Silt!", upvotes=9)
    filled = fill(EntryContent("Silt"), hint)
    known = stored(filled, DESK, CROWD)
    own = {key: entries for key, entries in known.items() if key.startswith("doi:")}
    (entry,) = own[IdentityKey("doi:10.1000/1")]
    (other,) = reconcile([announce(CROWD, hint)], {})
    assert isinstance(other, NewEntry)
    full = replace(entry, keys=entry.keys | other.keys)

    (change,) = reconcile([announce(CROWD, hint)], {key: [full] for key in own}, low_trust=LOW)

    assert change == KnownEntry(entry.id)


def test_each_paper_is_filed_with_its_announcements_and_what_is_stored() -> None:
    known = stored(EntryContent("Silt"), DESK)
    (entry,) = known[IdentityKey("doi:10.1000/1")]
    old = announce(CROWD, EntryContent("Silt"))
    new = FetchedEntry(CROWD, "2", EntryContent("Sand"), doi="10.1000/2")

    first, second = file_announcements([old, new, old], known)

    assert (first.stored, first.announcements) == (entry, (old, old))
    assert (second.stored, second.announcements) == (None, (new,))
