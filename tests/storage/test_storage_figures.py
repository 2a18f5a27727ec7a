"""Numbers for the operator, and look-ups, on each database."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from newsletter.model import (
    AddressKey,
    EmailAddress,
    OutboxItem,
    OutboxState,
    SubscriberId,
    SubscriptionEvent,
    SubscriptionState,
    Suppression,
    SuppressionCause,
)
from newsletter.ports import QueuePlace
from newsletter.storage import Bounces, Database, DayCounts, LookUps, Subscribers
from newsletter.storage.columns import table_of
from newsletter.storage.mail_tables import KeyRow, PurgedRow
from newsletter.storage.rows import take_numbers
from newsletter.storage.tables import (
    EntryRow,
    EntrySourceRow,
    OutboxRow,
    RevisionRow,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MORNING = NOW.replace(hour=7)


def put_messages(
    database: Database,
    messages: Iterable[tuple[str, datetime]],
    *,
    kind: str = "edition",
    said: str = "",
) -> None:
    """Put messages of these states and beginnings into the outbox."""
    with database.writing() as connection:
        for state, begins_at in messages:
            (number,) = take_numbers(connection, "outbox", 1)
            row = {
                "id": number,
                "kind": kind,
                "subscriber": "a1",
                "recipient": "ada@example.org",
                "state": state,
                "begins_at": begins_at,
                "begin_by": begins_at + DAY,
                "retry_until": begins_at + DAY,
                "attempts": 1,
                "crashes": 0,
                "resends": 0,
                "maybe_sent": False,
                "last_reply": said,
                "updated_at": begins_at,
            }
            connection.execute(insert(table_of(OutboxRow)), [row])


def test_messages_are_counted_by_state_and_all_together(any_database: Database) -> None:
    put_messages(any_database, [("sent", MORNING), ("sent", MORNING), ("failed", MORNING)])
    put_messages(any_database, [("queued", MORNING)], kind="reply")
    with any_database.writing() as connection:
        gone = {"day": NOW.date(), "kind": "edition", "state": "sent", "messages": 10}
        connection.execute(insert(table_of(PurgedRow)), [gone])
        take_numbers(connection, "outbox", 12)
    tally = DayCounts(any_database).tally()
    assert (tally.planned, tally.given) == (14, 16)
    assert tally.states[OutboxState.SENT] == 12
    assert tally.states[OutboxState.FAILED] == tally.states[OutboxState.QUEUED] == 1
    assert sum(tally.states.values()) == tally.planned


def test_an_unknown_state_is_not_in_the_sum(any_database: Database) -> None:
    put_messages(any_database, [("sent", MORNING), ("lost", MORNING)])
    tally = DayCounts(any_database).tally()
    assert (tally.planned, sum(tally.states.values())) == (2, 1)


def test_letters_are_counted_by_the_beginning_of_their_slot_without_other_mail(
    any_database: Database,
) -> None:
    put_messages(any_database, [("sent", MORNING), ("sent", MORNING), ("failed", MORNING - DAY)])
    put_messages(any_database, [("sent", MORNING - 9 * DAY)])
    put_messages(any_database, [("sent", MORNING), ("sent", NOW)], kind="reply")
    found = DayCounts(any_database).letters(since=MORNING - DAY)
    assert {(one.at, one.what, one.count) for one in found} == {
        (MORNING, "sent", 2),
        (MORNING - DAY, "failed", 1),
    }


def test_the_oldest_message_that_waits_is_found(any_database: Database) -> None:
    figures = DayCounts(any_database)
    assert figures.oldest_waiting() is None
    put_messages(any_database, [("sent", MORNING - 3 * DAY), ("deferred", MORNING - DAY)])
    put_messages(any_database, [("queued", MORNING)])
    assert figures.oldest_waiting() == MORNING - DAY


def test_troubles_are_counted_with_the_last_answer(any_database: Database) -> None:
    put_messages(any_database, [("failed", NOW - 3 * DAY)], said="550 long ago")
    put_messages(any_database, [("failed", MORNING)], said="550 no such user")
    put_messages(any_database, [("failed", MORNING - timedelta(hours=1))], said="554 no")
    figures = DayCounts(any_database)
    lately = figures.trouble(OutboxState.FAILED, since=NOW - DAY)
    assert (lately.count, lately.said) == (2, "550 no such user")
    assert figures.trouble(OutboxState.FAILED).count == 3
    assert figures.trouble(OutboxState.UNCERTAIN).count == 0


def test_consents_are_counted_from_the_place_where_the_days_begin(any_database: Database) -> None:
    people = Subscribers(any_database)
    for place in range(40):
        address = EmailAddress(f"reader{place}@example.org")
        moment = NOW - 39 * DAY + place * DAY
        people.apply(address, SubscriptionEvent.VOUCH, now=moment, statement="a test")
    figures, events = DayCounts(any_database), frozenset({SubscriptionEvent.VOUCH})
    assert len(figures.consents(events, since=NOW - 9 * DAY)) == 10
    assert len(figures.consents(events, since=NOW - 90 * DAY)) == 40
    assert figures.consents(events, since=NOW + DAY) == []
    assert figures.consents(frozenset({SubscriptionEvent.UNSUBSCRIBE}), since=NOW - 90 * DAY) == []
    assert figures.people() == {SubscriptionState.CONFIRMED: 40}


def test_entries_are_counted_by_their_first_source(any_database: Database) -> None:
    with any_database.writing() as connection:
        connection.execute(insert(table_of(RevisionRow)), [{"id": "r", "content": "{}"}])
        for number, (admission, at) in enumerate(
            [("released", NOW), ("released", NOW), ("held", NOW), ("released", NOW - 40 * DAY)], 1
        ):
            row = {
                "id": f"e{number}",
                "revision": "r",
                "release_no": number,
                "first_seen_at": at,
                "topics": "[]",
                "admission": admission,
            }
            connection.execute(insert(table_of(EntryRow)), [row])
            for position, source in enumerate(("arxiv", "blog")):
                first = {"entry": f"e{number}", "source": source, "position": position}
                connection.execute(insert(table_of(EntrySourceRow)), [first])
    (found,) = DayCounts(any_database).entries(since=NOW - 30 * DAY)
    assert (found.at, found.what, found.count) == (NOW, "arxiv", 2)


def test_suppressions_and_bounces_are_returned(any_database: Database) -> None:
    key = AddressKey("eve@example.org")
    Subscribers(any_database).suppress(Suppression(key, SuppressionCause.BOUNCE, "550", NOW))
    Bounces(any_database).keep(key, "{}")
    figures = DayCounts(any_database)
    assert figures.suppressed() == [(NOW, SuppressionCause.BOUNCE)]
    assert figures.bounced() == ["{}"]
    assert figures.aside() == 0


def test_people_are_found_by_a_part_of_their_address(any_database: Database) -> None:
    people = Subscribers(any_database)
    for name in ("ada_b", "adaxb", "bob", "100%"):
        address = EmailAddress(f"{name}@example.org")
        people.apply(address, SubscriptionEvent.VOUCH, now=NOW, statement="a test")
    look_ups = LookUps(any_database)
    assert [one.address for one in look_ups.people("ADA_B", limit=9)] == ["ada_b@example.org"]
    assert [one.address for one in look_ups.people("0%@", limit=9)] == ["100%@example.org"]
    assert len(look_ups.people("example.org", limit=3)) == 3
    assert look_ups.people("nobody", limit=3) == []


def test_the_last_wish_of_a_person_is_found(any_database: Database) -> None:
    look_ups, person = LookUps(any_database), SubscriberId("a1")
    assert look_ups.wish(person) == ""
    with any_database.writing() as connection:
        for place, (purpose, wish) in enumerate(
            [("confirm", "first"), ("confirm", "second"), ("preferences", "")]
        ):
            row = {
                "hash": f"h{place}",
                "purpose": purpose,
                "subscriber": person,
                "address": "ada@example.org",
                "made_at": NOW + place * DAY,
                "ends_at": NOW + 9 * DAY,
                "wish": wish,
            }
            connection.execute(insert(table_of(KeyRow)), [row])
    assert look_ups.wish(person) == "second"


def test_messages_are_read_page_by_page_in_the_order_of_slots(any_database: Database) -> None:
    states = ["sent", "failed", "deferred"]
    put_messages(
        any_database, [(states[place % 3], MORNING - place // 4 * DAY) for place in range(20)]
    )
    look_ups, every = LookUps(any_database), frozenset(OutboxState)
    seen: list[tuple[QueuePlace, OutboxItem]] = []
    place = None
    while page := look_ups.messages(every, below=place, limit=7):
        seen += page
        place = page[-1][0]
    places = [place for place, _ in seen]
    assert len(set(places)) == 20
    assert places == sorted(places, reverse=True)
    some = look_ups.messages(frozenset({OutboxState.FAILED}), below=None, limit=50)
    assert {item.state for _, item in some} == {OutboxState.FAILED}
    assert len(some) == 7
