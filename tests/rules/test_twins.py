"""Entries with nearly the same title."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Entry, EntryContent, EntryId, ReleaseNo, RevisionId
from newsletter.rules.twins import Twins

WORDS = [f"word{number}" for number in range(24)]
TITLES = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=22, unique=True).map(" ".join), max_size=12
)


def entries_of(titles: list[str]) -> dict[EntryId, Entry]:
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    return {
        EntryId(str(place)): Entry(
            EntryId(str(place)), RevisionId("r"), EntryContent(title), (), moment, ReleaseNo(1)
        )
        for place, title in enumerate(titles)
    }


def are_near(one: str, other: str) -> bool:
    """Say whether nine tenths of all words of the two are common to both."""
    words, others = set(one.split()), set(other.split())
    return bool(words & others) and len(words & others) >= 0.9 * len(words | others)


@given(TITLES, st.data())
def test_twins_are_those_that_a_comparison_of_all_finds(
    titles: list[str], data: st.DataObject
) -> None:
    for title in [*titles]:  # some that differ by a word
        words = title.split()
        titles.append(" ".join(words[data.draw(st.integers(0, 1)) :]))
    entries = entries_of(titles)
    twins = Twins(entries)

    for id_, one in entries.items():
        near = {
            other.id
            for other in entries.values()
            if other.id != id_ and are_near(one.content.title, other.content.title)
        }
        assert twins.of(id_) == near


def test_titles_without_words_are_nobodys_twins() -> None:
    twins = Twins(entries_of(["", "…", "Robots", "robots!"]))

    assert [twins.of(EntryId(id_)) for id_ in "0123"] == [set(), set(), {"3"}, {"2"}]
