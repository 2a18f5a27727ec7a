"""Matching put to the test on small collections, with an index that knows the answers."""

from collections.abc import Callable, Container, Mapping, Sequence

import numpy as np
import pytest

from newsletter.errors import JudgedError
from newsletter.model import Entry
from newsletter.rules.evaluation import (
    DocumentId,
    Gated,
    JudgedCollection,
    JudgedDocument,
    JudgedQuery,
    LikedCollection,
    QueryId,
    ReaderLikes,
    Scores,
)
from newsletter.workflows import (
    EvaluatePorts,
    Evaluation,
    LikesPorts,
    RankingMethod,
    evaluate,
    evaluate_likes,
)


class CountingIndex:
    """Scores an entry by how often the words of the text stand in it; by meaning it finds the reverse."""

    def __init__(self, entries: Sequence[Entry], *, knows_chances: bool) -> None:
        self._texts = [f"{one.content.title} {one.content.abstract}".split() for one in entries]
        self._knows_chances = knows_chances

    def scores(self, about: str) -> Scores:
        return np.array([sum(map(text.count, about.split())) for text in self._texts], dtype=float)

    def lexical_scores(self, about: str) -> Scores:
        return self.scores(about) * 0

    def cosines(self, about: str) -> Scores:
        return -self.scores(about)

    def chances(self, about: str) -> Scores | None:
        return 1 / (1 + 1_000_000 * self.scores(about)) if self._knows_chances else None


def documents(*texts: str) -> list[JudgedDocument]:
    return [JudgedDocument(DocumentId(f"d{n}"), "", text) for n, text in enumerate(texts)]


def collection(
    texts: Sequence[str], queries: Mapping[str, str], grades: Mapping[str, Mapping[str, float]]
) -> JudgedCollection:
    asked = [JudgedQuery(QueryId(name), text) for name, text in queries.items()]
    judged = {
        QueryId(query): {DocumentId(name): grade for name, grade in one.items()}
        for query, one in grades.items()
    }
    return JudgedCollection("small", documents(*texts), asked, judged)


def evaluated(
    judged: JudgedCollection,
    method: RankingMethod = RankingMethod.DEFAULT,
    *,
    knows_chances: bool = True,
    told: Callable[[str, int, int], None] = lambda *_: None,
) -> Evaluation:
    def build(entries: Sequence[Entry], _background: Container[str] | None) -> CountingIndex:
        return CountingIndex(entries, knows_chances=knows_chances)

    return evaluate(judged, method, 0.1, EvaluatePorts(build, range, told))


def test_a_method_is_measured_over_the_queries_that_have_a_relevant_document() -> None:
    judged = collection(
        ["gull", "owl", "gull gull"],
        {"q1": "gull", "q2": "owl", "q3": "nothing", "q4": "unjudged"},
        {"q1": {"d2": 1}, "q2": {"d0": 1}, "q3": {"d0": 0}},
    )

    result = evaluated(judged)

    assert (result.queries, result.documents) == (2, 3)
    assert result.measures.ndcg_at_10 == pytest.approx((1 + 1 / np.log2(3)) / 2)
    assert result.measures.precision_at_10 == 0.1
    assert result.measures.recall_at_50 == 1.0
    assert result.unmeasured.queries == 2


@pytest.mark.parametrize(
    ("method", "ndcg"),
    [
        (RankingMethod.DEFAULT, 1.0),
        (RankingMethod.STATIC, 1.0),
        (RankingMethod.BM25, 1 / np.log2(4)),
        (RankingMethod.MEANING, 1 / np.log2(4)),
    ],
)
def test_each_method_asks_its_own_side_of_the_index(method: RankingMethod, ndcg: float) -> None:
    judged = collection(["owl", "owl", "gull"], {"q": "gull"}, {"q": {"d2": 1}})

    assert evaluated(judged, method).measures.ndcg_at_10 == pytest.approx(ndcg)


def test_what_files_lack_is_counted() -> None:
    judged = collection(["gull"], {"q": "gull"}, {"q": {"d0": 1, "gone": 1}, "other": {"d0": 1}})

    result = evaluated(judged)

    assert result.measures.recall_at_50 == 0.5
    assert (result.unmeasured.unknown_queries, result.unmeasured.unknown_documents) == (1, 1)


@pytest.mark.parametrize("grades", [{}, {"q": {"d0": 0.0}}, {"elsewhere": {"d0": 1.0}}])
def test_without_anything_relevant_the_ids_are_doubted(
    grades: Mapping[str, Mapping[str, float]],
) -> None:
    with pytest.raises(JudgedError, match="small: no query has a relevant document"):
        evaluated(collection(["gull"], {"q": "gull"}, grades))


def test_letters_are_drawn_from_what_is_neither_background_nor_relevant() -> None:
    texts = ["owl"] * 500 + ["gull", "gull", "gull"] + ["owl"] * 399
    judged = collection(texts, {"q": "gull"}, {"q": {"d500": 1, "d501": 1, "d0": 1}})

    result = evaluated(judged)

    assert result.gated == Gated(
        letters=2, spurious=1, letters_with_any=1, relevant=2, found=2
    )  # of 902 documents 500 are the background, d0 among them; 400 make two letters


def test_letters_need_enough_documents_a_gate_and_chances() -> None:
    small = collection(["gull"], {"q": "gull"}, {"q": {"d0": 1}})
    large = collection(["gull"] * 700, {"q": "gull"}, {"q": {"d0": 1}})

    assert "too few documents" in evaluated(small).why_not
    assert "too small to tell" in evaluated(large, knows_chances=False).why_not
    assert evaluated(large, RankingMethod.BM25).why_not == "the method bm25 has no gate"
    assert evaluated(large).why_not == ""


def test_progress_is_told_phase_by_phase() -> None:
    phases: dict[str, None] = {}
    large = collection(["gull"] * 700, {"q": "gull"}, {"q": {"d0": 1}})

    evaluated(large, told=lambda phase, *_: phases.update({phase: None}))

    assert list(phases) == ["Indexing", "Ranking", "Writing letters"]


def likes_of(*readers: Sequence[str]) -> LikedCollection:
    named = [
        ReaderLikes(str(number), tuple(map(DocumentId, liked)))
        for number, liked in enumerate(readers)
    ]
    return LikedCollection("liked", documents("gull", "owl", "gull gull", "auk"), named)


def test_later_likes_are_foretold_from_the_first_ones() -> None:
    learned: list[list[int]] = []
    told: list[tuple[str, int, int]] = []

    def learn(entries: Sequence[Entry]) -> Callable[[Sequence[int]], Scores]:
        def foretell(liked: Sequence[int]) -> Scores:
            learned.append(list(liked))
            return np.arange(len(entries), dtype=float)

        return foretell

    result = evaluate_likes(
        likes_of(["d0", "gone", "d3"], ["d1"]), LikesPorts(learn, lambda *all_: told.append(all_))
    )

    assert learned == [[0]]
    assert (result.readers, result.documents, result.unknown) == (2, 4, 1)
    assert (result.at[1].users, result.at[1].ndcg_at_10, result.at[1].recall_at_50) == (1, 1, 1)
    assert result.at[3].users == 0
    assert told == [("Reading", 0, 4), ("Learning", 0, 1)]


def test_nobody_who_liked_two_is_nothing_to_measure() -> None:
    ports = LikesPorts(lambda _: lambda _: np.zeros(4), lambda *_: None)

    with pytest.raises(JudgedError, match="liked: no reader liked two documents"):
        evaluate_likes(likes_of(["d0"], ["gone", "gone2"]), ports)
