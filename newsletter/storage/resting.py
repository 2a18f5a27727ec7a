"""Who need not be looked at for a while, because no slot of theirs begins: most people, most of the time.

What a look found out is written beside the person, and forgotten by whatever changes the person. Nobody
rests for longer than some hours, so a mistake here costs a letter those hours and not its slot.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from newsletter.model import Subscriber, SubscriberId
from newsletter.rules.planning import LONGEST_REST
from newsletter.storage.bulk import Row, update_rows
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.rows import pieces, rows_in, tuples_in
from newsletter.storage.subscriber_rows import SUBSCRIBERS_WITH_SUPPRESSION, subscriber_of
from newsletter.storage.tables import SubscriberRow

_PAGE: Final = 1000
_FEW: Final = 5_000
"""So many are found by the index of moments; where more are due, everybody is read in turn."""
_SLACK: Final = timedelta(hours=1)
_TABLE: Final = table_of(SubscriberRow)
_PEOPLE: Final = _TABLE.c
_BATCH: Final = 1000
_FREE: Final = select(_PEOPLE.id).with_for_update(skip_locked=True, key_share=True)
_UNCHANGED: Final = ("state", "since_at", "cadence_since_at")
_IN_FORCE: Final[Row] = {"is_disowned": False}


class _Asked(NamedTuple):
    """Whose slot may have come at a moment."""

    now: datetime
    above: str = ""
    below: str | None = None


class StoredRests:
    """The Rests port over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def awake(
        self, *, now: datetime, above: str = "", below: str | None = None
    ) -> Iterator[Subscriber]:
        """Yield those whose slot may have come, by id; with an id above one and below the other."""
        asked = _Asked(now, above, below)
        if self._count(asked, _FEW) < _FEW:
            return self._few(asked)
        return self._in_turn(asked)

    def has_awake(self, *, now: datetime) -> bool:
        """Return whether there is anybody."""
        return self._count(_Asked(now), 1) > 0

    def bounds(self, *, now: datetime, size: int) -> Sequence[SubscriberId]:
        """Return the id of every `size`th of those, in order."""
        place = func.row_number().over(order_by=_PEOPLE.id).label("place")
        numbered = select(_PEOPLE.id, place).where(_is_awake(_Asked(now))).subquery()
        query = (
            select(numbered.c.id)
            .where(numbered.c.place % bindparam("size", size, Integer) == literal_column("0"))
            .order_by(numbered.c.id)
        )
        with self._database.reading() as connection:
            return [SubscriberId(one) for one in connection.execute(query).scalars()]

    def rest(self, people: Iterable[tuple[Subscriber, datetime]]) -> None:
        """Let each rest until a moment; who was changed since they were read does not."""
        for piece in pieces(people, _BATCH):
            wanted = {person.id: _rest(person, until) for person, until in piece}
            with self._database.writing() as connection:
                # Whom somebody else writes at this moment is left to them: nobody waits here, and
                # whoever waits for rows in their order is never waited for in turn.
                free = rows_in(connection, _FREE, _PEOPLE.id, sorted(wanted))
                rows = [wanted[SubscriberId(one["id"])] for one in free]
                update_rows(connection, _TABLE, rows, was=_IN_FORCE, same=_UNCHANGED)

    def _count(self, asked: _Asked, most: int) -> int:
        some = select(_PEOPLE.id).where(_is_awake(asked)).limit(most).subquery()
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(some)).scalar_one())

    def _few(self, asked: _Asked) -> Iterator[Subscriber]:
        with self._database.reading() as connection:
            ids = sorted(connection.execute(select(_PEOPLE.id).where(_is_awake(asked))).scalars())
        for piece in pieces(ids, _PAGE):
            with self._database.reading() as connection:
                rows = tuples_in(connection, SUBSCRIBERS_WITH_SUPPRESSION, _PEOPLE.id, piece)
                people = [subscriber_of(row) for row in rows]
            yield from sorted(people, key=lambda one: one.id)

    def _in_turn(self, asked: _Asked) -> Iterator[Subscriber]:
        while True:
            query = SUBSCRIBERS_WITH_SUPPRESSION.where(_is_awake(asked))
            with self._database.reading() as connection:
                rows = connection.execute(query.order_by(_PEOPLE.id).limit(_PAGE)).all()
            yield from map(subscriber_of, rows)
            if len(rows) < _PAGE:
                return
            asked = asked._replace(above=rows[-1].id)


def _is_awake(asked: _Asked) -> ColumnElement[bool]:
    # What lies too far ahead was written down while the clock was wrong.
    too_far = asked.now + LONGEST_REST + _SLACK
    conditions = [or_(_PEOPLE.look_at <= asked.now, _PEOPLE.look_at > too_far)]
    if asked.above:
        conditions.append(_PEOPLE.id > asked.above)
    if asked.below is not None:
        conditions.append(_PEOPLE.id < asked.below)
    return and_(*conditions)


def _rest(person: Subscriber, until: datetime) -> Row:
    return {
        "id": person.id,
        "look_at": until,
        "state": str(person.state),
        "since_at": person.since_at,
        "cadence_since_at": person.cadence_since_at,
    }
