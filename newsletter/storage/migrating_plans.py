"""The step to schema 18: on PostgreSQL a planned letter is written with a quarter less work of the server.

As all steps it is never changed after a release (see `migrations`). A program of before goes on beside it.
"""

from typing import Final

from newsletter.storage.migrating_packs import PostgresqlOnly, Statement

PLANS: Final[tuple[Statement, ...]] = (
    # Edition, slot and message are written by one transaction and forgotten by another. To have the server
    # look for the edition again, and lock it, for each of the two costs more than to insert them.
    PostgresqlOnly("ALTER TABLE slots DROP CONSTRAINT IF EXISTS slots_edition_fkey"),
    PostgresqlOnly("ALTER TABLE outbox DROP CONSTRAINT IF EXISTS outbox_edition_fkey"),
    # It served that constraint alone: slots are found by their subscriber.
    PostgresqlOnly("DROP INDEX IF EXISTS slots_by_edition"),
)
