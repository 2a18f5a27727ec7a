"""Where the public editions are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from newsletter.model import EntryId, PublicDay, PublicEdition, ReleaseNo


@dataclass(frozen=True, slots=True)
class Shelf:
    """How many editions of one topic hold entries, and the day of the last one."""

    editions: int
    last: date


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An edition beside another one, with entries: its day, and when it was planned."""

    local_date: date
    planned_at: datetime


class PublicEditions(Protocol):
    """One row for each topic and local day.

    An edition without entries is kept only of WHOLE, where it says that the day was planned; it counts
    nowhere else.
    """

    def keep(self, day: PublicDay, *, since: date) -> Sequence[PublicEdition]:
        """Write the editions of a day that are not there yet, in one transaction; return them.

        What is there stays as it is. An entry that another edition of the same topic holds, of `since`
        or later, is left out, and an edition of a topic without any other with it: whoever else
        plans at the same moment, no topic holds an entry twice.
        """
        ...

    def releases(self, *, since: date) -> Mapping[date, ReleaseNo]:
        """Return the days that were planned, `since` and later, each with its release number."""
        ...

    def shown(self, *, since: date) -> Mapping[str, frozenset[EntryId]]:
        """Return by topic the entries that editions of `since` and later show or name."""
        ...

    def edition(self, topic: str, day: date) -> PublicEdition | None:
        """Return an edition that has entries; raises RecordError for a damaged one."""
        ...

    def around(self, topic: str, day: date) -> tuple[Neighbour | None, Neighbour | None]:
        """Return the editions with entries before and after a day."""
        ...

    def latest(self, topic: str, *, limit: int) -> Sequence[PublicEdition]:
        """Return the last editions that have entries, latest first."""
        ...

    def shelves(self) -> Mapping[str, Shelf]:
        """Return what there is of each topic that has an edition with entries."""
        ...

    def days(self, topic: str) -> Sequence[date]:
        """Return the days of a topic that have an edition with entries, in order."""
        ...

    def all_days(self) -> Mapping[str, Sequence[date]]:
        """Return what `days` returns, for every topic."""
        ...
