"""Reading all people, page by page: who comes meanwhile may be among them or not."""

from collections.abc import Iterator
from itertools import takewhile
from typing import Any, Final

from sqlalchemy import Select, String, bindparam

from newsletter.model import Subscriber
from newsletter.storage.columns import table_of
from newsletter.storage.database import Database
from newsletter.storage.driver import driver_of
from newsletter.storage.subscriber_rows import SUBSCRIBERS_WITH_SUPPRESSION, subscriber_of
from newsletter.storage.tables import SubscriberRow

_PAGE: Final = 1000
_PEOPLE: Final = table_of(SubscriberRow).c
_ID, _KEY = 0, 1
"""Where a row has the id and the key of the address."""


def read_by_address(database: Database) -> Iterator[Subscriber]:
    """Yield every subscriber, by address."""
    return _page_by_page(database, _NEXT_BY_ADDRESS, _KEY, "")


def read_by_id(database: Database, above: str, below: str | None) -> Iterator[Subscriber]:
    """Yield the subscribers with ids above one and below the other, by id."""
    people = _page_by_page(database, _NEXT_BY_ID, _ID, above)
    return people if below is None else takewhile(lambda person: person.id < below, people)


def _page_after(place: Any) -> Select[Any]:
    """Return the query for the page behind `last` along the index of a column."""
    behind = SUBSCRIBERS_WITH_SUPPRESSION.where(place > bindparam("last", type_=String))
    return behind.order_by(place).limit(_PAGE)


_NEXT_BY_ADDRESS: Final = _page_after(_PEOPLE.address_key)
_NEXT_BY_ID: Final = _page_after(_PEOPLE.id)


def _page_by_page(
    database: Database, next_page: Select[Any], place: int, last: str
) -> Iterator[Subscriber]:
    while True:
        with database.reading() as connection:
            rows = driver_of(connection).fetch(next_page, {"last": last})
        yield from map(subscriber_of, rows)
        if len(rows) < _PAGE:
            return
        last = rows[-1][place]
