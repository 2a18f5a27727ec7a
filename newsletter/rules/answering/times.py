"""Days and rhythms as answers say them, by the clock of the person."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from newsletter.model import Cadence, Every, Slot, Weekday
from newsletter.rules.cadence import zone_named
from newsletter.rules.composing import join_words, write_date

_A_MONDAY: Final = date(2024, 1, 1)
_SHORTEST_MONTH: Final = 28


def write_slot(slot: Slot) -> str:
    """Write when a slot begins: `Monday, 23 November 2026 at 08:00`, where the person lives."""
    return write_moment(slot.begins_at, slot.timezone)


def write_moment(moment: datetime, timezone: str) -> str:
    """Write a moment as the clocks of `timezone` show it: `Monday, 23 November 2026 at 08:00`."""
    local = moment.astimezone(zone_named(timezone))
    return f"{write_date(local.date())} at {local:%H:%M}"


def write_local_date(moment: datetime, timezone: str) -> str:
    """Write the day that a moment belongs to in `timezone`."""
    zone = UTC if timezone == "UTC" else zone_named(timezone)
    return write_date(moment.astimezone(zone).date())


def write_cadence(cadence: Cadence) -> str:
    """Write a rhythm: `every Monday and Thursday at 07:30 (Europe/Paris)`."""
    return f"{_rhythm(cadence)} at {cadence.at:%H:%M} ({cadence.timezone})"


def _rhythm(cadence: Cadence) -> str:
    match cadence.every:
        case Every.DAY:
            return "every day"
        case Every.WEEKDAY:
            return "Monday to Friday"
        case Every.MONTH:
            day = cadence.month_day or 1
            rest = ", or on its last day," if day > _SHORTEST_MONTH else ""
            return f"on day {day} of every month{rest}"
        case _:
            return f"every {join_words([_day_name(day) for day in sorted(cadence.days)])}"


def _day_name(day: Weekday) -> str:
    return write_date(_A_MONDAY + timedelta(days=day)).partition(",")[0]
