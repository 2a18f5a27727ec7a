"""Who of a pull is released, held or passed over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from newsletter.model import (
    Admission,
    EntryChange,
    EntryId,
    FetchedEntry,
    NewEntry,
    RevisedEntry,
)
from newsletter.rules.collecting.terms import SourceTerms
from newsletter.rules.identity import Filed

_UNDATED: Final = 10
"""Of a first pull without any date, from the top: feeds begin with the latest, and ten are what a
letter shows. All of them would be years of old posts; none, and a source without dates would seem
broken."""

_FEWEST_BACKDATED: Final = 10
_BACKDATED_SHARE: Final = 0.8
_NEW_SHARE: Final = 0.5
"""Of the pull: a source that looks back some days, and finds more for them, names known ones too."""

_WESTERNMOST: Final = timedelta(hours=12)
_EASTERNMOST: Final = timedelta(hours=14)
"""How far the day of a source can be from that of UTC."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """What must change, admissions told. `flood` says why new entries are held; empty: none are."""

    changes: tuple[EntryChange, ...]
    flood: str = ""


def admit(
    filed: Sequence[Filed], terms: SourceTerms, *, last_pull_at: datetime | None, now: datetime
) -> Admitted:
    """Decide of the papers of one pull, those that no letter may show yet, whether one may now.

    At the first pull (`last_pull_at` is None) what was announced before `terms.since` is passed
    over, and so is at any pull the changed version of a paper that is not known. A paper that is
    stored without being released becomes news when another source announces it as news. When too
    much is new, or most of it is older than the last pull (as when a source has given new ids to
    all it has), the new papers are held, and those stored stay as they are.
    """
    news = _news(filed, terms, last_pull_at, now)
    fresh = [one for one in filed if one.change.id in news and (_is_new(one) or _wakes(one))]
    flood = _too_many(fresh, terms) or _backdated(fresh, filed, terms, last_pull_at)
    if flood:
        fresh_ids = frozenset[EntryId]()
        unshown = Admission.HELD
    else:
        fresh_ids = frozenset(one.change.id for one in fresh)
        unshown = Admission.PASSED
    changes = (_admitted(one.change, fresh_ids, news, unshown) for one in filed)
    return Admitted(tuple(changes), flood)


def _admitted(
    change: EntryChange,
    fresh: frozenset[EntryId],
    news: frozenset[EntryId],
    unshown: Admission,
) -> EntryChange:
    if isinstance(change, RevisedEntry):
        return replace(change, is_released=change.id in fresh)
    if not isinstance(change, NewEntry) or change.id in fresh:
        return change
    return replace(change, admission=unshown if change.id in news else Admission.PASSED)


def _is_new(one: Filed) -> bool:
    return isinstance(one.change, NewEntry)


def _wakes(one: Filed) -> bool:
    """Whether a source announces a paper for the first time that was not released so far."""
    old = one.stored
    if old is None or old.admission is Admission.RELEASED:
        return False
    return any(entry.source not in old.sources for entry in one.announcements)


def _news(
    filed: Sequence[Filed], terms: SourceTerms, last_pull_at: datetime | None, now: datetime
) -> frozenset[EntryId]:
    told = [one for one in filed if not all(entry.is_revision for entry in one.announcements)]
    if last_pull_at is not None or terms.takes_old:
        return frozenset(one.change.id for one in told)
    days = {one.change.id: _day(one.announcements) for one in told}
    dated = {id_: day for id_, day in days.items() if day}
    if not dated:
        return frozenset(list(days)[:_UNDATED])
    since = terms.since or _last_day(dated.values(), now)
    return frozenset(id_ for id_, day in dated.items() if day >= since)


def _last_day(days: Iterable[date], now: datetime) -> date:
    """Return the day of the last announcement; what claims to be of the future does not count."""
    today = (now + _EASTERNMOST).date()
    return max((day for day in days if day <= today), default=today)


def _day(announcements: Iterable[FetchedEntry]) -> date | None:
    """Return the latest day that announcements of one paper claim, as their source counts days."""
    days = (
        entry.announced_at.date() if entry.announced_at else entry.content.published_on
        for entry in announcements
    )
    return max((day for day in days if day), default=None)


def _too_many(fresh: Sequence[Filed], terms: SourceTerms) -> str:
    if terms.at_most_new is None or len(fresh) <= terms.at_most_new:
        return ""
    return f"{len(fresh):,} new entries at once are more than {terms.at_most_new:,} (at_most_new)"


def _backdated(
    fresh: Sequence[Filed],
    filed: Sequence[Filed],
    terms: SourceTerms,
    last_pull_at: datetime | None,
) -> str:
    if last_pull_at is None or terms.takes_old or len(fresh) < _NEW_SHARE * len(filed):
        return ""
    last_day = (last_pull_at - _WESTERNMOST).date()
    days = [_day(one.announcements) for one in fresh]
    old = sum(day is not None and day < last_day for day in days)
    if old < _FEWEST_BACKDATED or old < _BACKDATED_SHARE * len(fresh):
        return ""
    return (
        f"{old:,} of {len(fresh):,} new entries are dated before the last pull, as if the source had"
        " given new ids to all it has"
    )
