"""The step that brought what the web pages keep.

As all steps it is never changed after a release (see `migrations`).
"""

from typing import Final

PAGES: Final = (
    # What people asked for on a page waits here, so that the answer takes as long for everybody.
    """CREATE TABLE enquiries (
        id INTEGER NOT NULL PRIMARY KEY,
        kind VARCHAR NOT NULL,
        address VARCHAR NOT NULL,
        document VARCHAR NOT NULL,
        evidence VARCHAR NOT NULL,
        asked_at DATETIME NOT NULL,
        tries INTEGER NOT NULL,
        held_until DATETIME)""",
    """CREATE TABLE public_editions (
        topic VARCHAR NOT NULL,
        local_date DATE NOT NULL,
        planned_at DATETIME NOT NULL,
        new_count INTEGER NOT NULL,
        decision VARCHAR NOT NULL,
        PRIMARY KEY (topic, local_date))""",
    "CREATE INDEX public_editions_by_date ON public_editions (local_date)",
    """CREATE TABLE audit (
        id INTEGER NOT NULL PRIMARY KEY,
        at DATETIME NOT NULL,
        actor VARCHAR NOT NULL,
        action VARCHAR NOT NULL,
        subject VARCHAR NOT NULL,
        detail VARCHAR NOT NULL)""",
    """CREATE TABLE api_tokens (
        name VARCHAR NOT NULL PRIMARY KEY,
        hash VARCHAR NOT NULL UNIQUE,
        scopes VARCHAR NOT NULL,
        made_at DATETIME NOT NULL,
        ends_at DATETIME,
        used_on DATE)""",
    "INSERT INTO counters (name, value) VALUES ('enquiry', 0), ('audit', 0)",
)
