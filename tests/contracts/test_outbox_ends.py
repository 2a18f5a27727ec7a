from datetime import timedelta

import pytest

from newsletter.errors import IllegalTransitionError
from newsletter.model import (
    EditionId,
    OutboxEvent,
    OutboxId,
    OutboxState,
    Settlement,
    SubscriberId,
)
from newsletter.ports import Outbox
from newsletter.testing.office import (
    Office,
    begin,
    claim_one,
    crash,
    lose_reply,
    only_message,
    settle,
)
from newsletter.testing.plans import FIRST_SLOT_AT, make_plan, make_slot

NOW = FIRST_SLOT_AT
ADA = SubscriberId("ada")
S = OutboxState
E = OutboxEvent


def test_somebody_who_leaves_after_the_claim_gets_nothing(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"]), make_plan("bob", ["b"])])
    item, _ = outbox.claim(now=NOW, limit=2)

    assert outbox.cancel(ADA, reason="unsubscribed", now=NOW) == 1

    assert not begin(outbox, item)
    settle(outbox, item, E.DEFER, "421 going down")
    (cancelled,) = outbox.find(subscriber=ADA)
    assert (cancelled.state, cancelled.last_reply) == (S.CANCELLED, "unsubscribed")
    assert office.given_back() == {"a"}


def test_what_is_in_data_or_sent_is_not_cancelled(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"])])
    item = claim_one(outbox)
    begin(outbox, item)
    assert outbox.cancel(ADA, reason="unsubscribed", now=NOW) == 0
    settle(outbox, item, E.ACCEPT)
    assert outbox.cancel(ADA, reason="unsubscribed", now=NOW) == 0


def test_a_letter_not_begun_in_time_is_merged(office: Office, outbox: Outbox) -> None:
    plan = make_plan("ada", ["a"])
    office.ledger.plan([plan])

    assert outbox.expire(now=plan.begin_by - timedelta(seconds=1)) == 0
    assert outbox.expire(now=plan.begin_by) == 1

    item = only_message(outbox)
    assert (item.state, item.last_reply) == (S.CANCELLED, "merged into the next letter")
    assert office.given_back() == {"a"}


def test_a_letter_once_begun_is_tried_until_its_time_is_over(
    office: Office, outbox: Outbox
) -> None:
    plan = make_plan("ada", ["a"])
    office.ledger.plan([plan])
    item = claim_one(outbox)
    begin(outbox, item)
    settle(outbox, item, E.DEFER, "451 later")

    assert outbox.expire(now=plan.begin_by) == 0
    assert outbox.expire(now=plan.retry_until) == 1
    assert office.given_back() == {"a"}


def test_an_uncertain_letter_is_never_merged(office: Office, outbox: Outbox) -> None:
    plan = make_plan("ada", ["a"])
    office.ledger.plan([plan])
    lose_reply(outbox)
    assert outbox.expire(now=plan.retry_until) == 0

    settle(outbox, claim_one(outbox), E.DEFER, "451 later")
    assert outbox.expire(now=plan.retry_until) == 1
    assert office.given_back() == set()
    assert "may have been delivered" in only_message(outbox).last_reply


def test_a_failed_letter_is_queued_again_by_hand_with_its_entries(
    office: Office, outbox: Outbox
) -> None:
    office.ledger.plan([make_plan("ada", ["a"])])
    settle(outbox, claim_one(outbox), E.REJECT, "edition.mjml.j2:3: no such name")

    (item,) = outbox.retry([only_message(outbox).id, OutboxId(99)], now=NOW)

    assert (item.state, item.crashes) == (S.QUEUED, 0)
    assert office.standing().appeared == {"a"}
    assert office.given_back() == set()


@pytest.mark.parametrize(
    "reply", ["550 5.1.1 no such user (at rcpt)", "5.1.10 gone", "550-5.1.3 x"]
)
def test_a_bad_address_is_never_tried_again(office: Office, outbox: Outbox, reply: str) -> None:
    office.ledger.plan([make_plan("ada", ["a"])])
    settle(outbox, claim_one(outbox), E.REJECT, reply)
    assert list(outbox.retry([only_message(outbox).id], now=NOW)) == []


def test_a_failed_letter_whose_entry_went_elsewhere_stays_failed(
    office: Office, outbox: Outbox
) -> None:
    office.ledger.plan([make_plan("ada", ["a", "b"])])
    settle(outbox, claim_one(outbox), E.REJECT, "554 no")
    failed = only_message(outbox)
    office.ledger.plan([make_plan("ada", ["a"], slot=make_slot(day=1))])

    assert list(outbox.retry([failed.id], now=NOW)) == []
    assert office.given_back() == {"b"}


def two_failed_letters(office: Office, outbox: Outbox) -> tuple[OutboxId, OutboxId]:
    """Let one letter fail, then a later one that took an entry of the first."""
    office.ledger.plan([make_plan("ada", ["a", "b"])])
    settle(outbox, claim_one(outbox), E.REJECT, "554 no")
    office.ledger.plan([make_plan("ada", ["b", "c"], slot=make_slot(day=1))])
    settle(outbox, claim_one(outbox), E.REJECT, "554 no")
    second, first = outbox.find()
    return first.id, second.id


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_failed_letters_with_one_entry_the_first_asked_for_is_queued(
    office: Office, outbox: Outbox, order: tuple[int, int]
) -> None:
    letters = two_failed_letters(office, outbox)
    wanted = [letters[place] for place in order]

    assert [item.id for item in outbox.retry(wanted, now=NOW)] == wanted[:1]
    assert list(outbox.retry(wanted[1:], now=NOW)) == []

    assert office.given_back() == ({"c"} if order == (0, 1) else {"a"})


def test_an_earlier_letter_that_was_queued_again_keeps_a_later_one_failed(
    office: Office, outbox: Outbox
) -> None:
    first, second = two_failed_letters(office, outbox)
    outbox.retry([first], now=NOW)
    item = claim_one(outbox)
    begin(outbox, item)
    settle(outbox, item, E.ACCEPT)
    assert list(outbox.retry([second], now=NOW)) == []


def test_a_letter_that_only_named_what_another_shows_is_queued_again(
    office: Office, outbox: Outbox
) -> None:
    office.ledger.plan([make_plan("ada", ["a"], also=["b"])])
    settle(outbox, claim_one(outbox), E.REJECT, "554 no")
    failed = only_message(outbox)
    office.ledger.plan([make_plan("ada", ["b"], also=["a"], slot=make_slot(day=1))])
    assert [item.id for item in outbox.retry([failed.id], now=NOW)] == [failed.id]
    assert office.standing().appeared == {"a", "b"}


def test_an_uncertain_letter_is_not_sent_again_when_its_time_is_over(
    office: Office, outbox: Outbox
) -> None:
    plan = make_plan("ada", ["a"])
    office.ledger.plan([plan])
    lose_reply(outbox)
    assert list(outbox.claim(now=plan.retry_until, limit=1)) == []
    assert len(outbox.claim(now=plan.retry_until - timedelta(seconds=1), limit=1)) == 1


@pytest.mark.parametrize("end", [E.ACCEPT, E.DEFER, E.REJECT, E.LOSE_REPLY])
def test_the_same_ends_can_be_written_again(office: Office, outbox: Outbox, end: E) -> None:
    office.ledger.plan([make_plan("ada", ["a"]), make_plan("bob", ["b"])])
    items = outbox.claim(now=NOW, limit=2)
    assert all(begin(outbox, item) for item in items)
    batch = [Settlement(item.id, end, f"word on {item.id}") for item in items]
    outbox.record(ended=batch[:1], now=NOW)

    outbox.record(ended=batch, now=NOW)
    once = outbox.find()
    outbox.record(ended=batch, now=NOW + timedelta(hours=1))

    assert outbox.find() == once
    assert {item.last_reply for item in once} == {one.reply for one in batch}


def test_the_last_crash_can_be_written_again(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"])])
    for _ in range(3):
        item = claim_one(outbox)
        crash(outbox, item)
        crash(outbox, item)
    assert (only_message(outbox).state, only_message(outbox).crashes) == (S.FAILED, 3)


def test_another_end_than_the_one_written_is_refused(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"])])
    item = claim_one(outbox)
    settle(outbox, item, E.REJECT, "554 no")
    with pytest.raises(IllegalTransitionError):
        settle(outbox, item, E.DEFER, "554 no")
    with pytest.raises(IllegalTransitionError):
        settle(outbox, item, E.REJECT, "550 never heard")


def test_messages_are_found_by_edition_however_many(office: Office, outbox: Outbox) -> None:
    days = [make_slot(day=day) for day in range(3)]
    office.ledger.plan([make_plan("ada", [str(slot)], slot=slot) for slot in days])
    late, _, early = outbox.find()
    assert late.edition
    assert early.edition
    unknown = [EditionId(f"x{number}") for number in range(1000)]

    assert list(outbox.find(editions=[early.edition, *unknown, late.edition])) == [late, early]
    assert list(outbox.find(editions=[early.edition, *unknown, late.edition], limit=1)) == [late]
    assert list(outbox.find(editions=[])) == []
    assert len(outbox.find(limit=None)) == 3


def test_what_is_sent_or_held_is_not_queued_again(office: Office, outbox: Outbox) -> None:
    office.ledger.plan([make_plan("ada", ["a"]), make_plan("bob", ["b"])])
    sent = claim_one(outbox)
    begin(outbox, sent)
    settle(outbox, sent, E.ACCEPT)
    held = claim_one(outbox)
    assert list(outbox.retry([sent.id, held.id], now=NOW)) == []


def test_a_worker_can_give_up_what_it_holds(office: Office, outbox: Outbox) -> None:
    slots = [make_plan(name, [name]) for name in ("ada", "bob", "eve")]
    office.ledger.plan(slots)
    claimed, in_data = outbox.claim(now=NOW, limit=2)
    begin(outbox, in_data)
    other = office.worker("two")
    (held_by_other,) = other.claim(now=NOW, limit=1)

    assert outbox.release(now=NOW) == 2

    states = {item.id: (item.state, item.crashes) for item in outbox.find()}
    assert states[claimed.id] == (S.DEFERRED, 0)
    assert states[in_data.id] == (S.UNCERTAIN, 0)
    assert states[held_by_other.id] == (S.CLAIMED, 0)
    assert outbox.release(now=NOW) == 0
