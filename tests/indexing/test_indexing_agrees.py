"""The index answers as the rule does: for every entry and every query."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import QueryError
from newsletter.indexing import Stemmer, build_index
from newsletter.model import Entry, EntryContent, EntryId, ReleaseNo, RevisionId, SourceName
from newsletter.rules.query import Query, holds, parse

VOCABULARY = """
    policy policies Policy polic learn learning learned die dying ties tying
    robot robots robotic LLM LLMs GPT-4 GPT4 gpt 4 pre-training pretraining
    pretrained Müller muller straße C++ C c# cs.LG cs lg it's its it s 学习 学 习
    強 co-op coop $k$-means kmeans CO$_2$ co2 a b the aed aeds 2026 q-bio
    rein\u00adforce reinforce Schr\\"odinger schrodinger ﬁne fine x² 데이터 데이
    नमस्ते Ёлка елка
"""
WORDS = st.sampled_from(VOCABULARY.split())
TEXTS = st.lists(WORDS, max_size=8).map(" ".join)
ODD_TEXTS = st.one_of(TEXTS, st.text(max_size=20))
CONTENTS = st.builds(
    EntryContent,
    title=ODD_TEXTS,
    abstract=st.none() | ODD_TEXTS,
    tldr=st.none() | TEXTS,
    authors=st.lists(TEXTS, max_size=3).map(tuple),
    organization=st.none() | TEXTS,
    categories=st.lists(TEXTS, max_size=2).map(tuple),
    published_on=st.none() | st.dates(date(2026, 5, 1), date(2026, 5, 3)),
    upvotes=st.none() | st.integers(0, 3),
)
FIELDS = st.sampled_from(
    ["", "", "", "title:", "abstract:", "author:", "organization:", "category:", "source:"]
)
VALUES = st.sampled_from(
    ["upvotes:>=1", "upvotes:<=2", "upvotes:0", "date:>=2026-05-02", "date:2026-05-01"]
)
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
TERMS = st.one_of(
    WORDS,
    WORDS.map("{}*".format),
    PHRASES.map('"{}"'.format),
    PHRASES.map('"{}*"'.format),
    st.text(max_size=6),
)
LEAVES = st.one_of(st.builds("{}{}".format, FIELDS, TERMS), VALUES)
QUERIES = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.lists(parts, min_size=2, max_size=3).map(" ".join),
        st.lists(parts, min_size=2, max_size=3).map(lambda some: f"({' OR '.join(some)})"),
        st.builds("{} -{}".format, parts, parts),
    ),
    max_leaves=6,
)


def understood(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError:
        return None


def entries_of(contents: list[EntryContent]) -> list[Entry]:
    at = datetime(2026, 5, 4, tzinfo=UTC)
    return [
        Entry(EntryId(str(row)), RevisionId("r"), content, (SourceName("pre-prints"),), at, ReleaseNo(1))
        for row, content in enumerate(contents)
    ]  # fmt: skip


@given(st.lists(CONTENTS, max_size=5), st.lists(QUERIES, max_size=6))
def test_the_index_finds_what_the_rule_finds(
    contents: list[EntryContent], queries: list[str]
) -> None:
    entries = entries_of(contents)
    index = build_index(entries)
    stem = Stemmer().stem

    for text in queries:
        query = understood(text)
        if query:
            expected = {entry.id for entry in entries if holds(query.root, entry, stem)}
            assert index.holds(text) == expected, text
