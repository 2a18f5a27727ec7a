"""When is a source pulled next?"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from newsletter.model import SourceName, SourceReport

_CLOCKS_APART: Final = timedelta(minutes=1)
"""So far ahead may be the clock of another machine that pulled; what lies further ahead is wrong."""


def due_at(report: SourceReport | None, every: timedelta, *, now: datetime) -> datetime | None:
    """Return when a source is due again after its last pull, maybe in the past; None: at once.

    A pull that lies in the future was written down by a clock that was wrong: it counts as none.
    """
    if report is None or report.pulled_at is None or report.pulled_at > now + _CLOCKS_APART:
        return None
    return report.pulled_at + every


def due_sources(
    intervals: Mapping[SourceName, timedelta],
    last: Mapping[SourceName, SourceReport],
    *,
    now: datetime,
) -> tuple[SourceName, ...]:
    """Return which sources are due now, in the order of `intervals`; `last` are their last pulls."""
    moments = {name: due_at(last.get(name), every, now=now) for name, every in intervals.items()}
    return tuple(name for name, at in moments.items() if at is None or at <= now)
