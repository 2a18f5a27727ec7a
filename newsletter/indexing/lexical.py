"""The index of some entries: answers topics by their words and by their meaning, in memory."""

from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from newsletter.errors import MeaningError
from newsletter.indexing.abridged import Abridged
from newsletter.indexing.answers import Answer
from newsletter.indexing.belonging import Belonging, Question
from newsletter.indexing.collection import Collection
from newsletter.indexing.columns import Row
from newsletter.indexing.entry_vectors import EntryVectors
from newsletter.indexing.evaluating import rows_where
from newsletter.indexing.gists import Gist, Gists
from newsletter.indexing.meaning import Meaning
from newsletter.indexing.scoring import QueryScore, named_terms, surprise_terms
from newsletter.indexing.tastes import Tastes
from newsletter.model import Entry, EntryId, Liking, Rating, Topic, TopicHit
from newsletter.rules.query import Node, Query, Term, parse, words
from newsletter.rules.relevance import Scores
from newsletter.rules.topicality import USUAL, Topicality, as_topics_see

MOST_WORDS: Final = 5
"""Words of an entry that a reason names."""


class LexicalIndex:
    """A TopicIndex over a fixed sequence of entries. Each distinct question is worked out once.

    Topics see what `topicality` lets them see of each entry; `holds`, which mutes, sees all of it.
    """

    __slots__ = ("_abridged", "_answers", "_belonging", "_collection", "_gists", "_held", "_tastes")

    def __init__(
        self,
        entries: Sequence[Entry],
        background: Container[EntryId] | None = None,
        topicality: Topicality = USUAL,
        meaning: Meaning | None = None,
    ) -> None:
        seen = [as_topics_see(one, topicality) for one in entries] if topicality else entries
        pairs = zip(entries, seen, strict=True)
        self._abridged = Abridged([whole for whole, part in pairs if part is not whole])
        self._belonging = Belonging(entries, topicality)
        self._collection = Collection(seen, background)
        vectors = EntryVectors(self._collection.entries, meaning)
        self._gists = Gists(self._collection, vectors)
        self._tastes = Tastes(self._collection, vectors)
        self._answers: dict[Question, Mapping[EntryId, TopicHit]] = {}
        self._held: dict[Query, frozenset[EntryId]] = {}

    def answer(self, topic: Topic) -> Mapping[EntryId, TopicHit]:
        """Return the entries that answer `topic`. Raises QueryError when its query cannot be read.

        With a query the entries for which it holds; with `about` alone those that may have to do with
        it, more than a letter will show: rules.matching gates them by their `chance`. Besides these,
        all entries of the sources to which the operator gave this topic.
        """
        query = None if topic.query is None else parse(topic.query)
        question = (query, topic.about)
        known = self._answers.get(question)
        if known is None:
            found = self._work_out(query, topic.about)
            known = self._answers[question] = self._belonging.with_members(question, found)
        return known

    def holds(self, query: str) -> frozenset[EntryId]:
        """Return the entries for which `query` is true, unranked, with every field looked at.

        Who mutes a word wants no letter with it, whatever topics may look at. Raises QueryError.
        """
        asked = parse(query)
        known = self._held.get(asked)
        if known is None:
            in_part = self.where(asked.root) - self._abridged.ids
            known = self._held[asked] = in_part | self._abridged.where(asked.root)
        return known

    def likings(self, ratings: Sequence[Rating]) -> Mapping[EntryId, Liking]:
        """Return how much each entry is to the taste of who gave `ratings`; nothing without a like."""
        return self._tastes.of(ratings)

    def where(self, part: Node) -> frozenset[EntryId]:
        """Return the entries for which one part of a topic's query is true; it may only negate."""
        return frozenset(map(self._id, rows_where(part, self._collection)))

    def forms(self, term: Term) -> Mapping[str, tuple[str, ...]]:
        """Return for each word of `term` the words of the entries that it may mean, sorted."""
        found: dict[str, tuple[str, ...]] = {}
        for asked, pattern in zip(
            term.spellings, self._collection.find(term).patterns, strict=True
        ):
            found.update(zip(asked, self._collection.words_of(pattern), strict=True))
        return found

    def stem(self, word: str) -> str:
        """Return what the forms of a folded word have in common."""
        return self._collection.stem(word)

    def scores(self, about: str) -> Scores:
        """Return how well each entry, in their order, answers a free text; in nats."""
        return self._gists.judge(about).relevance.sums

    def lexical_scores(self, about: str) -> Scores:
        """Return the same by the words alone: BM25 with phrases."""
        return self._gists.read(about).scores()

    def cosines(self, about: str) -> Scores:
        """Return the same by the meaning alone. Raises MeaningError without a model of meaning."""
        found = self._gists.cosines(about)
        if found is None:
            message = "there is no model of meaning"
            raise MeaningError(message)
        return found

    def chances(self, about: str) -> Scores | None:
        """Return how probable it is that an entry off the topic answers as well; None: unknown."""
        return self._gists.judge(about).chances

    def _work_out(self, query: Query | None, about: str | None) -> Mapping[EntryId, TopicHit]:
        score = None if query is None else QueryScore(query, self._collection)
        gist = None if about is None else self._gists.judge(about)
        if query is not None:
            rows: Iterable[Row] = sorted(rows_where(query.root, self._collection))
        else:
            rows = gist.candidates() if gist else ()
        return Answer(
            {self._id(row): row for row in rows},
            lambda row: _hit(row, score, gist),
            lambda row: self._words(row, _gains(row, score, gist)),
        )

    def _words(self, row: Row, gains: Mapping[Term, float]) -> tuple[str, ...]:
        """Return what was found as the entry writes it, most telling first.

        A word that is also found within a phrase is shown as that phrase, and each only once.
        """
        written: dict[tuple[str, ...], str] = {}
        for term in sorted(gains, key=lambda term: -gains[term]):
            found = self._collection.written(term, row)
            stems = tuple(map(self._collection.stem, words(found)))
            written.setdefault(stems, found)
        whole = dict.fromkeys(_longest_with(stems, written) for stems in written)
        return tuple(written[stems] for stems in islice(whole, MOST_WORDS))

    def _id(self, row: Row) -> EntryId:
        return self._collection.entries[row].id


