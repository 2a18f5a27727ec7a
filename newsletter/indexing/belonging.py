"""Entries that answer a topic because the operator gave the topic to their source."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from newsletter.indexing.scoring import FILTER_SCORE
from newsletter.model import Entry, EntryId, SourceName, Topic, TopicHit
from newsletter.rules.query import Query, parse
from newsletter.rules.topicality import Topicality

Question = tuple[Query | None, str | None]
"""What a topic asks: the query that was understood, and the free text."""

_NAME: Final = "the topic of its source"

_CERTAIN: Final = 0.0

_SCORE: Final = FILTER_SCORE
"""As much as a query without any word to score by gives: both say that it holds, and not how well."""


class Belonging:
    """Which of some entries belong to which questions.

    A topic is known by what it asks, not by its name: a reader may use that for a topic of their own.
    """

    __slots__ = ("_entries", "_sources")

    def __init__(self, entries: Sequence[Entry], topicality: Topicality) -> None:
        self._entries = entries
        self._sources: dict[Question, set[SourceName]] = {}
        for name, source in topicality.items():
            for topic in source.topics:
                query = None if topic.query is None else parse(topic.query)
                self._sources.setdefault((query, topic.about), set()).add(name)

    def knows(self, topic: Topic) -> bool:
        """Whether any entry belongs to the question of a topic without a query."""
        return (None, topic.about) in self._sources

    def with_members(
        self, question: Question, found: Mapping[EntryId, TopicHit]
    ) -> Mapping[EntryId, TopicHit]:
        """Return `found` with all that belong to `question`: these are worth a usual hit at least."""
        sources = self._sources.get(question)
        if not sources:
            return found
        members = (one.id for one in self._entries if not sources.isdisjoint(one.sources))
        return {**found, **{id_: _as_member(found.get(id_)) for id_ in members}}


def _as_member(hit: TopicHit | None) -> TopicHit:
    hit = replace(hit or TopicHit(0.0, ()), chance=_CERTAIN)
    if hit.score >= _SCORE:
        return hit
    return replace(hit, score=_SCORE, terms={**hit.terms, _NAME: _SCORE - hit.score})
