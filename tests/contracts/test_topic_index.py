"""What every TopicIndex keeps, whatever it is made of."""

from collections.abc import Sequence
from datetime import UTC, datetime
from math import fsum, isfinite

import pytest

from newsletter.errors import QueryError
from newsletter.indexing import build_index
from newsletter.model import Entry, EntryContent, EntryId, ReleaseNo, RevisionId, SourceName, Topic
from newsletter.ports import BuildIndex

ADAPTERS: Sequence[BuildIndex] = [build_index]


def entry(name: str, title: str, abstract: str | None = None) -> Entry:
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    content = EntryContent(title, abstract)
    return Entry(
        EntryId(name), RevisionId(name), content, (SourceName("file"),), moment, ReleaseNo(1)
    )


ENTRIES = (
    entry("a", "Policy Gradients", "Robots learn a policy by its gradient."),
    entry("b", "Climate Policy", "Governments plan a climate policy."),
    entry("c", "Graph Kernels"),
)
TOPICS = (
    Topic("query", "Query", query="polic*"),
    Topic("about", "About", about="climate policy of governments"),
    Topic("both", "Both", query="policy", about="robots that learn"),
)


@pytest.fixture(params=ADAPTERS)
def build(request: pytest.FixtureRequest) -> BuildIndex:
    adapter: BuildIndex = request.param
    return adapter


@pytest.mark.parametrize("topic", TOPICS)
def test_scores_are_finite_positive_and_explained(build: BuildIndex, topic: Topic) -> None:
    answers = build(ENTRIES).answer(topic)

    assert answers
    for found in answers.values():
        assert isfinite(found.score)
        assert found.score >= 0
        assert fsum(found.terms.values()) == found.score
        assert found.words


@pytest.mark.parametrize("topic", TOPICS)
def test_the_same_question_has_the_same_answer(build: BuildIndex, topic: Topic) -> None:
    index = build(ENTRIES)

    assert index.answer(topic) == index.answer(topic) == build(ENTRIES).answer(topic)


def test_a_query_gates_its_topic(build: BuildIndex) -> None:
    index = build(ENTRIES)

    assert set(index.answer(TOPICS[2])) == index.holds("policy") == {"a", "b"}


def test_negation_gives_the_other_entries(build: BuildIndex) -> None:
    assert build(ENTRIES).holds("policy -climate") == {"a"}


def test_a_query_that_cannot_be_read_is_refused(build: BuildIndex) -> None:
    index = build(ENTRIES)

    with pytest.raises(QueryError):
        index.holds("-policy")
    with pytest.raises(QueryError):
        index.answer(Topic("broken", "Broken", query='"policy'))


def test_no_entries_give_no_answers(build: BuildIndex) -> None:
    index = build(())

    assert not any(index.answer(topic) for topic in TOPICS)
