"""The entries of one run with their index: what every decision of the run is made from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

from newsletter.model import (
    Entry,
    EntryId,
    Follow,
    Preferences,
    ReleaseNo,
    SlotKind,
    SlotPlan,
    Standing,
    Topic,
    TopicHit,
    WhenEmpty,
)
from newsletter.ports import BuildIndex, EntryStore, TopicIndex
from newsletter.rules.matching import Column, Matching, Ranked, Ranker, select
from newsletter.rules.planning import (
    CARRY_WINDOW,
    UPVOTES_WINDOW,
    Desk,
    Occasion,
    carried_entries,
    choose_topics,
    decide,
    first_look,
    new_entries,
)
from newsletter.rules.ranking import Choice, Listed, Ranking, choose_from
from newsletter.rules.recent import Recent
from newsletter.rules.twins import Twins

BACKGROUND_WINDOW: Final = timedelta(days=14)

_RANKINGS_KEPT: Final = 256
"""Of how many sets of topics the ranking is kept: of a month of papers some MB in all."""

_CHOICES_KEPT: Final = 4_096
"""Of how many sets of topics it is kept what was chosen."""

_COLUMNS_KEPT: Final = 4_096
"""Of how many topics, each among the entries of some watermark, the answers are kept ranked."""

_POOLS_KEPT: Final = 64
"""Of how many watermarks it is kept what is new since."""

_NOTHING: Final = frozenset[EntryId]()

_RankingKey = tuple[tuple[Topic, ...], Follow, frozenset[EntryId]]

Question = tuple[str | None, str | None]
"""The query and the about of a topic: topics with equal ones have equal answers."""


@dataclass(frozen=True, slots=True)
class Workbench:
    """The pool of entries, in release order, with its index; what is equal is worked out once."""

    pool: tuple[Entry, ...]
    index: TopicIndex
    desk: Desk
    ranker: Ranker
    most_upvotes: int = 0
    """Of the entries of the last days: what trending is measured by."""
    _answers: dict[Question, Mapping[EntryId, TopicHit]] = field(default_factory=dict)
    _columns: Recent[tuple[Topic, frozenset[EntryId]], Column] = field(
        default_factory=lambda: Recent(_COLUMNS_KEPT)
    )
    _rankings: Recent[_RankingKey, tuple[Ranked, ...]] = field(
        default_factory=lambda: Recent(_RANKINGS_KEPT)
    )
    _choices: Recent[tuple[object, ...], Choice] = field(
        default_factory=lambda: Recent(_CHOICES_KEPT)
    )
    _fresh: Recent[tuple[object, ...], frozenset[EntryId]] = field(
        default_factory=lambda: Recent(_POOLS_KEPT)
    )
    _twins: Twins = field(init=False)

    def __post_init__(self) -> None:
        twins = Twins(self.desk.entries)
        object.__setattr__(self, "_twins", twins)  # the way to fill in a frozen dataclass

    def decide(
        self, occasion: Occasion, standing: Standing, default_topics: tuple[Topic, ...]
    ) -> SlotPlan:
        """Match and decide for one subscriber; raises QueryError for a topic that cannot be read."""
        topics = choose_topics(occasion.preferences, default_topics)
        fresh = self._new(occasion, standing)
        if occasion.silence:
            return decide(occasion, standing, None, topics, self.desk, new_count=len(fresh))
        is_own = _is_own(occasion, standing)
        choice = None if is_own else self._choose_merged(occasion, standing, topics, fresh)
        found = choice or self._match(occasion, standing, topics, fresh, is_own=is_own)
        return decide(occasion, standing, found, topics, self.desk, new_count=len(fresh))

    def hits(self, topics: Iterable[Topic]) -> Mapping[str, Mapping[EntryId, TopicHit]]:
        """Return the answers to `topics` by the topic's name."""
        return {topic.name: self._answer(topic) for topic in topics}

    def muted(self, queries: Iterable[str]) -> frozenset[EntryId]:
        """Return the entries for which any of `queries` holds."""
        return frozenset[EntryId]().union(*(self.index.holds(query) for query in queries))

    def _choose_merged(
        self,
        occasion: Occasion,
        standing: Standing,
        topics: tuple[Topic, ...],
        fresh: frozenset[EntryId],
    ) -> Choice | None:
        """Choose of `fresh` without counting what is left out; None where nothing matches."""
        preferences = occasion.preferences
        without = standing.appeared | standing.named
        if preferences.mute:
            without |= self.muted(preferences.mute)
        if without.isdisjoint(fresh):
            without = _NOTHING
        key = (topics, preferences.follow, fresh, without, preferences.at_most, preferences.order)
        known = self._choices.get(key)
        if known is None:
            columns = [self._column(topic, fresh) for topic in topics]
            ranking = self.ranker.merge(columns, preferences.follow, fresh, without)
            known = self._choices.keep(key, self._choose(ranking, preferences))
        return known if known.chosen else None

    def _choose(self, ranking: Ranking, preferences: Preferences) -> Choice:
        at_most, order = preferences.at_most, preferences.order
        return choose_from(ranking, at_most, order, self.desk.entries, self._twins)

    def _match(
        self,
        occasion: Occasion,
        standing: Standing,
        topics: tuple[Topic, ...],
        fresh: frozenset[EntryId],
        *,
        is_own: bool,
    ) -> Choice | Matching:
        """Choose of `fresh`, or of what an empty slot carries; else count what was left out."""
        # What is new to one alone is picked from a ranking of all, which others share.
        among = self.ranker.everything if is_own else fresh
        matching = self._select(occasion, standing, topics, fresh, among)
        is_scheduled = occasion.slot.kind is SlotKind.SCHEDULED
        wants_carried = occasion.preferences.when_empty is WhenEmpty.CARRY
        if is_scheduled and wants_carried and not matching.matches:
            carried = _ids(carried_entries(standing, self.pool, now=self.desk.now))
            found = self._select(occasion, standing, topics, carried, self.ranker.everything)
            matching = found if found.matches else matching
        if not matching.matches:
            return matching
        return self._choose(Listed(matching.matches), occasion.preferences)

    def _select(
        self,
        occasion: Occasion,
        standing: Standing,
        topics: tuple[Topic, ...],
        fresh: frozenset[EntryId],
        among: frozenset[EntryId],
    ) -> Matching:
        """Match `fresh`, which are of `among`: the ranking of those is kept."""
        preferences = occasion.preferences
        return select(
            self._ranking(topics, preferences.follow, among),
            preferences,
            fresh=fresh,
            muted=self.muted(preferences.mute),
            already=standing.appeared | standing.named,
        )

    def _ranking(
        self, topics: tuple[Topic, ...], follow: Follow, among: frozenset[EntryId]
    ) -> tuple[Ranked, ...]:
        key = (topics, follow, among)
        known = self._rankings.get(key)
        if known is None:
            columns = [self._column(topic, among) for topic in topics]
            known = self._rankings.keep(key, self.ranker.rank(columns, follow, among))
        return known

    def _column(self, topic: Topic, among: frozenset[EntryId]) -> Column:
        known = self._columns.get((topic, among))
        return known or self._columns.keep(
            (topic, among), self.ranker.column(topic, self._answer(topic), among)
        )

    def _new(self, occasion: Occasion, standing: Standing) -> frozenset[EntryId]:
        """Return the entries that are new to one subscriber; most have them in common with others."""
        if _is_own(occasion, standing):
            return _ids(new_entries(occasion, standing, self.pool))
        since = first_look(occasion) if standing.watermark is None else None
        key = (standing.watermark, since)
        known = self._fresh.get(key)
        if known is None:
            known = self._fresh.keep(key, _ids(new_entries(occasion, standing, self.pool)))
        return known

    def _answer(self, topic: Topic) -> Mapping[EntryId, TopicHit]:
        question = (topic.query, topic.about)
        if question not in self._answers:
            self._answers[question] = self.index.answer(topic)
        return self._answers[question]


