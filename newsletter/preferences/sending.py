"""The `send` section: from `every`, `day`, `at` and `timezone` to a cadence."""

import re
from dataclasses import dataclass
from typing import Annotated, Final, Self

from pydantic import PlainValidator, ValidationInfo, model_validator

from newsletter.model import Cadence, Every, Weekday
from newsletter.preferences.scalars import ClockTime, TimeZone, one_word, plain_text
from newsletter.preferences.surroundings import surroundings_of
from newsletter.preferences.validation import SchemaSection, quote, wrong

_DAY_NAMES: Final = tuple(day.name.lower() for day in Weekday)
_RHYTHMS: Final = tuple(every.value for every in Every if every is not Every.DAYS)
_LONGEST_MONTH: Final = 31


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What stands after `every`: a word, or a list of days."""

    every: Every
    days: frozenset[Weekday] = frozenset()


def _weekday(value: object) -> Weekday:
    return Weekday[one_word(*_DAY_NAMES)(value).upper()]


def _rhythm(value: object) -> Rhythm:
    if isinstance(value, list):
        if not value:
            raise wrong(message="names no day", suggestion="write e.g. [mon, thu]")
        return Rhythm(Every.DAYS, frozenset(_weekday(item) for item in value))
    written = plain_text(value)
    if written in _DAY_NAMES:
        raise wrong(f"{quote(written)} is a day", suggestion=f"write [{written}]")
    return Rhythm(Every(one_word(*_RHYTHMS)(value)))


def _day_of_period(value: object) -> Weekday | str:
    """Return a weekday, or a date of the month as text (a Weekday is an int too)."""
    written = plain_text(value)
    if re.fullmatch(r"[0-9]{1,2}", written) and 1 <= int(written) <= _LONGEST_MONTH:
        return written
    if written in _DAY_NAMES:
        return _weekday(written)
    raise wrong(
        f"{quote(written)} is no day", suggestion="write mon to sun for a week, 1 to 31 for a month"
    )


class SendSection(SchemaSection):
    """When letters come. A key that is missing is taken from the defaults."""

    every: Annotated[Rhythm | None, PlainValidator(_rhythm)] = None
    day: Annotated[Weekday | str | None, PlainValidator(_day_of_period)] = None
    at: ClockTime | None = None
    timezone: TimeZone | None = None

    @model_validator(mode="after")
    def _fits(self, info: ValidationInfo) -> Self:
        self.cadence(surroundings_of(info).defaults.cadence)
        return self

    def cadence(self, default: Cadence) -> Cadence:
        """Return the cadence; raises where `day` does not fit `every`."""
        every, days, month_day = self._period(default)
        return Cadence(
            every=every,
            at=self.at or default.at,
            timezone=self.timezone or default.timezone,
            days=days,
            month_day=month_day,
        )

    def _period(self, default: Cadence) -> tuple[Every, frozenset[Weekday], int | None]:
        every = self.every.every if self.every else default.every
        if self.day is None:
            if self.every is None or (every is default.every and every is not Every.DAYS):
                return every, default.days, default.month_day
            if every in (Every.WEEK, Every.MONTH):
                day = "day: mon" if every is Every.WEEK else "day: 1"
                raise wrong(f"{every} needs a day", suggestion=f"write {day}", at=("every",))
            return every, self.every.days, None
        match every, self.day:
            case Every.WEEK, Weekday() as weekday:
                return every, frozenset({weekday}), None
            case Every.MONTH, str() as date_of_month:
                return every, frozenset(), int(date_of_month)
        raise wrong(_misfit(every), at=("day",))


def _misfit(every: Every) -> str:
    match every:
        case Every.WEEK:
            return "every: week needs a day from mon to sun"
        case Every.MONTH:
            return "every: month needs a day from 1 to 31"
        case _:
            return "a day is only for every: week and every: month; remove it"
