"""Who need not be looked at for a while, because no slot of theirs begins: most people, most of the time.

What a look found out is written beside the person, and forgotten by whatever changes the person. Nobody
rests for longer than some hours, so a mistake here costs a letter those hours and not its slot.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Update,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)

from newsletter.model import Subscriber, SubscriberId
from newsletter.rules.planning import LONGEST_REST
from newsletter.storage.bulk import MOMENTS, TEXTS, write_array, write_known, write_zoned
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.driver import driver_of
from newsletter.storage.rows import pieces, tuples_in
from newsletter.storage.subscriber_rows import SUBSCRIBERS_WITH_SUPPRESSION, subscriber_of
from newsletter.storage.tables import SubscriberRow

_PAGE: Final = 1000
_FEW: Final = 5_000
"""So many are found by the index of moments; where more are due, everybody is read in turn."""
_SLACK: Final = timedelta(hours=1)
_TABLE: Final = table_of(SubscriberRow)
_PEOPLE: Final = _TABLE.c
_BATCH: Final = 4000


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
            with self._database.noting() as connection:
                driver = driver_of(connection)
                if driver.name == "postgresql":
                    driver.change(_RESTING, _arrays(piece))
                else:
                    driver.change_all(_REST, map(_rest, piece))

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


def _rest(one: tuple[Subscriber, datetime]) -> tuple[str | None, ...]:
    """Return the values of `_REST`."""
    person, until = one
    moments = (person.since_at, person.cadence_since_at)
    return write_known(until), person.id, str(person.state), *map(write_known, moments)


def _arrays(people: Sequence[tuple[Subscriber, datetime]]) -> Mapping[str, str]:
    """Return the values of `_RESTING`."""
    return {
        "id": write_array(person.id for person, _ in people),
        "state": write_array(str(person.state) for person, _ in people),
        "since_at": _moments(person.since_at for person, _ in people),
        "cadence_since_at": _moments(person.cadence_since_at for person, _ in people),
        "look_at": _moments(until for _, until in people),
    }


def _moments(moments: Iterable[datetime | None]) -> str:
    return write_array(None if one is None else write_zoned(one) for one in moments)


_REST: Final = (
    "UPDATE subscribers SET look_at = ? WHERE id = ? AND NOT is_disowned AND state = ?"
    " AND since_at IS ? AND cadence_since_at IS ?"
)


def _resting() -> Update:
    """Return the statement for many people at once, of whom each stands in all arrays."""
    columns = ("id", "state", "since_at", "cadence_since_at", "look_at")
    kinds = (TEXTS, TEXTS, MOMENTS, MOMENTS, MOMENTS)
    arrays = (bindparam(name, type_=kind) for name, kind in zip(columns, kinds, strict=True))
    people = func.unnest(*arrays).table_valued(*columns, name="new").render_derived()
    new = people.c
    # Whom somebody else writes at this moment is left to them: nobody waits here, and whoever waits for
    # rows in their order is never waited for in turn.
    free = (
        select(_PEOPLE.id, new.look_at)
        .join_from(_TABLE, people, new.id == _PEOPLE.id)
        .where(
            ~_PEOPLE.is_disowned,
            _PEOPLE.state == new.state,
            _PEOPLE.since_at.is_not_distinct_from(new.since_at),
            _PEOPLE.cadence_since_at.is_not_distinct_from(new.cadence_since_at),
        )
        .with_for_update(skip_locked=True, key_share=True, of=_TABLE)
        .cte("free")
    )
    return update(_TABLE).where(_PEOPLE.id == free.c.id).values(look_at=free.c.look_at)


_RESTING: Final = _resting()
