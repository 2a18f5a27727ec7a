"""The two sides of a move."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from newsletter.model import EmailAddress
from newsletter.storage import Database, open_database
from tests.contracts.filled_house import fill, stored_house

OpenStored = Callable[[str], Database]
NewDatabase = Callable[[str], str]


@pytest.fixture
def file(open_stored: OpenStored) -> Database:
    """Give a file with what can be kept of two people."""
    database = open_stored("sqlite")
    house = stored_house(database)
    for name in ("ada", "bob"):
        fill(house, EmailAddress(f"{name}@example.org"), name=name)
    return database


@pytest.fixture
def server(new_database: NewDatabase) -> Iterator[Database]:
    """Give a database on a server that has no tables."""
    with closing(open_database(new_database("postgresql migrated"))) as database:
        yield database
