"""What arrays say of a term is what is found by looking it up."""

import weakref
from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from newsletter.indexing.about import take_apart
from newsletter.indexing.collection import Collection
from newsletter.indexing.evaluating import rows_where
from newsletter.indexing.postings import Postings
from newsletter.model import Entry, EntryContent, EntryId, ReleaseNo, RevisionId
from newsletter.rules.query import Form, Term, TextField, content_words, holds, parse

WORDS = (
    "guard", "guards", "guarding", "policy", "policies", "robot", "robots", "of", "learning",
    "learn", "jail-break", "jailbreak", "llm", "llms", "dying", "die", "died", "skies", "sky", "c++",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
CONTENTS = st.lists(
    st.builds(
        EntryContent,
        TEXTS.map(lambda text: text or "untitled"),
        TEXTS,
        categories=st.sampled_from([(), ("robots",), ("cs.LG", "learning")]),
        upvotes=st.integers(0, 9),
    ),
    min_size=1,
    max_size=25,
)
QUERIES = (
    "guard AND NOT robots",
    "policy OR learning upvotes:>=4",
    '"guard policy" OR polic*',
    "title:robot jail-break",
)


def collection(contents: list[EntryContent]) -> Collection:
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    entries = [
        Entry(EntryId(f"e{place}"), RevisionId("r"), content, (), moment, ReleaseNo(place + 1))
        for place, content in enumerate(contents)
    ]
    return Collection(entries, {entry.id for entry in entries[::2]})


TERMS = st.one_of(
    st.builds(
        Term,
        st.lists(st.sampled_from([*content_words(" ".join(WORDS)), "of"]), min_size=1, max_size=3)
        .map(tuple),
        st.sampled_from(Form),
        st.sampled_from([None, TextField.TITLE, TextField.ABSTRACT, TextField.CATEGORY]),
    ),
    st.just(Term(("jail", "break"), Form.ANY_FORM, joined="jailbreak")),
    st.just(Term(("unknown",), Form.ANY_FORM)),
)  # fmt: skip


@given(CONTENTS, TERMS)
def test_a_term_has_the_same_rows_strengths_and_rarity(
    contents: list[EntryContent], term: Term
) -> None:
    among = collection(contents)
    posting, finding = Postings(among).of(term), among.find(term)

    found = dict(zip(posting.rows.tolist(), posting.strengths.tolist(), strict=True))
    assert found == dict(finding.strengths)
    assert posting.rarity == finding.rarity
    assert {row: posting.strength(row) for row in found} == found
    assert posting.strength(len(contents)) == 0


@given(CONTENTS, st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
def test_words_side_by_side_are_found_as_their_term_is(
    contents: list[EntryContent], texts: list[str]
) -> None:
    among = Postings(collection(contents))
    words = content_words(" ".join(texts)) or ("guard",)

    found = among.of_all([words, ("unknown",), words[:1]])

    for phrase, posting in found.items():
        wanted = among.collection.find(Term(phrase, Form.ANY_FORM))
        assert dict(zip(posting.rows.tolist(), posting.strengths.tolist(), strict=True)) == dict(
            wanted.strengths
        )
        assert posting.rarity == wanted.rarity


@given(CONTENTS, st.permutations(content_words(" ".join(WORDS))))
def test_each_form_of_a_word_is_found_as_its_term_is_whichever_was_asked_first(
    contents: list[EntryContent], words: list[str]
) -> None:
    among = Postings(collection(contents))

    for word in words * 2:
        posting = among.of_all([(word,)])[(word,)]
        wanted = among.collection.find(Term((word,), Form.ANY_FORM))
        rows = zip(posting.rows.tolist(), posting.strengths.tolist(), strict=True)
        assert (dict(rows), posting.rarity) == (dict(wanted.strengths), wanted.rarity)


@given(CONTENTS, st.sampled_from(QUERIES))
def test_a_query_holds_for_the_same_rows(contents: list[EntryContent], text: str) -> None:
    among = collection(contents)
    root = parse(text).root

    mask = rows_where(root, Postings(among))

    assert np.flatnonzero(mask).tolist() == [
        row for row, entry in enumerate(among.entries) if holds(root, entry, among.stem)
    ]


@given(CONTENTS, st.lists(st.sampled_from([*WORDS, "cs.LG"]), min_size=1, max_size=5))
def test_each_word_and_phrase_of_a_text_gives_its_evidence_whoever_else_is_asked(
    contents: list[EntryContent], texts: list[str]
) -> None:
    among = Postings(collection(contents))
    asked = [" ".join(texts), "guard policy", " ".join(reversed(texts))]

    of, evidence = take_apart(asked, among).evidence()

    for place, text in enumerate(asked):
        (parts,) = take_apart([text], among).parts
        postings = among.of_all(parts)
        mine = evidence.where(of == place)
        for row in range(len(contents)):
            weights = [1.0 if len(part) == 1 else 0.5 for part in parts]
            pairs = zip(weights, [postings[part] for part in parts], strict=True)
            strengths = [(weight, one, one.strength(row)) for weight, one in pairs]
            assert mine.of(row) == [
                (part, weight * (one.rarity * strength))
                for part, (weight, one, strength) in enumerate(strengths)
                if strength
            ]


def test_a_text_that_names_a_category_is_not_placed_and_all_others_are() -> None:
    named = EntryContent("guards learn", "robots", categories=("cs.LG", "policy"))
    among = Postings(collection([named, EntryContent("cs of lg, guards", "policy")]))
    texts = ["guard robots", "guard cs.LG", "policy robots", "of", "unknown cs lg words", "lg cs"]

    placed = take_apart(texts, among).is_placed.tolist()

    assert placed == [True, False, False, True, False, True]


def test_what_is_known_of_a_collection_goes_with_its_last_reader() -> None:
    """In a circle it would wait for a search for garbage, and indexes are large."""
    among = Postings(collection([EntryContent("guards learn", "robots")]))
    take_apart(["guard robots", "robots learn"], among)
    seen = weakref.ref(among)

    del among

    assert seen() is None


@given(CONTENTS, TERMS)
def test_a_term_is_written_as_where_it_stands_first(
    contents: list[EntryContent], term: Term
) -> None:
    among = Postings(collection(contents))

    for row in among.of(term).rows.tolist():
        assert among.written(term, row) == among.collection.written(term, row)
