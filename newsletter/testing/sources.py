"""A source that announces what a test gave it."""

from collections import deque
from datetime import datetime

from newsletter.errors import SourceError
from newsletter.model import FetchedEntry, Pull, PullOrder, SourceName


class FakeSource:
    """Implements `ports.Source`: each pull gives the next of `answers`, the last one for ever.

    An answer is a Pull, entries for one, or the SourceError to raise. Without answers every pull
    is empty.
    """

    def __init__(self, name: str, *answers: Pull | SourceError | tuple[FetchedEntry, ...]) -> None:
        self._name = SourceName(name)
        self._answers = deque(answers)
        self.pulled_at: list[datetime] = []
        self.orders: list[PullOrder] = []

    @property
    def name(self) -> SourceName:
        """The key of this source."""
        return self._name

    @property
    def kind(self) -> str:
        """The name of its adapter."""
        return "fake"

    def pull(self, order: PullOrder) -> Pull:
        """Return or raise the next answer."""
        self.pulled_at.append(order.now)
        self.orders.append(order)
        answer = self._next()
        if isinstance(answer, SourceError):
            raise answer
        return answer if isinstance(answer, Pull) else Pull(answer)

    def _next(self) -> Pull | SourceError | tuple[FetchedEntry, ...]:
        if not self._answers:
            return Pull(())
        return self._answers.popleft() if len(self._answers) > 1 else self._answers[0]
