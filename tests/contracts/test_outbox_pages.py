"""A page of many ends and beginnings: each message gets what it would have got alone."""

from newsletter.model import (
    Beginning,
    OutboxEvent,
    OutboxId,
    OutboxItem,
    OutboxState,
    Settlement,
    SubscriberId,
)
from newsletter.ports import Outbox
from newsletter.testing.office import Office
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan

NOW = FIRST_SLOT_AT
S = OutboxState


def accepted(item: OutboxItem) -> Settlement:
    return Settlement(item.id, OutboxEvent.ACCEPT, "250 ok")


def beginning(item: OutboxItem) -> Beginning:
    return Beginning(item.id, f"<{item.id}@example.org>", "ab")


def claim_three(office: Office, outbox: Outbox) -> list[OutboxItem]:
    office.ledger.plan([make_plan(one, [f"of-{one}"]) for one in ("ada", "bob", "eve")])
    return sorted(outbox.claim(now=NOW, limit=3), key=lambda item: item.subscriber)


def states(outbox: Outbox) -> dict[str, OutboxState]:
    return {item.subscriber: item.state for item in outbox.find()}


def test_a_page_of_ends_and_beginnings_is_written_in_one_go(office: Office, outbox: Outbox) -> None:
    ada, bob, eve = claim_three(office, outbox)
    assert outbox.record(begun=[beginning(ada)], now=NOW) == {ada.id}

    begun = outbox.record(ended=[accepted(ada)], begun=[beginning(eve), beginning(bob)], now=NOW)

    assert begun == {bob.id, eve.id}
    assert states(outbox) == {"ada": S.SENT, "bob": S.IN_DATA, "eve": S.IN_DATA}
    (sent,) = outbox.find(subscriber=SubscriberId("ada"))
    assert (sent.last_reply, sent.attempts, sent.message_sha256) == ("250 ok", 1, "ab")


def test_one_reader_who_left_keeps_no_other_message_of_the_page_back(
    office: Office, outbox: Outbox
) -> None:
    ada, bob, eve = claim_three(office, outbox)
    outbox.record(begun=[beginning(ada)], now=NOW)
    outbox.cancel(SubscriberId("bob"), reason="unsubscribed", now=NOW)

    begun = outbox.record(ended=[accepted(ada)], begun=[beginning(bob), beginning(eve)], now=NOW)

    assert begun == {eve.id}
    assert states(outbox) == {"ada": S.SENT, "bob": S.CANCELLED, "eve": S.IN_DATA}


def test_a_page_given_again_changes_nothing_and_lets_nothing_go_twice(
    office: Office, outbox: Outbox
) -> None:
    ada, bob, _ = claim_three(office, outbox)
    outbox.record(begun=[beginning(ada)], now=NOW)
    outbox.record(ended=[accepted(ada)], begun=[beginning(bob)], now=NOW)

    again = outbox.record(ended=[accepted(ada)], begun=[beginning(bob)], now=NOW)

    assert again == frozenset[OutboxId]()
    assert states(outbox) == {"ada": S.SENT, "bob": S.IN_DATA, "eve": S.CLAIMED}


def test_what_another_worker_holds_does_not_begin_and_its_neighbours_do(office: Office) -> None:
    one, two = office.worker("one"), office.worker("two")
    ada, bob, eve = claim_three(office, one)

    assert two.record(begun=[beginning(ada)], now=NOW) == frozenset[OutboxId]()

    assert one.record(begun=[beginning(one_) for one_ in (eve, ada, bob)], now=NOW) == {
        ada.id,
        bob.id,
        eve.id,
    }


def test_a_page_may_hold_ends_of_every_kind(office: Office, outbox: Outbox) -> None:
    ada, bob, eve = claim_three(office, outbox)
    outbox.record(begun=[beginning(one) for one in (ada, bob, eve)], now=NOW)
    lost = Settlement(bob.id, OutboxEvent.LOSE_REPLY, "connection lost")
    refused = Settlement(eve.id, OutboxEvent.REJECT, "550 no")

    outbox.record(ended=[lost, accepted(ada), refused], now=NOW)

    assert states(outbox) == {"ada": S.SENT, "bob": S.UNCERTAIN, "eve": S.FAILED}
    assert office.given_back("eve") == {"of-eve"}
