"""The step to schema 17: what several machines that work for one newsletter tell each other.

As all steps it is never changed after a release (see `migrations`).
"""

from typing import Final

MACHINES: Final = (
    # Nobody with a moment ahead here is due: a look at each minute reads the others alone.
    "ALTER TABLE subscribers ADD COLUMN look_at DATETIME NOT NULL DEFAULT '1970-01-01 00:00:00.000000'",
    "CREATE INDEX subscribers_by_look ON subscribers (look_at, id)",
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