class Stock:
    """The entries that a run has read so far; batches that need no more share one index.

    `desk` is what all decisions have in common; what was released after its release waits for the
    next run, so that all batches see the same entries. What is rare, long or popular is told by
    the entries of the last two weeks, whoever else is due: a letter does not depend on the letters of
    others, and a preview is the letter that is sent.
    """

    def __init__(self, desk: Desk, entries: EntryStore, build_index: BuildIndex) -> None:
        self._desk = desk
        self._entries = entries
        self._build_index = build_index
        midnight = desk.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        self._background_since = midnight - BACKGROUND_WINDOW
        self._above: ReleaseNo | None = None
        self._since: datetime | None = None
        self._by_id: dict[EntryId, Entry] = {}
        self._bench: Workbench | None = None

    def workbench(
        self,
        occasions: Sequence[Occasion],
        standings: Sequence[Standing],
        extra: Sequence[Entry] = (),
    ) -> Workbench:
        """Return a bench with the entries that any of `occasions` may need, and `extra`."""
        wanted = chain(self._missing(occasions, standings), extra)
        found = {entry.id: entry for entry in wanted if entry.release_no <= self._desk.release}
        if self._bench is None or not found.keys() <= self._by_id.keys():
            self._by_id |= found
            pool = tuple(sorted(self._by_id.values(), key=lambda entry: entry.release_no))
            desk = replace(self._desk, entries=dict(self._by_id))
            typical = [entry for entry in pool if entry.first_seen_at >= self._background_since]
            index = self._build_index(pool, _ids(typical))
            most = max((entry.content.upvotes or 0 for entry in typical), default=0)
            ranker = Ranker(pool, most, desk.topicality)
            self._bench = Workbench(pool, index, desk, ranker, most)
        return self._bench

    def _missing(
        self, occasions: Sequence[Occasion], standings: Sequence[Standing]
    ) -> Iterator[Entry]:
        marks = [standing.watermark for standing in standings if standing.watermark is not None]
        if marks and (self._above is None or min(marks) < self._above):
            self._above = min(marks)
            yield from self._entries.released(above=self._above)
        since = min(_windows(occasions, standings, self._desk.now), default=self._background_since)
        since = min(since, self._background_since)
        if self._since is None or since < self._since:
            self._since = since
            yield from self._entries.find(since=since)
        given_back = frozenset[EntryId]().union(*(standing.given_back for standing in standings))
        yield from self._entries.get(given_back - self._by_id.keys()).values()


def may_meet_again(occasion: Occasion, standing: Standing) -> bool:
    """Whether an entry that was in an earlier letter can be a candidate for this one.

    What is above the watermark was released after the last letter was decided: it was in none.
    """
    return _is_own(occasion, standing) or occasion.preferences.when_empty is WhenEmpty.CARRY


def _is_own(occasion: Occasion, standing: Standing) -> bool:
    """Whether other entries are new to this subscriber than to all with the same watermark."""
    return bool(occasion.preferences.minimum_upvotes or standing.given_back)


def _windows(
    occasions: Sequence[Occasion], standings: Sequence[Standing], now: datetime
) -> Iterator[datetime]:
    """Yield from when on each occasion needs entries whatever its watermark is."""
    for occasion, standing in zip(occasions, standings, strict=True):
        preferences = occasion.preferences
        if standing.watermark is None:
            yield first_look(occasion)
        if preferences.when_empty is WhenEmpty.CARRY:
            yield now - CARRY_WINDOW
        if preferences.minimum_upvotes:
            yield min(now, occasion.slot.begins_at) - UPVOTES_WINDOW


def _ids(entries: Iterable[Entry]) -> frozenset[EntryId]:
    return frozenset(entry.id for entry in entries)
