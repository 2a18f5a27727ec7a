"""What is kept of a person can be told, goes when its time is over, and goes at once when asked."""

from collections.abc import Callable
from datetime import datetime

import pytest

from newsletter.model import (
    Accounting,
    EmailAddress,
    EntryId,
    InboundState,
    KeyPurpose,
    OutboxEvent,
    OutboxState,
    ReplyKind,
    SubscriptionEvent,
    Suppression,
    SuppressionCause,
    TokenHash,
)
from newsletter.ports import Deadlines, Forgotten, Traces
from newsletter.rules.addresses import suppression_key
from newsletter.storage import Database
from newsletter.testing.office import begin, claim_one, settle
from newsletter.testing.plans import make_plan, make_slot
from tests.contracts.filled_house import DAY, HELLO, NOW, SECRETS, House, fill, key_of, open_house

ADA, BOB = EmailAddress("Ada@Example.org"), EmailAddress("bob@example.org")
ADA_KEY, BOB_KEY = key_of(ADA), key_of(BOB)
OpenStored = Callable[[str], Database]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, open_stored: OpenStored) -> House:
    return open_house(request.param, open_stored)


def before(moment: datetime, **others: datetime) -> Deadlines:
    names = ("replies", "strangers", "confirmations", "keys", "deliveries")
    return Deadlines(**{name: others.get(name, moment) for name in names})


def bounced(address: EmailAddress) -> Suppression:
    detail = f"550 5.1.1 <{address}> is unknown"
    return Suppression(key_of(address), SuppressionCause.BOUNCE, detail, NOW)


def test_of_a_stranger_nothing_is_stored(house: House) -> None:
    assert house.archive.traces(ADA_KEY) == Traces()
    assert not house.subscribers.forget(ADA_KEY)


def test_what_is_stored_of_a_person_is_told(house: House) -> None:
    person = fill(house, ADA)
    fill(house, BOB, name="b")
    traces = house.archive.traces(ADA_KEY)
    assert traces.subscribers == (person,)
    assert [(one.kind, one.state) for one in traces.replies] == [
        (ReplyKind.ANSWER, OutboxState.SENT)
    ]
    assert [(one.purpose, one.made_at, one.used_at) for one in traces.keys] == [
        (KeyPurpose.CONFIRM, NOW, None)
    ]
    assert [(one.size_bytes, one.state, one.note) for one in traces.received] == [
        (len(HELLO), InboundState.HANDLED, "answered")
    ]
    assert [silence.detail for _, silence in traces.silent_days] == ["paused until Friday"]


def test_of_the_forgotten_nothing_is_left_and_others_keep_theirs(house: House) -> None:
    ada, bob = fill(house, ADA), fill(house, BOB, name="b")
    assert house.subscribers.forget(ADA_KEY)

    assert house.archive.traces(ADA_KEY) == Traces()
    assert house.subscribers.find(ADA_KEY) is None
    assert list(house.subscribers.consents(ADA_KEY)) == []
    assert list(house.ledger.slots(ada)) == []
    assert list(house.outbox.find(subscriber=ada)) == []
    assert house.letterbox.find_key(TokenHash("token-a"), KeyPurpose.CONFIRM) is None
    assert house.letterbox.count(since=NOW - DAY, address=ADA_KEY) == 0
    assert (house.bounces.standing(ADA_KEY), list(house.votes.votes(ada))) == (None, [])
    assert [b"bob@example.org" in one.raw for one in house.inbound.find(InboundState.HANDLED)] == [
        True
    ]
    assert len(house.archive.traces(BOB_KEY).replies) == 1
    assert len(list(house.ledger.slots(bob))) == 2
    assert len(list(house.votes.votes(bob))) == 1
    assert not house.subscribers.forget(ADA_KEY)


def test_somebody_who_is_no_subscriber_any_more_is_forgotten_as_well(house: House) -> None:
    house.subscribers.apply(ADA, SubscriptionEvent.SUBSCRIBE, now=NOW, statement="By mail.")
    house.answer(ADA, None, key="first")
    house.subscribers.apply(ADA, SubscriptionEvent.EXPIRE, now=NOW, statement="Too late.")
    assert house.subscribers.forget(ADA_KEY)
    assert house.archive.traces(ADA_KEY) == Traces()
    assert list(house.subscribers.consents(ADA_KEY)) == []


