"""How a pull ended, in one word and a few counts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from newsletter.model import (
    EntryChange,
    NewEntry,
    Pull,
    RevisedEntry,
    SourceName,
    SourceReport,
    SourceState,
)


def report_pull(
    name: SourceName,
    kind: str,
    pull: Pull,
    changes: Sequence[EntryChange],
    *,
    pulled_at: datetime,
    duration: timedelta,
) -> SourceReport:
    """Return the report line of a pull that was read and stored.

    Every announcement that did not make a new entry was merged into one.
    """
    new = sum(isinstance(change, NewEntry) for change in changes)
    revised = sum(isinstance(change, RevisedEntry) for change in changes)
    return SourceReport(
        name=name,
        kind=kind,
        state=_state(pull, has_news=bool(new or revised)),
        fetched=len(pull.entries),
        new=new,
        merged=len(pull.entries) - new,
        revised=revised,
        problems=pull.problems,
        duration=duration,
        pulled_at=pulled_at,
    )


def report_failure(
    name: SourceName, kind: str, problem: str, *, pulled_at: datetime, duration: timedelta
) -> SourceReport:
    """Return the report line of a source from which nothing could be read."""
    return SourceReport(
        name=name,
        kind=kind,
        state=SourceState.FAILED,
        problems=(problem,),
        duration=duration,
        pulled_at=pulled_at,
    )


def _state(pull: Pull, *, has_news: bool) -> SourceState:
    if pull.problems:
        return SourceState.DEGRADED if pull.entries else SourceState.FAILED
    if not pull.entries:
        return SourceState.EMPTY
    return SourceState.FRESH if has_news else SourceState.UNCHANGED
