"""Time zones by their IANA names, and the zone that is meant by other names."""

import re
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from newsletter.preferences.schema.validation import nearest, quote, wrong
from newsletter.preferences.schema.wording import DASHES
from newsletter.preferences.schema.words import plain_word

_EXAMPLE: Final = 'write an IANA name, e.g. "Europe/Paris"'
_FIXED: Final = {"EST": "America/New_York", "MST": "America/Denver"}
"""Zones of IANA that know no summer time, though most people who write them have one."""

_ABBREVIATIONS: Final = {
    "cest": "Europe/Paris",
    "mez": "Europe/Berlin",
    "mesz": "Europe/Berlin",
    "bst": "Europe/London",
    "ist": "Asia/Kolkata",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "est": "America/New_York",
    "edt": "America/New_York",
    "et": "America/New_York",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "ct": "America/Chicago",
    "mdt": "America/Denver",
    "mt": "America/Denver",
    "aest": "Australia/Sydney",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "pt": "America/Los_Angeles",
    "eest": "Europe/Helsinki",
    "msk": "Europe/Moscow",
    "brt": "America/Sao_Paulo",
    "sast": "Africa/Johannesburg",
    "wat": "Africa/Lagos",
    "eat": "Africa/Nairobi",
    "sgt": "Asia/Singapore",
    "hkt": "Asia/Hong_Kong",
    "nzst": "Pacific/Auckland",
}
_PLACES: Final = {
    **dict.fromkeys(("germany", "munich", "hamburg", "cologne", "frankfurt"), "Europe/Berlin"),
    **dict.fromkeys(("deutschland", "münchen", "köln", "stuttgart"), "Europe/Berlin"),
    **dict.fromkeys(("france", "lyon", "marseille", "toulouse"), "Europe/Paris"),
    **dict.fromkeys(("uk", "england", "united kingdom", "oxford", "cambridge"), "Europe/London"),
    **dict.fromkeys(("edinburgh", "manchester", "great britain"), "Europe/London"),
    **dict.fromkeys(("spain", "barcelona", "valencia"), "Europe/Madrid"),
    **dict.fromkeys(("italy", "milan", "turin", "naples"), "Europe/Rome"),
    **dict.fromkeys(("switzerland", "geneva", "basel", "lausanne", "bern"), "Europe/Zurich"),
    **dict.fromkeys(("netherlands", "rotterdam", "the hague"), "Europe/Amsterdam"),
    **dict.fromkeys(("austria", "graz"), "Europe/Vienna"),
    **dict.fromkeys(("china", "beijing", "shenzhen", "hangzhou"), "Asia/Shanghai"),
    **dict.fromkeys(("india", "mumbai", "delhi", "new delhi", "bangalore"), "Asia/Kolkata"),
    **dict.fromkeys(("japan", "osaka", "kyoto"), "Asia/Tokyo"),
    **dict.fromkeys(("boston", "washington", "philadelphia", "atlanta"), "America/New_York"),
    **dict.fromkeys(("nyc", "pittsburgh", "miami", "montreal"), "America/New_York"),
    **dict.fromkeys(("san francisco", "seattle", "berkeley", "stanford"), "America/Los_Angeles"),
    **dict.fromkeys(("austin", "houston", "dallas"), "America/Chicago"),
}
_WINDOWS: Final = {
    "w. europe standard time": "Europe/Berlin",
    "romance standard time": "Europe/Paris",
    "central europe standard time": "Europe/Budapest",
    "central european standard time": "Europe/Warsaw",
    "gmt standard time": "Europe/London",
    "fle standard time": "Europe/Helsinki",
    "eastern standard time": "America/New_York",
    "central standard time": "America/Chicago",
    "mountain standard time": "America/Denver",
    "pacific standard time": "America/Los_Angeles",
    "china standard time": "Asia/Shanghai",
    "india standard time": "Asia/Kolkata",
    "tokyo standard time": "Asia/Tokyo",
    "aus eastern standard time": "Australia/Sydney",
}
"""Names of Windows, as the CLDR maps them."""

_OFFSET: Final = re.compile(
    rf"(?:utc|gmt|cet|z)? ?(?P<sign>[+\-{DASHES}])(?P<hours>[0-9]{{1,2}})(?::?[0-9]{{2}})?"
)
_CITIES: Final = {
    -8: "America/Los_Angeles",
    -7: "America/Denver",
    -6: "America/Chicago",
    -5: "America/New_York",
    -3: "America/Sao_Paulo",
    0: "Europe/London",
    1: "Europe/Paris",
    2: "Europe/Helsinki",
    3: "Africa/Nairobi",
    8: "Asia/Shanghai",
    9: "Asia/Tokyo",
    10: "Australia/Sydney",
    12: "Pacific/Auckland",
}
"""A city that is so many hours ahead of UTC in winter."""


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"localtime", "Factory", "posixrules"}


@cache
def _by_city() -> dict[str, str]:
    """Return the zones by their last word, folded; of two the first in the alphabet."""
    return {zone.rpartition("/")[2].casefold(): zone for zone in sorted(_zones(), reverse=True)}


@cache
def _sorted_zones() -> tuple[str, ...]:
    return tuple(sorted(_zones()))


def is_timezone(name: str) -> bool:
    """Whether `name` is an IANA time zone that this machine knows."""
    return name in _zones()


def time_zone(value: object) -> str:
    """Read the IANA name of a time zone."""
    written = plain_word(value)
    if city := _FIXED.get(written):
        message = f'"{written}" never has summer time, so letters would come an hour late in summer'
        raise wrong(message, suggestion=f'did you mean "{city}"?')
    if is_timezone(written):
        return written
    message, advice = _explained(written)
    raise wrong(message, suggestion=advice)


def _explained(written: str) -> tuple[str, str]:
    message = f"{quote(written)} is no time zone"
    plain = " ".join(written[:60].casefold().split())
    if found := _OFFSET.fullmatch(plain):
        hours = int(found["hours"]) * (1 if found["sign"] == "+" else -1)
        hours += plain.startswith("cet")
        city = _CITIES.get(hours, "Europe/Paris")
        told = f"{quote(written)} says nothing of summer time"
        return told, f'write the zone of a city with your time, e.g. "{city}"'
    meant = (
        _ABBREVIATIONS.get(plain) or _WINDOWS.get(plain) or _PLACES.get(plain.rpartition("/")[2])
    )
    place = plain.replace(" ", "_").rpartition("/")[2]
    near = meant or _by_city().get(place) or nearest(plain.replace(" ", "_"), _sorted_zones())
    if near and near in _zones():
        return message, f'did you mean "{near}"?'
    return message, _EXAMPLE
