"""People are put to rest while others write them: nobody waits for anybody in a circle."""

from datetime import timedelta

from newsletter.model import SubscriberId
from newsletter.storage import Database, StoredRests, Subscribers
from newsletter.storage.subscriber_rows import lock_people
from newsletter.testing.plans import FIRST_SLOT_AT
from tests.conftest import Admit, OpenStored

SOON = FIRST_SLOT_AT + timedelta(hours=1)


def test_whom_somebody_else_writes_is_left_to_them(open_stored: OpenStored, admit: Admit) -> None:
    database: Database = open_stored("postgresql")
    admit(database, ["a", "b", "c"])
    people = list(Subscribers(database).by_id())
    rests = StoredRests(database)
    with database.writing() as connection:
        lock_people(connection, [SubscriberId("b")])
        rests.rest((person, SOON) for person in people)

        assert [one.id for one in rests.awake(now=FIRST_SLOT_AT)] == ["b"]
