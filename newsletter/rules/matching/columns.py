"""What entries are worth, worked out once for all who ask for the same.

Thousands of subscribers share a topic, and few share all their topics. So each topic has a column: the
entries that it finds, each ranked as if it were asked for alone. A subscriber's ranking is the union of a
few columns, in which only an entry that several topics find, or a followed name, is worked out anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

from newsletter.model import (
    Entry,
    EntryId,
    Follow,
    Match,
    Reason,
    ReasonKind,
    ScoreTerm,
    Topic,
    TopicHit,
)
from newsletter.rules.matching.following import Directory
from newsletter.rules.matching.scoring import (
    follow_terms,
    prior_terms,
    topic_terms,
    trending_reason,
    trending_terms,
    weighted,
)
from newsletter.rules.recent import Recent

_NO_DAY: Final = 0
"""Stands for the day of an entry of which the day is not known: before all others."""

_MEETINGS_KEPT: Final = 50_000
"""Entries that several topics find, as one object for all who have these topics."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One entry with what it is worth to everyone who asks for the same."""

    entry: Entry
    match: Match
    is_followed: bool
    order: tuple[float, int, int, str]
    """By score, then day, then release, newest first; the id makes it the same every time."""


_BY_ORDER: Final = attrgetter("order")

_Answered = tuple[tuple[Topic, TopicHit], ...]
"""Topics with their answers, best first."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The entries that one topic finds, each as if the topic were the only one."""

    topic: Topic
    hits: Mapping[EntryId, TopicHit] = field(repr=False)
    alone: Mapping[EntryId, Ranked] = field(repr=False)


class Ranker:
    """Ranks some entries for one subscriber after the other.

    Popularity is measured by `most_upvotes`, None: the most among `entries`.
    """

    def __init__(self, entries: Iterable[Entry], most_upvotes: int | None = None) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self.everything = frozenset(self._entries)
        """The ids of all entries."""
        self._most = most_upvotes
        if most_upvotes is None:
            counts = (entry.content.upvotes or 0 for entry in self._entries.values())
            self._most = max(counts, default=0)
        self._directory = Directory(self._entries.values())
        self._meetings: Recent[tuple[EntryId, tuple[Column, ...]], Ranked] = Recent(_MEETINGS_KEPT)

    def column(
        self, topic: Topic, hits: Mapping[EntryId, TopicHit], among: AbstractSet[EntryId]
    ) -> Column:
        """Return what `topic`, which `hits` answers, finds `among` these entries."""
        found = [id_ for id_ in hits if id_ in among and id_ in self._entries]
        alone = {id_: self._ranked(id_, ((topic, hits[id_]),), ()) for id_ in found}
        return Column(topic, hits, alone)

    def rank(
        self, columns: Sequence[Column], follow: Follow, among: AbstractSet[EntryId]
    ) -> tuple[Ranked, ...]:
        """Return each of the entries that has a reason, best first, with its score and all its reasons.

        The columns are of a subscriber's topics, in their order, `among` are the entries that they
        were made for. Who has no topic and follows nobody gets the most up-voted entries.
        """
        if not (columns or follow.authors or follow.organizations):
            trending = (self._trending(id_) for id_ in self._entries if id_ in among)
            return tuple(sorted(trending, key=_BY_ORDER))
        found: dict[EntryId, Ranked] = {}
        met: set[EntryId] = set()
        for column in columns:
            met |= found.keys() & column.alone.keys()
            found |= column.alone
        for id_ in met:
            found[id_] = self._meeting(id_, tuple(one for one in columns if id_ in one.alone))
        for id_, reasons in self._directory.find(follow).items():
            if id_ in among:
                answered = (one for one in columns if id_ in one.alone)
                found[id_] = self._ranked(id_, _best_first(answered, id_), reasons)
        return tuple(sorted(found.values(), key=_BY_ORDER))

    def _meeting(self, id_: EntryId, columns: tuple[Column, ...]) -> Ranked:
        known = self._meetings.get((id_, columns))
        return known or self._meetings.keep(
            (id_, columns), self._ranked(id_, _best_first(columns, id_), ())
        )

    def _ranked(self, id_: EntryId, topics: _Answered, follows: tuple[Reason, ...]) -> Ranked:
        entry = self._entries[id_]
        terms = (*topic_terms(topics), *follow_terms(follows), *prior_terms(entry.content))
        reasons = (
            *(
                Reason(ReasonKind.TOPIC, topic.title, hit.words, hit.by_meaning)
                for topic, hit in topics
            ),
            *follows,
        )
        names = tuple(topic.name for topic, _ in topics)
        return _with_order(entry, reasons, terms, names, is_followed=bool(follows))

    def _trending(self, id_: EntryId) -> Ranked:
        entry = self._entries[id_]
        terms = trending_terms(entry.content, self._most or 0)
        return _with_order(entry, (trending_reason(entry.content),), terms, (), is_followed=False)


def _best_first(columns: Iterable[Column], id_: EntryId) -> _Answered:
    answered = [(one.topic, one.hits[id_]) for one in columns]
    return tuple(sorted(answered, key=lambda pair: -weighted(*pair)))


def _with_order(
    entry: Entry,
    reasons: tuple[Reason, ...],
    terms: tuple[ScoreTerm, ...],
    topics: tuple[str, ...],
    *,
    is_followed: bool,
) -> Ranked:
    score = sum(term.value for term in terms)
    match = Match(entry.id, entry.revision, score, reasons, terms, topics, entry.sources)
    day = entry.content.published_on
    day_no = day.toordinal() if day else _NO_DAY
    return Ranked(entry, match, is_followed, (-score, -day_no, -entry.release_no, entry.id))
