"""The step to schema 17: what several machines that work for one newsletter tell each other.

As all steps it is never changed after a release (see `migrations`). It only adds.
"""

from typing import Final

from newsletter.storage.migrating_packs import PostgresqlOnly, SqliteOnly, Statement

_CHANGES: Final = "state, since_at, confirmed_at, preferences, cadence_since_at, is_disowned"
"""Whatever of a person counts for when the next slot begins. `resting` writes none of these."""

MACHINES: Final[tuple[Statement, ...]] = (
    # Nobody with a moment ahead here is due: a look at each minute reads the others alone.
    "ALTER TABLE subscribers ADD COLUMN look_at DATETIME NOT NULL DEFAULT '1970-01-01 00:00:00.000000'",
    "CREATE INDEX subscribers_by_look ON subscribers (look_at, id)",
    # Whoever changes a person, a program too that knows nothing of rests, ends the rest.
    SqliteOnly(f"""CREATE TRIGGER subscribers_wake AFTER UPDATE OF {_CHANGES} ON subscribers
        WHEN NEW.look_at <> '1970-01-01 00:00:00.000000'
        BEGIN
            UPDATE subscribers SET look_at = '1970-01-01 00:00:00.000000' WHERE id = NEW.id;
        END"""),  # noqa: S608 - our own names
    PostgresqlOnly("""CREATE OR REPLACE FUNCTION wake_subscriber() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.look_at := TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00';
            RETURN NEW;
        END $$"""),
    PostgresqlOnly(f"""CREATE TRIGGER subscribers_wake BEFORE UPDATE OF {_CHANGES} ON subscribers
        FOR EACH ROW WHEN (NEW.look_at <> TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00')
        EXECUTE FUNCTION wake_subscriber()"""),
    """CREATE TABLE workers (
        name VARCHAR NOT NULL PRIMARY KEY,
        host VARCHAR NOT NULL,
        pid INTEGER NOT NULL,
        program VARCHAR NOT NULL,
        queues VARCHAR NOT NULL,
        started_at DATETIME NOT NULL,
        seen_at DATETIME NOT NULL,
        doing VARCHAR NOT NULL,
        figures VARCHAR NOT NULL)""",
    # Which steps the tables of the job library have had, on PostgreSQL.
    "CREATE TABLE job_steps (name VARCHAR NOT NULL PRIMARY KEY)",
)
