"""What the holder of a letter may do to its reader's preferences: bring less, never more."""

from dataclasses import replace
from datetime import date
from typing import Final

from newsletter.model import Cadence, Every, Preferences, Topic

_A_WEEK: Final[dict[Every, int]] = {Every.DAY: 7, Every.WEEKDAY: 5, Every.WEEK: 1, Every.MONTH: 0}
"""How many letters at most; a month counts as less than one."""
_WEEKLY: Final = 1


def brings_less(old: Preferences, new: Preferences) -> bool:
    """Whether `new` says what `old` does, but for topics left out, a later pause or a rarer rhythm.

    All three may be as they were. Somebody who names no topic gets the usual ones, so the last topic
    cannot be left out: that would bring more. A letter may have been passed on, and what can be done
    with it must not go beyond that.
    """
    otherwise = replace(new, topics=old.topics, cadence=old.cadence, pause_until=old.pause_until)
    return (
        otherwise == old
        and _is_rarer(old.cadence, new.cadence)
        and _pauses_longer(old.pause_until, new.pause_until)
        and _leaves_topics_out(old.topics, new.topics)
    )


def droppable_topics(preferences: Preferences) -> tuple[Topic, ...]:
    """Return the topics of which one can be left out: those of the person, where there are several."""
    return preferences.topics if len(preferences.topics) > 1 else ()


def can_go_weekly(cadence: Cadence) -> bool:
    """Whether one letter a week would be fewer."""
    return _per_week(cadence) > _WEEKLY


def _is_rarer(old: Cadence, new: Cadence) -> bool:
    if old == new:
        return True
    is_same_clock = (old.at, old.timezone) == (new.at, new.timezone)
    return is_same_clock and _per_week(new) < _per_week(old)


def _per_week(cadence: Cadence) -> int:
    return len(cadence.days) if cadence.every is Every.DAYS else _A_WEEK[cadence.every]


def _pauses_longer(old: date | None, new: date | None) -> bool:
    return old == new or (new is not None and (old is None or new > old))


def _leaves_topics_out(old: tuple[Topic, ...], new: tuple[Topic, ...]) -> bool:
    if old == new:
        return True
    rest = iter(old)
    return bool(new) and all(any(topic == one for one in rest) for topic in new)
