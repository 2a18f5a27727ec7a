"""What one `send` did, counted while it goes on: as much in memory for a million letters as for one."""

from collections import Counter
from typing import Final

from newsletter.model import EditionId, OutboxEvent, OutboxState, Silence, Subscriber
from newsletter.workers import PlansMade
from newsletter.workflows import Delivered, Published

_MOST_DETAILS: Final = 1_000
"""Letters, and silences, that are listed one by one."""

_ENDS: Final = {OutboxEvent.ACCEPT: OutboxState.SENT, OutboxEvent.REJECT: OutboxState.FAILED}


class Tally:
    """Counts letters and silences; with few of them it knows each."""

    def __init__(self) -> None:
        self.editions: set[EditionId] = set()
        self.silences: list[tuple[Subscriber, Silence]] = []
        self.planned = 0
        self.skipped: Counter[str] = Counter()
        self.ended: Counter[OutboxState] = Counter()
        self.is_long = False
        """Too many to be listed: `editions` and `silences` are not complete."""

    def hear_of_plans(self, batch: Published) -> PlansMade:
        """Count a batch of plans, and return how many they are."""
        made = PlansMade.of(batch)
        self._count(made)
        self._keep([plan.edition.id for plan in batch.plans if plan.edition])
        self._list(batch.silences)
        return made

    def hear_of_many(self, made: PlansMade) -> None:
        """Count plans of which no more is known than how many they are."""
        self._count(made)
        self.is_long = True

    def expect(self, waiting: int) -> None:
        """Hear how many letters wait, of earlier runs too."""
        self.is_long = self.is_long or waiting > _MOST_DETAILS

    def hear_of_end(self, outcome: Delivered) -> None:
        """Count the end of one try."""
        if outcome.event in _ENDS:
            self.ended[_ENDS[outcome.event]] += 1
        if outcome.edition:
            self._keep([outcome.edition])

    def _count(self, made: PlansMade) -> None:
        self.planned += made.letters
        self.skipped.update(made.silences)

    def _keep(self, editions: list[EditionId]) -> None:
        if len(self.editions) + len(editions) <= _MOST_DETAILS:
            self.editions.update(editions)
        else:
            self.is_long = not self.editions.issuperset(editions) or self.is_long

    def _list(self, silences: tuple[tuple[Subscriber, Silence], ...]) -> None:
        if len(self.silences) + len(silences) <= _MOST_DETAILS:
            self.silences.extend(silences)
        else:
            self.is_long = True