def _hit(row: Row, score: QueryScore | None, gist: Gist | None) -> TopicHit:
    """Return what is to be said of a row, but for its words."""
    about = gist.about.gains(row) if gist else {}
    gains = _added(score.gains(row) if score else {}, about)
    if gist is None:
        terms = named_terms(gains)
        return TopicHit(sum(terms.values()), (), terms=terms)
    chance, cosine = gist.chance(row), gist.cosine(row)
    words, meaning = gist.surprises(row)
    told = surprise_terms(about, words, meaning, cosine) if chance is not None else {}
    terms = told or named_terms(gains, cosine)
    by_meaning = meaning > words
    return TopicHit(sum(terms.values()), (), by_meaning=by_meaning, terms=terms, chance=chance)


def _gains(row: Row, score: QueryScore | None, gist: Gist | None) -> dict[Term, float]:
    """Return what each word and phrase that was found gives, of the query and of the free text."""
    asked = score.gains(row) if score else {}
    return _added(asked, gist.about.gains(row) if gist else {})


def _added(asked: Mapping[Term, float], about: Mapping[Term, float]) -> dict[Term, float]:
    return {term: asked.get(term, 0.0) + about.get(term, 0.0) for term in {**asked, **about}}


def _longest_with(part: tuple[str, ...], phrases: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return max((phrase for phrase in phrases if _is_part(part, phrase)), key=len)


def _is_part(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    return any(many[start : start + len(few)] == few for start in range(len(many) - len(few) + 1))
