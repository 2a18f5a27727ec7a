"""What entries are worth, worked out once for all who ask for the same.

Thousands of subscribers share a topic, and few share all their topics. So each topic has a column: the
entries that it finds, each ranked as if it were asked for alone. A subscriber's ranking is the union of a
few columns, in which only an entry that several topics find, or a followed name, is worked out anew.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain, combinations
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
from newsletter.rules.matching.merging import (
    BY_ORDER,
    FIRST_LOOK,
    Merged,
    Part,
    Ranked,
    newest_first,
)
from newsletter.rules.matching.scoring import (
    follow_terms,
    prior_terms,
    source_terms,
    topic_terms,
    trending_reason,
    trending_terms,
    weighted,
)
from newsletter.rules.recent import Recent
from newsletter.rules.topicality import USUAL, Topicality, weight_of

_MEETINGS_KEPT: Final = 50_000
"""Entries that several topics find, as one object for all who have these topics."""

_POPULAR_KEPT: Final = 64
"""Of how many watermarks the entries that are new since are kept by popularity."""

_CROSSINGS_KEPT: Final = 20_000
"""Pairs of topics of which it is known what both find."""


Answered = tuple[tuple[Topic, TopicHit], ...]
"""Topics with their answers, best first."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The entries that one topic finds, each as if the topic were the only one."""

    topic: Topic
    hits: Mapping[EntryId, TopicHit] = field(repr=False)
    alone: Mapping[EntryId, Ranked] = field(repr=False)
    ranked: Sequence[Ranked] = field(repr=False)
    """The same, in order."""

    @property
    def names(self) -> tuple[str]:
        """The name of the topic, alone."""
        return (self.topic.name,)


@dataclass(frozen=True, slots=True)
class _Crossing:
    """The entries that two topics find, as if these were the only ones."""

    ids: frozenset[EntryId]
    ranked: Sequence[Ranked]
    topics: tuple[str, str]


