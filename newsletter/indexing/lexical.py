"""The index of some entries: answers topics by their words and by their meaning, in memory."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Final

import numpy as np

from newsletter.errors import MeaningError
from newsletter.indexing.about import Abouts, take_apart
from newsletter.indexing.abridged import Abridged
from newsletter.indexing.answers import Answer
from newsletter.indexing.belonging import Belonging, Question
from newsletter.indexing.collection import Collection
from newsletter.indexing.entry_vectors import EntryVectors
from newsletter.indexing.evaluating import rows_where
from newsletter.indexing.gists import Gist, Gists, texts_at_once
from newsletter.indexing.meaning import Meaning
from newsletter.indexing.postings import Postings
from newsletter.indexing.scoring import Grounds, QueryScore
from newsletter.indexing.tables import WordTable
from newsletter.indexing.tastes import Tastes
from newsletter.indexing.telling import WrittenWords
from newsletter.model import Entry, EntryId, Liking, Rating, Topic, TopicHit
from newsletter.rules.matching import AnswerTable
from newsletter.rules.query import Node, Query, Term, parse
from newsletter.rules.recent import Recent
from newsletter.rules.relevance import Rows, Scores
from newsletter.rules.topicality import USUAL, Topicality, as_topics_see

_ANSWERS_KEPT: Final = 4_096
"""Some 10 kB each of a month of papers; answered again a topic costs a tenth of a millisecond."""


class LexicalIndex:
    """A TopicIndex over a fixed sequence of entries. Answers are kept as long as they are asked for.

    Topics see what `topicality` lets them see of each entry; `holds`, which mutes, sees all of it.
    """

    __slots__ = (
        *("_abridged", "_answers", "_belonging", "_collection", "_gists", "_held", "_ids"),
        *("_fingerprint", "_places", "_postings", "_tastes", "_written"),
    )

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
        self._postings = Postings(self._collection)
        self._gists = Gists(self._postings, vectors)
        self._tastes = Tastes(self._collection, vectors)
        self._ids = [entry.id for entry in entries]
        self._places = {id_: row for row, id_ in enumerate(self._ids)}
        self._answers: Recent[Question, Mapping[EntryId, TopicHit]] = Recent(_ANSWERS_KEPT)
        self._held: Recent[Query, frozenset[EntryId]] = Recent(_ANSWERS_KEPT)
        self._written = WrittenWords(self._postings)
        self._fingerprint = ""

    def fingerprint(self) -> str:
        """Return a hash of all that says what `tell` tells; empty where that is nothing."""
        if not self._gists.is_by_words:
            return ""
        self._fingerprint = self._fingerprint or self._postings.fingerprint()
        return self._fingerprint

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
            known = self._answers.keep(question, self._belonging.with_members(question, found))
        return known

    def answer_all(self, topics: Sequence[Topic]) -> Iterator[Mapping[EntryId, TopicHit]]:
        """Yield what `answer` returns for each of `topics`, in less time, and keep nothing new.

        Raises QueryError where the query of one cannot be read.
        """
        plain = (topic.about for topic in topics if topic.query is None)
        unknown = dict.fromkeys(text for text in plain if self._answers.get((None, text)) is None)
        texts = [text for text in unknown if text is not None]
        found = dict(zip(texts, self._find(texts), strict=True))
        for topic in topics:
            known = found.get(topic.about or "") if topic.query is None else None
            if known is None:
                yield self.answer(topic)
            else:
                yield self._belonging.with_members((None, topic.about), known)

    def tell(
        self, topics: Sequence[Topic], among: Iterable[EntryId] | None = None
    ) -> Iterator[tuple[Sequence[Topic], AnswerTable]]:
        """Yield tables of what `answer` returns for topics with an `about` alone, some of them at a time.

        Only of the entries `among` all, where these are said.

        Nothing as long as a model of meaning is heard, or too little is known to say what is usual; and not
        the few topics that name a category, or belong to a source.
        """
        if not self._gists.is_by_words:
            return
        plain = [one for one in topics if one.query is None and not self._belonging.knows(one)]
        rows = None if among is None else self._rows_of(among)
        size = texts_at_once(len(self._ids))
        for first in range(0, len(plain), size):
            some = plain[first : first + size]
            abouts = self._take_apart(some)
            if not abouts.is_placed.all():  # few name what is looked for one by one
                some = list(compress(some, abouts.is_placed.tolist()))
                abouts = self._take_apart(some)
            yield some, WordTable(self._ids, abouts, self._gists.background, rows)

    def words_at(self, spots: Sequence[int]) -> tuple[str, ...]:
        """Return the words of a hit that a table told, by the numbers that it has."""
        return self._written.at(spots)

    def holds(self, query: str) -> frozenset[EntryId]:
        """Return the entries for which `query` is true, unranked, with every field looked at.

        Who mutes a word wants no letter with it, whatever topics may look at. Raises QueryError.
        """
        asked = parse(query)
        known = self._held.get(asked)
        if known is None:
            in_part = self.where(asked.root) - self._abridged.ids
            known = self._held.keep(asked, in_part | self._abridged.where(asked.root))
        return known

    def likings(self, ratings: Sequence[Rating]) -> Mapping[EntryId, Liking]:
        """Return how much each entry is to the taste of who gave `ratings`; nothing without a like."""
        return self._tastes.of(ratings)

    def where(self, part: Node) -> frozenset[EntryId]:
        """Return the entries for which one part of a topic's query is true; it may only negate."""
        rows = np.flatnonzero(rows_where(part, self._postings)).tolist()
        return frozenset(self._ids[row] for row in rows)

    def forms(self, term: Term) -> Mapping[str, tuple[str, ...]]:
        """Return for each word of `term` the words of the entries that it may mean, sorted."""
        found: dict[str, tuple[str, ...]] = {}
        for asked, pattern in zip(term.spellings, self._collection.meant_by(term), strict=True):
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
        return self._gists.read(about)

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

    def _work_out(self, query: Query | None, about: str | None) -> Answer:
        if query is None:
            return next(self._find([about or ""]))
        rows = np.flatnonzero(rows_where(query.root, self._postings))
        gist = None if about is None else self._gists.judge(about).of(rows)
        return self._answer(rows, QueryScore(query, self._postings), gist)

    def _take_apart(self, topics: Iterable[Topic]) -> Abouts:
        return take_apart([topic.about or "" for topic in topics], self._postings)

    def _rows_of(self, ids: Iterable[EntryId]) -> Rows:
        return np.array(sorted(self._places[id_] for id_ in ids if id_ in self._places), np.intp)

    def _find(self, texts: Sequence[str]) -> Iterator[Answer]:
        for gist in self._gists.find(texts):
            yield self._answer(gist.rows, None, gist)

    def _answer(self, rows: Rows, asked: QueryScore | None, gist: Gist | None) -> Answer:
        grounds = Grounds(rows, asked, gist)
        return Answer(self._ids, self._places, grounds, self._written.of)
