"""Public editions in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from newsletter.model import WHOLE, EntryId, PublicDay, PublicEdition, ReleaseNo
from newsletter.ports import Neighbour, Shelf


class MemoryPublicEditions:
    """The PublicEditions port."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, date], PublicEdition] = {}
        self._releases: dict[date, ReleaseNo] = {}

    def keep(self, day: PublicDay, *, since: date) -> Sequence[PublicEdition]:
        """Keep what is not there yet, without what the topic has shown before; return it."""
        written = []
        for one in day.editions:
            shown = self.shown(since=since).get(one.topic, frozenset())
            new = replace(
                one,
                matches=tuple(match for match in one.matches if match.entry not in shown),
                also_matched=tuple(match for match in one.also_matched if match.entry not in shown),
            )
            new = new if new.matches else replace(new, also_matched=())
            if (one.topic, day.local_date) in self._kept or not (new.matches or one.topic == WHOLE):
                continue
            self._kept[one.topic, day.local_date] = new
            written.append(new)
        self._releases.setdefault(day.local_date, day.release)
        return written

    def releases(self, *, since: date) -> Mapping[date, ReleaseNo]:
        """Return the days that were planned."""
        return {day: release for day, release in self._releases.items() if day >= since}

    def shown(self, *, since: date) -> Mapping[str, frozenset[EntryId]]:
        """Return by topic what editions show or name."""
        found: dict[str, frozenset[EntryId]] = {}
        for (topic, day), one in self._kept.items():
            if day >= since:
                here = frozenset(match.entry for match in (*one.matches, *one.also_matched))
                found[topic] = found.get(topic, frozenset()) | here
        return found

    def edition(self, topic: str, day: date) -> PublicEdition | None:
        """Return an edition that has entries."""
        found = self._kept.get((topic, day))
        return found if found and found.matches else None

    def around(self, topic: str, day: date) -> tuple[Neighbour | None, Neighbour | None]:
        """Return the editions with entries before and after a day."""
        days = self.days(topic)
        before = [self._neighbour(topic, one) for one in days if one < day]
        after = [self._neighbour(topic, one) for one in days if one > day]
        return before[-1] if before else None, after[0] if after else None

    def latest(self, topic: str, *, limit: int) -> Sequence[PublicEdition]:
        """Return the last editions that have entries."""
        return [self._kept[topic, day] for day in reversed(self.days(topic))][:limit]

    def shelves(self) -> Mapping[str, Shelf]:
        """Return what there is of each topic."""
        return {
            topic: Shelf(len(days), days[-1]) for topic, days in self.all_days().items() if days
        }

    def days(self, topic: str) -> Sequence[date]:
        """Return the days of a topic that have an edition with entries."""
        return sorted(
            day for (name, day), one in self._kept.items() if name == topic and one.matches
        )

    def all_days(self) -> Mapping[str, Sequence[date]]:
        """Return what `days` returns, for every topic."""
        return {topic: self.days(topic) for topic in {WHOLE, *(name for name, _ in self._kept)}}

    def _neighbour(self, topic: str, day: date) -> Neighbour:
        return Neighbour(day, self._kept[topic, day].planned_at)
