"""The lexical index: answers topics by their words, in memory."""

from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from newsletter.indexing.about import About
from newsletter.indexing.abridged import Abridged
from newsletter.indexing.belonging import Belonging, Question
from newsletter.indexing.collection import Collection
from newsletter.indexing.columns import Row
from newsletter.indexing.evaluating import rows_where
from newsletter.indexing.scoring import QueryScore, named_terms
from newsletter.model import Entry, EntryId, Topic, TopicHit
from newsletter.rules.query import Node, Query, Term, parse, words
from newsletter.rules.topicality import USUAL, Topicality, as_topics_see

MOST_WORDS: Final = 5
"""Words of an entry that a reason names."""


class LexicalIndex:
    """A TopicIndex over a fixed sequence of entries. Each distinct question is worked out once.

    Topics see what `topicality` lets them see of each entry; `holds`, which mutes, sees all of it.
    """

    __slots__ = ("_abridged", "_answers", "_belonging", "_collection", "_held")

    def __init__(
        self,
        entries: Sequence[Entry],
        background: Container[EntryId] | None = None,
        topicality: Topicality = USUAL,
    ) -> None:
        seen = [as_topics_see(one, topicality) for one in entries] if topicality else entries
        pairs = zip(entries, seen, strict=True)
        self._abridged = Abridged([whole for whole, part in pairs if part is not whole])
        self._belonging = Belonging(entries, topicality)
        self._collection = Collection(seen, background)
        self._answers: dict[Question, Mapping[EntryId, TopicHit]] = {}
        self._held: dict[Query, frozenset[EntryId]] = {}

    def answer(self, topic: Topic) -> Mapping[EntryId, TopicHit]:
        """Return the entries that answer `topic`. Raises QueryError when its query cannot be read.

        With a query the entries for which it holds, `about` only adding to their scores; with
        `about` alone the entries that pass its gates (indexing.about). Besides these, all entries
        of the sources to which the operator gave this topic.
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

    def _work_out(self, query: Query | None, about: str | None) -> Mapping[EntryId, TopicHit]:
        score = None if query is None else QueryScore(query, self._collection)
        gist = None if about is None else About(about, self._collection)
        parts = [part for part in (score, gist) if part is not None]
        if query is not None:
            rows = rows_where(query.root, self._collection)
        else:
            rows = gist.candidates() if gist else set()
        return {self._id(row): self._hit(row, parts) for row in sorted(rows)}

    def _hit(self, row: Row, parts: Sequence[QueryScore | About]) -> TopicHit:
        gains: dict[Term, float] = {}
        for part in parts:
            for term, gain in part.gains(row).items():
                gains[term] = gains.get(term, 0.0) + gain
        terms = named_terms(gains)
        return TopicHit(sum(terms.values()), self._words(row, gains), terms=terms)

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


def _longest_with(part: tuple[str, ...], phrases: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return max((phrase for phrase in phrases if _is_part(part, phrase)), key=len)


def _is_part(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    return any(many[start : start + len(few)] == few for start in range(len(many) - len(few) + 1))
