"""The steps that brought mail servers of domains, admission of entries, paces, and mail for sources.

As all steps they are never changed after a release (see `migrations`).
"""

from typing import Final

MAIL_HOSTS: Final = (
    """CREATE TABLE mail_hosts (
        domain VARCHAR NOT NULL PRIMARY KEY,
        hosts VARCHAR NOT NULL,
        asked_at DATETIME NOT NULL,
        trouble VARCHAR NOT NULL)""",
    "INSERT INTO counters (name, value) VALUES ('mail-hosts', 0)",
)

ADMISSIONS: Final = (
    "ALTER TABLE entries ADD COLUMN admission VARCHAR NOT NULL DEFAULT 'released'",
    "CREATE INDEX entries_held ON entries (admission) WHERE admission = 'held'",
    # Release numbers are unique: those that are not released are counted below zero.
    "INSERT INTO counters (name, value) VALUES ('unreleased', 0)",
    "ALTER TABLE source_reports ADD COLUMN stored_at DATETIME",
    "CREATE TABLE source_memories (name VARCHAR NOT NULL PRIMARY KEY, memory VARCHAR NOT NULL)",
)

PACES: Final = (
    """CREATE TABLE paces (
        name VARCHAR NOT NULL PRIMARY KEY,
        holder VARCHAR,
        taken_until DATETIME,
        free_at DATETIME)""",
)

SUBMISSIONS: Final = (
    """CREATE TABLE submissions (
        number INTEGER NOT NULL PRIMARY KEY,
        inbound INTEGER NOT NULL UNIQUE,
        source VARCHAR NOT NULL,
        raw BLOB NOT NULL,
        received_at DATETIME NOT NULL,
        is_let_go BOOLEAN NOT NULL)""",
    "CREATE INDEX submissions_of_source ON submissions (source, number)",
    "INSERT INTO counters (name, value) VALUES ('submission', 0)",
)