def test_a_message_of_somebody_else_that_waits_is_not_lost(house: House) -> None:
    quoting = b"From: bob@example.org\r\n\r\nstop\r\n> Ada@Example.org wrote:\r\n"
    waiting = house.receive(quoting, is_handled=False)
    own = house.receive(HELLO, is_handled=False)
    returned = house.receive(b"\r\n", sender="ADA@example.org", is_handled=False)
    longer = house.receive(HELLO.replace(b"Ada@", b"m.ada@"))
    house.admit(ADA)
    assert len(house.archive.traces(ADA_KEY).received) == 2
    house.subscribers.forget(ADA_KEY)
    assert house.inbound.get(own) is None
    assert house.inbound.get(returned) is None
    assert house.inbound.get(longer)
    assert house.inbound.get(waiting)
    house.inbound.claim(9, now=NOW, patience_until=NOW + DAY)
    assert house.subscribers.forget(ADA_KEY)
    assert house.inbound.get(waiting) is None


def test_an_erased_address_stays_suppressed_under_a_hash(house: House) -> None:
    house.admit(ADA)
    house.subscribers.suppress(bounced(ADA))
    house.subscribers.apply(ADA, SubscriptionEvent.ERASE, now=NOW, statement="They asked.")

    (kept,) = house.subscribers.suppressions()
    assert kept.address == suppression_key(ADA_KEY, SECRETS)
    assert (kept.cause, kept.detail, kept.since_at) == (SuppressionCause.BOUNCE, "", NOW)
    found = house.subscribers.suppression(ADA_KEY)
    assert found
    assert (found.address, found.cause) == (ADA_KEY, SuppressionCause.BOUNCE)
    assert house.subscribers.suppression(BOB_KEY) is None


@pytest.mark.parametrize("how", ["alone", "together"])
def test_whoever_comes_again_is_still_suppressed(house: House, how: str) -> None:
    house.subscribers.suppress(bounced(ADA))
    house.subscribers.forget(ADA_KEY)
    house.subscribers.forget(ADA_KEY)
    subscribe = SubscriptionEvent.SUBSCRIBE
    if how == "together":
        people = [(ADA, "file 1"), (BOB, "file 2")]
        house.subscribers.apply_all(people, subscribe, now=NOW, statement="By file.")
    else:
        person = house.subscribers.apply(ADA, subscribe, now=NOW, statement="By mail.")
        assert person
        assert person.suppression
    found = house.subscribers.find(ADA_KEY)
    assert found
    assert found.suppression
    assert found.suppression.cause is SuppressionCause.BOUNCE
    assert [one.address for one in house.subscribers.suppressions()] == [ADA_KEY]


def test_the_operator_can_lift_it_by_the_address_or_by_the_hash(house: House) -> None:
    for name in (ADA_KEY, suppression_key(ADA_KEY, SECRETS)):
        house.subscribers.suppress(bounced(ADA))
        house.subscribers.forget(ADA_KEY)
        house.subscribers.unsuppress(name)
        assert house.subscribers.suppression(ADA_KEY) is None
        assert list(house.subscribers.suppressions()) == []


def test_a_purge_of_what_is_young_forgets_nothing(house: House) -> None:
    fill(house, ADA)
    assert house.archive.purge(before(NOW - DAY)) == Forgotten()


