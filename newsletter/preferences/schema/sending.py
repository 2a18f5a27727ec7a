"""The `send` section: from `every`, `day`, `at` and `timezone` to a cadence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Self

from pydantic import PlainValidator, ValidationInfo, model_validator

from newsletter.model import Cadence, Every, Weekday
from newsletter.preferences.schema.rhythms import (
    DAY_NAMES,
    days_meant,
    rhythm_meant,
    weekday_meant,
    word_for,
)
from newsletter.preferences.schema.scalars import ClockTime, TimeZone, one_word, plain_text
from newsletter.preferences.schema.surroundings import surroundings_of
from newsletter.preferences.schema.validation import SchemaSection, quote, wrong
from newsletter.preferences.schema.wording import shown
from newsletter.preferences.schema.words import plain_word

_RHYTHMS: Final = tuple(every.value for every in Every if every is not Every.DAYS)
_LONGEST_MONTH: Final = 31


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What stands after `every`: a word, or a list of days."""

    every: Every
    days: frozenset[Weekday] = frozenset()


_read_day = one_word(*DAY_NAMES)
_read_rhythm = one_word(*_RHYTHMS)


def _weekday(value: object) -> Weekday:
    written = plain_word(value)
    if written not in DAY_NAMES and (day := weekday_meant(written)):
        raise wrong(f"{quote(written)} is no day in short", suggestion=f"write {day}")
    return Weekday[_read_day(written).upper()]


def _rhythm(value: object) -> Rhythm:
    if isinstance(value, list):
        return Rhythm(Every.DAYS, _days(value))
    written = plain_word(value)
    if written in _RHYTHMS:
        return Rhythm(Every(written))
    if written in DAY_NAMES:
        raise wrong(f"{quote(written)} is a day", suggestion=f"write [{written}]")
    if meant := rhythm_meant(written):
        raise wrong(f"{quote(written)} is none of {' | '.join(_RHYTHMS)}", suggestion=meant)
    return Rhythm(Every(_read_rhythm(written)))


def _days(items: list[object]) -> frozenset[Weekday]:
    if not items:
        raise wrong(message="names no day", suggestion="write e.g. [mon, thu]")
    texts = [item for item in items[:14] if isinstance(item, str)]
    if (meant := days_meant(texts)) and not set(texts) <= set(DAY_NAMES):
        message = "days are written in short, mon to sun, with commas between them"
        raise wrong(message, suggestion=f"write [{', '.join(meant)}]")
    days: list[Weekday] = []
    for index, item in enumerate(items):
        day = _weekday(item)
        if day in days:
            advice = "name each day once"
            raise wrong(f"{quote(plain_text(item))} is here twice", suggestion=advice, at=(index,))
        days.append(day)
    return frozenset(days)


def _day_of_period(value: object) -> Weekday | str:
    """Return a weekday, or a date of the month as text (a Weekday is an int too)."""
    if isinstance(value, list):
        days = ", ".join(shown(one) for one in value[:7] if isinstance(one, str))
        raise wrong(
            message="needs one day, not a list", suggestion=f"write every: [{days}], without day"
        )
    written = plain_word(value)
    if re.fullmatch(r"[0-9]{1,2}", written) and 1 <= int(written) <= _LONGEST_MONTH:
        return written
    if written in DAY_NAMES:
        return _weekday(written)
    raise wrong(f"{quote(written)} is no day", suggestion=_day_meant(written))


def _day_meant(written: str) -> str:
    if day := weekday_meant(written):
        return f"write {day}"
    if written.casefold() in {"last", "end", "ultimo", "-1"}:
        return "write 31, which is the last day of a shorter month too"
    found = re.fullmatch(r"([1-9]|[12][0-9]|3[01])(?:st|nd|rd|th|\.)", written)
    return f"write {found[1]}" if found else "write mon to sun for a week, 1 to 31 for a month"


class SendSection(SchemaSection):
    """When letters come. A key that is missing is taken from the defaults."""

    also_called: ClassVar[Mapping[str, str]] = {
        "time_zone": "timezone",
        "tz": "timezone",
        "zone": "timezone",
        "time": "at",
        "hour": "at",
        "frequency": "every",
        "cadence": "every",
        "days": "every",
        "weekdays": "every",
        "on": "day",
        "date": "day",
    }

    every: Annotated[Rhythm | None, PlainValidator(_rhythm)] = None
    day: Annotated[Weekday | str | None, PlainValidator(_day_of_period)] = None
    at: ClockTime | None = None
    timezone: TimeZone | None = None

    @classmethod
    def meant_by(cls, written: object) -> str | None:
        """A word is a rhythm, a list of words days, a number with a colon a time."""
        if isinstance(written, str):
            if re.match(r"[0-9]", written):
                return f'write {{at: "{shown(written)}"}}'
            rhythm = written if written in _RHYTHMS else word_for(written)
            return f"write {{every: {rhythm}}}"
        return super().meant_by(written)

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
                advice = f"write a line {day} below it"
                raise wrong(f"{every} needs a day", suggestion=advice, at=("every",))
            return every, self.every.days, None
        match every, self.day:
            case Every.WEEK, Weekday() as weekday:
                return every, frozenset({weekday}), None
            case Every.MONTH, str() as date_of_month:
                return every, frozenset(), int(date_of_month)
        message, advice = _misfit(every, self.day)
        raise wrong(message, suggestion=advice, at=("day",))


def _misfit(every: Every, day: Weekday | str) -> tuple[str, str]:
    match every, day:
        case Every.WEEK, _:
            return "every: week needs a day from mon to sun", f"for the {day}. write every: month"
        case Every.MONTH, Weekday():
            advice = f"for each {day.name.lower()} write every: week"
            return "every: month needs a day from 1 to 31", advice
        case _:
            rhythm = "week" if isinstance(day, Weekday) else "month"
            message = "a day is only for every: week and every: month"
            return message, f"remove it, or write every: {rhythm}"
