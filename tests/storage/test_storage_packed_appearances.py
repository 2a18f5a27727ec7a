"""A database in which each entry of each letter had a row of its own goes on."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from newsletter.model import EntryId, SubscriberId
from newsletter.storage import SlotLedger, open_database
from newsletter.storage.migrations import MIGRATIONS
from newsletter.testing.plans import make_plan, make_slot

NewDatabase = Callable[[str], str]
BEFORE = tuple(step for step in MIGRATIONS if step.version < 10)
ADA = SubscriberId("ada")
OLD_ROWS = [
    ("a", "first", "given-back", "shown"),
    ("b", "first", "given-back", "shown"),
    ("c", "first", "given-back", "named"),
    ("a", "second", "live", "shown"),
    ('it\'s "d"', "second", "live", "shown"),
    ("b", "second", "live", "named"),
    ("e", "both", "live", "shown"),
    ("f", "both", "given-back", "shown"),
]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_appeared_is_known_as_before(
    new_database: NewDatabase, kind: str, admit: Callable[..., None]
) -> None:
    database = open_database(new_database(kind))
    database.migrate(steps=BEFORE)
    with database.writing() as connection:
        connection.execute(text("INSERT INTO revisions VALUES ('r', '{}')"))
        for number, entry in enumerate(("a", "b", "c", 'it\'s "d"', "e"), start=3):
            values = {"id": entry, "number": number, "at": "2026-11-01 07:00:00+00:00"[:19]}
            connection.execute(
                text("INSERT INTO entries VALUES (:id, 'r', :number, :at, '[]')"), values
            )
        for entry, edition, state, place in OLD_ROWS:
            row = {"entry": entry, "edition": edition, "state": state, "place": place}
            connection.execute(
                text("INSERT INTO appearances VALUES ('ada', :entry, :edition, :state, :place)"),
                row,
            )
        connection.execute(text("UPDATE counters SET value = 9 WHERE name = 'release'"))
        connection.execute(text("INSERT INTO standings (subscriber, watermark) VALUES ('ada', 9)"))

    database.migrate()
    admit(database, ["ada"])
    ledger = SlotLedger(database)

    standing = ledger.standings([ADA])[ADA]
    assert standing.appeared == {"a", 'it\'s "d"', "e"}
    assert standing.named == {"b"}
    assert standing.given_back == {"c", "f"}
    marks = ledger.marks([ADA]).values()
    asked = ledger.with_appearances(marks, [EntryId("a"), EntryId("c")])
    assert asked[ADA].appeared == {"a"}
    taken, free = make_plan("ada", ["x", "e"]), make_plan("ada", ["f"], slot=make_slot(day=1))
    assert ledger.plan([taken, free]) == [free]
    database.close()
