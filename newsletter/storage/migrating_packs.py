"""The step to schema 10, and how a step says what only one database program takes.

Appearances become one row for an edition, and matches that editions have in common one text for all.
"""

from dataclasses import dataclass
from typing import ClassVar, Final


@dataclass(frozen=True, slots=True)
class SqliteOnly:
    """A statement that only SQLite takes, or needs: what it changes was stored there alone."""

    text: str
    dialect: ClassVar[str] = "sqlite"


@dataclass(frozen=True, slots=True)
class PostgresqlOnly:
    """The same as a `SqliteOnly` beside it, in the words of PostgreSQL."""

    text: str
    dialect: ClassVar[str] = "postgresql"


Statement = str | SqliteOnly | PostgresqlOnly
"""For both in the words of SQLite, or for one of them."""

_PACKED_APPEARANCES: Final = """INSERT INTO packed_appearances
        (subscriber, watermark, edition, state, shown, named)
        SELECT subscriber,
            CASE WHEN count(release_no) = count(*) THEN max(release_no)
                ELSE (SELECT value FROM counters WHERE name = 'release') END
                -- Two rows where one edition has both, as a first version left it.
                + CASE WHEN state = 'live' THEN 0 ELSE 1 END,
            edition, state, {shown}, {named}
        FROM appearances LEFT JOIN entries ON entries.id = appearances.entry
        GROUP BY subscriber, edition, state"""

PACKS: Final[tuple[Statement, ...]] = (
    # Twenty rows were written for a letter, which few ever ask for one by one.
    """CREATE TABLE packed_appearances (
        subscriber VARCHAR NOT NULL,
        watermark INTEGER NOT NULL,
        edition VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        shown VARCHAR NOT NULL,
        named VARCHAR NOT NULL,
        PRIMARY KEY (subscriber, watermark, edition)) WITHOUT ROWID""",
    SqliteOnly(
        _PACKED_APPEARANCES.format(
            shown="json_group_array(entry) FILTER (WHERE place = 'shown')",
            named="json_group_array(entry) FILTER (WHERE place = 'named')",
        )
    ),
    PostgresqlOnly(
        _PACKED_APPEARANCES.format(
            shown="coalesce(json_agg(entry) FILTER (WHERE place = 'shown'), '[]')",
            named="coalesce(json_agg(entry) FILTER (WHERE place = 'named'), '[]')",
        )
    ),
    "DROP TABLE appearances",
    "ALTER TABLE packed_appearances RENAME TO appearances",
    """CREATE INDEX appearances_given_back ON appearances (state, subscriber)
        WHERE state = 'given-back'""",
    # What thousands of editions of one moment have in common is written once.
    "CREATE TABLE packs (id INTEGER NOT NULL PRIMARY KEY, matches VARCHAR NOT NULL)",
    "INSERT INTO counters (name, value) VALUES ('pack', 0)",
    "ALTER TABLE editions ADD COLUMN pack INTEGER",
    "ALTER TABLE editions ADD COLUMN own VARCHAR",
    "CREATE INDEX editions_by_pack ON editions (pack)",
)
