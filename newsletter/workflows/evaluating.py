"""Matching put to the test: how good are its rankings, and how honest is its gate?

Documents become entries, and each query the `about` of a topic, so that what is measured is what letters do.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain
from typing import Final, Protocol

from newsletter.errors import JudgedError
from newsletter.model import NO_RELEASE, Entry, EntryContent, EntryId, RevisionId
from newsletter.rules.evaluation import (
    LEAST_BACKGROUND,
    DocumentId,
    Gated,
    Judged,
    JudgedCollection,
    JudgedDocument,
    JudgedQuery,
    Measures,
    Parts,
    Scores,
    gate,
    mean,
    measure,
    part,
)

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


class RankingMethod(StrEnum):
    """What ranks the documents."""

    DEFAULT = "default"
    """What letters do: words and meaning together, where there is a model of meaning."""
    BM25 = "bm25"
    """The side of the words alone."""
    MEANING = "meaning"
    """The nearness of meanings alone."""
    STATIC = "static"
    """Words, and the mean of static vectors of words, which need no model to be run."""


class RankingIndex(Protocol):
    """Ranks a fixed sequence of entries; every array is in their order."""

    def scores(self, about: str) -> Scores:
        """Return how well each entry answers `about`, in any unit; greater is better."""
        ...

    def lexical_scores(self, about: str) -> Scores:
        """Return the same by the words alone."""
        ...

    def cosines(self, about: str) -> Scores:
        """Return the same by the meaning alone."""
        ...

    def chances(self, about: str) -> Scores | None:
        """Return how probable it is that an entry off the topic scores as high; None: it cannot be told."""
        ...


BuildRankingIndex = Callable[[Sequence[Entry], Container[EntryId] | None], RankingIndex]
"""From entries, and those that tell what is usual (None: all), to their index."""

TellPhase = Callable[[str, int, int], None]
"""Is told what is being done, and how much of how much."""


@dataclass(frozen=True, slots=True)
class EvaluatePorts:
    """What an evaluation needs of the world. `shuffle` gives the numbers below one in an order of chance."""

    build_index: BuildRankingIndex
    shuffle: Callable[[int], Sequence[int]]
    tell: TellPhase


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """What was left out: queries without a relevant document, and what judgements name but files lack."""

    queries: int
    unknown_queries: int
    unknown_documents: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The means over `queries`. `gated` is None where the gate was not measured; `why_not` says why."""

    queries: int
    documents: int
    measures: Measures
    gated: Gated | None
    why_not: str
    unmeasured: Unmeasured


@dataclass(frozen=True, slots=True)
class _Question:
    text: str
    judged: Judged


def evaluate(
    collection: JudgedCollection, method: RankingMethod, budget: float, ports: EvaluatePorts
) -> Evaluation:
    """Return how good `method` is; the gate is measured at `budget` entries off the topic per letter.

    Raises JudgedError where no query has a relevant document, MeaningError where the method asks for a
    model that is not there.
    """
    rows = {document.id: row for row, document in enumerate(collection.documents)}
    questions = [_question(query, collection, rows) for query in collection.queries]
    measured = [one for one in questions if one.judged.positives]
    if not measured:
        message = (
            f"{collection.name}: no query has a relevant document; qrels.tsv names queries by the "
        )
        raise JudgedError(
            message + "ids of queries.jsonl, and gives relevant documents a grade above 0"
        )
    entries = [as_entry(document) for document in collection.documents]
    measures = mean([*_measure(measured, method, entries, ports)])
    assert measures is not None  # noqa: S101 - there is a question
    gated = _gate(measured, method, budget, entries, ports)
    return Evaluation(
        queries=len(measured),
        documents=len(entries),
        measures=measures,
        gated=gated if isinstance(gated, Gated) else None,
        why_not="" if isinstance(gated, Gated) else gated,
        unmeasured=_unmeasured(collection, questions),
    )


def as_entry(document: JudgedDocument) -> Entry:
    """Return a document as an entry that has nothing but a title and an abstract."""
    content = EntryContent(document.title, document.text or None)
    name = EntryId(document.id)
    return Entry(name, RevisionId(document.id), content, (), _LONG_AGO, NO_RELEASE)


def _question(
    query: JudgedQuery, collection: JudgedCollection, rows: Mapping[DocumentId, int]
) -> _Question:
    grades = collection.grades.get(query.id, {})
    known = {rows[name]: grade for name, grade in grades.items() if name in rows}
    absent = tuple(grade for name, grade in grades.items() if name not in rows)
    return _Question(query.text, Judged(known, absent))


def _measure(
    questions: Sequence[_Question],
    method: RankingMethod,
    entries: Sequence[Entry],
    ports: EvaluatePorts,
) -> Iterator[Measures]:
    ports.tell("Indexing", 0, len(entries))
    score = _scores_of(method, ports.build_index(entries, None))
    for number, question in enumerate(questions):
        ports.tell("Ranking", number, len(questions))
        yield measure(score(question.text), question.judged)


def _scores_of(method: RankingMethod, index: RankingIndex) -> Callable[[str], Scores]:
    match method:
        case RankingMethod.BM25:
            return index.lexical_scores
        case RankingMethod.MEANING:
            return index.cosines
        case RankingMethod.DEFAULT | RankingMethod.STATIC:
            return index.scores


def _gate(
    questions: Sequence[_Question],
    method: RankingMethod,
    budget: float,
    entries: Sequence[Entry],
    ports: EvaluatePorts,
) -> Gated | str:
    """Return what letters would show, or why that cannot be told."""
    if method in {RankingMethod.BM25, RankingMethod.MEANING}:
        return f"the method {method} has no gate"
    parts = part(ports.shuffle(len(entries)))
    if parts is None:
        return f"there are too few documents for letters beside a background of {LEAST_BACKGROUND}"
    found = [*_letters(questions, budget, parts, entries, ports)]
    return Gated.together(found) if found else "the background is too small to tell what is rare"


def _letters(
    questions: Sequence[_Question],
    budget: float,
    parts: Parts,
    entries: Sequence[Entry],
    ports: EvaluatePorts,
) -> Iterator[Gated]:
    ports.tell("Indexing", 0, len(entries))
    background = frozenset(entries[row].id for row in parts.background)
    chosen = [entries[row] for row in chain(parts.background, parts.others)]
    index = ports.build_index(chosen, background)
    for number, question in enumerate(questions):
        ports.tell("Writing letters", number, len(questions))
        chances = index.chances(question.text)
        if chances is not None:
            others = chances[len(parts.background) :]
            yield gate(others, parts.others, question.judged.relevant, budget)


def _unmeasured(collection: JudgedCollection, questions: Sequence[_Question]) -> Unmeasured:
    known = {query.id for query in collection.queries}
    return Unmeasured(
        queries=sum(not one.judged.positives for one in questions),
        unknown_queries=len(collection.grades.keys() - known),
        unknown_documents=sum(len(one.judged.absent) for one in questions),
    )
