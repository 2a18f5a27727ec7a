"""Choosing for many of a batch together, by what is new to them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from newsletter.errors import NewsletterError
from newsletter.model import Entry, EntryId, SubscriberId, Topic, TopicHit, WhenEmpty
from newsletter.rules.matching import Matching, Ranker
from newsletter.rules.planning import Occasion, choose_topics
from newsletter.rules.ranking import Choice
from newsletter.rules.recent import Recent
from newsletter.rules.topicality import Topicality
from newsletter.rules.twins import Twins

if TYPE_CHECKING:
    from newsletter.rules.choosing import Crowd, Wish

FAULTS: Final = (ArithmeticError, LookupError, RecursionError, TypeError, ValueError)
"""Faults of ours that one person's data may bring out: it must not cost the others their letters."""

_CROWDS_KEPT: Final = 3
"""Of how many watermarks answers are kept as arrays: some 100 MB each where there are very many topics."""

_Fresh = frozenset[EntryId]


class Together:
    """Chooses for subscribers of whom their topics alone say what they get of what is new to them."""

    def __init__(
        self,
        pool: Sequence[Entry],
        ranker: Ranker,
        twins: Twins,
        topicality: Topicality,
        answer: Callable[[Topic], Mapping[EntryId, TopicHit]],
    ) -> None:
        self._pool = pool
        self._ranker = ranker
        self._twins = twins
        self._topicality = topicality
        self._answer = answer
        self._crowds: Recent[_Fresh, Crowd] = Recent(_CROWDS_KEPT)

    def choose(
        self, people: Sequence[tuple[Occasion, _Fresh]], default_topics: tuple[Topic, ...]
    ) -> Mapping[SubscriberId, Choice | Matching]:
        """Return what is chosen for each; who is not among them has to be chosen for alone."""
        wishes: dict[_Fresh, list[tuple[Occasion, Wish]]] = {}
        for occasion, fresh in people:
            wish = self._wish(occasion, default_topics, fresh)
            if wish:
                wishes.setdefault(fresh, []).append((occasion, wish))
        found: dict[SubscriberId, Choice | Matching] = {}
        for fresh, wanted in wishes.items():
            choices = self._crowd(fresh).choose(wish for _, wish in wanted)
            for occasion, wish in wanted:
                choice = choices.get(wish)
                if choice and choice.chosen:
                    found[occasion.subscriber.id] = choice
                elif choice and occasion.preferences.when_empty is not WhenEmpty.CARRY:
                    found[occasion.subscriber.id] = Matching((), considered=len(fresh))
        return found

    def _wish(
        self, occasion: Occasion, default_topics: tuple[Topic, ...], fresh: _Fresh
    ) -> "Wish | None":
        preferences = occasion.preferences
        topics = choose_topics(preferences, default_topics)
        try:
            return self._crowd(fresh).wish(
                topics, preferences.strictness, preferences.at_most, preferences.order
            )
        except (NewsletterError, *FAULTS):  # whoever decides for this one alone will say
            return None

    def _crowd(self, fresh: _Fresh) -> "Crowd":
        # Late: it loads numpy, which takes longer than planning for a few.
        from newsletter.rules.choosing import Crowd  # noqa: PLC0415

        known = self._crowds.get(fresh)
        if known is None:
            entries = [entry for entry in self._pool if entry.id in fresh]
            crowd = Crowd(entries, self._ranker, self._twins, self._topicality, self._answer)
            known = self._crowds.keep(fresh, crowd)
        return known
