"""Turns at services, in memory."""

import threading
from datetime import datetime

from newsletter.rules.turns import Turn, give_back, take


class MemoryPaces:
    """Implements `ports.Paces` for the threads of one process. `turns` shows how things stand."""

    def __init__(self) -> None:
        self.turns: dict[str, Turn] = {}
        self._guard = threading.Lock()

    def take(self, pace: str, *, now: datetime, until: datetime) -> datetime | None:
        """Take the turn at a service, or return when to ask again."""
        with self._guard:
            turn = take(self.turns.get(pace, Turn()), _holder(), now=now, until=until)
            if isinstance(turn, datetime):
                return turn
            self.turns[pace] = turn
        return None

    def give_back(self, pace: str, *, free_at: datetime) -> None:
        """End the turn; the next begins at `free_at` at the earliest."""
        with self._guard:
            turn = self.turns.get(pace, Turn())
            self.turns[pace] = give_back(turn, _holder(), free_at=free_at)


def _holder() -> str:
    return f"{threading.get_ident():x}"
