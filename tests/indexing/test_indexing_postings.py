"""What arrays say of a term is what is found by looking it up."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.indexing.collection import Collection
from newsletter.indexing.evaluating import rows_where as rows_one_by_one
from newsletter.indexing.postings import Postings, lexical_matrix, rows_where
from newsletter.model import Entry, EntryContent, EntryId, ReleaseNo, RevisionId
from newsletter.rules.query import Form, Term, content_words, parse

WORDS = (
    "guard", "guards", "guarding", "policy", "policies", "robot", "robots", "of", "learning",
    "learn", "jail-break", "jailbreak", "llm", "llms",
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


def word(text: str) -> Term:
    return Term((text,), Form.ANY_FORM, written=text)


@given(CONTENTS, st.sampled_from([*content_words(" ".join(WORDS)), "unknown"]))
def test_a_word_has_the_same_rows_strengths_and_rarity(
    contents: list[EntryContent], text: str
) -> None:
    among = collection(contents)
    posting, finding = Postings(among).of(word(text)), among.find(word(text))

    found = dict(zip(posting.rows.tolist(), posting.strengths.tolist(), strict=True))
    assert found == pytest.approx(dict(finding.strengths))
    assert posting.rarity == pytest.approx(finding.rarity)


@given(CONTENTS, st.sampled_from(QUERIES))
def test_a_query_holds_for_the_same_rows(contents: list[EntryContent], text: str) -> None:
    among = collection(contents)
    root = parse(text).root

    mask = rows_where(root, Postings(among))

    assert set(np.flatnonzero(mask).tolist()) == rows_one_by_one(root, among)


@given(CONTENTS, st.lists(st.lists(st.sampled_from(WORDS), max_size=4, unique=True), max_size=7))
def test_scores_are_the_sum_of_what_the_terms_give(
    contents: list[EntryContent], topics: list[list[str]]
) -> None:
    among = collection(contents)
    asked = [{word(text): 1.0 + place for place, text in enumerate(words)} for words in topics]

    given_scores = [
        row.copy()
        for _, block in lexical_matrix(asked, Postings(among), rows_at_once=2 * len(contents))
        for row in block
    ]

    for scores, terms in zip(given_scores, asked, strict=True):
        expected = [
            sum(
                weight * among.find(term).rarity * among.find(term).strengths.get(place, 0.0)
                for term, weight in terms.items()
            )
            for place in range(len(contents))
        ]
        assert scores.tolist() == pytest.approx(expected)
