"""The step to schema 19, with which planning for very many on SQLite reads and writes half as many pages.

No index but one is in the order of the names of editions, which is none: they are hashes. Each tree that is
sorted by it is written into at another place for each letter, and once it is larger than what a connection
holds of the file, each letter reads and writes a page of it. Planning for a million took half as long again.
An edition knows its subscriber, and by the subscriber slots and messages are found. As all steps it is never
changed after a release (see `migrations`).
"""

from typing import Final

from newsletter.storage.migrating_packs import PostgresqlOnly, SqliteOnly, Statement

LETTERS: Final[tuple[Statement, ...]] = (
    # That an edition has one message follows from its slot, which has one row and is written with it.
    PostgresqlOnly("ALTER TABLE outbox DROP CONSTRAINT IF EXISTS outbox_edition_key"),
    # SQLite cannot take a constraint from a table: a table without it takes its place.
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
        PRIMARY KEY (subscriber, name))"""),
    SqliteOnly("INSERT INTO free_slots SELECT * FROM slots ORDER BY rowid"),
    SqliteOnly("DROP TABLE slots"),
    SqliteOnly("ALTER TABLE free_slots RENAME TO slots"),
    SqliteOnly("CREATE INDEX slots_in_silence ON slots (begins_at) WHERE silence IS NOT NULL"),
    SqliteOnly("""CREATE TABLE free_outbox (
        id INTEGER NOT NULL PRIMARY KEY,
        kind VARCHAR NOT NULL,
        subscriber VARCHAR NOT NULL,
        recipient VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        begins_at DATETIME NOT NULL,
        begin_by DATETIME NOT NULL,
        retry_until DATETIME NOT NULL,
        edition VARCHAR,
        slot VARCHAR,
        attempts INTEGER NOT NULL,
        crashes INTEGER NOT NULL,
        resends INTEGER NOT NULL,
        maybe_sent BOOLEAN NOT NULL,
        not_before DATETIME,
        message_id VARCHAR,
        message_sha256 VARCHAR,
        last_reply VARCHAR NOT NULL,
        lease VARCHAR,
        updated_at DATETIME NOT NULL)"""),
    SqliteOnly("INSERT INTO free_outbox SELECT * FROM outbox ORDER BY id"),
    SqliteOnly("DROP TABLE outbox"),
    SqliteOnly("ALTER TABLE free_outbox RENAME TO outbox"),
    SqliteOnly("CREATE INDEX outbox_by_subscriber ON outbox (subscriber)"),
    SqliteOnly("CREATE INDEX outbox_by_turn ON outbox (state, begins_at, id, recipient)"),
    SqliteOnly("""CREATE INDEX outbox_to_begin ON outbox (state, begin_by)
        WHERE message_sha256 IS NULL AND state IN ('queued', 'deferred')"""),
    SqliteOnly("""CREATE INDEX outbox_to_end ON outbox (state, retry_until)
        WHERE state IN ('queued', 'deferred')"""),
    SqliteOnly("CREATE INDEX outbox_suspects ON outbox (state, crashes) WHERE crashes > 0"),
    SqliteOnly("""CREATE INDEX outbox_answers
        ON outbox (state, begins_at, id, not_before, updated_at, recipient) WHERE kind = 'reply'"""),
)
