"""The step to schema 20: who may not be written to is found without a look at the rows of all others.

People are planned for in the order of their ids, and their rows stand in the order in which they came: to
look whether each is still a subscriber read one more page for each letter. As all steps it is never changed
after a release (see `migrations`). A program of before goes on beside it.
"""

from typing import Final

from newsletter.storage.migrating_packs import SqliteOnly, Statement

PEOPLE: Final[tuple[Statement, ...]] = (
    SqliteOnly("CREATE INDEX subscribers_apart ON subscribers (id) WHERE state <> 'confirmed'"),
)
