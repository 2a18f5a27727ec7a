"""The entries of one run with their index: what every decision of the run is made from."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from newsletter.model import (
    Entry,
    EntryId,
    Follow,
    Preferences,
    Rating,
    SlotKind,
    SlotPlan,
    Standing,
    Strictness,
    SubscriberId,
    Topic,
    TopicHit,
    WhenEmpty,
)
from newsletter.ports import TopicIndex
from newsletter.rules.matching import (
    BUDGETS,
    Column,
    Matching,
    Ranked,
    Ranker,
    let_through,
    liked_alone,
    select,
    with_likings,
)
from newsletter.rules.planning import (
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
from newsletter.workflows.circumstances import gate_of, ids_of, is_own, is_usual
from newsletter.workflows.questions import Questions
from newsletter.workflows.together import Together

if TYPE_CHECKING:
    from newsletter.rules.choosing import Exchange

_RANKINGS_KEPT: Final = 256
"""Of how many sets of topics the ranking is kept: of a month of papers some MB in all."""
_CHOICES_KEPT: Final = 4_096
"""Of how many sets of topics it is kept what was chosen."""
_COLUMNS_KEPT: Final = 4_096
"""Of how many topics, each among the entries of some watermark, the answers are kept ranked."""
_POOLS_KEPT: Final = 64
"""Of how many watermarks it is kept what is new since."""

_NOTHING: Final = frozenset[EntryId]()

_ColumnKey = tuple[Topic, frozenset[EntryId], float | None]
_Key = tuple[object, ...]
_RankingKey = tuple[tuple[Topic, ...], Follow, frozenset[EntryId], float | None]
_Ranking = tuple[Ranked, ...]

Ratings = Sequence[Rating]


@dataclass(frozen=True, slots=True)
class Workbench:
    """The pool of entries, in release order, with its index; what is equal is worked out once."""

    pool: tuple[Entry, ...]
    index: TopicIndex
    desk: Desk
    ranker: Ranker
    exchange: "Exchange | None" = None
    """Where others are told what was learned of topics; None: nobody plans beside us."""
    _columns: Recent[_ColumnKey, Column] = field(default_factory=partial(Recent, _COLUMNS_KEPT))
    _rankings: Recent[_RankingKey, _Ranking] = field(
        default_factory=partial(Recent, _RANKINGS_KEPT)
    )
    _choices: Recent[_Key, Choice] = field(default_factory=partial(Recent, _CHOICES_KEPT))
    _fresh: Recent[_Key, frozenset[EntryId]] = field(default_factory=partial(Recent, _POOLS_KEPT))
    _questions: Questions = field(init=False)
    _twins: Twins = field(init=False)
    _together: Together = field(init=False)

    def __post_init__(self) -> None:
        twins = Twins(self.desk.entries)
        questions = Questions(self.index)
        together = Together(self.pool, twins, self.desk.topicality, questions, self.exchange)
        object.__setattr__(self, "_questions", questions)  # the way to fill in a frozen dataclass
        object.__setattr__(self, "_twins", twins)
        object.__setattr__(self, "_together", together)

    def with_pool(self, pool: tuple[Entry, ...], desk: Desk) -> "Workbench":
        """Return a bench with some of the entries; what was worked out about all of them is shared."""
        other = replace(self, pool=pool, desk=desk, _fresh=Recent(_POOLS_KEPT))
        object.__setattr__(other, "_questions", self._questions)
        object.__setattr__(other, "_twins", self._twins)
        return other

    def decide(
        self,
        occasion: Occasion,
        standing: Standing,
        default_topics: tuple[Topic, ...],
        found: Choice | Matching | None = None,
        ratings: Ratings = (),
        fresh: frozenset[EntryId] | None = None,
    ) -> SlotPlan:
        """Match and decide for one subscriber; raises QueryError for a topic that cannot be read.

        `found` is what `choose_together` found, None where it found nothing for this one; `ratings` are
        what this one said of entries, `fresh` what is new to them where that is known.
        """
        topics = choose_topics(occasion.preferences, default_topics)
        if fresh is None:
            fresh = self.new_to(occasion, standing)
        if not (occasion.silence or found):
            found = self._find(occasion, standing, topics, fresh, ratings)
        return decide(occasion, standing, found, topics, self.desk, new_count=len(fresh))

    def choose_together(
        self,
        people: Sequence[tuple[Occasion, Standing, frozenset[EntryId]]],
        default_topics: tuple[Topic, ...],
        raters: AbstractSet[SubscriberId] = frozenset(),
    ) -> Mapping[SubscriberId, Choice | Matching]:
        """Choose for all for whom it can be done on arrays; who is not among them is chosen for alone.

        Of each it is told what is new to them. Alone is chosen for `raters`, whose likes count. The
        result is the same: neither a topic that cannot be read, nor who else is there, matters.
        """
        wanted = [
            (occasion, fresh)
            for occasion, standing, fresh in people
            if fresh
            and occasion.subscriber.id not in raters
            and is_usual(occasion, standing)
            and standing.appeared.isdisjoint(fresh)
            and standing.named.isdisjoint(fresh)
        ]
        return self._together.choose(wanted, default_topics)

    def hits(self, topics: Iterable[Topic]) -> Mapping[str, Mapping[EntryId, TopicHit]]:
        """Return the answers to `topics` by the topic's name."""
        return {topic.name: self._questions.answer(topic) for topic in topics}

    def muted(self, queries: Iterable[str]) -> frozenset[EntryId]:
        """Return the entries for which any of `queries` holds."""
        return frozenset[EntryId]().union(*(self.index.holds(query) for query in queries))

    def hear_likes(
        self,
        ranking: Sequence[Ranked],
        ratings: Ratings,
        fresh: frozenset[EntryId],
        strictness: Strictness,
    ) -> tuple[Ranked, ...]:
        """Add what the likes of one subscriber say of `ranking`, and what they alone find in `fresh`."""
        likings = self.index.likings(ratings)
        likes = sum(one.is_liked for one in ratings)
        found = liked_alone(likings, likes, fresh, BUDGETS[strictness])
        others = self.ranker.bare(sorted(found - {one.id for one in ranking}))
        return with_likings([*ranking, *others], likings, likes, self.ranker.weight)

    def _find(
        self,
        occasion: Occasion,
        standing: Standing,
        topics: tuple[Topic, ...],
        fresh: frozenset[EntryId],
        ratings: Ratings,
    ) -> Choice | Matching:
        """Choose for one alone."""
        own = is_own(occasion, standing)
        choice = None if own or ratings else self._choose_merged(occasion, standing, topics, fresh)
        return choice or self._match(occasion, standing, topics, fresh, ratings, is_own=own)

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
        gate = gate_of(preferences, topics)
        how = (preferences.follow, gate, preferences.at_most, preferences.order)
        key = (topics, fresh, without, how)
        known = self._choices.get(key)
        if known is None:
            columns = [self._column(topic, fresh, gate) for topic in topics]
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
        ratings: Ratings,
        *,
        is_own: bool,
    ) -> Choice | Matching:
        """Choose of `fresh`, or of what an empty slot carries; else count what was left out."""
        matching = self._select(occasion, standing, topics, fresh, ratings, is_own=is_own)
        is_scheduled = occasion.slot.kind is SlotKind.SCHEDULED
        wants_carried = occasion.preferences.when_empty is WhenEmpty.CARRY
        if is_scheduled and wants_carried and not matching.matches:
            carried = ids_of(carried_entries(standing, self.pool, now=self.desk.now))
            found = self._select(occasion, standing, topics, carried, ratings, is_own=True)
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
        ratings: Ratings,
        *,
        is_own: bool,
    ) -> Matching:
        """Match `fresh`.

        What is new to one alone is picked from a ranking of all, which others share; but not where
        it depends on what is new which entries pass.
        """
        preferences = occasion.preferences
        gate = gate_of(preferences, topics)
        among = self.ranker.everything if is_own and gate is None else fresh
        ranking = self._ranking(topics, preferences.follow, among, gate)
        if ratings:
            ranking = self.hear_likes(ranking, ratings, fresh, preferences.strictness)
        return select(
            ranking,
            preferences,
            fresh=fresh,
            muted=self.muted(preferences.mute),
            already=standing.appeared | standing.named,
        )

    def _ranking(
        self,
        topics: tuple[Topic, ...],
        follow: Follow,
        among: frozenset[EntryId],
        gate: float | None,
    ) -> tuple[Ranked, ...]:
        key = (topics, follow, among, gate)
        known = self._rankings.get(key)
        if known is None:
            columns = [self._column(topic, among, gate) for topic in topics]
            known = self._rankings.keep(key, self.ranker.rank(columns, follow, among))
        return known

    def _column(self, topic: Topic, among: frozenset[EntryId], gate: float | None) -> Column:
        key = (topic, among, None if topic.about is None else gate)
        known = self._columns.get(key)
        if known is None:
            hits = self._questions.answer(topic)
            shown = hits if gate is None else let_through(topic, hits, among, gate)
            known = self._columns.keep(key, self.ranker.column(topic, shown, among))
        return known

    def new_to(self, occasion: Occasion, standing: Standing) -> frozenset[EntryId]:
        """Return the entries that are new to one subscriber; most have them in common with others."""
        if is_own(occasion, standing):
            return ids_of(new_entries(occasion, standing, self.pool))
        since = first_look(occasion) if standing.watermark is None else None
        key = (standing.watermark, since)
        known = self._fresh.get(key)
        if known is None:
            known = self._fresh.keep(key, ids_of(new_entries(occasion, standing, self.pool)))
        return known
