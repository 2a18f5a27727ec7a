"""Same paper?"""

from typing import TypedDict, Unpack

import pytest

from newsletter.model import EntryContent, FetchedEntry, IdentityKey, SourceName
from newsletter.rules.identity import fingerprint, is_same_paper, keys_of
from newsletter.rules.identity.keys import MOST_WEAK_KEYS, join_keys
from newsletter.rules.identity.words import title_similarity

TIDES = (
    "We measure how small harbours fill with silt after a storm tide, and we give a model of the"
    " grain that needs no survey of the bottom. The model is tried on eleven harbours of one coast"
    " over nine winters, where it tells the depth within a hand's breadth."
)
BEES = (
    "Wild bees find flowers by scent long before they see them. In a walled garden we moved the"
    " scent and left the flowers, and three of four swarms followed the scent to an empty wall."
)


class Ids(TypedDict, total=False):
    arxiv_id: str
    doi: str


def announce(
    title: str, abstract: str | None = None, *, source_id: str = "", **ids: Unpack[Ids]
) -> FetchedEntry:
    return FetchedEntry(
        SourceName("desk"), source_id or title, EntryContent(title, abstract), **ids
    )


def test_a_paper_is_itself() -> None:
    content = EntryContent("Silt in small harbours", TIDES)

    assert is_same_paper(content, content)


def test_a_changed_word_and_another_setting_make_no_other_paper() -> None:
    first = EntryContent("Silt in small Harbours: a Model", TIDES)
    second = EntryContent(
        "Silt in Small Harbors -- a Model", TIDES.replace("measure", "\\emph{measured}")
    )

    assert is_same_paper(first, second)


def test_a_new_title_makes_no_other_paper_when_the_abstract_stays() -> None:
    assert is_same_paper(EntryContent("Silt in harbours", TIDES), EntryContent("Grain", TIDES))


def test_nearly_equal_titles_make_no_same_paper_when_the_abstracts_differ() -> None:
    third = EntryContent("Report of the third challenge on garden sounds", TIDES)
    fifth = EntryContent("Report of the fifth challenge on garden sounds", BEES)

    assert not is_same_paper(third, fifth)


def test_a_short_abstract_proves_nothing_without_the_title() -> None:
    withdrawn = "This paper has been withdrawn by its authors."

    assert not is_same_paper(EntryContent("On bees", withdrawn), EntryContent("Salt", withdrawn))
    assert is_same_paper(EntryContent("On bees", withdrawn), EntryContent("On Bees", withdrawn))


@pytest.mark.parametrize(
    ("title", "authors", "expected"),
    [
        ("A long walk round the harbour", ("Mira Holm",), True),
        ("A long walk round the harbour", ("A. Stranger",), False),
        ("A long walk round the harbour", (), False),
        ("A long walk round this harbour", ("Mira Holm",), False),
    ],
)
def test_without_an_abstract_equal_titles_need_a_shared_author(
    title: str, authors: tuple[str, ...], *, expected: bool
) -> None:
    known = EntryContent("A long walk round the harbour", TIDES, authors=("M. Holm", "I. Ek"))

    assert is_same_paper(known, EntryContent(title, authors=authors)) is expected


def test_without_an_abstract_a_short_title_is_never_enough() -> None:
    note = EntryContent("Weekly notes", authors=("Mira Holm",))

    assert not is_same_paper(note, note)


def test_two_arxiv_ids_are_two_papers_whatever_else_is_equal() -> None:
    one = announce("Silt", TIDES, arxiv_id="2601.00001", doi="10.1000/182")
    other = announce("Silt", TIDES, arxiv_id="2601.00002", doi="10.1000/182")

    assert not is_same_paper(one.content, other.content, a_keys=keys_of(one), b_keys=keys_of(other))


@pytest.mark.parametrize(
    ("one_id", "other_id"),
    [
        ({"arxiv_id": "2601.00001"}, {"arxiv_id": "2601.00001"}),
        ({"arxiv_id": "2601.00001"}, {"doi": "10.48550/arxiv.2601.00001"}),
        ({"arxiv_id": "math.GT/0309136"}, {"arxiv_id": "math/0309136"}),
        ({"doi": "10.1000/182"}, {"doi": "10.1000/182", "arxiv_id": "2601.00001"}),
    ],
)
def test_an_equal_id_is_one_paper_whatever_else_differs(one_id: Ids, other_id: Ids) -> None:
    one = announce("Silt", TIDES, **one_id)
    other = announce("On the ways of bees", BEES, **other_id)

    assert is_same_paper(one.content, other.content, a_keys=keys_of(one), b_keys=keys_of(other))


def test_a_source_may_edit_its_entry_but_not_give_its_id_to_another_one() -> None:
    first = announce("Notes from the harbour", TIDES, source_id="7")
    edited = announce("More notes from the harbour", BEES, source_id="7")
    another = announce("Scent", BEES, source_id="7")
    keys = keys_of(first)

    assert is_same_paper(first.content, edited.content, a_keys=keys, b_keys=keys_of(edited))
    assert not is_same_paper(first.content, another.content, a_keys=keys, b_keys=keys_of(another))


def test_alike_abstracts_share_a_key_and_others_do_not() -> None:
    one = keys_of(announce("Silt", TIDES))
    alike = keys_of(announce("Grain", TIDES.replace("eleven", "twelve")))
    other = keys_of(announce("Scent", BEES))

    assert any(key.startswith("abstract:") for key in one & alike)
    assert not one & other


def test_alike_titles_share_a_key_however_they_are_set() -> None:
    plain = keys_of(announce("T2PO: semi-automatic pruning of Andre's trees"))
    tex = keys_of(announce("T$^2$PO: Semi automatic \\textbf{Pruning} of Andr\\'e's Trees"))

    assert [key[:6] for key in plain & tex] == ["title:"]


def test_an_entry_without_words_has_only_the_key_of_its_source() -> None:
    keys = keys_of(announce("!?", "\ud800", source_id="\ud800"))

    assert [key[:7] for key in keys] == ["source:"]


def test_weak_keys_of_one_entry_are_counted_and_strong_ones_are_all_kept() -> None:
    kept = frozenset(IdentityKey(f"abstract:{number:03}") for number in range(60))
    more = frozenset(IdentityKey(f"title:{number:03}") for number in range(10))
    strong = IdentityKey("doi:10.1000/182")

    joined = join_keys(kept, more | {strong})

    assert kept < joined
    assert strong in joined
    assert len(joined) == MOST_WEAK_KEYS + 1
    assert join_keys(joined, more) == joined


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("silt", "silt", 100.0),
        ("silt", "salt", 75.0),
        ("abc", "xyz", 0.0),
        ("", "silt", 0.0),
        ("abcd", "bd", 200 * 2 / 6),
    ],
)
def test_titles_are_as_alike_as_their_longest_common_subsequence(
    one: str, other: str, expected: float
) -> None:
    assert title_similarity(one, other) == pytest.approx(expected)
    assert title_similarity(other, one) == pytest.approx(expected)


def test_a_fingerprint_tells_where_one_text_ends() -> None:
    assert fingerprint("Silt and", "salt") != fingerprint("Silt", "and salt")
    assert fingerprint("Silt-Traps") == fingerprint("silt traps")
    assert fingerprint("潮と泥") != fingerprint("潮と砂")
