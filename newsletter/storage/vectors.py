"""Vectors of texts that were made before: what is read of them costs far less than making it again."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, select, update

from newsletter.ports import ModelId, TextKey
from newsletter.storage.again import repeated
from newsletter.storage.bulk import insert_missing
from newsletter.storage.columns import storable, table_of
from newsletter.storage.database import Database
from newsletter.storage.purging import Steps, purge_vectors
from newsletter.storage.rows import lock_series, pieces, take_numbers
from newsletter.storage.vector_tables import VectorModelRow, VectorRow

_VECTORS: Final = table_of(VectorRow)
_MODELS: Final = table_of(VectorModelRow)
_SERIES: Final = "vector-model"
_KEPT_AT_ONCE: Final = 1_000
"""Vectors in one transaction: some milliseconds, in which on SQLite nobody else writes."""

_HERE: Final = (
    _VECTORS.c.model == bindparam("number"),
    _VECTORS.c.key.in_(bindparam("keys", expanding=True)),
)
_FIND: Final = select(_VECTORS.c.key, _VECTORS.c.vector).where(*_HERE)
_LOOK: Final = select(_VECTORS.c.key, _VECTORS.c.used_on).where(*_HERE)
_USE: Final = update(_VECTORS).where(*_HERE).values(used_on=bindparam("today"))


class StoredVectors:
    """The VectorStore port over a database. When a vector was used is known to the day, in UTC."""

    def __init__(self, database: Database, steps: Steps | None = None) -> None:
        self._database = database
        self._steps = steps or Steps()

    def find(self, model: ModelId, keys: Iterable[TextKey]) -> Mapping[TextKey, bytes]:
        """Return the vectors that are known of `keys`: float16, little-endian."""
        with self._database.reading() as connection:
            number = _number(connection, model)
            if number is None:
                return {}
            return _read(connection, _FIND, number, keys)

    def keep(self, model: ModelId, vectors: Mapping[TextKey, bytes], *, now: datetime) -> None:
        """Keep vectors; one that is there already stays and counts as used today."""
        rest, today = iter(sorted(vectors.items())), now.astimezone(UTC).date()
        while some := dict(islice(rest, _KEPT_AT_ONCE)):
            self._keep(model, some, today)

    def forget(self, *, unused_since: datetime) -> int:
        """Forget those that were last used on a day before that of `unused_since`; return how many."""
        return purge_vectors(self._database, unused_since.astimezone(UTC).date(), self._steps)

    @repeated
    def _keep(self, model: ModelId, vectors: Mapping[TextKey, bytes], today: date) -> None:
        used_on = self._last_used(model, vectors)
        missing = vectors.keys() - used_on.keys()
        late = [key for key, day in used_on.items() if day < today]
        if not missing and not late:  # most often: nobody waits for that
            return
        with self._database.writing() as connection:
            number = _number(connection, model) or _add(connection, model)
            day = {"model": number, "used_on": today}
            # In the order of keys, so that two who keep the same never wait for each other in turn.
            new = [{**day, "key": key, "vector": vectors[key]} for key in sorted(missing)]
            insert_missing(connection, _VECTORS, new)
            for piece in pieces(late):
                connection.execute(_USE, {"number": number, "keys": piece, "today": today})

    def _last_used(self, model: ModelId, keys: Iterable[TextKey]) -> dict[TextKey, date]:
        with self._database.reading() as connection:
            number = _number(connection, model)
            return {} if number is None else _read(connection, _LOOK, number, keys)


def _read(
    connection: Connection, query: Select[Any], number: int, keys: Iterable[TextKey]
) -> dict[TextKey, Any]:
    return {
        TextKey(key): value
        for piece in pieces(dict.fromkeys(keys))
        for key, value in connection.execute(query, {"number": number, "keys": piece})
    }


def _number(connection: Connection, model: ModelId) -> int | None:
    """Return the number of a model, None before it made any vector."""
    here = _MODELS.c.name == storable(model)
    return connection.execute(select(_MODELS.c.number).where(here)).scalar()


def _add(connection: Connection, model: ModelId) -> int:
    """Give a number to a model, if nobody else does so meanwhile."""
    lock_series(connection, _SERIES)
    known = _number(connection, model)
    if known is not None:
        return known
    (number,) = take_numbers(connection, _SERIES, 1)
    insert_missing(connection, _MODELS, [{"number": number, "name": storable(model)}])
    return number
