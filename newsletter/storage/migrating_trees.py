"""The step to schema 21: on SQLite where somebody stands is written into one tree, which was three.

A standing was found by a tree of names beside the rows; now the rows stand in that tree. It is read and
changed with each plan, and there is one for each person. The moments of last slots had an index for the
alarm of a wrong clock alone, which reads it elsewhere (see `latest_beginning`). As all steps it is never
changed after a release (see `migrations`). A program of before goes on beside it.
"""

from typing import Final

from newsletter.storage.migrating_packs import PostgresqlOnly, SqliteOnly, Statement

TREES: Final[tuple[Statement, ...]] = (
    SqliteOnly("""CREATE TABLE free_standings (
        subscriber VARCHAR NOT NULL PRIMARY KEY,
        watermark INTEGER NOT NULL,
        last_date DATE,
        last_begins_at DATETIME,
        last_timezone VARCHAR,
        last_edition_on DATE) WITHOUT ROWID"""),
    SqliteOnly("INSERT INTO free_standings SELECT * FROM standings ORDER BY subscriber"),
    SqliteOnly("DROP TABLE standings"),
    SqliteOnly("ALTER TABLE free_standings RENAME TO standings"),
    PostgresqlOnly("DROP INDEX IF EXISTS standings_by_beginning"),
)
