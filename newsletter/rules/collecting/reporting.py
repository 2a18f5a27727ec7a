"""How a pull ended, in one word and a few counts."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from newsletter.model import (
    Admission,
    NewEntry,
    Pull,
    RevisedEntry,
    SourceName,
    SourceReport,
    SourceState,
)
from newsletter.rules.collecting.admission import Admitted

_FOR_THE_OPERATOR: Final = frozenset({SourceState.STALE, SourceState.DEGRADED, SourceState.FAILED})
"""What a source says of itself that no entry of the pull contradicts."""


def report_pull(
    name: SourceName,
    kind: str,
    pull: Pull,
    admitted: Admitted,
    *,
    pulled_at: datetime,
    duration: timedelta,
) -> SourceReport:
    """Return the report line of a pull that was read and stored.

    Every announcement that did not make an entry was merged into one.
    """
    changes = admitted.changes
    made = Counter(change.admission for change in changes if isinstance(change, NewEntry))
    revised = sum(isinstance(change, RevisedEntry) for change in changes)
    new, held, passed = (made[one] for one in Admission)
    return SourceReport(
        name=name,
        kind=kind,
        state=_state(pull, admitted, has_news=bool(new or revised)),
        fetched=len(pull.entries),
        new=new,
        merged=len(pull.entries) - made.total(),
        revised=revised,
        held=held,
        passed=passed,
        problems=(*pull.problems, *_held(name, admitted.flood)),
        note=_note(pull.note, passed),
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


def stored_at(report: SourceReport, before: datetime | None) -> datetime | None:
    """Return when a source was last pulled with success, None before its first pull with entries.

    `before` is what was known ahead of `report`. An empty pull is no first one: of a feed that is
    empty on a weekend nobody knows yet what is old.
    """
    if report.state is SourceState.FAILED:
        return before
    return report.pulled_at if report.fetched or before else None


def _state(pull: Pull, admitted: Admitted, *, has_news: bool) -> SourceState:
    if admitted.flood:
        return SourceState.DEGRADED
    if pull.verdict in _FOR_THE_OPERATOR:
        return pull.verdict
    if pull.problems:
        return SourceState.DEGRADED if pull.entries or pull.verdict else SourceState.FAILED
    if has_news:
        return SourceState.FRESH
    return pull.verdict or (SourceState.UNCHANGED if pull.entries else SourceState.EMPTY)


def _held(name: SourceName, flood: str) -> tuple[str, ...]:
    if not flood:
        return ()
    way_out = (
        f"they wait: `newsletter entries --source {name}` shows them, `newsletter sources release"
        f" {name}` lets them into letters, `newsletter sources drop {name}` keeps them out"
    )
    return (f"{flood}; {way_out}",)


def _note(note: str, passed: int) -> str:
    ones = "old one is" if passed == 1 else "old ones are"
    old = f"{passed:,} {ones} known now and not sent" if passed else ""
    return "; ".join(part for part in (note, old) if part)
