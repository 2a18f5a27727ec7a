"""The steps that bring a database from one schema version to the next.

A step is written once and never changed after a release: it must not look at the row classes,
which go on to grow. A test compares the sum of all steps with the row classes.
"""

from dataclasses import dataclass
from typing import Final

from newsletter.storage.migrating_letters import LETTERS
from newsletter.storage.migrating_machines import MACHINES
from newsletter.storage.migrating_mail import MAIL_IN
from newsletter.storage.migrating_matching import VECTORS
from newsletter.storage.migrating_packs import PACKS, SqliteOnly, Statement
from newsletter.storage.migrating_pages import PAGES
from newsletter.storage.migrating_people import PEOPLE
from newsletter.storage.migrating_plans import PLANS
from newsletter.storage.migrating_sources import ADMISSIONS, MAIL_HOSTS, PACES, SUBMISSIONS
from newsletter.storage.migrating_trees import TREES


@dataclass(frozen=True, slots=True)
class Migration:
    """All statements that lead to schema `version` from the one before it.

    Written in the words of SQLite; a `Backend` puts them in its own. One that `only_adds` leaves
    alone whatever programs of the version before it read and write: they go on to work beside
    newer ones (docs/decisions/0019). Tables, columns that need no value, indexes that refuse
    nothing, triggers that write into such columns; constraints that go, which no program relied on.
    """

    version: int
    statements: tuple[Statement, ...]
    only_adds: bool = False


_FIRST: Final = (
    "CREATE TABLE counters (name VARCHAR NOT NULL PRIMARY KEY, value INTEGER NOT NULL)",
    "INSERT INTO counters (name, value) VALUES ('release', 0), ('outbox', 0), ('consent', 0)",
    "CREATE TABLE revisions (id VARCHAR NOT NULL PRIMARY KEY, content VARCHAR NOT NULL)",
    "CREATE TABLE dressings (id VARCHAR NOT NULL PRIMARY KEY, content VARCHAR NOT NULL)",
    """CREATE TABLE entries (
        id VARCHAR NOT NULL PRIMARY KEY,
        revision VARCHAR NOT NULL REFERENCES revisions (id),
        release_no INTEGER NOT NULL UNIQUE,
        first_seen_at DATETIME NOT NULL,
        topics VARCHAR NOT NULL)""",
    "CREATE INDEX entries_by_first_seen ON entries (first_seen_at)",
    """CREATE TABLE entry_keys (
        key VARCHAR NOT NULL,
        entry VARCHAR NOT NULL REFERENCES entries (id),
        PRIMARY KEY (key, entry))""",
    "CREATE INDEX entry_keys_by_entry ON entry_keys (entry)",
    """CREATE TABLE entry_sources (
        entry VARCHAR NOT NULL REFERENCES entries (id),
        source VARCHAR NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (entry, source))""",
    "CREATE INDEX entry_sources_by_source ON entry_sources (source)",
    "CREATE TABLE source_reports (name VARCHAR NOT NULL PRIMARY KEY, report VARCHAR NOT NULL)",
    """CREATE TABLE subscribers (
        id VARCHAR NOT NULL PRIMARY KEY,
        address_key VARCHAR NOT NULL UNIQUE,
        address VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        since_at DATETIME NOT NULL,
        confirmed_at DATETIME,
        preferences VARCHAR,
        cadence_since_at DATETIME)""",
    """CREATE TABLE consents (
        id INTEGER NOT NULL PRIMARY KEY,
        address_key VARCHAR NOT NULL,
        subscriber VARCHAR NOT NULL,
        address VARCHAR NOT NULL,
        event VARCHAR NOT NULL,
        at DATETIME NOT NULL,
        statement VARCHAR NOT NULL,
        evidence VARCHAR NOT NULL)""",
    "CREATE INDEX consents_by_address ON consents (address_key)",
    """CREATE TABLE suppressions (
        address_key VARCHAR NOT NULL PRIMARY KEY,
        cause VARCHAR NOT NULL,
        detail VARCHAR NOT NULL,
        since_at DATETIME NOT NULL)""",
    """CREATE TABLE editions (
        id VARCHAR NOT NULL PRIMARY KEY,
        subscriber VARCHAR NOT NULL,
        decision VARCHAR NOT NULL)""",
    "CREATE INDEX editions_by_subscriber ON editions (subscriber)",
    """CREATE TABLE slots (
        subscriber VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        local_date DATE NOT NULL,
        begins_at DATETIME NOT NULL,
        timezone VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        planned_at DATETIME NOT NULL,
        new_count INTEGER NOT NULL,
        edition VARCHAR REFERENCES editions (id),
        silence VARCHAR,
        detail VARCHAR,
        PRIMARY KEY (subscriber, name))""",
    "CREATE INDEX slots_by_edition ON slots (edition)",
    """CREATE TABLE standings (
        subscriber VARCHAR NOT NULL PRIMARY KEY,
        watermark INTEGER NOT NULL,
        last_date DATE,
        last_begins_at DATETIME,
        last_timezone VARCHAR,
        last_edition_on DATE)""",
    """CREATE TABLE appearances (
        subscriber VARCHAR NOT NULL,
        entry VARCHAR NOT NULL,
        edition VARCHAR NOT NULL,
        revision VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        PRIMARY KEY (subscriber, entry, edition))""",
    "CREATE INDEX appearances_by_edition ON appearances (edition)",
    """CREATE TABLE outbox (
        id INTEGER NOT NULL PRIMARY KEY,
        kind VARCHAR NOT NULL,
        subscriber VARCHAR NOT NULL,
        recipient VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        begins_at DATETIME NOT NULL,
        begin_by DATETIME NOT NULL,
        retry_until DATETIME NOT NULL,
        edition VARCHAR UNIQUE REFERENCES editions (id),
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
        updated_at DATETIME NOT NULL)""",
    "CREATE INDEX outbox_by_state ON outbox (state, begins_at)",
    "CREATE INDEX outbox_by_subscriber ON outbox (subscriber)",
)

