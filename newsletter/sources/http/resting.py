"""After an answer: when may the service be asked again?"""

from datetime import datetime, timedelta
from typing import Final

from newsletter.model import Manners
from newsletter.rules.http_fields import LONGEST_WAIT, interval_asked, quota_wait, retry_after
from newsletter.sources.http.fields import Fields, first, joined

_NO_WAIT: Final = timedelta(0)
_MOST_JITTER: Final = timedelta(seconds=10)
_DOUBLINGS: Final = 20


def rest_after(fields: Fields, manners: Manners) -> timedelta:
    """Return how long a service rests after an answer: our pace, or its own where that is slower."""
    theirs = interval_asked(
        first(fields, "x-rate-limit-limit"), first(fields, "x-rate-limit-interval")
    )
    used_up = quota_wait(joined(fields, "ratelimit"))
    return max(manners.interval, theirs or _NO_WAIT, used_up or _NO_WAIT)


def named_wait(fields: Fields, now: datetime) -> timedelta | None:
    """Return the wait that a busy service names; None where it names none, or one that is nothing."""
    after = retry_after(first(fields, "retry-after"), now=now)
    used_up = quota_wait(joined(fields, "ratelimit"))
    return max(after or _NO_WAIT, used_up or _NO_WAIT) or None


def back_off(
    fields: Fields, manners: Manners, *, tries: int, chance: float, now: datetime
) -> timedelta:
    """Return how long to leave a service alone that was busy for the `tries`-th time.

    What it names, else `Manners.back_off` doubled each time; and a tenth more by `chance`, from 0
    to 1, at most ten seconds, so that not all who were sent away come back at one moment.
    """
    doubled = manners.back_off * 2 ** min(tries - 1, _DOUBLINGS)
    wait = max(named_wait(fields, now) or min(doubled, LONGEST_WAIT), rest_after(fields, manners))
    return min(wait + min(wait / 10, _MOST_JITTER) * chance, LONGEST_WAIT)
