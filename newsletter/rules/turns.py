"""Whose turn is it at a service that is asked by several programs, one request after the other?"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

LONGEST_AHEAD: Final = timedelta(hours=25)
"""What lies further ahead was written by a wrong clock: no service rests for more than a day."""
LOOK_AGAIN: Final = timedelta(seconds=0.25)
"""After this one looks whether the turn of another has ended: nobody is told."""


@dataclass(frozen=True, slots=True)
class Turn:
    """How things stand at one service. `holder` has the turn until `taken_until`; None: nobody has.

    The next turn begins at `free_at` at the earliest; None: at once.
    """

    holder: str | None = None
    taken_until: datetime | None = None
    free_at: datetime | None = None


def take(turn: Turn, holder: str, *, now: datetime, until: datetime) -> Turn | datetime:
    """Return the turn in the hands of `holder`, or the moment at which to ask again."""
    if turn.taken_until and now < turn.taken_until <= now + LONGEST_AHEAD:
        return min(turn.taken_until, now + LOOK_AGAIN)
    if turn.free_at and now < turn.free_at <= now + LONGEST_AHEAD:
        return turn.free_at
    return Turn(holder, min(until, now + LONGEST_AHEAD))


def give_back(turn: Turn, holder: str, *, free_at: datetime) -> Turn:
    """Return the turn as `holder` leaves it.

    One whose turn had ended before takes it from nobody, but what it learned of the service counts
    all the same.
    """
    later = max(turn.free_at or free_at, free_at)
    return Turn(free_at=later) if turn.holder == holder else replace(turn, free_at=later)