_NAMED_TITLES: Final = (
    "ALTER TABLE subscribers ADD COLUMN is_disowned BOOLEAN NOT NULL DEFAULT 0",
    "ALTER TABLE appearances ADD COLUMN place VARCHAR NOT NULL DEFAULT 'shown'",
    "UPDATE appearances SET state = 'given-back' WHERE state = 'named'",
    # From now on the titles under "also matched" have rows of their own, as their edition has it.
    SqliteOnly("""INSERT OR IGNORE INTO appearances (subscriber, entry, edition, revision, state, place)
        SELECT editions.subscriber, json_extract(one.value, '$.entry'), editions.id,
            json_extract(one.value, '$.revision'),
            CASE WHEN outbox.state IN ('failed', 'cancelled') AND NOT outbox.maybe_sent
                THEN 'given-back' ELSE 'live' END,
            'named'
        FROM editions
        JOIN json_each(editions.decision, '$.also_matched') AS one
        LEFT JOIN outbox ON outbox.edition = editions.id"""),
    """CREATE INDEX appearances_given_back ON appearances (subscriber, entry)
        WHERE state = 'given-back'""",
)

_DOCUMENTS: Final = (
    """CREATE TABLE documents (
        address_key VARCHAR NOT NULL PRIMARY KEY,
        text VARCHAR NOT NULL,
        change_no INTEGER NOT NULL)""",
    "INSERT INTO counters (name, value) VALUES ('document', 0)",
)

_SILENCES: Final = (
    """CREATE TABLE unplanned_days (
        subscriber VARCHAR NOT NULL,
        local_date DATE NOT NULL,
        silence VARCHAR NOT NULL,
        detail VARCHAR NOT NULL,
        PRIMARY KEY (subscriber, local_date))""",
    "CREATE INDEX slots_in_silence ON slots (begins_at) WHERE silence IS NOT NULL",
)

_LANES: Final = (
    """CREATE TABLE lanes (
        name VARCHAR NOT NULL PRIMARY KEY,
        free_at DATETIME,
        day DATE,
        used INTEGER NOT NULL,
        halvings INTEGER NOT NULL,
        slowed_at DATETIME,
        refusals VARCHAR NOT NULL,
        opened_at DATETIME,
        probe_at DATETIME,
        probes INTEGER NOT NULL,
        reason VARCHAR NOT NULL)""",
    # With the recipient in it, a full domain is passed over without a look at its rows.
    "DROP INDEX outbox_by_state",
    "CREATE INDEX outbox_by_turn ON outbox (state, begins_at, id, recipient)",
)

_QUICK_LOOKS: Final = (
    # What is asked each minute, or with each claim, is found without a look at all that waits.
    """CREATE INDEX outbox_to_begin ON outbox (state, begin_by)
        WHERE message_sha256 IS NULL AND state IN ('queued', 'deferred')""",
    """CREATE INDEX outbox_to_end ON outbox (state, retry_until)
        WHERE state IN ('queued', 'deferred')""",
    "CREATE INDEX outbox_suspects ON outbox (state, crashes) WHERE crashes > 0",
    "CREATE INDEX standings_by_beginning ON standings (last_begins_at)",
    # When the owner was told of a breaker.
    "ALTER TABLE lanes ADD COLUMN told_at DATETIME",
)

_LEAN_APPEARANCES: Final = (
    # Twenty of them are written for a letter: one tree each, and nothing that stands elsewhere too.
    """CREATE TABLE lean_appearances (
        subscriber VARCHAR NOT NULL,
        entry VARCHAR NOT NULL,
        edition VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        place VARCHAR NOT NULL,
        PRIMARY KEY (subscriber, entry, edition)) WITHOUT ROWID""",
    """INSERT INTO lean_appearances (subscriber, entry, edition, state, place)
        SELECT subscriber, entry, edition, state, place FROM appearances""",
    "DROP TABLE appearances",
    "ALTER TABLE lean_appearances RENAME TO appearances",
    # With the state in it, it is chosen before the primary key, which holds all that was ever sent.
    """CREATE INDEX appearances_given_back ON appearances (state, subscriber, entry)
        WHERE state = 'given-back'""",
)

_ANSWERS_FIRST: Final = (
    # With each claim the answers that wait are looked for before the letters.
    """CREATE INDEX outbox_answers ON outbox (state, begins_at, id, not_before, updated_at, recipient)
        WHERE kind = 'reply'""",
)

MIGRATIONS: Final = (
    Migration(1, _FIRST),
    Migration(2, _NAMED_TITLES),
    Migration(3, _DOCUMENTS),
    Migration(4, _SILENCES),
    Migration(5, _LANES),
    Migration(6, _QUICK_LOOKS),
    Migration(7, _LEAN_APPEARANCES),
    Migration(8, MAIL_IN),
    Migration(9, _ANSWERS_FIRST),
    Migration(10, PACKS),
    Migration(11, MAIL_HOSTS),
    Migration(12, ADMISSIONS),
    Migration(13, PACES),
    Migration(14, SUBMISSIONS),
    Migration(15, VECTORS),
    Migration(16, PAGES),
    Migration(17, MACHINES, only_adds=True),
    Migration(18, PLANS, only_adds=True),
    Migration(19, LETTERS, only_adds=True),
    Migration(20, PEOPLE, only_adds=True),
    Migration(21, TREES, only_adds=True),
)
"""In order, versions 1, 2, 3 …"""

NEWEST_SCHEMA: Final = MIGRATIONS[-1].version
