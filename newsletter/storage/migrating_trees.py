"""The step to schema 21: on SQLite what is planned is written into three trees less.

A slot and a standing were found by a tree of names beside the rows; now the rows stand in that tree. The
moments of last slots had an index for the alarm of a wrong clock alone, which reads it elsewhere (see
`latest_beginning`). As all steps it is never changed after a release (see `migrations`). A program of
before goes on beside it.
"""

from typing import Final

from newsletter.storage.migrating_packs import PostgresqlOnly, SqliteOnly, Statement

TREES: Final[tuple[Statement, ...]] = (
    SqliteOnly("""CREATE TABLE free_slots (
        subscriber VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        local_date DATE NOT NULL,
        begins_at DATETIME NOT NULL,
        timezone VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        planned_at DATETIME NOT NULL,
        new_count INTEGER NOT NULL,
        edition VARCHAR,
        silence VARCHAR,
        detail VARCHAR,
        PRIMARY KEY (subscriber, name)) WITHOUT ROWID"""),
    SqliteOnly("INSERT INTO free_slots SELECT * FROM slots ORDER BY subscriber, name"),
    SqliteOnly("DROP TABLE slots"),
    SqliteOnly("ALTER TABLE free_slots RENAME TO slots"),
    SqliteOnly("CREATE INDEX slots_in_silence ON slots (begins_at) WHERE silence IS NOT NULL"),
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
