"""Dates in the fields of an answer (RFC 9110 section 5.6.7), the two obsolete forms too."""

import re
from datetime import UTC, datetime
from typing import Final

from newsletter.rules.months import MONTHS

_LONGEST: Final = 64
_YEARS_AHEAD: Final = 50
_DAYS: Final = r"(?:mon|tue|wed|thu|fri|sat|sun)"
_LONG_DAYS: Final = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH: Final = f"(?P<month>{'|'.join(MONTHS)})"
_TIME: Final = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"

_FORMS: Final = (
    # IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT. A day of one digit and UTC are met, and clear.
    re.compile(
        rf"{_DAYS}, (?P<day>[0-9]{{1,2}}) {_MONTH} (?P<year>[0-9]{{4}}) {_TIME} (?:gmt|utc)"
    ),
    # RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
    re.compile(
        rf"(?:{_LONG_DAYS}|{_DAYS}), "
        rf"(?P<day>[0-9]{{2}})-{_MONTH}-(?P<year>[0-9]{{2}}|[0-9]{{4}}) {_TIME} gmt"
    ),
    # asctime: Sun Nov  6 08:49:37 1994
    re.compile(rf"{_DAYS} {_MONTH} (?P<day>[0-9]{{2}}| [0-9]) {_TIME} (?P<year>[0-9]{{4}})"),
)


def read_http_date(text: str, *, now: datetime) -> datetime | None:
    """Return the moment that `text` names, in UTC; None where it names none.

    The day of the week is not compared with the date. A year of two digits is in the present
    century, unless that were more than fifty years ahead of `now` (RFC 9110 section 5.6.7).
    """
    if len(text) > _LONGEST:
        return None
    written = text.strip().lower()
    found = next((match for form in _FORMS if (match := form.fullmatch(written))), None)
    if found is None:
        return None
    parts = found.groupdict()
    try:
        return datetime(
            _whole_year(parts["year"], now),
            MONTHS.index(parts["month"]) + 1,
            int(parts["day"]),
            int(parts["hour"]),
            int(parts["minute"]),
            min(int(parts["second"]), 59),  # a leap second has no datetime
            tzinfo=UTC,
        )
    except ValueError:  # 30 February, 25 o'clock, the year 0
        return None


def _whole_year(digits: str, now: datetime) -> int:
    if len(digits) > 2:  # noqa: PLR2004  two digits are the shortened year
        return int(digits)
    year = now.year // 100 * 100 + int(digits)
    return year - 100 if year > now.year + _YEARS_AHEAD else year
