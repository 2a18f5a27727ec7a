"""Until when nobody need look whether somebody's slot has come."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from newsletter.model import Cadence, Silence, SilenceReason, Subscriber
from newsletter.rules.cadence import slots_after

LONGEST_REST: Final = timedelta(hours=6)
"""Then people are looked at again, whatever was found out: a mistake heals, a set clock is noticed."""

_TROUBLED: Final = frozenset({SilenceReason.TROUBLE, SilenceReason.NO_DOCUMENT})
"""What is written down for each day, or may be over with the next look."""


def rests_until(person: Subscriber, silence: Silence | None, *, now: datetime) -> datetime | None:
    """Return the moment before which no slot of `person` begins, who was looked at just now.

    `silence` is what that look found where nothing was planned; None: a slot was. Returns None for
    who is looked at again at once. Whatever changes the person ends the rest.
    """
    if silence is not None and silence.reason in _TROUBLED:
        return None
    latest = now + LONGEST_REST
    if person.preferences is None:
        return latest
    return min(latest, _next_beginning(person.preferences.cadence, now))


@lru_cache(maxsize=8_192)  # thousands have their cadence in common, and are looked at together
def _next_beginning(cadence: Cadence, now: datetime) -> datetime:
    return next(slots_after(cadence, now)).begins_at
