"""The step to schema 8: mail that comes in, and what is answered.

As all steps it is never changed after a release (see `migrations`).
"""

from typing import Final

MAIL_IN: Final = (
    """CREATE TABLE replies (
        outbox INTEGER NOT NULL PRIMARY KEY,
        kind VARCHAR NOT NULL,
        to_key VARCHAR NOT NULL,
        sender VARCHAR NOT NULL,
        message_id VARCHAR NOT NULL,
        message BLOB,
        answers INTEGER UNIQUE,
        holds_token BOOLEAN NOT NULL,
        posted_at DATETIME NOT NULL)""",
    "CREATE INDEX replies_to ON replies (to_key, posted_at)",
    "CREATE INDEX replies_by_kind ON replies (kind, posted_at)",
    "CREATE INDEX replies_by_message_id ON replies (message_id)",
    """CREATE TABLE keys (
        hash VARCHAR NOT NULL PRIMARY KEY,
        purpose VARCHAR NOT NULL,
        subscriber VARCHAR NOT NULL,
        address VARCHAR NOT NULL,
        made_at DATETIME NOT NULL,
        ends_at DATETIME NOT NULL,
        used_at DATETIME,
        wish VARCHAR NOT NULL)""",
    "CREATE INDEX keys_by_subscriber ON keys (subscriber)",
    "CREATE INDEX keys_by_end ON keys (ends_at)",
    """CREATE TABLE inbound (
        id INTEGER NOT NULL PRIMARY KEY,
        digest VARCHAR UNIQUE,
        raw BLOB NOT NULL,
        sender VARCHAR,
        recipient VARCHAR,
        received_at DATETIME NOT NULL,
        state VARCHAR NOT NULL,
        tries INTEGER NOT NULL,
        held_until DATETIME,
        note VARCHAR NOT NULL)""",
    "CREATE INDEX inbound_by_state ON inbound (state, received_at, id)",
    """CREATE TABLE bounces (
        address_key VARCHAR NOT NULL PRIMARY KEY,
        standing VARCHAR NOT NULL)""",
    """CREATE TABLE votes (
        subscriber VARCHAR NOT NULL,
        entry VARCHAR NOT NULL,
        vote INTEGER NOT NULL,
        voted_at DATETIME NOT NULL,
        PRIMARY KEY (subscriber, entry))""",
    # Of messages that are forgotten the numbers stay.
    """CREATE TABLE purged_messages (
        day DATE NOT NULL,
        kind VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        messages INTEGER NOT NULL,
        PRIMARY KEY (day, kind, state))""",
    "INSERT INTO counters (name, value) VALUES ('inbound', 0)",
)
