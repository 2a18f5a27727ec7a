"""Choosing for many of a batch together, by what is new to them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from newsletter.model import Entry, EntryId, SubscriberId, Topic, WhenEmpty
from newsletter.rules.matching import Matching
from newsletter.rules.planning import Occasion, choose_topics
from newsletter.rules.ranking import Choice
from newsletter.rules.recent import Recent
from newsletter.rules.topicality import Topicality
from newsletter.rules.twins import Twins
from newsletter.workflows.questions import Questions

if TYPE_CHECKING:
    from newsletter.rules.choosing import Crowd, Exchange

_CROWDS_KEPT: Final = 3
"""Of how many watermarks answers are kept as arrays: some 100 MB each where there are very many topics."""

_LEAST: Final = 32
"""For fewer people it is not worth while to load what works on arrays."""

_Fresh = frozenset[EntryId]


class Together:
    """Chooses for subscribers of whom their topics alone say what they get of what is new to them."""

    def __init__(
        self,
        pool: Sequence[Entry],
        twins: Twins,
        topicality: Topicality,
        questions: Questions,
        exchange: "Exchange | None" = None,
    ) -> None:
        self._pool = pool
        self._twins = twins
        self._topicality = topicality
        self._questions = questions
        self._exchange = exchange
        self._crowds: Recent[_Fresh, Crowd] = Recent(_CROWDS_KEPT)

    def choose(
        self, people: Sequence[tuple[Occasion, _Fresh]], default_topics: tuple[Topic, ...]
    ) -> Mapping[SubscriberId, Choice | Matching]:
        """Return what is chosen for each; who is not among them has to be chosen for alone."""
        if len(people) < _LEAST:
            return {}
        groups: dict[_Fresh, list[Occasion]] = {}
        for occasion, fresh in people:
            groups.setdefault(fresh, []).append(occasion)
        found: dict[SubscriberId, Choice | Matching] = {}
        for fresh, occasions in groups.items():
            # One crowd from beginning to end: what it gives numbers to means nothing to another.
            found.update(_chosen(self._crowd(fresh), occasions, default_topics, len(fresh)))
        return found

    def _crowd(self, fresh: _Fresh) -> "Crowd":
        # Late: it loads numpy, which takes longer than planning for a few.
        from newsletter.rules.choosing import Crowd  # noqa: PLC0415

        known = self._crowds.get(fresh)
        if known is None:
            entries = [entry for entry in self._pool if entry.id in fresh]
            asked, given = self._questions, (self._twins, self._topicality)
            crowd = Crowd(entries, *given, asked.answer_all, asked.teller, self._exchange)
            known = self._crowds.keep(fresh, crowd)
        return known


def _chosen(
    crowd: "Crowd", occasions: Sequence[Occasion], default_topics: tuple[Topic, ...], new: int
) -> Iterator[tuple[SubscriberId, Choice | Matching]]:
    wishes = [
        (choose_topics(wanted, default_topics), wanted.strictness, wanted.at_most, wanted.order)
        for wanted in [occasion.preferences for occasion in occasions]
    ]
    for occasion, choice in zip(occasions, crowd.choose(wishes), strict=True):
        if choice and choice.chosen:
            yield occasion.subscriber.id, choice
        elif choice and occasion.preferences.when_empty is not WhenEmpty.CARRY:
            yield occasion.subscriber.id, Matching((), considered=new)