def test_old_letters_are_counted_on_and_what_was_sent_stays_sent(house: House) -> None:
    ada = fill(house, ADA)
    bob = fill(house, BOB, name="b")
    for day in range(3, 6):
        house.send_letter(ada, f"a{day}", day=day)
    counted = house.outbox.accounting()
    standing = house.ledger.standings([ada])[ada]

    done = house.archive.purge(before(NOW + 30 * DAY, replies=NOW - DAY, strangers=NOW - DAY))

    assert done.deliveries >= 5
    assert done.days == 4
    assert house.outbox.accounting() == counted
    assert list(house.ledger.slots(ada)) == list(house.ledger.slots(bob)) == []
    assert list(house.outbox.find(states=frozenset({OutboxState.SENT}))) == []
    kept = house.ledger.standings([ada])[ada]
    assert kept.appeared == {"a1", "a3", "a4", "a5"} == standing.appeared
    assert (kept.watermark, kept.last_slot) == (standing.watermark, standing.last_slot)
    assert house.ledger.plan([make_plan(ada, ["a1"], slot=make_slot(day=9))]) == []
    again = house.archive.purge(before(NOW + 30 * DAY, replies=NOW - DAY, strangers=NOW - DAY))
    assert again == Forgotten()
    assert house.outbox.accounting() == counted


def test_what_a_failed_letter_gave_back_long_ago_is_not_offered_any_more(house: House) -> None:
    ada = house.admit(ADA)
    plan = make_plan(ada, ["a1"])
    assert plan.edition
    house.ledger.plan([plan])
    settle(house.outbox, claim_one(house.outbox), OutboxEvent.REJECT, "550 no")
    assert house.ledger.marks([ada])[ada].given_back == {EntryId("a1")}

    house.archive.purge(before(NOW + DAY))

    assert house.ledger.marks([ada])[ada].given_back == frozenset()
    assert house.ledger.editions([plan.edition.id]) == {}
    assert house.outbox.accounting() == Accounting(failed=1)


def test_what_waits_is_never_forgotten(house: House) -> None:
    ada = house.admit(ADA)
    house.ledger.plan([make_plan(ada, ["a1"])])
    assert house.archive.purge(before(NOW + 900 * DAY)) == Forgotten()
    item = claim_one(house.outbox)
    assert begin(house.outbox, item)
    assert house.archive.purge(before(NOW + 900 * DAY)) == Forgotten()
    assert house.outbox.accounting() == Accounting(waiting=1)


def test_replies_go_sooner_than_questions_whether_somebody_wants_letters(house: House) -> None:
    ada = house.admit(ADA)
    house.answer(ADA, ada)
    house.answer(ADA, ada, ReplyKind.CONFIRMATION, at=NOW + 1 * DAY)
    deadlines = before(NOW - DAY, replies=NOW + 9 * DAY)
    assert house.archive.purge(deadlines).replies == 1
    assert house.letterbox.count(since=NOW - DAY, address=ADA_KEY) == 1
    deadlines = before(NOW - DAY, confirmations=NOW + 9 * DAY)
    assert house.archive.purge(deadlines).replies == 1
    assert house.letterbox.count(since=NOW - DAY) == 0


def test_answers_to_strangers_go_wholly_and_first(house: House) -> None:
    ada = house.admit(ADA)
    house.answer(ADA, ada)
    house.answer(BOB, None)
    assert house.archive.purge(before(NOW - DAY, strangers=NOW + DAY)).replies == 1
    assert house.archive.traces(BOB_KEY) == Traces()
    assert len(house.archive.traces(ADA_KEY).replies) == 1


def test_tokens_go_when_they_ended_long_ago(house: House) -> None:
    ada = house.admit(ADA)
    for name in ("one", "two", "three"):
        house.answer(ADA, ada, key=name)
    assert house.archive.purge(before(NOW - DAY, keys=NOW + 7 * DAY)).keys == 0
    assert house.archive.purge(before(NOW - DAY, keys=NOW + 8 * DAY)).keys == 3
    assert house.letterbox.find_key(TokenHash("one"), KeyPurpose.CONFIRM) is None


def test_who_is_pending_since_then_is_told(house: House) -> None:
    subscribe = SubscriptionEvent.SUBSCRIBE
    house.subscribers.apply(ADA, subscribe, now=NOW, statement="By mail.")
    house.subscribers.apply(BOB, subscribe, now=NOW + DAY, statement="By mail.")
    house.admit(EmailAddress("eve@example.org"))
    late = [one.address for one in house.subscribers.pending(before=NOW + DAY)]
    assert late == [ADA]