class Ranker:
    """Ranks some entries for one subscriber after the other.

    Popularity is measured by `most_upvotes`, None: the most among `entries`. Whatever an entry is
    worth is multiplied by the weight that its sources give it in `topicality`.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        most_upvotes: int | None = None,
        topicality: Topicality = USUAL,
    ) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._topicality = topicality
        self.everything = frozenset(self._entries)
        """The ids of all entries."""
        self._most = most_upvotes
        if most_upvotes is None:
            counts = (entry.content.upvotes or 0 for entry in self._entries.values())
            self._most = max(counts, default=0)
        self._directory = Directory(self._entries.values())
        self._meetings: Recent[tuple[EntryId, tuple[Column, ...]], Ranked] = Recent(_MEETINGS_KEPT)
        self._crossings: Recent[tuple[Column, Column], _Crossing] = Recent(_CROSSINGS_KEPT)
        self._popular: Recent[AbstractSet[EntryId], tuple[Ranked, ...]] = Recent(_POPULAR_KEPT)

    def column(
        self, topic: Topic, hits: Mapping[EntryId, TopicHit], among: AbstractSet[EntryId]
    ) -> Column:
        """Return what `topic`, which `hits` answers, finds `among` these entries."""
        found = [id_ for id_ in hits if id_ in among and id_ in self._entries]
        alone = {id_: self._ranked(id_, ((topic, hits[id_]),), ()) for id_ in found}
        return Column(topic, hits, alone, sorted(alone.values(), key=BY_ORDER))

    def match(self, id_: EntryId, topics: Answered) -> Match:
        """Return the match of an entry that `topics` find, with their answers, best first."""
        return self._ranked(id_, topics, ()).match

    def bare(self, ids: Iterable[EntryId]) -> list[Ranked]:
        """Return entries that no topic finds, without a reason yet: somebody's likes may have one."""
        return [self._ranked(id_, (), ()) for id_ in ids if id_ in self._entries]

    def weight(self, id_: EntryId) -> float:
        """Return by what all is multiplied that an entry is worth."""
        return weight_of(self._entries[id_], self._topicality)

    def merge(
        self,
        columns: Sequence[Column],
        follow: Follow,
        among: AbstractSet[EntryId],
        without: AbstractSet[EntryId],
        look: int = FIRST_LOOK,
    ) -> Merged:
        """Return what `rank` returns, but for the entries `without`, in order as far as it is read.

        `look` is how many of each part are put in order at first.
        """
        if not (columns or follow.authors or follow.organizations):
            return Merged((), [Part(self._trending_among(among), without, ())], (), look)
        crossings = [self._crossing(one, other) for one, other in combinations(columns, 2)]
        shared = frozenset[EntryId]().union(*[one.ids for one in crossings])
        own = (
            self._followed(columns, follow, among) if follow.authors or follow.organizations else {}
        )
        if len(shared) < sum(len(one.ids) for one in crossings):
            own = self._found_by_more(columns, crossings) | own
        besides = without | own.keys() if own else without
        parts = [Part(one.ranked, shared | besides, one.names) for one in columns]
        parts += [Part(one.ranked, besides, one.topics) for one in crossings if one.ids]
        special = [one for id_, one in own.items() if id_ not in without]
        special.sort(key=BY_ORDER)
        return Merged([one.topic.name for one in columns], parts, special, look)

    def rank(
        self, columns: Sequence[Column], follow: Follow, among: AbstractSet[EntryId]
    ) -> tuple[Ranked, ...]:
        """Return each of the entries that has a reason, best first, with its score and all its reasons.

        The columns are of a subscriber's topics, in their order, `among` are the entries that they
        were made for. Who has no topic and follows nobody gets the most up-voted entries.
        """
        if not (columns or follow.authors or follow.organizations):
            return self._trending_among(among)
        found: dict[EntryId, Ranked] = {}
        met: set[EntryId] = set()
        for column in columns:
            met |= found.keys() & column.alone.keys()
            found |= column.alone
        for id_ in met:
            found[id_] = self._meeting(id_, tuple(one for one in columns if id_ in one.alone))
        found |= self._followed(columns, follow, among)
        return tuple(sorted(found.values(), key=BY_ORDER))

    def _followed(
        self, columns: Sequence[Column], follow: Follow, among: AbstractSet[EntryId]
    ) -> dict[EntryId, Ranked]:
        return {
            id_: self._ranked(
                id_, _best_first((one for one in columns if id_ in one.alone), id_), reasons
            )
            for id_, reasons in self._directory.find(follow).items()
            if id_ in among
        }

    def _found_by_more(
        self, columns: Sequence[Column], crossings: Iterable[_Crossing]
    ) -> dict[EntryId, Ranked]:
        """Return what three topics find, or more: such an entry is in three crossings, or more."""
        counts = Counter(chain.from_iterable(one.ids for one in crossings))
        several = (id_ for id_, count in counts.items() if count > 1)
        return {
            id_: self._meeting(id_, tuple(one for one in columns if id_ in one.alone))
            for id_ in several
        }

    def _crossing(self, one: Column, other: Column) -> _Crossing:
        known = self._crossings.get((one, other))
        if known is None:
            ids = frozenset(one.alone.keys() & other.alone.keys())
            ranked = sorted((self._meeting(id_, (one, other)) for id_ in ids), key=BY_ORDER)
            crossing = _Crossing(ids, ranked, (one.topic.name, other.topic.name))
            known = self._crossings.keep((one, other), crossing)
        return known

    def _meeting(self, id_: EntryId, columns: tuple[Column, ...]) -> Ranked:
        known = self._meetings.get((id_, columns))
        return known or self._meetings.keep(
            (id_, columns), self._ranked(id_, _best_first(columns, id_), ())
        )

    def _ranked(self, id_: EntryId, topics: Answered, follows: tuple[Reason, ...]) -> Ranked:
        entry = self._entries[id_]
        terms = (*topic_terms(topics), *follow_terms(follows), *prior_terms(entry.content))
        reasons = (
            *(
                Reason(ReasonKind.TOPIC, topic.title, hit.words, hit.by_meaning, hit.sureness)
                for topic, hit in topics
            ),
            *follows,
        )
        names = tuple(topic.name for topic, _ in topics)
        return self._with_order(entry, reasons, terms, names, is_followed=bool(follows))

    def _trending_among(self, among: AbstractSet[EntryId]) -> tuple[Ranked, ...]:
        known = self._popular.get(among)
        if known is None:
            found = (self._trending(id_) for id_ in self._entries if id_ in among)
            known = self._popular.keep(among, tuple(sorted(found, key=BY_ORDER)))
        return known

    def _trending(self, id_: EntryId) -> Ranked:
        entry = self._entries[id_]
        terms = trending_terms(entry.content, self._most or 0)
        reasons = (trending_reason(entry.content),)
        return self._with_order(entry, reasons, terms, (), is_followed=False)

    def _with_order(
        self,
        entry: Entry,
        reasons: tuple[Reason, ...],
        terms: tuple[ScoreTerm, ...],
        topics: tuple[str, ...],
        *,
        is_followed: bool,
    ) -> Ranked:
        if self._topicality:
            terms += source_terms(terms, weight_of(entry, self._topicality))
        score = sum(term.value for term in terms)
        match = Match(entry.id, entry.revision, score, reasons, terms, topics, entry.sources)
        order = (-score, *newest_first(entry))
        return Ranked(entry.id, match, entry.content.upvotes, is_followed, order)


def _best_first(columns: Iterable[Column], id_: EntryId) -> Answered:
    answered = [(one.topic, one.hits[id_]) for one in columns]
    return tuple(sorted(answered, key=lambda pair: -weighted(*pair)))
