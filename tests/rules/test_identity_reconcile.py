"""From announcements and what is stored to what must change."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypedDict, Unpack

from newsletter.model import (
    Entry,
    EntryChange,
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
from newsletter.rules.identity import keys_of, reconcile

SALT = (
    "Salt pans along the southern shore have been worked by hand for six hundred years. We ask"
    " which of them still could be, count the days of wind and sun that each has in a summer,"
    " and find that two in three would pay."
)
ROPE = (
    "A rope under load tells of its age by the sound it makes. We listen to forty ropes of hemp"
    " and of nylon on the quay of a small port and guess their years within two."
)


class Told(TypedDict, total=False):
    """What else an announcement can say."""

    source_id: str
    arxiv_id: str
    doi: str
    topics: tuple[str, ...]


def announce(
    title: str,
    abstract: str | None = None,
    *,
    source: str = "desk",
    upvotes: int | None = None,
    **told: Unpack[Told],
) -> FetchedEntry:
    content = EntryContent(title, abstract, upvotes=upvotes)
    told.setdefault("source_id", title)
    return FetchedEntry(SourceName(source), content=content, **told)


def store(changes: Sequence[EntryChange]) -> Mapping[IdentityKey, Sequence[Entry]]:
    """Do what an entry store does with new entries."""
    known: dict[IdentityKey, list[Entry]] = {}
    for number, change in enumerate(changes, 1):
        assert isinstance(change, NewEntry)
        entry = Entry(
            change.id,
            RevisionId(str(number)),
            change.content,
            (change.source,),
            datetime(2026, 5, 1, tzinfo=UTC),
            ReleaseNo(number),
            change.keys,
            change.topics,
        )
        for key in change.keys:
            known.setdefault(key, []).append(entry)
    return known


def ids(changes: Sequence[EntryChange]) -> Sequence[str]:
    return [change.id for change in changes]


def test_new_papers_are_named_by_the_best_id_they_have() -> None:
    changes = reconcile(
        [
            announce("Salt", SALT, arxiv_id="2605.00001", doi="10.1000/1"),
            announce("Rope", ROPE, doi="10.1000/2"),
            announce("Sand", "Nothing else."),
        ],
        {},
    )

    assert all(isinstance(change, NewEntry) for change in changes)
    assert ids(changes)[:2] == ["arxiv:2605.00001", "doi:10.1000/2"]
    assert ids(changes)[2].startswith("paper:")
    assert len(ids(changes)[2]) == len("paper:") + 16


def test_a_name_made_of_the_text_does_not_depend_on_the_source() -> None:
    here = reconcile([announce("Salt", SALT)], {})
    there = reconcile([announce("SALT ", SALT, source="page", source_id="9")], {})

    assert ids(here) == ids(there)


def test_papers_without_abstract_and_with_one_title_are_kept_apart() -> None:
    changes = reconcile(
        [announce("Notes", source_id="1"), announce("Notes", source_id="2", source="page")], {}
    )

    assert len(set(ids(changes))) == 2


def test_the_same_announcement_again_tells_nothing_new() -> None:
    batch = [
        announce("Salt", SALT, upvotes=3, topics=("sea",)),
        announce("Rope", ROPE, arxiv_id="2605.00002"),
        announce("!?"),
    ]
    first = reconcile(batch, {})

    again = reconcile(batch, store(first))

    assert again == tuple(KnownEntry(change.id) for change in first)


def test_one_paper_announced_twice_in_a_batch_is_one_change_in_its_first_place() -> None:
    changes = reconcile(
        [
            announce("Salt", SALT),
            announce("Rope", ROPE),
            announce("Salt!", SALT, source_id="b", upvotes=4, topics=("sea",)),
        ],
        {},
    )

    assert len(changes) == 2
    assert changes[0].id == ids(reconcile([announce("Salt", SALT)], {}))[0]
    assert isinstance(changes[0], NewEntry)
    assert changes[0].content.upvotes == 4
    assert changes[0].topics == ("sea",)
    assert changes[0].keys > keys_of(announce("Salt", SALT))


def test_another_source_and_its_facts_revise_the_stored_paper() -> None:
    known = store(reconcile([announce("Salt", SALT, topics=("sea",))], {}))
    news = announce(
        "Salt", SALT, source="arxiv", arxiv_id="2605.00001", upvotes=2, topics=("work",)
    )

    (change,) = reconcile([news], known)

    assert isinstance(change, RevisedEntry)
    assert change.id.startswith("paper:")
    assert change.sources == ("desk", "arxiv")
    assert change.topics == ("sea", "work")
    assert change.content.upvotes == 2
    assert "arxiv:2605.00001" in change.keys
    assert keys_of(news) <= change.keys


def test_the_id_comes_before_the_text() -> None:
    known = store(reconcile([announce("Salt", SALT), announce("Rope", ROPE, doi="10.1000/2")], {}))

    (change,) = reconcile([announce("Salt", SALT, source="x", doi="10.1000/2")], known)

    assert change.id == "doi:10.1000/2"


def test_the_arxiv_id_comes_before_the_doi() -> None:
    known = store(
        reconcile(
            [
                announce("Rope", ROPE, doi="10.1000/2"),
                announce("Salt", SALT, arxiv_id="2605.00001"),
            ],
            {},
        )
    )
    both = announce("Sand", arxiv_id="2605.00001", doi="10.1000/2")

    assert ids(reconcile([both], known)) == ["arxiv:2605.00001"]


def test_another_arxiv_id_is_another_paper_even_of_the_same_source_and_text() -> None:
    first = announce("Salt", SALT, source_id="1", arxiv_id="2605.00001")
    known = store(reconcile([first], {}))

    (change,) = reconcile([replace(first, arxiv_id="2605.00002")], known)

    assert isinstance(change, NewEntry)
    assert change.id == "arxiv:2605.00002"


def test_the_more_alike_text_wins_then_the_earlier_paper() -> None:
    halved = SALT.replace("six hundred years", "a very long time").replace("two in three", "most")
    known = store(
        reconcile(
            [
                announce("Salt", halved, arxiv_id="2605.00001"),
                announce("Salt", SALT, arxiv_id="2605.00002"),
                announce("Salt", SALT, arxiv_id="2605.00003"),
            ],
            {},
        )
    )

    assert ids(reconcile([announce("Salt", SALT, source="page")], known)) == ["arxiv:2605.00002"]


def test_a_source_that_gives_an_id_to_another_entry_loses_neither() -> None:
    known = store(reconcile([announce("On salt and its price", SALT, source_id="1")], {}))

    (change,) = reconcile([announce("Hemp", ROPE, source_id="1")], known)

    assert isinstance(change, NewEntry)


def test_an_edited_entry_of_a_source_is_revised() -> None:
    known = store(reconcile([announce("On salt", "Short.", source_id="1")], {}))

    (change,) = reconcile([announce("On salts", SALT, source_id="1")], known)

    assert isinstance(change, RevisedEntry)
    assert change.content == EntryContent("On salts", SALT)


def test_a_text_that_was_merged_away_does_not_open_its_paper_twice() -> None:
    tiny = announce("Salt of the southern shore", "Salt pans along.", source_id="1")
    edited = announce("Salt of the southern shores", SALT, source_id="1")
    elsewhere = replace(tiny, source=SourceName("page"))

    changes = reconcile([tiny, edited, elsewhere], {})

    assert len(changes) == 1
    assert reconcile([elsewhere], {})[0].id == changes[0].id


def test_a_phrase_of_the_trade_is_not_compared_without_end() -> None:
    crowd = [announce("Minutes", f"Words {n}.", source_id=str(n)) for n in range(150)]

    changes = reconcile(crowd, {})

    assert len(changes) == 150
