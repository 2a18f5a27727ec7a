"""How long a service asks us to wait."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from newsletter.rules.http_fields.dates import read_http_date

LONGEST_WAIT: Final = timedelta(days=1)
"""Nobody is waited for longer on one word of theirs: by then we may ask how things stand."""

_LONGEST_FIELD: Final = 1_000
_SECONDS: Final = re.compile(r"([0-9]+)(?:\.[0-9]*)?")
_PART: Final = re.compile(r"([a-z]+)=([0-9]+)")
_NO_WAIT: Final = timedelta(0)
_UNITS_S: Final = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_INTERVAL: Final = re.compile(r"([0-9]+) *([smhd]?)")


def retry_after(text: str | None, *, now: datetime) -> timedelta | None:
    """Return the wait that Retry-After asks for (RFC 9110 section 10.2.3): seconds, or a date.

    At least nothing, at most `LONGEST_WAIT`; None where there is nothing that can be read. `now`
    is ours: the server's clock may differ by some seconds, which is why a date already past asks
    for no wait.
    """
    written = (text or "").strip()
    if len(written) > _LONGEST_FIELD:
        return None
    if seconds := _SECONDS.fullmatch(written):
        return _bounded(seconds[1])
    moment = read_http_date(written, now=now)
    return None if moment is None else min(max(moment - now, _NO_WAIT), LONGEST_WAIT)


def quota_wait(text: str | None) -> timedelta | None:
    """Return how long to wait since a quota is used up, as the field RateLimit says; None: none is.

    `"api";r=0;t=55` (draft-ietf-httpapi-ratelimit-headers, 08 and later) and the form before it,
    `limit=100, remaining=0, reset=55`. Of several quotas the one that takes longest counts. A
    second more than was said, since the server cuts off the fractions.
    """
    if text is None or len(text) > _LONGEST_FIELD:
        return None
    waits = [wait for left, wait in _quotas(text.lower()) if left == "0" * len(left)]
    return max((_bounded(wait, more=1) for wait in waits), default=None)


def interval_asked(limit: str | None, interval: str | None) -> timedelta | None:
    """Return the pace that `x-rate-limit-limit` requests in `x-rate-limit-interval` ask for.

    Crossref says `50` and `1s`. None where they say nothing that can be read, or no limit at all.
    """
    counted = re.fullmatch(r"[0-9]{1,9}", (limit or "").strip())
    lasting = _INTERVAL.fullmatch((interval or "").strip().lower()[:20])
    if not counted or not lasting or int(counted[0]) == 0:
        return None
    seconds = _UNITS_S[lasting[2]] * int(lasting[1][:9])
    return min(timedelta(seconds=seconds / int(counted[0])), LONGEST_WAIT)


def _quotas(text: str) -> Iterator[tuple[str, str]]:
    """Yield what is left of each quota, and the seconds until it is filled again."""
    if "remaining=" in text:
        parts = dict(_PART.findall(text))
        yield from _pair(parts, "remaining", "reset")
        return
    for quota in text.split(","):
        parts = {found[1]: found[2] for one in quota.split(";") if (found := _part_of(one))}
        yield from _pair(parts, "r", "t")


def _part_of(text: str) -> re.Match[str] | None:
    return _PART.fullmatch(text.strip())


def _pair(parts: dict[str, str], left: str, wait: str) -> Iterator[tuple[str, str]]:
    if left in parts and wait in parts:
        yield parts[left], parts[wait]


def _bounded(digits: str, *, more: int = 0) -> timedelta:
    seconds = int(digits.lstrip("0")[:9] or 0)  # nine digits are thirty years already
    return min(timedelta(seconds=seconds + more), LONGEST_WAIT)
