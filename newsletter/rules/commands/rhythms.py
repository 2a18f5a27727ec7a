"""When letters come, as one line says it: `weekly friday at 07:30 Europe/Paris`."""

import re
from typing import Final

from newsletter.rules.commands.form import Arguments, Setting, Wrong
from newsletter.rules.commands.moments import LONGEST_MONTH, time_of_day, weekday
from newsletter.rules.commands.words import doubt

_EVERY: Final = {
    "daily": "day",
    "day": "day",
    "weekdays": "weekday",
    "weekday": "weekday",
    "workday": "weekday",
    "weekly": "week",
    "week": "week",
    "monthly": "month",
    "month": "month",
}
_ZONE: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9_+-]{0,30}(?:/[A-Za-z0-9_+-]{1,30}){1,2}|UTC|GMT", re.IGNORECASE
)
_DATE_OF_MONTH: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)?")
_AT: Final = re.compile(" at ", re.IGNORECASE)
_ADVICE: Final = "weekly friday at 07:30 Europe/Paris"


def cadence(word: str, rest: str, _setting: Setting) -> Arguments | Wrong | None:
    """Read a rhythm, a time and a zone into keys and values of `send` in turn.

    ("every", "week", "day", "fri", "at", "07:30", "timezone", "Europe/Paris"); what was not said
    is missing. A zone has the shape of an IANA name; whether there is such a one is not known here.
    """
    line = _without(rest, "every") if word == "every" else f"{word} {rest}".strip()
    before, *clock = _AT.split(f" {line} ", maxsplit=1)
    rhythm = _rhythm(before.strip().casefold())
    moment = _moment(clock[0].strip()) if clock else ()
    if rhythm is None or moment is None or not rhythm + moment:
        return doubt(rest, "needs a day, a time or a zone that can be read", _ADVICE)
    return rhythm + moment


def _without(text: str, word: str) -> str:
    return text.removeprefix(f"{word} ")


def _rhythm(said: str) -> Arguments | None:
    if not said:
        return ()
    first, _, day = said.partition(" ")
    day = _without(_without(day, "on"), "the")
    if name := weekday(first):
        return None if day else ("every", "week", "day", name)
    every = _EVERY.get(first)
    if every is None:
        return None
    if not day:
        return ("every", every)
    written = _day_of(every, day)
    return ("every", every, "day", written) if written else None


def _day_of(every: str, day: str) -> str | None:
    """Return the day of the week or of the month in `day`; None where there is none to be said."""
    if every == "week":
        return weekday(day)
    found = _DATE_OF_MONTH.fullmatch(day)
    if every != "month" or found is None or not 1 <= int(found[1]) <= LONGEST_MONTH:
        return None
    return str(int(found[1]))


def _moment(said: str) -> Arguments | None:
    *words, last = said.split(" ")
    zone = last if _ZONE.fullmatch(last) else None
    if zone and words[-1:] == ["in"]:
        words.pop()
    clock = time_of_day(" ".join(words if zone else [*words, last]).casefold())
    if clock is None:
        return None
    return ("at", clock, "timezone", zone) if zone else ("at", clock)
