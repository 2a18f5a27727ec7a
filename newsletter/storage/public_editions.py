"""Public editions: one row for each topic and local day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from newsletter.model import WHOLE, EntryId, Match, PublicDay, PublicEdition, ReleaseNo
from newsletter.ports import Neighbour, Shelf
from newsletter.storage.bulk import insert_missing
from newsletter.storage.codec import read_public_edition, write_public_edition
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.page_tables import PublicEditionRow
from newsletter.storage.rows import lock_series

_EDITIONS: Final = table_of(PublicEditionRow)
_NEIGHBOUR: Final = select(_EDITIONS.c.local_date, _EDITIONS.c.planned_at)


class PublicEditionStore:
    """The PublicEditions port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, day: PublicDay, *, since: date) -> Sequence[PublicEdition]:
        """Write what is not there yet, without what the topic has shown before; return it."""
        with self._database.writing() as connection:
            # The entries of a day are those released until then; nobody else plans one meanwhile.
            lock_series(connection, "release")
            of_day = select(_EDITIONS.c.topic).where(_EDITIONS.c.local_date == day.local_date)
            there = set(connection.execute(of_day).scalars())
            wanted = [one for one in day.editions if one.topic not in there]
            shown = _shown(connection, since) if wanted else {}
            new = [_without(one, shown.get(one.topic, frozenset())) for one in wanted]
            written = [one for one in new if one.topic == WHOLE or one.matches]
            insert_missing(connection, _EDITIONS, [_row(one, day.release) for one in written])
        return written

    def releases(self, *, since: date) -> Mapping[date, ReleaseNo]:
        """Return the days that were planned, each with its release number."""
        query = select(_EDITIONS.c.local_date, _EDITIONS.c.decision).where(
            _EDITIONS.c.topic == WHOLE, _EDITIONS.c.local_date >= since
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return {day: read_public_edition(decision).release for day, decision in rows}

    def shown(self, *, since: date) -> Mapping[str, frozenset[EntryId]]:
        """Return by topic the entries that editions of `since` and later show or name."""
        with self._database.reading() as connection:
            return _shown(connection, since)

    def edition(self, topic: str, day: date) -> PublicEdition | None:
        """Return an edition that has entries."""
        query = select(_EDITIONS).where(
            _EDITIONS.c.topic == topic, _EDITIONS.c.local_date == day, _has_entries()
        )
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        return _edition(row) if row else None

    def around(self, topic: str, day: date) -> tuple[Neighbour | None, Neighbour | None]:
        """Return the editions with entries before and after a day."""
        of_topic = _NEIGHBOUR.where(_EDITIONS.c.topic == topic, _has_entries()).limit(1)
        with self._database.reading() as connection:
            before = connection.execute(
                of_topic.where(_EDITIONS.c.local_date < day).order_by(_EDITIONS.c.local_date.desc())
            ).first()
            after = connection.execute(
                of_topic.where(_EDITIONS.c.local_date > day).order_by(_EDITIONS.c.local_date)
            ).first()
        return _neighbour(before), _neighbour(after)

    def latest(self, topic: str, *, limit: int) -> Sequence[PublicEdition]:
        """Return the last editions that have entries, latest first."""
        query = select(_EDITIONS).where(_EDITIONS.c.topic == topic, _has_entries())
        last = query.order_by(_EDITIONS.c.local_date.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_edition(row) for row in connection.execute(last).mappings()]

    def shelves(self) -> Mapping[str, Shelf]:
        """Return what there is of each topic; all but WHOLE from the index alone."""
        columns = (_EDITIONS.c.topic, func.count(), func.max(_EDITIONS.c.local_date))
        of_topics = select(*columns).where(_EDITIONS.c.topic != WHOLE).group_by(_EDITIONS.c.topic)
        of_whole = (
            select(*columns)
            .where(_EDITIONS.c.topic == WHOLE, _has_entries())
            .group_by(_EDITIONS.c.topic)
        )
        with self._database.reading() as connection:
            rows = [*connection.execute(of_topics), *connection.execute(of_whole)]
        return {topic: Shelf(count, last) for topic, count, last in rows}

    def days(self, topic: str) -> Sequence[date]:
        """Return the days of a topic that have an edition with entries, in order."""
        query = (
            select(_EDITIONS.c.local_date)
            .where(_EDITIONS.c.topic == topic)
            .order_by(_EDITIONS.c.local_date)
        )
        with self._database.reading() as connection:
            return connection.execute(_with_entries(query, topic)).scalars().all()

    def all_days(self) -> Mapping[str, Sequence[date]]:
        """Return what `days` returns, for every topic."""
        query = (
            select(_EDITIONS.c.topic, _EDITIONS.c.local_date)
            .where(_EDITIONS.c.topic != WHOLE)
            .order_by(_EDITIONS.c.topic, _EDITIONS.c.local_date)
        )
        days: defaultdict[str, list[date]] = defaultdict(list)
        with self._database.reading() as connection:
            for topic, day in connection.execute(query):
                days[topic].append(day)
        return {WHOLE: self.days(WHOLE), **days}


def _has_entries() -> ColumnElement[bool]:
    return _EDITIONS.c.decision.contains("\n")  # see codec.public_editions


def _with_entries(query: Any, topic: str) -> Any:
    """Narrow a query where that is needed: of WHOLE alone there are editions without entries."""
    return query.where(_has_entries()) if topic == WHOLE else query


def _shown(connection: Connection, since: date) -> dict[str, frozenset[EntryId]]:
    query = select(_EDITIONS.c.topic, _EDITIONS.c.decision).where(_EDITIONS.c.local_date >= since)
    found: defaultdict[str, set[EntryId]] = defaultdict(set)
    for topic, decision in connection.execute(query):
        read = read_public_edition(decision)
        found[topic].update(_ids((*read.matches, *read.also_matched)))
    return {topic: frozenset(entries) for topic, entries in found.items()}


def _ids(matches: Iterable[Match]) -> list[EntryId]:
    return [match.entry for match in matches]


def _without(edition: PublicEdition, shown: frozenset[EntryId]) -> PublicEdition:
    if shown.isdisjoint(_ids((*edition.matches, *edition.also_matched))):
        return edition
    matches, also_matched = (
        tuple(match for match in some if match.entry not in shown)
        for some in (edition.matches, edition.also_matched)
    )
    return replace(edition, matches=matches, also_matched=also_matched if matches else ())


def _row(edition: PublicEdition, release: ReleaseNo) -> dict[str, object]:
    return {
        "topic": edition.topic,
        "local_date": edition.local_date,
        "planned_at": edition.planned_at,
        "new_count": edition.new_count,
        "decision": write_public_edition(edition, release),
    }


def _edition(row: RowMapping) -> PublicEdition:
    read = read_public_edition(row["decision"])
    return PublicEdition(
        topic=row["topic"],
        local_date=row["local_date"],
        planned_at=row["planned_at"],
        new_count=row["new_count"],
        matches=read.matches,
        also_matched=read.also_matched,
    )


def _neighbour(row: Any) -> Neighbour | None:
    return Neighbour(row[0], row[1]) if row else None
